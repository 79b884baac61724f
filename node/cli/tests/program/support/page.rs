//! A page of `docs/` whose commands are run as they stand there, each at the machine that a comment before it names. A machine is a directory.
//!
//! Comments, one a line, which no reader sees:
//! `at MACHINE …[, ends with N][: COMMAND]` says where the next block is run (or that command), and how it ends;
//! `mail FILE FILE …` copies a file to others, `copies DIRECTORY DIRECTORY` the files of one into another;
//! `says TEXT` holds what the last command wrote against that text;
//! `do NAME …` has the test do something. A block that is not run anywhere must be for the machine's owner: each line begins with `sudo`.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Where the next block is run.
#[derive(Clone, Debug)]
struct At {
    machines: Vec<String>,
    ends: i32,
}

/// The machines of a page, as directories.
pub struct Page {
    pub here: PathBuf,
    /// How often a block or command was run.
    pub runs: usize,
    said: String,
    /// What stands on the page, and what is there in its place.
    pub stands_for: Vec<(String, String)>,
    /// Beside what the commands find anyway.
    pub environment: Vec<(String, String)>,
}

impl Page {
    pub fn new(here: &Path) -> Self {
        let bin = here.join("bin");
        std::fs::create_dir_all(&bin).expect("a directory");
        std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_polder"), bin.join("polder")).expect("linked");
        Self { here: here.to_owned(), runs: 0, said: String::new(), stands_for: Vec::new(), environment: Vec::new() }
    }

    /// Follows a page from its first line to its last.
    pub fn follow(&mut self, name: &str, act: &mut dyn FnMut(&mut Self, &[&str])) {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs").join(name);
        let text = std::fs::read_to_string(path).expect("a page");
        let (mut at, mut lines): (Option<At>, _) = (None, text.lines().enumerate());
        while let Some((number, line)) = lines.next() {
            let place = format!("{name}:{}", number + 1);
            let line = line.trim();
            if let Some(comment) = line.strip_prefix("<!-- ").and_then(|rest| rest.strip_suffix(" -->")) {
                assert!(at.is_none() || !comment.starts_with("at "), "{place}: two machines for one block");
                at = self.comment(comment, &place, act).or(at);
            } else if line == "```sh" {
                let block: Vec<&str> = lines.by_ref().map(|(_, line)| line.trim()).take_while(|line| *line != "```").collect();
                match at.take() {
                    Some(at) => self.run(&at, &block.join("\n"), &place),
                    None => assert!(block.iter().all(|line| line.starts_with("sudo ")), "{place}: no machine is named for this"),
                }
            }
        }
        assert!(at.is_none(), "{name}: a comment names a machine, and no block follows");
    }

    fn comment(&mut self, comment: &str, place: &str, act: &mut dyn FnMut(&mut Self, &[&str])) -> Option<At> {
        let (word, rest) = comment.split_once(' ').unwrap_or((comment, ""));
        let words: Vec<&str> = rest.split_whitespace().collect();
        match word {
            "at" => return self.at(rest, place),
            "mail" => words[1..].iter().for_each(|to| self.copy(words[0], to)),
            "copies" => {
                for entry in
                    std::fs::read_dir(self.here.join(words[0])).expect("a directory").flatten().filter(|entry| entry.path().is_file())
                {
                    let name = entry.file_name().to_string_lossy().into_owned();
                    self.copy(&format!("{}/{name}", words[0]), &format!("{}/{name}", words[1]));
                }
            }
            "says" => assert!(self.said.contains(rest), "{place}: should have said {rest}:\n{}", self.said),
            "do" => act(self, &words),
            _ => panic!("{place}: nobody knows what {word} is"),
        }
        None
    }

    fn at(&mut self, rest: &str, place: &str) -> Option<At> {
        let (rest, command) = rest.split_once(": ").map_or((rest, None), |(rest, command)| (rest, Some(command)));
        let (machines, ends) = rest.split_once(", ends with ").map_or((rest, 0), |(rest, ends)| (rest, ends.parse().expect("a number")));
        let at = At { machines: machines.split_whitespace().map(str::to_owned).collect(), ends };
        match command {
            Some(command) => self.run(&at, command, place),
            None => return Some(at),
        }
        None
    }

    pub fn copy(&self, from: &str, to: &str) {
        let to = self.here.join(to);
        std::fs::create_dir_all(to.parent().expect("a directory")).expect("a directory");
        std::fs::copy(self.here.join(from), to).unwrap_or_else(|error| panic!("{from}: {error}"));
    }

    /// Runs a command at a machine, and expects it to end well.
    pub fn done(&mut self, machine: &str, command: &str) {
        self.run(&At { machines: vec![machine.to_owned()], ends: 0 }, command, "the test");
    }

    /// What someone types who wants to sign.
    fn answers(&self) -> Stdio {
        let file = self.here.join("answers");
        std::fs::write(&file, "yes\n").expect("written");
        std::fs::File::open(file).expect("a file").into()
    }

    fn run(&mut self, at: &At, block: &str, place: &str) {
        let block = self.stands_for.iter().fold(block.to_owned(), |block, (page, there)| block.replace(page, there));
        for machine in &at.machines {
            let directory = self.here.join(machine);
            std::fs::create_dir_all(&directory).expect("a directory");
            // Whoever signs is asked, and answers.
            let signs = block.contains("polder register sign");
            let mut bash = Command::new(if signs { "script" } else { "bash" });
            let path = format!("{}:{}", self.here.join("bin").display(), std::env::var("PATH").unwrap_or_default());
            if signs {
                bash.args(["--quiet", "--return", "--command", "bash -e -c \"$BLOCK\"", "/dev/null"]).env("BLOCK", &block);
                bash.env("NO_COLOR", "1").stdin(self.answers());
            } else {
                bash.args(["-e", "-c", &block]).stdin(Stdio::null());
            }
            bash.current_dir(&directory).env("PATH", path);
            for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("POLDER_")) {
                bash.env_remove(name);
            }
            bash.envs(self.environment.iter().map(|(name, value)| (name, value)));
            let output = bash.output().expect("bash");
            self.said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
            assert_eq!(output.status.code(), Some(at.ends), "{place}, at {machine}: {block}\n{}", self.said);
            self.runs += 1;
        }
    }
}
