//! The reference pages: tools from the contracts, prompts and resources from what a client is told.

use std::fmt::Write as _;

use rmcp::ServiceExt as _;
use rmcp::model::Prompt;
use rmcp::transport::TokioChildProcess;
use serde_json::{Map, Value};
use status_roster::policy::Toolset;
use status_roster::toolkit::{Limits, ToolSpec};
use status_roster::tools;

use super::holds;

#[test]
fn the_page_of_tools_is_the_catalogue() {
    let catalogue = tools::catalogue(Limits::default());
    let mut page = include_str!("tools_head.md").to_owned();
    for toolset in Toolset::ALL {
        page = page.replace(
            &format!("{{{{{}}}}}", toolset.word()),
            &catalogue.markdown(toolset),
        );
    }
    for spec in catalogue.specs() {
        page.push_str(&described(spec));
    }
    holds("docs/tools.md", &page);
}

/// A tool with its arguments.
fn described(spec: &ToolSpec) -> String {
    let mut text = format!(
        "\n### `{}`\n\n**{}** ({})\n\n{}\n\n",
        spec.name,
        spec.title,
        spec.effect.word(),
        spec.about.trim()
    );
    let rows = rows(&spec.input, "");
    if rows.is_empty() {
        text.push_str("It takes no arguments.\n");
    } else {
        let _ = write!(text, "| argument | type | meaning |\n|---|---|---|\n{rows}");
    }
    text
}

/// The rows of an object's properties, required ones first, and those of the objects in a list below it.
fn rows(schema: &Map<String, Value>, prefix: &str) -> String {
    let required: Vec<&str> = schema
        .get("required")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    let Some(properties) = schema.get("properties").and_then(Value::as_object) else {
        return String::new();
    };
    let mut fields: Vec<_> = properties.iter().collect();
    fields.sort_by_key(|(name, _)| !required.contains(&name.as_str()));
    let mut text = String::new();
    for (name, field) in fields {
        let must = if required.contains(&name.as_str()) {
            " (required)"
        } else {
            ""
        };
        let about = field["description"].as_str().unwrap_or_default();
        let about = about.split_whitespace().collect::<Vec<_>>().join(" ");
        let _ = writeln!(
            text,
            "| `{prefix}{name}`{must} | {} | {} |",
            kind(field),
            about.replace('|', "\\|")
        );
        if let Some(items) = field["items"].as_object() {
            text.push_str(&rows(items, &format!("{prefix}{name}[].")));
        }
    }
    text
}

/// The type of an argument, in words.
fn kind(field: &Value) -> String {
    if let Some(values) = field["enum"].as_array() {
        let values: Vec<_> = values
            .iter()
            .filter_map(Value::as_str)
            .map(|value| format!("`{value}`"))
            .collect();
        return values.join(", ");
    }
    match (
        field["type"].as_str().unwrap(),
        field["items"]["type"].as_str(),
    ) {
        ("array", Some(items)) => format!("list of {items}s"),
        (kind, _) => kind.to_owned(),
    }
}

#[tokio::test]
async fn the_page_of_prompts_and_resources_is_what_a_client_is_told() {
    let always = Told::with("access").await;
    let told = Told::with("access,operations").await;
    let mut prompts = String::new();
    for prompt in &told.prompts {
        let arguments: Vec<_> = prompt
            .arguments
            .iter()
            .flatten()
            .map(|it| match it.required {
                Some(true) => format!("`{}`", it.name),
                _ => format!("`{}` (optional)", it.name),
            })
            .collect();
        let needs = if always.prompts.iter().any(|it| it.name == prompt.name) {
            ""
        } else {
            " Needs the toolset `operations`."
        };
        let _ = writeln!(
            prompts,
            "| `{}` | {}{needs} | {} |",
            prompt.name,
            prompt.description.as_deref().unwrap(),
            arguments.join(", ")
        );
    }
    let page = include_str!("prompts_head.md")
        .replace("{{prompts}}", prompts.trim_end())
        .replace("{{resources}}", told.resources.trim_end());
    holds("docs/prompts.md", &page);
}

/// What a client is told besides tools.
struct Told {
    prompts: Vec<Prompt>,
    /// Rows of a table.
    resources: String,
}

impl Told {
    /// Asks a server that is started with these toolsets.
    async fn with(toolsets: &str) -> Self {
        let home = tempfile::tempdir().unwrap();
        let mut process = tokio::process::Command::new(env!("CARGO_BIN_EXE_status-roster"));
        process
            .args(["serve", "--sandbox", "--allow-writes"])
            .args(["--toolsets", toolsets])
            .env_clear()
            .env("HOME", home.path())
            .kill_on_drop(true);
        let (transport, _) = TokioChildProcess::builder(process)
            .stderr(std::process::Stdio::null())
            .spawn()
            .unwrap();
        let client = ().serve(transport).await.unwrap();
        let mut resources = String::new();
        for it in client.list_all_resources().await.unwrap() {
            let about = it.description.as_deref().unwrap();
            let _ = writeln!(resources, "| `{}` | {about} |", it.uri);
        }
        for it in client.list_all_resource_templates().await.unwrap() {
            let about = it.description.as_deref().unwrap();
            let _ = writeln!(resources, "| `{}` | {about} |", it.uri_template);
        }
        let prompts = client.list_all_prompts().await.unwrap();
        client.cancel().await.unwrap();
        Self { prompts, resources }
    }
}
