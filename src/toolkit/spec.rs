//! The specification of a tool, as clients receive it.

use serde_json::{Map, Value};

use super::{Effect, Tool, counting, schema};
use crate::access::Needs;
use crate::caller::Scope;
use crate::policy::Toolset;
use crate::roster::System;

/// A tool as a client sees it, before any protocol gives it a form.
#[derive(Debug, Clone)]
pub struct ToolSpec {
    /// `snake_case`, at most 40 characters.
    pub name: &'static str,
    /// For people.
    pub title: &'static str,
    /// For the model: what, when, when not, what comes back.
    pub about: &'static str,
    /// The effect of the tool on the world.
    pub effect: Effect,
    /// The group of tools that it belongs to.
    pub toolset: Toolset,
    /// The system without which it can do nothing.
    pub system: Option<System>,
    /// True when its arguments may be a list of thousands.
    pub long_input: bool,
    /// A flat JSON Schema object: what clients are given.
    pub input: Map<String, Value>,
    /// The input schema in full, with the words that clients get only once repeated in every place: arguments are read by it.
    pub whole_input: Map<String, Value>,
    /// A JSON Schema object that every result validates against: what clients are given.
    pub output: Map<String, Value>,
    /// The output schema in full, with the meaning of each field: tests validate results against it.
    pub whole_output: Map<String, Value>,
}

/// The protocol's four hints. None is left to a default: defaults are the worst case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "the protocol's four hints are four booleans"
)]
pub struct Hints {
    /// Changes nothing.
    pub read_only: bool,
    /// May take away.
    pub destructive: bool,
    /// A repeated call has no further effect.
    pub idempotent: bool,
    /// Speaks with systems outside.
    pub open_world: bool,
}

impl ToolSpec {
    /// Returns what the tool does, in the first words of its description.
    #[must_use]
    pub fn first_words(&self) -> &'static str {
        self.about
            .split([':', '\n'])
            .next()
            .and_then(|line| line.split(". ").next())
            .unwrap_or_default()
            .trim_end_matches('.')
    }

    /// Returns the rights that it needs whatever its arguments.
    #[must_use]
    pub fn needs(&self) -> Needs {
        Needs {
            tool: self.name,
            // A person who manages access does not speak to customers, and the other way round: the group has a scope of its own.
            scope: match (self.toolset, self.effect.needs()) {
                (Toolset::Operations, Scope::Write | Scope::Remove) => Scope::Publish,
                (_, scope) => scope,
            },
            toolset: self.toolset,
            system: self.system,
        }
    }

    /// Builds the specification of a tool.
    #[must_use]
    pub fn of<T: Tool>() -> Self {
        let mut whole_input = schema::whole_input::<T::Input>();
        counting::add::<T>(&mut whole_input);
        let whole_output = schema::whole_output::<T::Output>();
        Self {
            name: T::NAME,
            title: T::TITLE,
            about: T::ABOUT.trim_ascii(),
            effect: T::EFFECT,
            toolset: T::TOOLSET,
            system: T::NEEDS,
            long_input: T::LONG_INPUT,
            input: schema::input(&whole_input),
            whole_input,
            output: schema::outline(&whole_output),
            whole_output,
        }
    }
}
