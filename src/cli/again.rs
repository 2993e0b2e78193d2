//! The command that was typed, so that a message can say what to type next.

/// The command with `--token ` (or `confirmation_token=`) at its end, ready for a token; one that was there is left out.
pub(super) fn with_token(had_one: bool) -> String {
    let mut words: Vec<String> = std::env::args().skip(1).collect();
    let is_call = words.iter().any(|word| word == "call");
    if had_one {
        let at = words.iter().position(|word| word == "--token");
        if let Some(at) = at {
            words.drain(at..(at + 2).min(words.len()));
        }
        words.retain(|word| {
            !word.starts_with("--token=") && !word.starts_with("confirmation_token=")
        });
    }
    let words = words.iter().map(|word| quoted(word));
    let words = std::iter::once("status-roster".to_owned()).chain(words);
    let typed = words.collect::<Vec<_>>().join(" ");
    if is_call {
        format!("{typed} confirmation_token=")
    } else {
        format!("{typed} --token ")
    }
}

/// The command that explains what was typed: `status-roster find --help`.
pub(super) fn help(tool: &str) -> String {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let program = <super::args::Args as clap::CommandFactory>::command();
    let named = |word: &&String| program.find_subcommand(word.as_str()).is_some();
    match words.iter().find(named).map(String::as_str) {
        Some("call") | None => format!("status-roster call {tool} --help"),
        Some(command) => format!("status-roster {command} --help"),
    }
}

/// As a shell takes it for one word.
pub(super) fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "@%+=:,./-_".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', "'\\''"))
    }
}
