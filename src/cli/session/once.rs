//! One call: the line that tells how far it is, and the person who is asked or ends it.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Map, Value};

use super::Session;
use crate::caller::Caller;
use crate::cli::progress::Line;
use crate::cli::{ask, output, serve};
use crate::toolkit::{Incoming, Patience, Refused};

/// The interval at which the progress line is drawn.
const TICK: Duration = Duration::from_millis(500);

impl Session {
    /// One call, with the person asked where the tool asks them.
    pub(super) async fn once(
        &self,
        tool: &str,
        arguments: &Map<String, Value>,
    ) -> (String, Option<Refused>, Option<Value>) {
        let mut person = ask::person();
        loop {
            let line = Arc::new(Line::default());
            let incoming = Incoming {
                caller: Caller::local(Some(format!("status-roster {}", env!("CARGO_PKG_VERSION")))),
                name: tool.to_owned(),
                arguments: arguments.clone(),
                person,
                cancel: self.cancel.clone(),
                progress: line.clone(),
                patience: Patience::Lasts,
            };
            let mut answer = self.watched(incoming, &line).await;
            match answer.question.take() {
                Some(question) => person = ask::ask(&self.screen, *question).await,
                None => {
                    let result = answer.structured();
                    return (answer.text, answer.refused, result);
                }
            }
        }
    }

    /// Draws the line while the call runs, and ends the call between two steps when the person does.
    async fn watched(&self, incoming: Incoming, line: &Line) -> crate::toolkit::Answer {
        let app = &self.ready.app;
        let call = app.catalogue.call(&app.access, incoming);
        tokio::pin!(call);
        let stop = serve::stop_signal();
        tokio::pin!(stop);
        let mut drawn = false;
        loop {
            tokio::select! {
                answer = &mut call => {
                    if drawn {
                        output::redraw("");
                    }
                    return answer;
                }
                () = &mut stop, if !self.stopped() => {
                    self.cancel.cancel();
                    if drawn {
                        output::redraw("");
                    }
                    output::aside("Stopping: the step under way is finished first.");
                }
                () = app.access.clock().sleep(TICK), if self.screen.live => {
                    drawn = true;
                    output::redraw(&line.text(&app.access, self.screen.width.unwrap_or(80)).await);
                }
            }
        }
    }
}
