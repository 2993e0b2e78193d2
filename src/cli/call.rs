//! `call`: one tool call from the command line.

use std::process::ExitCode;
use std::sync::Arc;

use serde_json::{Map, Value};
use tokio_util::sync::CancellationToken;

use super::args::{Call, Common};
use super::{ask, output, setup};
use crate::access::Progress;
use crate::caller::Caller;
use crate::toolkit::{Incoming, Patience};

/// Progress goes to standard error, so that the result can be piped.
struct OnStandardError;

impl Progress for OnStandardError {
    fn tell(&self, done: u64, total: Option<u64>, message: &str) {
        match total {
            Some(total) => output::aside(&format!("{done}/{total} {message}")),
            None => output::aside(&format!("{done} {message}")),
        }
    }
}

pub(super) async fn run(common: &Common, call: Call) -> Result<ExitCode, String> {
    let arguments = arguments(&call)?;
    let ready = setup::ready(common).await?;
    let mut person = ask::person();
    let answer = loop {
        let incoming = Incoming {
            caller: Caller::local(Some(format!(
                "status-roster call {}",
                env!("CARGO_PKG_VERSION")
            ))),
            name: call.tool.clone(),
            arguments: arguments.clone(),
            person,
            cancel: CancellationToken::new(),
            progress: Arc::new(OnStandardError),
            patience: Patience::Waits,
        };
        let mut answer = ready.app.catalogue.call(&ready.app.access, incoming).await;
        match answer.question.take() {
            Some(question) => person = ask::ask(*question),
            None => break answer,
        }
    };
    ready.app.catalogue.drain().await;
    ready.app.store.at_rest().await;
    match answer.structured() {
        Some(value) => {
            output::line(&serde_json::to_string_pretty(&value).unwrap_or(answer.text));
            Ok(ExitCode::SUCCESS)
        }
        None => Err(answer.text),
    }
}

fn arguments(call: &Call) -> Result<Map<String, Value>, String> {
    if let Some(text) = &call.json {
        return match serde_json::from_str(text) {
            Ok(Value::Object(map)) => Ok(map),
            Ok(_) => Err(
                "`--json` takes one object, such as '{\"email\": \"jane.doe@example.com\"}'"
                    .to_owned(),
            ),
            Err(error) => Err(format!("`--json` is not JSON: {error}")),
        };
    }
    call.arguments
        .iter()
        .map(|pair| {
            let (key, value) = pair.split_once('=').ok_or_else(|| {
                format!("`{pair}` is not KEY=VALUE; write for example `email=jane.doe@example.com`")
            })?;
            let value =
                serde_json::from_str(value).unwrap_or_else(|_| Value::String(value.to_owned()));
            Ok((key.to_owned(), value))
        })
        .collect()
}
