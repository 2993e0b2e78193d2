//! The screens in the documentation: what each command draws on the sandbox, on a terminal of 100 columns.
//!
//! A block that follows `<!-- screen: find lena.leaver@example.com -->` is what that command draws. The blocks of a page are one story:
//! they share a sandbox. `{token}` in a command is the token of the plan before.

use std::path::Path;

use super::holds;
use crate::binary::pty::screen;

const COLUMNS: u16 = 100;
const BEGIN: &str = "<!-- screen: ";

#[test]
fn the_tutorial_shows_what_the_screen_shows() {
    page("docs/tutorial.md");
}

fn page(path: &str) {
    let home = tempfile::tempdir().unwrap();
    let text = std::fs::read_to_string(path).unwrap();
    let mut parts = text.split(BEGIN);
    let mut wanted = parts.next().unwrap().to_owned();
    let mut token = String::new();
    for part in parts {
        let (command, rest) = part.split_once(" -->\n").unwrap();
        let (_, after) = rest
            .strip_prefix("```text\n")
            .and_then(|block| block.split_once("```\n"))
            .unwrap();
        let drawn = drawn(home.path(), &command.replace("{token}", &token));
        if let Some((_, after)) = drawn.split_once("--token ") {
            token = after.split_whitespace().next().unwrap().to_owned();
        }
        let steady = steady(&drawn, &token);
        wanted.push_str(&format!(
            "{BEGIN}{command} -->\n```text\n$ status-roster --sandbox {}\n{steady}```\n{after}",
            command.replace("{token}", "7k3v9qd2mx8t")
        ));
    }
    assert_ne!(
        wanted,
        text.split(BEGIN).next().unwrap(),
        "no screen in {path}"
    );
    holds(path, &wanted);
}

fn drawn(home: &Path, command: &str) -> String {
    let words: Vec<&str> = command.split(' ').collect();
    let lines = screen(home, COLUMNS, &words);
    let lines = lines.iter().filter(|line| !line.is_empty());
    let text: String = lines.map(|line| format!("{}\n", line.trim_end())).collect();
    text.replace(&*home.to_string_lossy(), "/home/you")
}

/// The same text on any day, at any time of it, and with any token.
pub(crate) fn steady(drawn: &str, token: &str) -> String {
    let mut text = drawn.to_owned();
    if !token.is_empty() {
        text = text.replace(token, "7k3v9qd2mx8t");
    }
    let mut steady = String::new();
    let mut rest = text.as_str();
    while let Some(colon) = rest.find(':') {
        let clock = colon
            .checked_sub(2)
            .and_then(|from| rest.get(from..from + 8));
        if clock.is_some_and(is_clock) {
            steady.push_str(&rest[..colon - 2]);
            let date = steady.len().checked_sub(11);
            if let Some(from) = date.filter(|from| steady.get(*from..).is_some_and(is_date)) {
                steady.truncate(from);
                steady.push_str("2026-11-30 ");
            }
            steady.push_str("14:02:35");
            rest = &rest[colon + 6..];
        } else {
            steady.push_str(&rest[..=colon]);
            rest = &rest[colon + 1..];
        }
    }
    steady.push_str(rest);
    // How much of the window is used depends on how fast the machine is.
    let mut parts: Vec<&str> = steady.split(" of 60 requests").collect();
    let last = parts.pop().unwrap();
    let counted = parts.iter().map(|part| {
        let words = part.trim_end_matches(|c: char| c.is_ascii_digit());
        format!("{words}17 of 60 requests")
    });
    counted.collect::<String>() + last
}

fn is_date(text: &str) -> bool {
    text.bytes().enumerate().all(|(at, byte)| match at {
        4 | 7 => byte == b'-',
        10 => byte == b' ',
        _ => byte.is_ascii_digit(),
    })
}

fn is_clock(text: &str) -> bool {
    text.bytes().enumerate().all(|(at, byte)| match at {
        2 | 5 => byte == b':',
        _ => byte.is_ascii_digit(),
    })
}
