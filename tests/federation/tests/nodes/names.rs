//! The name of a partner is what its register entry says, and text on every page.

use polder_federation_tests::browser::{Browser, hidden, staff, with_people, worker};
use polder_federation_tests::http::start_all;
use polder_store::people::Role;

use crate::portal::with_profile;
use crate::workers::about_people;

const ATTACK: &str = "Kwaadaardig\"'><img src=x onerror=alert(1)><script>alert(1)</script>";
/// As far as the shortest list has it.
const AS_TEXT: &str = "Kwaadaardig&quot;&#x27;&gt;&lt;img src=x onerror=alert(1";

#[tokio::test(flavor = "multi_thread")]
async fn a_partner_that_is_called_markup_is_text_on_every_page() {
    let directory = tempfile::tempdir().expect("a directory");
    let mut partners = about_people(directory.path(), 2);
    ATTACK.clone_into(&mut partners[1].member.name);
    with_people(&mut partners[0], vec![worker("Anna Voorbeeld"), staff("everything", &Role::ALL)]);
    let nodes = start_all(&mut partners).await;
    let origin = format!("http://{}", nodes[0].client);
    let recipient = nodes[1].node.home().partner.to_string();

    let mut anna = with_profile(&nodes[0], "Anna Voorbeeld", "W-1").await;
    let share = anna.open(&format!("{origin}/portal/share?purpose=match-vacancy")).await;
    let mut pages = vec![share.html.clone()];
    let csrf = share.csrf();
    let given = [("csrf", csrf.as_str()), ("recipient", &recipient), ("purpose", "match-vacancy"), ("field", "/hours"), ("days", "30")];
    let check = anna.post(&format!("{origin}/portal/share/check"), &given).await.html;
    let shown = hidden(&check);
    let given: Vec<_> = shown.iter().map(|(name, value)| (name.as_str(), value.as_str())).chain([("answer", "yes")]).collect();
    pages.push(anna.post(&format!("{origin}/portal/share/give"), &given).await.html);
    pages.push(check);
    pages.push(anna.open(&format!("{origin}/portal/consents")).await.html);
    let mut staff = Browser::new();
    staff.log_in(&format!("{origin}/desk"), "everything").await;
    for path in ["partners", &format!("partners/{recipient}"), "incidents"] {
        pages.push(staff.open(&format!("{origin}/desk/{path}")).await.html);
    }
    for html in &pages {
        assert!(html.contains(AS_TEXT) && !html.contains("<img src=x") && !html.contains("<script>alert"), "{html}");
    }
}
