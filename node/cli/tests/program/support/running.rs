//! A node's process.

use std::process::{Child, Command};

/// A process that is killed when it is dropped.
pub struct Running(pub Child);

impl Running {
    pub fn start(command: &mut Command) -> Self {
        Self(command.spawn().expect("it starts"))
    }

    pub fn id(&self) -> u32 {
        self.0.id()
    }

    /// Kills it, and waits until it is gone.
    pub fn kill(&mut self) {
        self.0.kill().expect("SIGKILL");
        self.0.wait().expect("it is gone");
    }

    /// Asks it to stop; whether it ended well.
    pub fn stops_well(&mut self) -> bool {
        self.signal("-TERM");
        self.0.wait().expect("it stops").success()
    }

    /// Sends it a signal, such as `-STOP`.
    pub fn signal(&self, signal: &str) {
        let told = Command::new("kill").args([signal, &self.id().to_string()]).status().expect("a signal");
        assert!(told.success(), "{signal}");
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may be gone already.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
