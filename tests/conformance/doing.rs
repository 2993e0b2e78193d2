//! What the fixture tools do.

use std::time::Duration;

use rmcp::model::*;
use serde_json::{Value, json};
use status_roster::clock::Clock;

use crate::fixtures::{Does, Kind};
use crate::handler::{Context, Fixtures};
use crate::jobs::gathered;
use crate::rounds::{Step, can_sample};
use crate::words::fill;

/// What the suite wants between two notifications.
const PAUSE: Duration = Duration::from_millis(50);

impl Fixtures {
    pub(crate) async fn run(
        &self,
        does: &Does,
        request: CallToolRequestParams,
        context: Context,
    ) -> Result<CallToolResponse, ErrorData> {
        let arguments = Value::Object(request.arguments.clone().unwrap_or_default());
        let said = match does {
            Does::Answer(result) => {
                Clock::system().sleep(PAUSE * 2).await;
                return Ok(result.clone().into());
            }
            Does::Log(lines) => {
                for line in lines {
                    log(&context, LoggingLevel::Info, line).await;
                    Clock::system().sleep(PAUSE).await;
                }
                "logged".to_owned()
            }
            Does::LogIfAsked(line) => {
                if let Some(level) = asked_level(&context) {
                    log(&context, level, line).await;
                }
                "logged, if asked to".to_owned()
            }
            Does::Progress(steps) => {
                for step in steps {
                    if let Some(token) = context.meta.get_progress_token() {
                        let told = ProgressNotificationParam::new(token, *step).with_total(100.0);
                        let _ = context.peer.notify_progress(told).await;
                    }
                    Clock::system().sleep(PAUSE).await;
                }
                "done".to_owned()
            }
            Does::Changed(kind) => {
                let sinks = self.sinks().clone();
                for sink in sinks {
                    let _ = match kind {
                        Kind::Tools => sink.notify_tool_list_changed().await,
                        Kind::Prompts => sink.notify_prompt_list_changed().await,
                    };
                }
                "told".to_owned()
            }
            Does::NeedsSampling(answer) => {
                if !can_sample(&context.client_capabilities().unwrap_or_default()) {
                    return Err(needs_sampling());
                }
                answer.clone()
            }
            Does::Sample(tokens) => sample(&context, &arguments, *tokens).await?,
            Does::Elicit(params) => elicit(&context, &arguments, params).await?,
            Does::Rounds(rounds) => {
                let client = context.client_capabilities().unwrap_or_default();
                let state = request.request_state.as_deref();
                let responses = request.input_responses.as_ref();
                match rounds.step(&self.codec, state, responses, &client)? {
                    Step::Ask(ask) => return Ok(ask.into()),
                    Step::Done(text) => text,
                }
            }
            Does::Say(words) => fill(words, &arguments),
            Does::Job(job) => return self.job(job, arguments, context).await,
            Does::RoundsThenJob(rounds, job) => {
                let client = context.client_capabilities().unwrap_or_default();
                let state = request.request_state.as_deref();
                let responses = request.input_responses.as_ref();
                match rounds.step(&self.codec, state, responses, &client)? {
                    Step::Ask(ask) => return Ok(ask.into()),
                    Step::Done(_) => {
                        return self.job(job, gathered(responses), context).await;
                    }
                }
            }
        };
        Ok(CallToolResult::success(vec![ContentBlock::text(said)]).into())
    }
}

async fn log(context: &Context, level: LoggingLevel, line: &str) {
    let told = LoggingMessageNotificationParam::new(level, json!(line)).with_logger("fixture");
    let _ = context.peer.notify_logging_message(told).await;
}

fn asked_level(context: &Context) -> Option<LoggingLevel> {
    context.meta.log_level()
}

fn needs_sampling() -> ErrorData {
    let needed = ClientCapabilities::builder().enable_sampling().build();
    ErrorData::missing_required_client_capability(needed)
}

async fn sample(context: &Context, arguments: &Value, tokens: u32) -> Result<String, ErrorData> {
    let prompt = fill("{/prompt}", arguments);
    let asked = CreateMessageRequestParams::new(vec![SamplingMessage::user_text(prompt)], tokens);
    let answer = context.peer.create_message(asked).await;
    let answer = answer.map_err(|error| ErrorData::internal_error(error.to_string(), None))?;
    let content = serde_json::to_value(&answer.message.content).unwrap_or_default();
    let text = content.pointer("/text").or(content.pointer("/0/text"));
    Ok(format!(
        "LLM response: {}",
        text.and_then(Value::as_str).unwrap_or_default()
    ))
}

async fn elicit(context: &Context, arguments: &Value, params: &Value) -> Result<String, ErrorData> {
    let mut params = params.clone();
    if let Some(message) = arguments.get("message") {
        params["message"] = message.clone();
    }
    let internal = |why: String| ErrorData::internal_error(why, None);
    let asked = serde_json::from_value(params).map_err(|error| internal(error.to_string()))?;
    let answer = context.peer.create_elicitation(asked).await;
    let answer = answer.map_err(|error| internal(error.to_string()))?;
    let answer = serde_json::to_value(&answer).unwrap_or_default();
    Ok(fill(
        "User response: action={/action}, content={/content}",
        &answer,
    ))
}
