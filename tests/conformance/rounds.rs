//! Questions over several requests (multi-round-trip), with a seal where the fixture asks for one.

use std::collections::BTreeMap;

use rmcp::model::{
    ClientCapabilities, ErrorData, InputRequests, InputRequiredResult, InputResponses,
    RequestStateCodec,
};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::words::fill;

/// What is asked, round by round, and what is said in the end.
#[derive(Deserialize)]
pub(crate) struct Rounds {
    asks: Vec<BTreeMap<String, Value>>,
    done: String,
    #[serde(default)]
    sealed: bool,
    #[serde(default)]
    only_declared: bool,
}

/// Where a request stands.
pub(crate) enum Step {
    Ask(InputRequiredResult),
    Done(String),
}

impl Rounds {
    /// What follows from what the client sent back.
    pub(crate) fn step(
        &self,
        codec: &RequestStateCodec,
        state: Option<&str>,
        responses: Option<&InputResponses>,
        client: &ClientCapabilities,
    ) -> Result<Step, ErrorData> {
        let broken = |_| ErrorData::invalid_params("`requestState` is not as it was given", None);
        let asked = match state {
            Some(state) => codec.open_json::<Value>(state).map_err(broken)?["round"].as_u64(),
            None if self.sealed => None,
            None => responses.map(|_| 0),
        };
        let responses = responses.map_or(Value::Null, |it| json!(it));
        let next = match asked.and_then(|it| usize::try_from(it).ok()) {
            None => 0,
            Some(round) if self.came(round, &responses, client) => round + 1,
            Some(round) => round,
        };
        let wanted = self.wanted(next, client);
        if wanted.is_empty() {
            return Ok(Step::Done(fill(&self.done, &responses)));
        }
        let requests: InputRequests = serde_json::from_value(json!(wanted))
            .map_err(|error| ErrorData::internal_error(error.to_string(), None))?;
        let state = if self.sealed {
            let sealed = codec.seal_json(&json!({"round": next}));
            Some(sealed.map_err(|error| ErrorData::internal_error(error.to_string(), None))?)
        } else {
            None
        };
        Ok(Step::Ask(InputRequiredResult::new(Some(requests), state)))
    }

    fn wanted(&self, round: usize, client: &ClientCapabilities) -> BTreeMap<&String, &Value> {
        let declared = |ask: &Value| match ask["method"].as_str() {
            Some("elicitation/create") => client.elicitation.is_some(),
            Some("sampling/createMessage") => can_sample(client),
            _ => has_roots(client),
        };
        let asks = self.asks.get(round).into_iter().flatten();
        asks.filter(|(_, ask)| !self.only_declared || declared(ask))
            .collect()
    }

    /// Whether everything of a round was answered, in the form of an answer.
    fn came(&self, round: usize, responses: &Value, client: &ClientCapabilities) -> bool {
        self.wanted(round, client).iter().all(|(key, ask)| {
            let response = &responses[key.as_str()];
            match ask["method"].as_str() {
                Some("elicitation/create") => response["action"].is_string(),
                Some("sampling/createMessage") => !response["content"].is_null(),
                _ => response["roots"].is_array(),
            }
        })
    }
}

pub(crate) fn can_sample(client: &ClientCapabilities) -> bool {
    client.sampling.is_some()
}

fn has_roots(client: &ClientCapabilities) -> bool {
    client.roots.is_some()
}
