//! `serve` ends when it is told to, whatever its standard input is.

use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::process::Stdio;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
use serde_json::json;
use status_roster::sandbox;
use tokio::io::{AsyncBufReadExt as _, BufReader};

use super::at;

/// A standard input, and the end that a client writes to.
fn inputs(folder: &std::path::Path) -> Vec<(&'static str, Stdio, Box<dyn std::io::Write>)> {
    let (here, there) = UnixStream::pair().unwrap();
    let fifo = folder.join("fifo");
    let made = std::process::Command::new("mkfifo")
        .arg(&fifo)
        .status()
        .unwrap();
    assert!(made.success());
    let both = || {
        std::fs::File::options()
            .read(true)
            .write(true)
            .open(&fifo)
            .unwrap()
    };
    let (reader, writer) = std::io::pipe().unwrap();
    vec![
        ("a socket", OwnedFd::from(there).into(), Box::new(here)),
        ("a FIFO", both().into(), Box::new(both())),
        ("a pipe", reader.into(), Box::new(writer)),
    ]
}

#[tokio::test]
async fn serve_ends_on_either_signal_whatever_it_reads_from() {
    let sandbox = sandbox::start(sandbox::Settings::default()).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    for signal in [Signal::TERM, Signal::INT] {
        let inner = tempfile::tempdir_in(folder.path()).unwrap();
        for (what, input, mut client) in inputs(inner.path()) {
            let mut server = at(&sandbox, folder.path())
                .arg("serve")
                .stdin(input)
                .stdout(Stdio::piped())
                .stderr(Stdio::null())
                .kill_on_drop(true)
                .spawn()
                .unwrap();
            let hello = json!({"jsonrpc": "2.0", "id": 1, "method": "ping"});
            client.write_all(format!("{hello}\n").as_bytes()).unwrap();
            let mut lines = BufReader::new(server.stdout.take().unwrap()).lines();
            let answer = lines.next_line().await.unwrap();
            assert!(
                answer.is_some(),
                "{what}: it answers, so it listens to signals"
            );
            let process = Pid::from_raw(i32::try_from(server.id().unwrap()).unwrap()).unwrap();
            kill_process(process, signal).unwrap();
            let ended = tokio::time::timeout(Duration::from_secs(20), server.wait()).await;
            assert!(ended.is_ok(), "{what}: it did not end on {signal:?}");
            assert!(ended.unwrap().unwrap().success(), "{what}");
        }
    }
}
