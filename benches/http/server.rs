//! The two servers, each a process that ends with this one.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::Value;
use status_roster::caller::Scope;
use status_roster::clock::Clock;
use status_roster::sandbox::Running;
use status_roster::transport::http::{NewToken, TokenFile, lifetime};

use crate::plain;

/// One that listens.
pub(crate) struct Server {
    pub(crate) address: String,
    pub(crate) token: Option<String>,
    child: Child,
    _folder: tempfile::TempDir,
}

impl Server {
    /// Ours, with a token, limits and everything that is on by itself; only its bounds are out of the way.
    pub(crate) fn ours(sandbox: &Running) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("config.toml");
        let settings = format!(
            "[server]\nmax_concurrent_calls = 1024\n[statuspage]\norganization_id = \"{}\"\napi_key = \"{}\"\nbase_url = \"{}\"\nrequests_per_window = 100000\nwindow_seconds = 1\n[http]\nrequests_per_minute = 1000000\ntotal_requests_per_minute = 10000000\n[log]\nformat = \"json\"\n",
            sandbox.organization_id,
            sandbox.api_key,
            sandbox.statuspage_url()
        );
        std::fs::write(&file, settings).unwrap();
        let new = NewToken {
            name: "bench".to_owned(),
            scopes: [Scope::Read].into(),
            lifetime: lifetime("1d").unwrap(),
        };
        let tokens = TokenFile::at(&folder.path().join("tokens.json"));
        let made = tokens.make(new, Clock::system().now()).unwrap();
        let mut child = Command::new(env!("CARGO_BIN_EXE_status-roster"))
            .args(["serve", "--http", "127.0.0.1:0", "--config"])
            .arg(&file)
            .arg("--state-dir")
            .arg(folder.path())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut told = BufReader::new(child.stderr.take().unwrap()).lines();
        let address = told.by_ref().map_while(Result::ok).find_map(|line| {
            let line: Value = serde_json::from_str(&line).unwrap_or_default();
            Some(line["fields"]["address"].as_str()?.to_owned())
        });
        // Read to the end: a server whose log nobody takes would wait for its reader.
        std::thread::spawn(move || told.for_each(drop));
        Self {
            address: address.unwrap(),
            token: Some(made.token),
            child,
            _folder: folder,
        }
    }

    /// This program again, as the plain one.
    pub(crate) fn plain(sandbox: &Running) -> Self {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .arg(plain::FLAG)
            .arg(sandbox.statuspage_url())
            .arg(&sandbox.api_key)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut address = String::new();
        let mut told = BufReader::new(child.stdout.take().unwrap());
        told.read_line(&mut address).unwrap();
        Self {
            address: address.trim().to_owned(),
            token: None,
            child,
            _folder: tempfile::tempdir().unwrap(),
        }
    }

    /// The time that it has computed so far, in steps of the kernel's clock (10 ms).
    pub(crate) fn worked(&self) -> Duration {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.child.id())).unwrap();
        let (_, fields) = stat.rsplit_once(')').unwrap();
        let ticks = fields.split_whitespace().skip(11).take(2);
        let ticks = ticks.map(|it| it.parse::<u64>().unwrap()).sum::<u64>();
        Duration::from_millis(ticks * 10)
    }

    pub(crate) fn resident_mb(&self) -> f64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()))
            .unwrap_or_default();
        let kb = status
            .lines()
            .find_map(|line| line.strip_prefix("VmRSS:"))
            .and_then(|rest| rest.split_whitespace().next()?.parse::<f64>().ok());
        kb.map_or(f64::NAN, |kb| kb / 1024.0)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
