//! One caller: asks at random, believes what it is told, and objects as soon as two answers cannot both be true.

use std::collections::BTreeMap;

use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use serde_json::{Value, json};
use status_roster::sandbox::known;
use status_roster::toolkit::{Answer, Effect, ToolSpec};

use super::things::{Kind, Thing};
use crate::tools::world::World;

pub(super) struct Caller<'a> {
    name: String,
    world: &'a World,
    things: Vec<Thing>,
    random: StdRng,
    /// Where the last lists ended: tool, arguments.
    cursors: Vec<(&'static str, Value)>,
    told: Told,
}

/// What a caller was told.
#[derive(Default)]
pub(super) struct Told {
    pub(super) calls: usize,
    pub(super) things: Vec<Thing>,
    /// The results of changes, each with the place of its thing.
    pub(super) changes: Vec<(usize, Value)>,
    /// How answers ended, and how often.
    pub(super) endings: BTreeMap<String, usize>,
    pub(super) tools: BTreeMap<String, usize>,
}

impl<'a> Caller<'a> {
    pub(super) fn new(number: usize, world: &'a World, things: Vec<Thing>) -> Self {
        Self {
            name: format!("caller {number}"),
            world,
            things,
            random: StdRng::seed_from_u64(number as u64),
            cursors: Vec::new(),
            told: Told::default(),
        }
    }

    pub(super) async fn run(mut self, calls: usize) -> Told {
        while self.told.calls < calls {
            let at = self.random.random_range(0..self.things.len());
            match self.random.random_range(0..100) {
                0..25 => self.change(at).await,
                25..50 => self.look(at).await,
                _ => self.browse().await,
            }
        }
        self.told.things = self.things;
        self.told
    }

    async fn change(&mut self, at: usize) {
        let Thing { kind, there } = self.things[at].clone();
        let opposite = self.random.random_bool(0.85);
        let want = !kind.can_go()
            || match there {
                Some(there) => there != opposite,
                None => self.random.random_bool(0.5),
            };
        let (tool, mut arguments) = kind.change(want);
        let Some(mut result) = self.ask(tool, &arguments).await else {
            return;
        };
        if result["status"] == "confirmation_required" {
            assert_ne!(
                there,
                Some(want),
                "{}: asked to confirm nothing: {result:#}",
                self.name
            );
            assert!(
                !want,
                "{}: adding needed a confirmation: {result:#}",
                self.name
            );
            arguments["confirmation_token"] = result["confirmation_token"].clone();
            let Some(second) = self.ask(tool, &arguments).await else {
                return;
            };
            result = second;
        }
        let now = after(there, want, &result);
        let mut before = self.told.changes.iter().rev();
        let before = before.find(|(whose, _)| *whose == at);
        assert!(
            now.is_ok(),
            "{}: {now:?}: {kind:?}, believed {there:?}: {result:#}\nbefore: {before:#?}",
            self.name
        );
        self.things[at].there = now.unwrap();
        self.told.changes.push((at, result));
    }

    async fn look(&mut self, at: usize) {
        let Thing { kind, there } = self.things[at].clone();
        let (tool, arguments) = kind.look();
        let Some(result) = self.ask(tool, &arguments).await else {
            return;
        };
        let shown = kind.shown(&result);
        if let (Some(there), Some(shown)) = (there, shown) {
            assert_eq!(
                shown, there,
                "{}: {kind:?} is not as it was left: {result:#}",
                self.name
            );
        }
        self.things[at].there = there.or(shown);
    }

    /// Any reading tool of the catalogue, or the next piece of a list.
    async fn browse(&mut self) {
        let piece = if self.random.random_bool(0.4) {
            self.cursors.pop()
        } else {
            None
        };
        let (tool, mut arguments) = match piece {
            Some(piece) => piece,
            None => self.anything(),
        };
        let Some(result) = self.ask(tool, &arguments).await else {
            return;
        };
        if let Some(cursor) = result.get("next_cursor") {
            arguments["cursor"] = cursor.clone();
            self.cursors.push((tool, arguments));
        }
    }

    fn anything(&mut self) -> (&'static str, Value) {
        let readers: Vec<_> = self
            .world
            .app
            .catalogue
            .specs()
            .filter(|spec| spec.effect == Effect::Read && !of_another_system(spec.name))
            .collect();
        let mut spec = readers[self.random.random_range(0..readers.len())];
        // It reads every list there is: rarely, or the storm would be about little else.
        if spec.name == "find_person" && self.random.random_bool(0.8) {
            spec = self.spec("list_page_access_users");
        }
        let mut arguments = json!({});
        let takes = |name: &str| spec.input["properties"].get(name).is_some();
        if takes("page_id") {
            arguments["page_id"] = known::AUDIENCE_PAGE.into();
        }
        let required = spec.input.get("required").and_then(Value::as_array);
        let email = required.is_some_and(|names| names.iter().any(|name| name == "email"));
        if email || ["find_person", "get_permissions"].contains(&spec.name) {
            arguments["email"] = known::JANE.into();
        }
        if takes("limit") {
            arguments["limit"] = self.random.random_range(1..=15).into();
        }
        if takes("max_age_s") && self.random.random_bool(0.05) {
            arguments["max_age_s"] = 0.into();
        }
        (spec.name, arguments)
    }

    fn spec(&self, name: &str) -> &'a ToolSpec {
        let mut specs = self.world.app.catalogue.specs();
        specs.find(|spec| spec.name == name).unwrap()
    }

    /// One call. Nothing for a refusal, which must say that nothing was changed.
    async fn ask(&mut self, tool: &'static str, arguments: &Value) -> Option<Value> {
        let answer = self.world.ask_as(&self.name, tool, arguments.clone()).await;
        self.told.calls += 1;
        *self.told.tools.entry(tool.to_owned()).or_default() += 1;
        let ending = ending(&answer);
        *self.told.endings.entry(ending).or_default() += 1;
        if answer.is_error {
            let words = &answer.text;
            assert!(
                words.ends_with("Nothing was changed."),
                "{tool} {arguments}: {words}"
            );
            assert!(!words.contains("defect"), "{tool} {arguments}: {words}");
        }
        answer.structured()
    }
}

/// Tools of the systems that this server is not configured for.
fn of_another_system(tool: &str) -> bool {
    ["directory", "team_members", "invitations"]
        .iter()
        .any(|word| tool.contains(word))
}

fn ending(answer: &Answer) -> String {
    match &answer.structured() {
        None => format!(
            "refused: {}",
            answer.text.chars().take(70).collect::<String>()
        ),
        Some(result) => match (&result["status"], &result["complete"]) {
            (Value::String(status), _) => match result["refused"].as_str() {
                Some(refused) => format!("{status} ({refused})"),
                None => status.clone(),
            },
            (_, Value::Bool(false)) => "incomplete".to_owned(),
            _ => "read".to_owned(),
        },
    }
}

/// What a change's answer makes of a belief; an error where the two cannot both be true.
fn after(there: Option<bool>, want: bool, result: &Value) -> Result<Option<bool>, &'static str> {
    let clean = result["steps"][0]["detail"].is_null();
    match result["status"].as_str().unwrap_or_default() {
        "applied" if there == Some(want) && clean => Err("made a second time"),
        "already" if there == Some(!want) => Err("said to be so already"),
        "applied" | "already" => Ok(Some(want)),
        "failed" | "confirmation_required" => Ok(there),
        "unknown" => Ok(None),
        "no_effect" => Err("accepted without effect"),
        _ => Err("ended in no known way"),
    }
}

impl Kind {
    /// The address of an account that this makes.
    pub(super) fn makes(&self) -> Option<&str> {
        match self {
            Self::Viewer(email) | Self::Member(email) => Some(email),
            Self::Role { .. } | Self::Group { .. } => None,
        }
    }
}
