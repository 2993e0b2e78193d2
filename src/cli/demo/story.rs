//! The script of the demo, scene by scene.

use std::path::Path;

use serde_json::{Value, json};

use super::client::Client;
use super::show::{call, expect, scene};
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
    let tools = client.tools().await?;
    output::line(&format!(
        "It reaches Statuspage, the company's directory and StatusApp, and offers {} tools.",
        tools.len()
    ));

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
    let removal =
        json!({"system": "statuspage_page", "page_id": known::AUDIENCE_PAGE, "email": NEW});
    let plan = call(client, "remove_user", removal.clone()).await?;
    expect(&plan, "status", &json!("confirmation_required"))?;

    scene("7. The person agrees. The same call comes again with the token.");
    let removal = confirmed(removal, &plan);
    let removed = call(client, "remove_user", removal.clone()).await?;
    expect(&removed, "status", &json!("applied"))?;

    scene("8. A token is good for its own plan, and nothing is done twice.");
    let replay = call(client, "remove_user", removal).await?;
    expect(&replay, "status", &json!("already"))?;

    scene("9. Seen to be gone.");
    let gone = call(
        client,
        "list_page_access_users",
        json!({"page_id": known::AUDIENCE_PAGE, "email": NEW}),
    )
    .await?;
    expect(&gone, "matched", &json!(0))?;

    leaver(client).await?;

    scene("13. Every change is on record.");
    record(home)
}

/// Somebody has left, and is still to be found in three systems.
async fn leaver(client: &Client) -> Result<(), String> {
    scene("10. Lena has left. What can she still reach, in all three systems?");
    let lena = json!({"email": known::LEAVER});
    let found = call(client, "find_person", lena.clone()).await?;
    expect(&found, "verdict", &json!("found"))?;

    scene("11. Take it all away: one plan for every account, in a safe order.");
    let plan = call(client, "offboard_person", lena.clone()).await?;
    expect(&plan, "status", &json!("confirmation_required"))?;
    let done = call(client, "offboard_person", confirmed(lena.clone(), &plan)).await?;
    expect(&done, "status", &json!("applied"))?;

    scene("12. What is left is said, and not called nothing.");
    call(client, "find_person", lena).await?;
    Ok(())
}

/// Returns the arguments with the plan's token added.
fn confirmed(mut arguments: Value, plan: &Value) -> Value {
    if let Some(arguments) = arguments.as_object_mut() {
        arguments.insert(
            "confirmation_token".to_owned(),
            plan.get("confirmation_token").cloned().unwrap_or_default(),
        );
    }
    arguments
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
