//! What happens in the demo, scene by scene.

use std::path::Path;

use serde_json::{Value, json};

use super::client::Client;
use crate::audit;
use crate::cli::output;
use crate::sandbox::known;

const NEW: &str = "ada.customer@example.org";

/// Tells the story.
///
/// # Errors
/// The scene that did not go as it should, so that the demo is a test of the program that it shows.
pub(super) async fn tell(client: &mut Client, home: &Path) -> Result<(), String> {
    output::line(&format!(
        "A client started {} on its built-in sandbox. Nothing here is real.",
        client.server()
    ));
    output::line(&format!("It offers: {}.", client.tools().await?.join(", ")));

    scene("1. Who is in the team? A list says whether it is whole.");
    let team = call(client, "list_org_users", json!({"name": "jane"})).await?;
    expect(&team, "complete", &json!(true))?;

    scene("2. Which pages are there, and do viewers mean anything on them?");
    call(client, "list_pages", json!({})).await?;

    scene("3. Add a viewer. `applied` means that they were seen on the page afterwards.");
    let viewer = json!({"page_id": known::AUDIENCE_PAGE, "email": NEW, "group_ids": [known::GROUPS.first().map_or("", |group| group.0)]});
    let added = call(client, "add_page_viewer", viewer).await?;
    expect(&added, "status", &json!("applied"))?;

    scene(
        "4. The same on a page that is not audience-specific: Statuspage says yes and does nothing. Here that is told.",
    );
    let nothing = call(
        client,
        "add_page_viewer",
        json!({"page_id": known::PUBLIC_PAGE, "email": NEW}),
    )
    .await?;
    expect(&nothing, "status", &json!("no_effect"))?;

    scene("5. Give Jane one more role. The pages that are not named keep theirs.");
    let grant = json!({"email": known::JANE, "grant": [{"page_id": known::AUDIENCE_PAGE, "roles": ["maintenance_manager"]}]});
    let granted = call(client, "set_permissions", grant).await?;
    expect(&granted, "status", &json!("applied"))?;

    scene("6. Remove the viewer. The first call plans, and nothing is changed.");
    let mut removal =
        json!({"system": "statuspage_page", "page_id": known::AUDIENCE_PAGE, "email": NEW});
    let plan = call(client, "remove_user", removal.clone()).await?;
    expect(&plan, "status", &json!("confirmation_required"))?;

    scene("7. The person agrees. The same call comes again with the token.");
    if let Some(arguments) = removal.as_object_mut() {
        arguments.insert(
            "confirmation_token".to_owned(),
            plan.get("confirmation_token").cloned().unwrap_or_default(),
        );
    }
    let removed = call(client, "remove_user", removal.clone()).await?;
    expect(&removed, "status", &json!("applied"))?;

    scene("8. A token works once.");
    let replay = refused(client, "remove_user", removal).await?;
    if !replay.contains("used already") {
        return Err(format!(
            "the demo did not go as it should: a spent token was answered with: {replay}"
        ));
    }

    scene("9. Seen to be gone, and on record.");
    let gone = call(
        client,
        "list_page_access_users",
        json!({"page_id": known::AUDIENCE_PAGE, "email": NEW}),
    )
    .await?;
    expect(&gone, "matched", &json!(0))?;
    record(home)
}

fn record(home: &Path) -> Result<(), String> {
    let path = home.join("audit.jsonl");
    let verified = audit::verify(&path)
        .map_err(|broken| format!("the audit file of the demo is broken: {broken}"))?;
    let last = audit::tail(&path, 3).map_err(|error| error.to_string())?;
    output::line(
        "  the last three lines of the audit file: what was intended, what came of it, what was refused:",
    );
    for line in last {
        let text = line.to_string();
        output::line(&format!(
            "    {}",
            text.get(..220)
                .map_or_else(|| text.clone(), |part| format!("{part}…"))
        ));
    }
    output::line(&format!(
        "  `status-roster audit verify`: {} lines, each as it was written.",
        verified.lines
    ));
    Ok(())
}

fn scene(title: &str) {
    output::line("");
    output::line(title);
}

async fn call(client: &Client, tool: &'static str, arguments: Value) -> Result<Value, String> {
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

async fn refused(client: &Client, tool: &'static str, arguments: Value) -> Result<String, String> {
    output::line(&format!("  > {tool} (the same call, the same token)"));
    match client.call(tool, &arguments).await? {
        Err(words) => {
            output::line(&format!("  refused: {words}"));
            Ok(words)
        }
        Ok(result) => Err(format!(
            "the demo did not go as it should: `{tool}` was not refused: {result}"
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
    for row in result
        .get("records")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .take(3)
    {
        let field = |key: &str| row.get(key).and_then(Value::as_str);
        let name = [field("first_name"), field("last_name"), field("name")]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join(" ");
        let rest = [
            field("email"),
            field("id"),
            field("audience").map(|_| "audience-specific:"),
            field("audience"),
        ];
        output::line(&format!(
            "  - {name} {}",
            rest.into_iter().flatten().collect::<Vec<_>>().join(" ")
        ));
    }
    if let (Some(complete), Some(matched), Some(scanned)) = (
        result.get("complete"),
        result.get("matched"),
        result.get("scanned"),
    ) {
        output::line(&format!(
            "  complete: {complete}, matched: {matched} of {scanned} read"
        ));
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
        output::line("  confirmation_token: (sealed; good for exactly this plan, once)");
    }
}

fn expect(result: &Value, key: &str, wanted: &Value) -> Result<(), String> {
    match result.get(key) {
        Some(found) if found == wanted => Ok(()),
        found => Err(format!(
            "the demo did not go as it should: `{key}` is {}, not {wanted}",
            found.cloned().unwrap_or_default()
        )),
    }
}
