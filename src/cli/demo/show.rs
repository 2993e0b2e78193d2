//! Prints a call of the demo and the parts of its result that matter to the story.

use serde_json::{Value, json};

use super::client::Client;
use crate::cli::output;

/// The heading of a scene.
pub(super) fn scene(title: &str) {
    output::line("");
    output::line(title);
}

pub(super) async fn call(
    client: &Client,
    tool: &'static str,
    arguments: Value,
) -> Result<Value, String> {
    let mut shown = arguments.clone();
    if let Some(token) = shown.get_mut("confirmation_token") {
        *token = json!("…");
    }
    output::line(&format!("  > {tool} {shown}"));
    match client.call(tool, &arguments).await? {
        Ok(result) => {
            show(&result);
            Ok(result)
        }
        Err(words) => Err(format!(
            "the demo did not go as it should: `{tool}` was refused: {words}"
        )),
    }
}

/// The parts of a result that tell the story.
fn show(result: &Value) {
    for key in ["summary", "status"] {
        if let Some(text) = result.get(key).and_then(Value::as_str) {
            output::line(&format!("  {key}: {text}"));
        }
    }
    let several = result.get("verdict").is_some();
    let rows = result.get("records").and_then(Value::as_array);
    for row in rows
        .into_iter()
        .flatten()
        .take(if several { 10 } else { 3 })
    {
        let field = |key: &str| row.get(key).and_then(Value::as_str);
        let across = |key: &str| field(key).filter(|_| several);
        let words = [
            field("first_name"),
            field("last_name"),
            field("name"),
            field("email"),
            across("kind"),
            field("page_name").map(|_| "of"),
            field("page_name"),
            across("system").map(|_| "in"),
            across("system"),
            field("status"),
            field("id"),
            field("audience").map(|_| "audience-specific:"),
            field("audience"),
        ];
        let words: Vec<&str> = words.into_iter().flatten().collect();
        output::line(&format!("  - {}", words.join(" ")));
    }
    if let (Some(complete), Some(matched), Some(scanned)) = (
        result.get("complete"),
        result.get("matched"),
        result.get("scanned"),
    ) {
        // A search for one person is answered by the systems: there is no list of which it is a part.
        output::line(&if result.get("verdict").is_some() {
            format!("  complete: {complete}, found: {matched}")
        } else {
            format!("  complete: {complete}, matched: {matched} of {scanned} read")
        });
    }
    for (list, label) in [("losses", "loss"), ("warnings", "note")] {
        for text in result
            .get(list)
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
        {
            output::line(&format!("  {label}: {text}"));
        }
    }
    if result.get("confirmation_token").is_some() {
        output::line("  confirmation_token: (good for exactly this plan)");
    }
}

pub(super) fn expect(result: &Value, key: &str, wanted: &Value) -> Result<(), String> {
    match result.get(key) {
        Some(found) if found == wanted => Ok(()),
        found => Err(format!(
            "the demo did not go as it should: `{key}` is {}, not {wanted}",
            found.cloned().unwrap_or_default()
        )),
    }
}
