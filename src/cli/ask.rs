//! A person at a terminal, asked as a client's form would ask.

use std::io::{BufRead as _, IsTerminal as _};

use super::screen::Screen;
use super::{output, serve};
use crate::access::{Person, Question, Reply};

/// Returns whether a person can be asked: only where both ends are a terminal, so that a script never answers by accident.
pub(super) fn person() -> Person {
    if std::io::stdin().is_terminal() && std::io::stderr().is_terminal() {
        Person::InReach
    } else {
        Person::OutOfReach
    }
}

/// Shows the question and reads one line. Ctrl-C is an answer too: it closes the question.
pub(super) async fn ask(screen: &Screen, question: Question) -> Person {
    for line in question.message.lines() {
        output::aside(&screen.wrapped(line, "  "));
    }
    output::prompt();
    // A thread of its own: one that waits for a person cannot be cancelled, and the end of the program does not wait for it.
    let (typed, comes) = tokio::sync::oneshot::channel();
    std::thread::spawn(move || {
        let mut line = String::new();
        let read = std::io::stdin().lock().read_line(&mut line);
        // Whoever asked may have stopped listening.
        drop(typed.send(match read {
            Ok(0) => Reply::Dismissed,
            Ok(_) => Reply::Typed(line),
            Err(error) => Reply::NotAsked(error.to_string()),
        }));
    });
    let reply = tokio::select! {
        reply = comes => reply.unwrap_or(Reply::Dismissed),
        () = serve::stop_signal() => Reply::Dismissed,
    };
    Person::Replied {
        token: question.token,
        reply,
    }
}
