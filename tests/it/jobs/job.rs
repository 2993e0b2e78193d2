//! One job: what it took.

use serde_json::Value;

use crate::tools::world::World;

/// Counts what a job takes.
pub(super) struct Job<'a> {
    world: &'a World,
    words: &'static str,
    calls: usize,
    bytes: usize,
    requests_before: usize,
}

impl<'a> Job<'a> {
    /// Begins a job; `words` are those of the administrator.
    pub(super) fn of(world: &'a World, words: &'static str) -> Self {
        Self {
            world,
            words,
            calls: 0,
            bytes: 0,
            requests_before: world.sandbox.requests().len(),
        }
    }

    /// Asks a tool and takes its result.
    pub(super) async fn ask(&mut self, tool: &str, arguments: Value) -> Value {
        let answer = self.world.ask(tool, arguments).await;
        assert!(!answer.is_error, "{}: {tool}: {}", self.words, answer.text);
        self.calls += 1;
        self.bytes += answer.text.len();
        answer.structured().unwrap()
    }

    /// Asks for a change that is planned first, and confirms it; gives the plan and the result.
    pub(super) async fn confirm(&mut self, tool: &str, arguments: Value) -> (Value, Value) {
        let plan = self.ask(tool, arguments.clone()).await;
        assert_eq!(plan["status"], "confirmation_required", "{plan}");
        let mut again = arguments;
        again["confirmation_token"] = plan["confirmation_token"].clone();
        let done = self.ask(tool, again).await;
        (plan, done)
    }

    /// Holds what it took: calls exactly, bytes of the answers and requests to the systems at most.
    pub(super) fn took(self, calls: usize, bytes: usize, requests: usize) {
        let sent = self.world.sandbox.requests().len() - self.requests_before;
        let Self { words, .. } = self;
        assert_eq!(self.calls, calls, "{words}: calls");
        assert!(
            self.bytes <= bytes,
            "{words}: {} bytes of answers",
            self.bytes
        );
        assert!(sent <= requests, "{words}: {sent} requests");
    }
}
