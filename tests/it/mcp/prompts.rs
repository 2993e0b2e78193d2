//! The prompts: whole, true to the tools that there are, and filled in once.

use std::collections::BTreeSet;

use rmcp::model::GetPromptRequestParams;
use serde_json::{Value, json};
use status_roster::mcp::prompts::{Prompts, placeholders};
use status_roster::toolkit::Limits;

use super::client::{Client, ERAS, Era, Running};
use crate::tools::world::{Make, World};

fn prompts() -> Prompts {
    Prompts::built_in().unwrap()
}

#[test]
fn there_is_a_file_for_each_prompt_and_a_prompt_for_each_file() {
    let built_in: BTreeSet<String> = prompts().all().map(|(name, _)| name.to_owned()).collect();
    let files: BTreeSet<String> = std::fs::read_dir("prompts")
        .unwrap()
        .map(|file| file.unwrap().file_name().into_string().unwrap())
        .map(|name| name.trim_end_matches(".md").to_owned())
        .collect();
    assert_eq!(
        built_in, files,
        "left: `src/mcp/prompts.rs`, right: `prompts/`"
    );
}

#[test]
fn every_placeholder_is_declared_and_every_argument_is_used() {
    for (name, file) in prompts().all() {
        let used: BTreeSet<String> = placeholders(&file.body).into_iter().collect();
        let declared: BTreeSet<String> = file
            .front
            .arguments
            .iter()
            .map(|it| it.name.clone())
            .collect();
        assert_eq!(used, declared, "{name}: left used, right declared");
    }
}

/// The words between backticks that look like the name of a tool or a field.
fn names(body: &str) -> Vec<String> {
    let words = body.split('`').skip(1).step_by(2);
    let name = |word: &&str| {
        word.contains('_') && word.chars().all(|c| c.is_ascii_lowercase() || c == '_')
    };
    words.filter(name).map(str::to_owned).collect()
}

#[test]
fn every_tool_that_a_prompt_names_exists() {
    let catalogue = status_roster::tools::catalogue(Limits::default());
    let tools: BTreeSet<&str> = catalogue.specs().map(|spec| spec.name).collect();
    // What is no tool is a field or a word of some tool's contract.
    let fields: String = catalogue
        .specs()
        .map(|spec| format!("{}{}", json!(spec.input), json!(spec.output)))
        .collect();
    for (prompt, file) in prompts().all() {
        for name in names(&file.body) {
            let known = tools.contains(name.as_str()) || fields.contains(&format!("\"{name}\""));
            assert!(
                known,
                "prompts/{prompt}.md names `{name}`, and no tool knows it"
            );
        }
    }
}

#[tokio::test]
async fn each_prompt_rendered_is_what_was_reviewed() {
    let make = Make {
        more: "[toolsets]\nenabled = [\"access\", \"operations\"]\n".to_owned(),
        ..Make::default()
    };
    let world = make.world().await;
    let client = Client::without_forms();
    let running = client.connect(&world.app, Era::Modern).await;
    for (name, file) in prompts().all() {
        let given = file.front.arguments.iter();
        let given: Value = given
            .filter(|it| it.absent.is_none())
            .map(|it| (it.name.clone(), Value::from(format!("«{}»", it.name))))
            .collect::<serde_json::Map<_, _>>()
            .into();
        let words = rendered(&running, name, &given).await.unwrap();
        insta::assert_snapshot!(name, words);
    }
}

async fn rendered(running: &Running, name: &str, given: &Value) -> Result<String, String> {
    let mut request = GetPromptRequestParams::new(name);
    request.arguments = given.as_object().cloned();
    let result = running
        .get_prompt(request)
        .await
        .map_err(|error| error.to_string())?;
    let message = result.messages.first().unwrap();
    Ok(message.content.as_text().unwrap().text.clone())
}

#[tokio::test]
async fn what_is_put_in_is_not_read_again() {
    let world = World::new().await;
    let running = Client::without_forms()
        .connect(&world.app, Era::Modern)
        .await;
    let given =
        json!({"refusal": "{{wanted}} \u{202e}hidden\u{200b} {{refusal}}", "wanted": "everything"});
    let words = rendered(&running, "explain_refusal", &given).await.unwrap();
    assert!(words.contains("{{wanted}} hidden {{refusal}}"), "{words}");
    assert_eq!(words.matches("everything").count(), 1, "{words}");
}

#[tokio::test]
async fn what_is_missing_unknown_or_no_text_is_named() {
    let world = World::new().await;
    let running = Client::without_forms()
        .connect(&world.app, Era::Modern)
        .await;
    for (name, given, says) in [
        (
            "onboard_viewer",
            json!({"email": "a@example.com"}),
            "`page` is missing",
        ),
        (
            "onboard_viewer",
            json!({"email": " ", "page": "x"}),
            "`email` is missing",
        ),
        (
            "review_access",
            json!({"pages": "x"}),
            "no argument `pages`",
        ),
        (
            "no_such_prompt",
            json!({}),
            "The prompts are: explain_refusal",
        ),
    ] {
        let error = rendered(&running, name, &given).await.unwrap_err();
        assert!(error.contains(says) && error.contains("-32602"), "{error}");
    }
}

#[tokio::test]
async fn the_list_is_the_same_each_time_and_in_both_eras() {
    let world = World::new().await;
    for era in ERAS {
        let running = Client::without_forms().connect(&world.app, era).await;
        let list = running.list_prompts(None).await.unwrap();
        let names: Vec<_> = list
            .prompts
            .iter()
            .map(|prompt| prompt.name.clone())
            .collect();
        let sorted: BTreeSet<_> = names.iter().cloned().collect();
        assert_eq!(names, sorted.into_iter().collect::<Vec<_>>());
        assert!(
            list.prompts
                .iter()
                .all(|it| it.title.is_some() && it.icons.is_some())
        );
        if era == Era::Modern {
            assert_eq!(list.ttl_ms, Some(300_000));
        }
    }
}
