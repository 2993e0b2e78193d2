//! One tool call, from the protocol to the catalogue and back, with progress on the way and a person asked where one must be.

use std::sync::Arc;

use rmcp::model::{CallToolRequestParams, CallToolResponse};
use rmcp::service::{RequestContext, RoleServer};

use tokio_util::sync::CancellationToken;

use super::{human, progress, render};
use crate::access::{Access, Person, Progress, Silent};
use crate::caller::Caller;
use crate::toolkit::{Answer, Catalogue, Incoming};

/// Forms for one call at most: each further one means that the world changed while the person was reading.
const FORMS: usize = 3;

/// The answer, whatever form it has.
pub(super) async fn run(
    access: &Arc<Access>,
    catalogue: &Catalogue,
    caller: Caller,
    request: CallToolRequestParams,
    context: RequestContext<RoleServer>,
) -> CallToolResponse {
    let token = context.meta.get_progress_token();
    let (channel, told) = progress::channel();
    let progress: Arc<dyn Progress> = if token.is_some() {
        Arc::new(channel)
    } else {
        Arc::new(Silent)
    };
    let answered = CancellationToken::new();
    let forward = async {
        if let Some(token) = token {
            progress::forward(&context.peer, token, told, &answered).await;
        }
    };
    let call = async {
        let answer = asking(access, catalogue, caller, request, &context, progress).await;
        answered.cancel();
        answer
    };
    // Progress that arrives after its answer is against the protocol: what was told goes out first.
    let (answer, ()) = tokio::join!(call, forward);
    answer
}

/// The call, and where it needs a person: the question as its answer, or asked here and called again with the reply.
async fn asking(
    access: &Arc<Access>,
    catalogue: &Catalogue,
    caller: Caller,
    mut request: CallToolRequestParams,
    context: &RequestContext<RoleServer>,
    progress: Arc<dyn Progress>,
) -> CallToolResponse {
    let mut person = human::of(context, &mut request);
    let arguments = request.arguments.unwrap_or_default();
    for _ in 0..FORMS {
        let incoming = Incoming {
            caller: caller.clone(),
            name: request.name.clone().into_owned(),
            arguments: arguments.clone(),
            person: std::mem::replace(&mut person, Person::OutOfReach),
            cancel: context.ct.clone(),
            progress: progress.clone(),
        };
        let mut answer = catalogue.call(access, incoming).await;
        let Some(question) = answer.question.take() else {
            return render::result(answer).into();
        };
        if human::asks_by_answer(context) {
            return human::input_required(&question).into();
        }
        person = human::ask(access.clock(), context, *question, progress.clone()).await;
    }
    render::result(Answer::error(format!(
        "the plan changed {FORMS} times while the person was answering. Nothing was changed. Call again when others have finished their changes."
    )))
    .into()
}
