//! The catalogue of tools, and the single path that every call takes through it.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use futures::future::BoxFuture;
use serde_json::{Map, Value};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tracing::Instrument as _;

use super::arguments::Reader;
use super::names::Place;
use super::places::Places;
use super::run::run;
use super::{Answer, Effect, Ended, Tally, Tool, ToolSpec};
use crate::access::{Access, Ask, Person, Progress, Refusal};
use crate::caller::Caller;
use crate::offload;
use crate::policy::Toolset;
use crate::roster::nearest::nearest;
use crate::store::PlanId;

/// Bytes of arguments, by a rough count, from which on a call is carried beside the others.
const LONG: usize = 16 * 1024;

/// One call as a transport hands it in.
pub struct Incoming {
    /// The caller.
    pub caller: Caller,
    /// The tool's name, as the client wrote it.
    pub name: String,
    /// The arguments, unread.
    pub arguments: Map<String, Value>,
    /// The person behind the client, as far as this request tells.
    pub person: Person,
    /// Cancelled when the client gives up.
    pub cancel: CancellationToken,
    /// The receiver of progress.
    pub progress: Arc<dyn Progress>,
    /// The way in which the client gets the answer.
    pub patience: Patience,
}

/// The way in which a client gets its answer: it decides how long a call may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Patience {
    /// It waits: the call answers with what it has before the client gives it up.
    Waits,
    /// It asks after the call now and then: the call goes on until it is done, and stops between two steps when the server does.
    Asks,
    /// A person at a terminal or a script waits as long as it takes: only they end the call, by cancelling it.
    Lasts,
}

/// Longer than anybody waits: a call that lasts has no other end than its own.
const FOR_EVER: Duration = Duration::from_secs(30 * 24 * 3_600);

/// Bounds of the whole server.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// The time that a call may read and plan before it answers with what it has. Clients give up at 60 s.
    pub max_wait: Duration,
    /// The longer limit for a call that its client polls: a thousand changes, one request each, take 16 minutes.
    pub max_work: Duration,
    /// The time beyond either for which a call may go on in its current step before the client is answered without it.
    pub grace: Duration,
    /// The number of calls that run at once; others wait for a place.
    pub concurrent: usize,
    /// The number of these that may be one caller's.
    pub each: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_wait: Duration::from_secs(45),
            max_work: Duration::from_secs(1_800),
            grace: Duration::from_secs(10),
            concurrent: 64,
            each: 64,
        }
    }
}

type Run = fn(
    Arc<Access>,
    Ask,
    Map<String, Value>,
    Vec<Place>,
) -> BoxFuture<'static, Result<Answer, Refusal>>;

struct Entry {
    spec: ToolSpec,
    reader: Reader,
    run: Run,
}

/// Every tool, by name.
pub struct Catalogue {
    tools: BTreeMap<&'static str, Entry>,
    limits: Limits,
    running: TaskTracker,
    /// Cancelled when the server stops: calls that may take long do not hold it up.
    closing: CancellationToken,
    places: Arc<Places>,
    tally: Tally,
}

impl Catalogue {
    /// An empty catalogue.
    #[must_use]
    pub fn new(limits: Limits) -> Self {
        let places = Arc::new(Places::new(limits.concurrent, limits.each));
        Self {
            tools: BTreeMap::new(),
            limits,
            running: TaskTracker::new(),
            closing: CancellationToken::new(),
            places,
            tally: Tally::default(),
        }
    }

    /// Adds a tool.
    #[must_use]
    pub fn with<T: Tool>(mut self) -> Self {
        let run: Run =
            |access, ask, arguments, names| Box::pin(run::<T>(access, ask, arguments, names));
        let spec = ToolSpec::of::<T>();
        let reader = Reader::of(spec.name, &spec.whole_input);
        self.tools.insert(T::NAME, Entry { spec, reader, run });
        self
    }

    /// Returns the specifications of all tools, by name.
    pub fn specs(&self) -> impl Iterator<Item = &ToolSpec> {
        self.tools.values().map(|entry| &entry.spec)
    }

    /// Returns whether there is a tool of this name.
    #[must_use]
    pub fn knows(&self, name: &str) -> bool {
        self.tools.contains_key(name)
    }

    /// The worst that the tool of this name can do; none when there is no such tool.
    #[must_use]
    pub fn effect(&self, name: &str) -> Option<Effect> {
        self.tools.get(name).map(|entry| entry.spec.effect)
    }

    /// The tools of a group as a table for people, generated so that no document can disagree with the code.
    #[must_use]
    pub fn markdown(&self, toolset: Toolset) -> String {
        let rows = self.specs().filter(|spec| spec.toolset == toolset);
        let rows = rows.map(|spec| {
            format!(
                "| `{}` | {} | {} |",
                spec.name,
                spec.effect.word(),
                spec.first_words()
            )
        });
        let head = [
            "| tool | effect | what it does |".to_owned(),
            "|---|---|---|".to_owned(),
        ];
        head.into_iter().chain(rows).collect::<Vec<_>>().join("\n")
    }

    /// Returns the specifications that this caller may see: a tool that would be refused whatever its arguments is not listed.
    pub fn shown<'a>(
        &'a self,
        access: &'a Access,
        caller: &'a Caller,
    ) -> impl Iterator<Item = &'a ToolSpec> {
        self.specs()
            .filter(move |spec| access.permit_tool(caller, &spec.needs()).is_ok())
    }

    /// Waits for the calls that are running, so that no change is left half told. Those that nobody waits for end with the step
    /// that they are in.
    pub async fn drain(&self) {
        self.closing.cancel();
        self.running.close();
        self.running.wait().await;
    }

    /// Returns the counts of the calls so far.
    #[must_use]
    pub fn tally(&self) -> &Tally {
        &self.tally
    }

    /// Calls that run, and calls that wait for one of those to end.
    #[must_use]
    pub fn load(&self) -> (usize, usize) {
        let begun = self.running.len();
        let running = self.places.taken();
        (running, begun.saturating_sub(running))
    }

    /// One call: find, permit, parse, run in a task of its own, answer.
    ///
    /// The task outlives a client that stops waiting: a change that has begun is finished and recorded. A panic inside it
    /// is answered as an error; without the task the client would wait for ever.
    pub async fn call(&self, access: &Arc<Access>, incoming: Incoming) -> Answer {
        let Some(entry) = self.tools.get(incoming.name.as_str()) else {
            self.tally
                .ended("unknown", Ended::Refused("unknown_tool"), Duration::ZERO);
            return self.unknown(access, &incoming.name);
        };
        let began = access.clock().monotonic();
        let long = is_long(&incoming.arguments);
        let one = self.one(access, entry, incoming);
        let (answer, how) = offload::beside(|| long, one).await;
        let took = access.clock().monotonic().saturating_sub(began);
        self.tally.ended(entry.spec.name, how, took);
        answer.warned(access.standing_warnings())
    }

    async fn one(
        &self,
        access: &Arc<Access>,
        entry: &Entry,
        incoming: Incoming,
    ) -> (Answer, Ended) {
        let Incoming {
            caller,
            name: _,
            arguments,
            person,
            cancel,
            progress,
            patience,
        } = incoming;
        let spec = &entry.spec;
        if let Err(refusal) = access.permit_tool(&caller, &spec.needs()) {
            access.note_refusal(&caller, spec.name, &refusal).await;
            return refused(&refusal);
        }
        let whole = match entry.reader.read(arguments) {
            Ok(arguments) => arguments,
            Err(why) => {
                let refusal = Refusal::arguments(why);
                if spec.effect != Effect::Read {
                    access.note_refusal(&caller, spec.name, &refusal).await;
                }
                return refused(&refusal);
            }
        };
        let mut arguments = whole.clone();
        let token = arguments.remove("confirmation_token");
        let most = match patience {
            Patience::Waits => self.limits.max_wait,
            Patience::Asks => self.limits.max_work,
            Patience::Lasts => FOR_EVER,
        };
        let deadline = access.clock().monotonic().saturating_add(most);
        let ask = Ask {
            caller,
            call_id: PlanId::random().to_string(),
            tool: spec.name,
            arguments: Value::Object(arguments),
            counting: None,
            confirmed: token.is_some(),
            person,
            cancel: cancel.clone(),
            progress,
            lasts: patience == Patience::Lasts,
            deadline,
        };
        let caller = ask.caller.clone();
        let long = is_long(&whole);
        let for_tidying = access.clone();
        let read_through = access.for_call(&whole);
        let looked_at = read_through.clone();
        let names = entry.reader.places(&whole);
        let work = (entry.run)(read_through, ask, whole, names);
        let work = offload::beside(move || long || looked_at.computes_for_long(), work);
        let places = self.places.clone();
        let who = caller.name.clone();
        let span = tracing::info_span!("call", tool = spec.name, caller = %caller.tag(), outcome = tracing::field::Empty);
        let task = self.running.spawn(
            async move {
                let _place = places.take(&who).await;
                let done = work.await;
                for_tidying.memory().tidy(for_tidying.clock().monotonic());
                let outcome = done.as_ref().map_or_else(Refusal::word, |_| "answered");
                tracing::Span::current().record("outcome", outcome);
                done
            }
            .instrument(span),
        );
        let limit = most.saturating_add(self.limits.grace);
        let closing = async {
            if patience == Patience::Asks {
                self.closing.cancelled().await;
                cancel.cancel();
            }
            std::future::pending::<std::convert::Infallible>().await
        };
        let answer = tokio::select! {
            done = task => done,
            never = closing => match never {},
            () = access.clock().sleep(limit) => {
                // Reads stop at the next request; a change finishes the step it is in and records it.
                cancel.cancel();
                let answer = Answer::error(format!(
                    "`{}` has not finished after {} s and goes on without you. {}",
                    spec.name, limit.as_secs(), after_timeout(spec),
                ));
                return (answer, Ended::TimedOut);
            }
        };
        match answer {
            Ok(Err(Refusal::Asks(question))) => (Answer::asks(question), Ended::Answered),
            Ok(Ok(answer)) => (answer, Ended::Answered),
            Ok(Err(refusal)) => {
                if spec.effect != Effect::Read {
                    access.note_refusal(&caller, spec.name, &refusal).await;
                }
                refused(&refusal)
            }
            Err(_panic) => {
                tracing::error!(tool = spec.name, "a tool panicked");
                let answer = Answer::error(format!(
                    "`{}` failed by a defect of this server; the same arguments will fail again. {}",
                    spec.name,
                    after_timeout(spec)
                ));
                (answer, Ended::Panicked)
            }
        }
    }

    fn unknown(&self, access: &Access, name: &str) -> Answer {
        let name = crate::roster::text::clean(name, 60).text;
        let on = self.specs().filter(|it| access.has_toolset(it.toolset));
        let known: Vec<_> = on.map(|spec| spec.name).collect();
        let nearest = match nearest(&name, known.iter().copied()) {
            Some(tool) => format!("; did you mean `{tool}`?"),
            None => ".".to_owned(),
        };
        Answer::unknown_tool(format!(
            "there is no tool `{name}`{nearest} The tools are: {}. Nothing was changed.",
            known.join(", ")
        ))
    }
}

/// Returns whether arguments are thousands of rows.
fn is_long(arguments: &Map<String, Value>) -> bool {
    let length = |value: &Value| match value {
        Value::String(text) => text.len(),
        Value::Array(list) => list.len().saturating_mul(16),
        Value::Object(map) => map.len().saturating_mul(16),
        Value::Null | Value::Bool(_) | Value::Number(_) => 0,
    };
    arguments.values().map(length).sum::<usize>() > LONG
}

fn refused(refusal: &Refusal) -> (Answer, Ended) {
    (Answer::refusal(refusal), Ended::Refused(refusal.word()))
}

fn after_timeout(spec: &ToolSpec) -> &'static str {
    if spec.effect == Effect::Read {
        "Nothing was changed."
    } else {
        "A change may have been made: read the current state before you ask again; the audit file tells what was begun."
    }
}
