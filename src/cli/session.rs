//! Calls of tools from the command line: through the catalogue as every client's, with a person at the terminal, a line that
//! tells how far it is, and as much patience as it takes.

mod once;

use std::time::Duration;

use serde_json::{Map, Value};
use tokio_util::sync::CancellationToken;

use super::args::Common;
use super::end::Fail;
use super::screen::Screen;
use super::setup::{self, Ready};
use super::{ask, serve};
use crate::access::Person;
use crate::confirmation::Require;
use crate::toolkit::Refused;

/// The number of times in a row that a read may make no progress although there is budget.
const STRIKES: u32 = 3;

/// A wired server of our own, and who looks on.
pub(super) struct Session {
    pub ready: Ready,
    pub screen: Screen,
    cancel: CancellationToken,
}

/// The answer to a call.
pub(super) enum Answered {
    /// A result.
    Result(Value),
    /// No result, for this reason, in the tool's words.
    Refused(String, Option<Refused>),
}

impl Session {
    /// Opens a session. A person at the terminal who has no token yet is asked as a form would ask: they see the plan, and then type a word
    /// of it.
    pub(super) async fn open(common: &Common, has_token: bool) -> Result<Self, Fail> {
        let asks = !has_token && ask::person() == Person::InReach;
        Ok(Self {
            ready: setup::ready_for(common, asks).await?,
            screen: Screen::of(common),
            cancel: CancellationToken::new(),
        })
    }

    /// Waits for what was begun, so that nothing is left half told.
    pub(super) async fn close(self) {
        self.ready.app.catalogue.drain().await;
        self.ready.app.store.at_rest().await;
    }

    /// Returns whether the person or the script ended it.
    pub(super) fn stopped(&self) -> bool {
        self.cancel.is_cancelled()
    }

    /// Calls a tool until it has an answer: waits for the budget, carries a long change on, and finishes a long read.
    pub(super) async fn call(&self, tool: &str, arguments: &Map<String, Value>) -> Answered {
        let mut arguments = arguments.clone();
        let mut strikes = 0;
        let mut reached = None;
        loop {
            let (text, refused, result) = self.once(tool, &arguments).await;
            let Some(result) = result else {
                let wait = refused.and_then(|it| it.again_in);
                match wait.filter(|_| strikes < STRIKES && !self.stopped()) {
                    Some(wait) => {
                        strikes += u32::from(wait.is_zero());
                        self.pause(wait).await;
                        continue;
                    }
                    None => return Answered::Refused(text, refused),
                }
            };
            let token = result.get("confirmation_token").cloned();
            let goes_on = match result.get("status").and_then(Value::as_str) {
                Some("reading") => true,
                // Without a token nothing waits for the next call: that is how it ended.
                Some("partial") => token.is_some(),
                _ => false,
            };
            if !goes_on || self.stopped() {
                return Answered::Result(result);
            }
            let far = result.get("progress").or(result.get("summary")).cloned();
            strikes = if far == reached { strikes + 1 } else { 0 };
            reached = far;
            if strikes >= STRIKES {
                return Answered::Result(result);
            }
            // A person who was asked is asked about the rest too.
            let asks = self.ready.config.confirmation.require == Require::Human;
            if let Some(token) = token.filter(|_| !asks) {
                arguments.insert("confirmation_token".to_owned(), token);
            }
            if strikes > 0 {
                self.pause(Duration::from_secs(1)).await;
            }
        }
    }

    /// Calls a list's tool until its last row, handing each piece on.
    pub(super) async fn pieces(
        &self,
        tool: &str,
        arguments: &Map<String, Value>,
        mut take: impl FnMut(Value) -> Result<(), Fail>,
    ) -> Result<Answered, Fail> {
        let mut arguments = arguments.clone();
        let mut strikes = 0;
        loop {
            let piece = match self.call(tool, &arguments).await {
                Answered::Result(piece) => piece,
                refused @ Answered::Refused(..) => return Ok(refused),
            };
            let next = piece.get("next_cursor").cloned();
            let waits = piece.get("complete").and_then(Value::as_bool) == Some(false);
            let pause = piece.pointer("/rate/resets_in_s").and_then(Value::as_u64);
            take(piece)?;
            let Some(next) = next else {
                return Ok(Answered::Result(Value::Null));
            };
            let stands = arguments.insert("cursor".to_owned(), next.clone()) == Some(next);
            strikes = if stands && waits && pause == Some(0) {
                strikes + 1
            } else {
                0
            };
            // When the read is to stop, the next call says so, and the rows that were read are kept for the same question.
            if strikes >= STRIKES {
                return Ok(Answered::Result(Value::Bool(false)));
            }
            if stands {
                self.pause(Duration::from_secs(pause.unwrap_or(1).max(1)))
                    .await;
            }
        }
    }

    async fn pause(&self, how_long: Duration) {
        let clock = self.ready.app.access.clock();
        tokio::select! {
            () = clock.sleep(how_long) => {}
            () = self.cancel.cancelled() => {}
            () = serve::stop_signal() => self.cancel.cancel(),
        }
    }
}
