//! The program itself, serving over HTTP.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use status_roster::sandbox::Running;

/// The program, until this is dropped.
pub(super) struct Program {
    process: Child,
    pub(super) address: String,
    folder: tempfile::TempDir,
}

impl Program {
    /// With the sandbox inside it.
    pub(super) fn start() -> Self {
        Self::run(&["--sandbox"], &[])
    }

    /// With a sandbox elsewhere, so that what it holds is its own.
    pub(super) fn start_at(sandbox: &Running, flags: &[&str]) -> Self {
        let variables = [
            ("STATUSPAGE_API_KEY", sandbox.api_key.clone()),
            (
                "STATUSPAGE_ORGANIZATION_ID",
                sandbox.organization_id.clone(),
            ),
            ("STATUSPAGE_BASE_URL", sandbox.statuspage_url()),
        ];
        Self::run(flags, &variables)
    }

    fn run(flags: &[&str], variables: &[(&str, String)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let variables = variables.iter().map(|(name, value)| (*name, value));
        let mut process = Command::new(env!("CARGO_BIN_EXE_status-roster"))
            .args(["--state-dir", "state", "--allow-writes"])
            .args(flags)
            .args(["serve", "--http", "127.0.0.1:0"])
            .current_dir(folder.path())
            .env_clear()
            .envs(variables)
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut log = BufReader::new(process.stderr.take().unwrap()).lines();
        let line = log.find(|line| line.as_ref().is_ok_and(|it| it.contains("address=")));
        let line = line.unwrap().unwrap();
        let address = line.split("address=").nth(1).unwrap();
        let address = address.split(' ').next().unwrap().to_owned();
        // Whatever it says afterwards is read, so that it never waits for a reader.
        std::thread::spawn(move || log.for_each(drop));
        Self {
            process,
            address,
            folder,
        }
    }

    /// Sends a request and reads the answer to its end, for half a minute at most.
    pub(super) fn ask(address: &str, request: &[u8]) -> String {
        let mut stream = TcpStream::connect(address).unwrap();
        stream
            .set_read_timeout(Some(Duration::from_secs(30)))
            .unwrap();
        // A refusal may come before the whole body is gone.
        let _ = stream.write_all(request);
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        String::from_utf8_lossy(&answer).into_owned()
    }

    /// A number of the process's status: `VmRSS` in kB, `Threads`.
    pub(super) fn status(&self, name: &str) -> u64 {
        let path = format!("/proc/{}/status", self.process.id());
        let status = std::fs::read_to_string(path).unwrap();
        let mut lines = status.lines();
        let line = lines.find_map(|it| it.strip_prefix(name)?.strip_prefix(':'));
        let digits = line.unwrap().trim().trim_end_matches(" kB");
        digits.parse().unwrap()
    }

    /// Files and sockets that it has open.
    pub(super) fn descriptors(&self) -> usize {
        let path = format!("/proc/{}/fd", self.process.id());
        std::fs::read_dir(path).unwrap().count()
    }

    /// Where it runs.
    pub(super) fn folder(&self) -> &std::path::Path {
        self.folder.path()
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
