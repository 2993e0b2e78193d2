//! The program on a terminal of so many columns.

use std::io::{Read as _, Write as _};
use std::os::fd::OwnedFd;
use std::path::Path;

use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{Winsize, tcsetwinsize};

/// What was drawn, line by line and without colours, and how the program ended.
pub(super) struct Drawn {
    pub lines: Vec<String>,
    pub code: Option<i32>,
}

/// Runs the program's sandbox on a terminal, and returns what was drawn on it.
pub(crate) fn screen(folder: &Path, columns: u16, words: &[&str]) -> Vec<String> {
    drawn(folder, columns, words, None).lines
}

/// The same; `typed` is on the keyboard before it starts. Without it nobody sits at the keyboard.
pub(super) fn drawn(folder: &Path, columns: u16, words: &[&str], typed: Option<&str>) -> Drawn {
    let terminal = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
    grantpt(&terminal).unwrap();
    unlockpt(&terminal).unwrap();
    let name = ptsname(&terminal, Vec::new()).unwrap();
    let end = std::fs::OpenOptions::new()
        .read(true)
        .write(true)
        .open(name.to_str().unwrap())
        .unwrap();
    let size = Winsize {
        ws_row: 40,
        ws_col: columns,
        ws_xpixel: 0,
        ws_ypixel: 0,
    };
    tcsetwinsize(&end, size).unwrap();
    let stdio = || std::process::Stdio::from(OwnedFd::from(end.try_clone().unwrap()));
    let mut process = std::process::Command::new(env!("CARGO_BIN_EXE_status-roster"))
        .env_clear()
        .env("HOME", folder)
        .env("TZ", "UTC")
        .env("TERM", "xterm")
        .arg("--sandbox")
        .args(words)
        .stdin(typed.map_or_else(std::process::Stdio::null, |_| stdio()))
        .stdout(stdio())
        .stderr(stdio())
        .spawn()
        .unwrap();
    let mut keyboard = std::fs::File::from(terminal.try_clone().unwrap());
    keyboard
        .write_all(typed.unwrap_or_default().as_bytes())
        .unwrap();
    drop(end);
    let reader = std::thread::spawn(move || {
        let mut drawn = Vec::new();
        // The end of a terminal whose other side is closed is an error on Linux.
        let _ = std::fs::File::from(terminal).read_to_end(&mut drawn);
        String::from_utf8(drawn).unwrap()
    });
    let code = process.wait().unwrap().code();
    drop(keyboard);
    let drawn = reader.join().unwrap();
    // What was drawn over is not there any more.
    let lines = drawn.replace("\r\n", "\n");
    let lines = lines
        .lines()
        .map(|line| line.rsplit("\u{1b}[2K").next().unwrap_or_default());
    let lines = lines.map(without_colours).collect();
    Drawn { lines, code }
}

fn without_colours(line: &str) -> String {
    let mut parts = line.split('\u{1b}');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| {
        text + part.split_once('m').map_or(part, |(_, rest)| rest)
    })
}
