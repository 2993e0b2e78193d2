//! A person at a terminal, asked as a client's form would ask.

use std::io::{BufRead as _, IsTerminal as _};

use super::output;
use crate::access::{Person, Question, Reply};

/// Whether a person can be asked: only where both ends are a terminal, so that a script never answers by accident.
pub(super) fn person() -> Person {
    if std::io::stdin().is_terminal() && std::io::stderr().is_terminal() {
        Person::InReach
    } else {
        Person::OutOfReach
    }
}

/// Shows the question and reads one line.
pub(super) fn ask(question: Question) -> Person {
    output::aside(&question.message);
    let mut typed = String::new();
    let reply = match std::io::stdin().lock().read_line(&mut typed) {
        Ok(0) => Reply::Dismissed,
        Ok(_) => Reply::Typed(typed),
        Err(error) => Reply::NotAsked(error.to_string()),
    };
    Person::Replied {
        token: question.token,
        reply,
    }
}
