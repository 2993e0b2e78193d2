//! A Redis of a test's own, and what can happen to it.

use std::io::{Read as _, Write as _};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use status_roster::clock::Clock;
use status_roster::secret::Secret;
use status_roster::store::{Address, Prefix, Store, StoreError};
use tempfile::TempDir;

pub(super) struct Server {
    folder: TempDir,
    options: Vec<String>,
    process: Option<Child>,
}

impl Server {
    /// Starts one with these options, and waits until it answers.
    pub(super) async fn start(options: &[&str]) -> Self {
        let mut server = Self {
            folder: tempfile::tempdir().unwrap(),
            options: options.iter().map(|it| (*it).to_owned()).collect(),
            process: None,
        };
        server.start_again().await;
        server
    }

    pub(super) async fn start_again(&mut self) {
        let started = Command::new("redis-server")
            .args(["--port", "0", "--save", "", "--loglevel", "warning"])
            .arg("--unixsocket")
            .arg(self.socket())
            .arg("--dir")
            .arg(self.folder.path())
            .args(&self.options)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
        assert!(
            started.is_ok(),
            "`redis-server` is missing: run scripts/install-tools, or install Redis 7.0 or newer"
        );
        self.process = started.ok();
        let socket = self.socket();
        super::until("Redis", async || answers(&socket)).await;
    }

    /// As a power cut would.
    pub(super) fn kill(&mut self) {
        if let Some(mut process) = self.process.take() {
            process.kill().unwrap();
            process.wait().unwrap();
        }
        let _ = std::fs::remove_file(self.socket());
    }

    pub(super) fn socket(&self) -> PathBuf {
        self.folder.path().join("s")
    }

    pub(super) fn url(&self) -> String {
        format!("redis+unix://{}", self.socket().display())
    }

    /// One more machine.
    pub(super) async fn store(&self) -> Store {
        self.try_store(&self.url(), Clock::system()).await.unwrap()
    }

    pub(super) async fn store_at(&self, clock: Clock) -> Store {
        self.try_store(&self.url(), clock).await.unwrap()
    }

    pub(super) async fn try_store(&self, url: &str, clock: Clock) -> Result<Store, StoreError> {
        let address = Address::parse(&Secret::new(url)).unwrap();
        Store::in_redis(address, Prefix::default(), clock).await
    }

    /// What an administrator sees.
    pub(super) fn look(&self) -> redis::Connection {
        let client = redis::Client::open(self.url()).unwrap();
        for _ in 0..500 {
            if let Ok(connection) = client.get_connection() {
                return connection;
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        unreachable!("Redis does not answer")
    }

    pub(super) fn keys(&self) -> Vec<String> {
        let keys: Vec<String> = redis::cmd("KEYS").arg("*").query(&mut self.look()).unwrap();
        keys
    }

    /// Milliseconds until a key ends; negative without an end.
    pub(super) fn left(&self, key: &str) -> i64 {
        redis::cmd("PTTL").arg(key).query(&mut self.look()).unwrap()
    }
}

/// Whether it answers anything but that it still loads what it kept.
fn answers(socket: &Path) -> bool {
    let ask = || -> std::io::Result<bool> {
        let mut stream = UnixStream::connect(socket)?;
        stream.set_read_timeout(Some(Duration::from_secs(1)))?;
        stream.write_all(b"PING\r\n")?;
        let mut said = [0; 64];
        let length = stream.read(&mut said)?;
        Ok(length > 0 && !said.starts_with(b"-LOADING"))
    };
    ask().unwrap_or(false)
}

impl Drop for Server {
    fn drop(&mut self) {
        self.kill();
    }
}
