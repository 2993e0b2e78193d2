//! The person behind the client, asked in the protocol's terms.
//!
//! On 2026-07-28 the call is answered "input required" with the form, and comes again with the reply; on older sessions the
//! server sends the form as a request of its own while the call waits. Whether a form can be shown is read from the very
//! request that is being answered, never remembered: what one request can do says nothing of the next.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use rmcp::model::{
    CallToolRequestParams, ElicitRequest, ElicitRequestParams, ElicitResult, ElicitationAction,
    ElicitationSchema, InputRequest, InputRequiredResult, PrimitiveSchemaDefinition,
};
use rmcp::service::{RequestContext, RoleServer};
use serde_json::Value;

use super::era;
use super::tasks::Task;
use crate::access::{Person, Progress, Question, Reply};
use crate::clock::Clock;
use crate::roster::text;

/// The name of the form among the requests for input, and of its one field.
const FORM: &str = "confirm";
const FIELD: &str = "typed";
/// The interval of progress messages to a waiting client: clients give a silent call up after a minute.
const SIGN_OF_LIFE: Duration = Duration::from_secs(15);

/// Returns whether the client of this request can show a form.
pub(super) fn can_show_forms(context: &RequestContext<RoleServer>) -> bool {
    let capability = context
        .client_capabilities()
        .and_then(|client| client.elicitation);
    // A client that names no mode means forms: they are older than modes.
    capability.is_some_and(|modes| modes.form.is_some() || modes.url.is_none())
}

/// Finds out from the request whether a person can be asked.
pub(super) fn of(
    context: &RequestContext<RoleServer>,
    request: &mut CallToolRequestParams,
) -> Person {
    let forms = can_show_forms(context);
    let replies = request.input_responses.take();
    let token = request.request_state.take();
    if !forms {
        return Person::OutOfReach;
    }
    let reply = replies.and_then(|mut replies| replies.remove(FORM));
    match (token, reply) {
        (Some(token), Some(reply)) if era::asks_by_answer(context) => Person::Replied {
            token,
            reply: read(serde_json::from_value(reply).ok()),
        },
        _ => Person::InReach,
    }
}

/// The answer that asks.
pub(super) fn input_required(question: &Question) -> InputRequiredResult {
    let requests = BTreeMap::from([(FORM.to_owned(), request(question))]);
    InputRequiredResult::new(Some(requests), Some(question.token.clone()))
}

/// Asks through a task, whose client sees the form when it asks how the task stands.
pub(super) async fn ask_in(task: &Task, question: Question) -> Person {
    task.tell(0, None, "waiting for the person to answer the form");
    let reply = match task.ask(request(&question), question.patience).await {
        Ok(reply) => read(serde_json::from_value(reply).ok()),
        Err(why) => Reply::NotAsked(why.to_owned()),
    };
    Person::Replied {
        token: question.token,
        reply,
    }
}

fn request(question: &Question) -> InputRequest {
    InputRequest::Elicitation(ElicitRequest::new(form(question)))
}

/// Asks while the call waits: until the reply, the plan's end, or until the client gives the call up.
pub(super) async fn ask(
    clock: &Clock,
    context: &RequestContext<RoleServer>,
    question: Question,
    progress: Arc<dyn Progress>,
) -> Person {
    let params = form(&question);
    let Question {
        token, patience, ..
    } = question;
    let asked = context
        .peer
        .create_elicitation_with_timeout(params, Some(patience));
    let signs = async {
        let mut signs_sent = 0;
        loop {
            signs_sent += 1;
            progress.tell(
                signs_sent,
                None,
                "waiting for the person to answer the form",
            );
            clock.sleep(SIGN_OF_LIFE).await;
        }
    };
    let reply = tokio::select! {
        reply = asked => match reply {
            Ok(result) => read(Some(result)),
            Err(rmcp::ServiceError::Timeout { .. }) => Reply::NotAsked("the plan expired before an answer came".to_owned()),
            Err(error) => Reply::NotAsked(text::clean(&error.to_string(), 200).text),
        },
        () = context.ct.cancelled() => Reply::NotAsked("the client cancelled the call".to_owned()),
        () = signs => Reply::NotAsked(String::new()),
    };
    Person::Replied { token, reply }
}

fn read(result: Option<ElicitResult>) -> Reply {
    let Some(result) = result else {
        return Reply::NotAsked("the client's reply is not one to a form".to_owned());
    };
    match result.action {
        ElicitationAction::Accept => {
            let typed = result
                .content
                .as_ref()
                .and_then(|content| content.get(FIELD));
            Reply::Typed(typed.and_then(Value::as_str).unwrap_or_default().to_owned())
        }
        ElicitationAction::Decline => Reply::Declined,
        _ => Reply::Dismissed,
    }
}

/// One field without a default: a client that sends forms back by itself sends an empty one.
fn form(question: &Question) -> ElicitRequestParams {
    let field = rmcp::model::StringSchema::new()
        .title("Type it to agree")
        .description(format!("Exactly this: {}", question.to_type))
        .min_length(1);
    let requested_schema = ElicitationSchema::builder()
        .required_property(FIELD, PrimitiveSchemaDefinition::String(field))
        .build()
        .unwrap_or_else(|_| ElicitationSchema::new(BTreeMap::new()));
    ElicitRequestParams::FormElicitationParams {
        meta: None,
        message: question.message.clone(),
        requested_schema,
    }
}
