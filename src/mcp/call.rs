//! One tool call, from the protocol to the catalogue and back: with progress on the way or as a task, and a person asked where one
//! must be.

use std::sync::Arc;

use rmcp::model::{CallToolRequestParams, CallToolResponse, ErrorData};
use rmcp::service::{RequestContext, RoleServer};
use tokio_util::sync::CancellationToken;

use super::tasks::{Task, Tasks};
use super::{era, human, progress, render};
use crate::access::{Access, Person, Progress, Silent};
use crate::caller::{Caller, Standing};
use crate::toolkit::{Answer, Catalogue, Incoming, Patience};

/// Forms for one call at most: each further one means that the world changed while the person was reading.
const FORMS: usize = 3;

/// A call and all that it needs.
pub(super) struct Call {
    pub(super) access: Arc<Access>,
    pub(super) catalogue: Arc<Catalogue>,
    pub(super) caller: Caller,
    pub(super) standing: Standing,
    pub(super) request: CallToolRequestParams,
    pub(super) context: RequestContext<RoleServer>,
}

/// The answer, whatever form it has.
pub(super) async fn run(call: Call, tasks: &Tasks) -> Result<CallToolResponse, ErrorData> {
    // A name that is none is told so; it takes nobody's place.
    let known = call.catalogue.knows(&call.request.name);
    let task = if known && Tasks::are_for(&call.context) {
        tasks.place(&call.caller, "under way")
    } else {
        None
    };
    match task {
        Some(task) => {
            let client = call.context.ct.clone();
            let work = {
                let task = task.clone();
                async move { Ok(call.in_task(task).await) }
            };
            tasks.run(task, &client, work).await
        }
        None => Ok(call.with_progress().await),
    }
}

impl Call {
    /// With progress while the client waits, where it wants some.
    async fn with_progress(self) -> CallToolResponse {
        let token = self.context.meta.get_progress_token();
        let (channel, told) = progress::channel();
        let progress: Arc<dyn Progress> = if token.is_some() {
            Arc::new(channel)
        } else {
            Arc::new(Silent)
        };
        let answered = CancellationToken::new();
        let peer = self.context.peer.clone();
        let forward = async {
            if let Some(token) = token {
                progress::forward(&peer, token, told, &answered).await;
            }
        };
        let cancel = self.context.ct.clone();
        let call = async {
            let answer = self.asking(&cancel, progress, None).await;
            answered.cancel();
            answer
        };
        // Progress that arrives after its answer is against the protocol: what was told goes out first.
        let (answer, ()) = tokio::join!(call, forward);
        answer
    }

    /// With progress told to the task, whose client asks for it.
    async fn in_task(self, task: Arc<Task>) -> CallToolResponse {
        let cancel = task.stopping().clone();
        self.asking(&cancel, task.clone(), Some(&task)).await
    }

    /// The call, and where it needs a person: the question as its answer, or asked here and called again with the reply.
    async fn asking(
        self,
        cancel: &CancellationToken,
        progress: Arc<dyn Progress>,
        task: Option<&Task>,
    ) -> CallToolResponse {
        let Self {
            access,
            catalogue,
            caller,
            standing,
            mut request,
            context,
        } = self;
        let mut person = human::of(&context, &mut request);
        let arguments = request.arguments.unwrap_or_default();
        let links = era::knows_links(&context);
        for _ in 0..FORMS {
            let cancel = cancel.child_token();
            let incoming = Incoming {
                caller: caller.clone(),
                name: request.name.clone().into_owned(),
                arguments: arguments.clone(),
                person: std::mem::replace(&mut person, Person::OutOfReach),
                cancel: cancel.clone(),
                progress: progress.clone(),
                patience: task.map_or(Patience::Waits, |_| Patience::Asks),
            };
            let call = catalogue.call(&access, incoming);
            let mut answer = while_it_stands(&standing, &cancel, call).await;
            let Some(question) = answer.question.take() else {
                return render::result(answer, links).into();
            };
            person = match task {
                Some(task) if !task.answers_plainly() => human::ask_in(task, *question).await,
                _ if era::asks_by_answer(&context) => {
                    return human::input_required(&question).into();
                }
                _ => human::ask(access.clock(), &context, *question, progress.clone()).await,
            };
        }
        let why = format!(
            "the plan changed {FORMS} times while the person was answering. Nothing was changed. Call again when others have finished their changes."
        );
        render::result(Answer::error(why), links).into()
    }
}

/// Cancels a call, as its client could, when whoever made it may no longer ask.
pub(super) async fn while_it_stands<T>(
    standing: &Standing,
    cancel: &CancellationToken,
    call: impl Future<Output = T>,
) -> T {
    tokio::pin!(call);
    tokio::select! {
        biased;
        done = &mut call => return done,
        () = standing.over() => cancel.cancel(),
    }
    call.await
}
