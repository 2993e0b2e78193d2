//! The one trait that a tool implements.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::Effect;
use crate::access::{Access, Ask, Refusal, Spelling};
use crate::policy::Toolset;
use crate::roster::{By, System};

/// One thing that a model can ask for.
///
/// Everything else derives from what is declared here: the specification, the annotations, who may call it, and in which mode.
pub trait Tool: Send + Sync + 'static {
    /// `snake_case`, at most 40 characters: some clients drop longer names.
    const NAME: &'static str;
    /// The name that people see.
    const TITLE: &'static str;
    /// The words that the model reads, from `NAME.md` beside the tool; under 2 KB, because clients cut there.
    const ABOUT: &'static str;
    /// The worst it can do.
    const EFFECT: Effect;
    /// The group of tools that it belongs to: it is listed only where the operator turned that on.
    const TOOLSET: Toolset = Toolset::Access;
    /// The system without which it can do nothing: it is listed only where that is configured. None for a tool that speaks with
    /// whatever there is.
    const NEEDS: Option<System> = None;
    /// True when its arguments may be a list of thousands. Over HTTP only such a tool is sent more than 128 KiB.
    const LONG_INPUT: bool = false;
    /// For a list: what its rows can be counted by. It takes `count_only`, and `by` where this names anything, besides its own input.
    const COUNTED_BY: Option<&'static [By]> = None;
    /// The arguments: a flat object that denies unknown fields.
    type Input: DeserializeOwned + JsonSchema + Send + 'static;
    /// The result: an object.
    type Output: Serialize + JsonSchema + Send + 'static;

    /// The rows of a result that are in writing already, where they come first in it: they need not be quoted anew.
    fn rows(_output: &Self::Output) -> Option<&Arc<Spelling>> {
        None
    }

    /// Does it. Called after the policy allowed the tool to this caller; what it changes still passes `access`.
    fn call(
        access: Arc<Access>,
        ask: Ask,
        input: Self::Input,
    ) -> impl Future<Output = Result<Self::Output, Refusal>> + Send;
}
