//! The end of the record of changes, for whoever may see what is the operator's.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use crate::access::{Access, Refusal};
use crate::caller::{Caller, Scope};
use crate::policy::Rules;
use crate::roster::PageId;

/// Fields of a line that name no page and nobody: what is left of a line about a page that `policy.pages` does not allow.
const SHOWN: [&str; 7] = ["seq", "at", "kind", "event", "intent", "prev", "hash"];

impl Access {
    /// The last lines of the record. Of a line about a page that `policy.pages` does not allow only the place in the chain is shown.
    ///
    /// # Errors
    /// The caller may not, or the record cannot be read.
    pub async fn record_tail(&self, caller: &Caller, lines: usize) -> Result<Vec<Value>, Refusal> {
        if !caller.scopes.contains(&Scope::Admin) {
            return Err(Refusal::Preflight(
                "the record of changes is for callers with the scope `admin`.".to_owned(),
            ));
        }
        let tail = self.log()?.tail(lines).await;
        let tail = tail.map_err(|error| {
            Refusal::Preflight(format!("the record could not be read: {error}."))
        })?;
        if self.rules().pages.is_none() {
            return Ok(tail);
        }
        let mut changes = BTreeSet::new();
        let lines = tail.into_iter();
        Ok(lines
            .map(|line| shown(line, self.rules(), &mut changes))
            .collect())
    }
}

/// A line, or what may be shown of it. `changes` are those whose first line was shown whole: only their outcomes are.
fn shown(mut line: Value, rules: &Rules, changes: &mut BTreeSet<String>) -> Value {
    let hidden = names_hidden_page(&line, rules);
    let text = |name: &str| line.get(name).and_then(Value::as_str);
    let change = text("intent").map(ToOwned::to_owned);
    let begins = text("kind") == Some("intent");
    let known = change
        .as_ref()
        .is_none_or(|it| begins || changes.contains(it));
    if !hidden && known {
        changes.extend(change.filter(|_| begins));
        // The words of a refusal are the only ones without a field that says which page they are about.
        if let Some(detail) = line.get_mut("detail").and_then(Value::as_object_mut) {
            detail.remove("words");
        }
        return line;
    }
    let Value::Object(fields) = line else {
        return Value::Null;
    };
    let mut left: Map<String, Value> = fields
        .into_iter()
        .filter(|(name, _)| SHOWN.contains(&name.as_str()))
        .collect();
    let why = "this line is about a page that `policy.pages` does not allow, or may be; `status-roster audit tail` shows it to the operator";
    left.insert("left_out".to_owned(), json!(why));
    Value::Object(left)
}

/// Returns whether a line holds the id of such a page, in one of the fields that hold pages.
fn names_hidden_page(value: &Value, rules: &Rules) -> bool {
    let hidden = |id: &str| PageId::parse(id).is_ok_and(|id| !rules.shows(&id));
    match value {
        Value::Array(items) => items.iter().any(|item| names_hidden_page(item, rules)),
        Value::Object(fields) => fields.iter().any(|(name, value)| {
            let is_page = match (name.as_str(), value) {
                ("page_id" | "page", Value::String(id)) => hidden(id),
                ("page_ids" | "pages", Value::Array(ids)) => {
                    ids.iter().filter_map(Value::as_str).any(hidden)
                }
                ("pages", Value::Object(by_id)) => by_id.keys().any(|id| hidden(id)),
                ("scope", Value::Object(scope)) => {
                    scope.get("level") == Some(&json!("page"))
                        && scope.get("id").and_then(Value::as_str).is_some_and(hidden)
                }
                _ => false,
            };
            is_page || names_hidden_page(value, rules)
        }),
        _ => false,
    }
}
