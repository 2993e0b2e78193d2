//! The prompts: files of words in `prompts/`, one each, with TOML front matter between lines of `+++`.
//!
//! An argument is written `{{name}}` in the body and put in once: what a person gave is never looked at for placeholders
//! again, and loses what cannot be seen.

use std::collections::BTreeMap;

use rmcp::model::{
    ErrorData, GetPromptResult, JsonObject, Prompt, PromptArgument, PromptMessage, Role,
};
use serde::Deserialize;
use serde_json::Value;

use super::icon;
use crate::policy::Toolset;
use crate::roster::text;

/// Name and text of each, in the order of their names.
const FILES: [(&str, &str); 9] = [
    (
        "explain_refusal",
        include_str!("../../prompts/explain_refusal.md"),
    ),
    (
        "migrate_to_atlassian_accounts",
        include_str!("../../prompts/migrate_to_atlassian_accounts.md"),
    ),
    (
        "offboard_person",
        include_str!("../../prompts/offboard_person.md"),
    ),
    (
        "onboard_viewer",
        include_str!("../../prompts/onboard_viewer.md"),
    ),
    (
        "plan_maintenance",
        include_str!("../../prompts/plan_maintenance.md"),
    ),
    (
        "post_incident",
        include_str!("../../prompts/post_incident.md"),
    ),
    (
        "retire_component",
        include_str!("../../prompts/retire_component.md"),
    ),
    (
        "review_access",
        include_str!("../../prompts/review_access.md"),
    ),
    (
        "set_up_directory",
        include_str!("../../prompts/set_up_directory.md"),
    ),
];

/// Characters of an argument at most: a refusal fits, a pasted document does not.
const LONGEST: usize = 4_000;

/// The prompts, parsed.
#[derive(Debug, Clone)]
pub struct Prompts(BTreeMap<&'static str, File>);

/// One prompt.
#[derive(Debug, Clone)]
pub struct File {
    /// The front matter.
    pub front: Front,
    /// The words, with placeholders.
    pub body: String,
}

/// Front matter.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Front {
    /// For people.
    pub title: String,
    /// The purpose of the prompt, in one sentence.
    pub description: String,
    /// The group of tools that it speaks of; it is shown only where that is on. Absent: those about access.
    pub toolset: Option<String>,
    /// The values that a person fills in, in order.
    #[serde(default)]
    pub arguments: Vec<Argument>,
}

/// One thing to fill in.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Argument {
    /// The placeholder.
    pub name: String,
    /// For people.
    pub title: String,
    /// The value to give.
    pub description: String,
    /// The text that replaces the placeholder when no value is given. Without it the argument is required.
    pub absent: Option<String>,
}

impl Prompts {
    /// Parses the prompts that are built in.
    ///
    /// # Errors
    /// The file that is not in the form, and why. A test sees to it that there is none.
    pub fn built_in() -> Result<Self, String> {
        FILES
            .iter()
            .map(|(name, text)| {
                Ok((
                    *name,
                    parse(text).map_err(|why| format!("prompts/{name}.md: {why}"))?,
                ))
            })
            .collect::<Result<_, String>>()
            .map(Self)
    }

    /// Those whose tools this server has.
    #[must_use]
    pub fn where_on(mut self, on: impl Fn(Toolset) -> bool) -> Self {
        self.0.retain(|_, file| {
            let named = file.front.toolset.as_deref().map(Toolset::named);
            on(named.map_or(Toolset::Access, |it| it.unwrap_or(Toolset::Operations)))
        });
        self
    }

    /// None at all.
    #[must_use]
    pub fn none() -> Self {
        Self(BTreeMap::new())
    }

    /// By name.
    pub fn all(&self) -> impl Iterator<Item = (&'static str, &File)> {
        self.0.iter().map(|(name, file)| (*name, file))
    }

    pub(super) fn get(&self, name: &str) -> Result<&File, ErrorData> {
        self.0.get(name).ok_or_else(|| {
            let known: Vec<_> = self.0.keys().copied().collect();
            let name = text::clean(name, 60).text;
            let why = format!(
                "there is no prompt `{name}`. The prompts are: {}",
                known.join(", ")
            );
            ErrorData::invalid_params(why, None)
        })
    }
}

/// As a list shows it.
pub(super) fn listed(name: &str, file: &File) -> Prompt {
    let arguments = file.front.arguments.iter().map(|it| {
        PromptArgument::new(&it.name)
            .with_title(&it.title)
            .with_description(&it.description)
            .with_required(it.absent.is_none())
    });
    Prompt::new(
        name,
        Some(&file.front.description),
        Some(arguments.collect()),
    )
    .with_title(&file.front.title)
    .with_icons(icon::all())
}

/// The message, with what the person gave in its place.
pub(super) fn render(file: &File, given: &JsonObject) -> Result<GetPromptResult, ErrorData> {
    let bad = |why: String| ErrorData::invalid_params(why, None);
    let known = |name: &String| file.front.arguments.iter().any(|it| it.name == *name);
    if let Some(unknown) = given.keys().find(|name| !known(name)) {
        let names: Vec<_> = file
            .front
            .arguments
            .iter()
            .map(|it| it.name.as_str())
            .collect();
        return Err(bad(format!(
            "there is no argument `{}`. The arguments are: {}",
            text::clean(unknown, 60).text,
            names.join(", ")
        )));
    }
    let mut values = BTreeMap::new();
    for argument in &file.front.arguments {
        let value = match given.get(&argument.name) {
            None | Some(Value::Null) => String::new(),
            Some(Value::String(value)) => text::clean(value, LONGEST).text.trim().to_owned(),
            Some(_) => return Err(bad(format!("`{}` must be text", argument.name))),
        };
        let value = match (value.is_empty(), &argument.absent) {
            (false, _) => value,
            (true, Some(absent)) => absent.clone(),
            (true, None) => {
                return Err(bad(format!(
                    "`{}` is missing: {}",
                    argument.name, argument.description
                )));
            }
        };
        values.insert(argument.name.as_str(), value);
    }
    let words = fill(&file.body, |name| values.get(name).map(String::as_str));
    let message = PromptMessage::new_text(Role::User, words);
    Ok(GetPromptResult::new(vec![message]).with_description(&file.front.description))
}

/// Every placeholder of a body, in order.
#[must_use]
pub fn placeholders(body: &str) -> Vec<String> {
    let mut found = Vec::new();
    fill(body, |name| {
        found.push(name.to_owned());
        None
    });
    found
}

/// One pass from left to right: what was put in is behind, and not read again.
fn fill<'a>(body: &'a str, mut value: impl FnMut(&'a str) -> Option<&'a str>) -> String {
    let mut out = String::new();
    let mut rest = body;
    while let Some((before, after)) = rest.split_once("{{") {
        out.push_str(before);
        let Some((name, after)) = after.split_once("}}") else {
            out.push_str("{{");
            rest = after;
            continue;
        };
        out.push_str(value(name).unwrap_or_default());
        rest = after;
    }
    out.push_str(rest);
    out
}

fn parse(text: &str) -> Result<File, String> {
    let rest = text
        .strip_prefix("+++\n")
        .ok_or("it does not begin with `+++`")?;
    let (front, body) = rest
        .split_once("\n+++\n")
        .ok_or("its front matter has no end")?;
    let front = toml::from_str(front).map_err(|error| error.message().to_owned())?;
    let body = body.trim().to_owned();
    Ok(File { front, body })
}
