//! What a person sees: each command on a terminal of 80 and of 120 columns.

use std::io::Read as _;
use std::os::fd::OwnedFd;
use std::path::Path;

use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{Winsize, tcsetwinsize};

/// Runs the program's sandbox on a terminal, and returns what was drawn on it, line by line, without colours.
pub(crate) fn screen(folder: &Path, columns: u16, words: &[&str]) -> Vec<String> {
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
        .stdin(std::process::Stdio::null())
        .stdout(stdio())
        .stderr(stdio())
        .spawn()
        .unwrap();
    drop(end);
    let reader = std::thread::spawn(move || {
        let mut drawn = Vec::new();
        // The end of a terminal whose other side is closed is an error on Linux.
        let _ = std::fs::File::from(terminal).read_to_end(&mut drawn);
        String::from_utf8(drawn).unwrap()
    });
    process.wait().unwrap();
    let drawn = reader.join().unwrap();
    // What was drawn over is not there any more.
    let lines = drawn.replace("\r\n", "\n");
    let lines = lines
        .lines()
        .map(|line| line.rsplit("\u{1b}[2K").next().unwrap_or_default());
    lines.map(without_colours).collect()
}

fn without_colours(line: &str) -> String {
    let mut parts = line.split('\u{1b}');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| {
        text + part.split_once('m').map_or(part, |(_, rest)| rest)
    })
}

#[test]
fn every_command_fits_the_terminal_and_breaks_between_words() {
    let commands: &[(&str, &[&str])] = &[
        ("find", &["find", "lena.leaver@example.com"]),
        ("find_nobody", &["find", "nobody@example.com"]),
        ("review", &["review", "atlassian-migration"]),
        (
            "offboard",
            &["--allow-writes", "offboard", "lena.leaver@example.com"],
        ),
        ("permissions", &["permissions", "jane.doe@example.com"]),
        ("list", &["call", "list_org_users", "name=jane"]),
        ("tools_one", &["tools", "find_person"]),
        ("refused", &["offboard", "lena.leaver@example.com"]),
        ("plans", &["plans"]),
    ];
    for columns in [80, 120] {
        for (name, words) in commands {
            let folder = tempfile::tempdir().unwrap();
            let lines = screen(folder.path(), columns, words);
            for line in &lines {
                let wide = line.chars().count() > usize::from(columns);
                // A command to copy stays in one piece.
                assert!(
                    !wide || line.starts_with("  status-roster"),
                    "{name} at {columns}: {line}"
                );
            }
            assert!(
                lines.iter().any(|line| !line.is_empty()),
                "{name}: nothing is drawn"
            );
        }
    }
}
