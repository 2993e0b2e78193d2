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
        let answer = answer.structured().unwrap();
        // What is so already is worth no request for the name of its page.
        if answer["status"] != "already" {
            names_stand_beside_ids(self.world, &answer);
        }
        answer
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
    pub(super) fn took(self, calls: usize, bytes: usize, requests: usize) -> Took {
        let sent = self.world.sandbox.requests().len() - self.requests_before;
        let Self { words, .. } = self;
        assert_eq!(self.calls, calls, "{words}: calls");
        assert!(
            self.bytes <= bytes,
            "{words}: {} bytes of answers",
            self.bytes
        );
        assert!(sent <= requests, "{words}: {sent} requests");
        Took {
            words,
            calls,
            bytes: self.bytes,
            requests: sent,
        }
    }
}

/// What a job took, for the table of all of them.
#[derive(Debug, Clone, Copy)]
pub(super) struct Took {
    pub words: &'static str,
    pub calls: usize,
    pub bytes: usize,
    pub requests: usize,
}

/// Names, in the words of plans and answers, every id of a page that has a name: it stands in brackets behind that name.
fn names_stand_beside_ids(world: &World, answer: &Value) {
    let state = world.sandbox.world();
    let mut known: Vec<String> = Vec::new();
    for page in state["statuspage"]["pages"]
        .as_array()
        .into_iter()
        .flatten()
    {
        known.extend(page["id"].as_str().map(str::to_owned));
        for kind in ["components", "metrics", "groups"] {
            let rows = page[kind].as_array().into_iter().flatten();
            let rows = rows.filter(|row| row["name"].is_string());
            known.extend(rows.filter_map(|row| Some(row["id"].as_str()?.to_owned())));
        }
    }
    let mut words = Vec::new();
    for key in ["summary", "losses", "warnings", "residual"] {
        texts(&answer[key], &mut words);
    }
    for step in answer["steps"].as_array().into_iter().flatten() {
        for key in ["action", "target", "detail"] {
            texts(&step[key], &mut words);
        }
    }
    for text in words {
        for id in known.iter().filter(|id| text.contains(id.as_str())) {
            for (at, _) in text.match_indices(id.as_str()) {
                let before = &text[..at];
                assert!(
                    before.ends_with(" ("),
                    "{id} stands without its name in: {text}"
                );
            }
        }
    }
}

fn texts(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::String(text) => found.push(text.clone()),
        Value::Array(all) => all.iter().for_each(|it| texts(it, found)),
        _ => {}
    }
}
