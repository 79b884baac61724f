//! docs/expelled.md, followed with three nodes that run.

use std::os::unix::fs::PermissionsExt;
use std::time::{Duration, Instant};

use crate::support::command;
use crate::support::page::Page;
use crate::support::region::Region;

/// Within so long everyone has heard.
const MINUTE: Duration = Duration::from_secs(60);

#[test]
fn a_partner_is_expelled_and_everyone_has_heard_within_a_minute() {
    let region = Region::with(&["a", "b", "c"]);
    // Each finds those that run before it; the first finds nobody.
    let exits = ["a", "b", "c"].map(|node| {
        let exit = command::code(&region.join(node));
        (exit, region.serve(node))
    });
    assert_eq!(exits.each_ref().map(|(exit, _)| *exit), [3, 0, 0]);
    let mut page = Page::new(region.here());
    page.stands_for = vec![("/var/lib/polder/".to_owned(), "data/".to_owned())];
    page.environment = vec![("POLDER_TOKEN_FILE".to_owned(), "data/operator-token".to_owned())];
    // What `systemctl reload polder` does.
    let systemctl = region.path("bin/systemctl");
    std::fs::write(&systemctl, "#!/bin/sh\n[ \"$*\" = \"reload polder\" ] && kill -HUP \"$(cat pid)\"\n").expect("written");
    std::fs::set_permissions(&systemctl, std::fs::Permissions::from_mode(0o755)).expect("set");
    for (node, (_, running)) in ["a", "b", "c"].iter().zip(&exits) {
        std::fs::write(region.path(&format!("{node}/pid")), running.id().to_string()).expect("written");
    }
    let mut given = None;
    page.follow("expelled.md", &mut |_, words| match words {
        ["heard", node] => {
            let began = *given.get_or_insert_with(Instant::now);
            while !region.log(node).contains("a newer list of members is in force") {
                assert!(began.elapsed() < MINUTE, "{node} has not heard: {}", region.log(node));
                std::thread::sleep(Duration::from_millis(20));
            }
            println!("{node} heard after {} ms", began.elapsed().as_millis());
        }
        other => panic!("{other:?}"),
    });
    assert_eq!(page.runs, 8);
}
