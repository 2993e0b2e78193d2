//! Toolsets: groups of tools that an operator turns on together.

use std::collections::BTreeSet;

use super::{Rules, Verdict, Why};

/// A group of tools.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Toolset {
    /// Everything about who has access.
    Access,
    /// Incidents, components, metrics and page settings.
    Operations,
}

/// The toolsets that are on; those about access where the operator says nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Toolsets(BTreeSet<Toolset>);

impl Default for Toolsets {
    fn default() -> Self {
        Self([Toolset::Access].into())
    }
}

impl FromIterator<Toolset> for Toolsets {
    fn from_iter<I: IntoIterator<Item = Toolset>>(items: I) -> Self {
        Self(items.into_iter().collect())
    }
}

impl Toolsets {
    /// Returns whether this one is on.
    #[must_use]
    pub fn has(&self, toolset: Toolset) -> bool {
        self.0.contains(&toolset)
    }
}

impl Toolset {
    /// Every toolset.
    pub const ALL: [Self; 2] = [Self::Access, Self::Operations];

    /// Its name in settings.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Access => "access",
            Self::Operations => "operations",
        }
    }

    /// The toolset of this name.
    #[must_use]
    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.word() == word)
    }
}

/// Returns whether a tool of this toolset may be called on this server at all.
pub fn judge_toolset(rules: &Rules, tool: &str, toolset: Toolset) -> Verdict {
    if rules.toolsets.has(toolset) {
        return Verdict::Allowed;
    }
    Verdict::Refused(Why::ToolsetOff {
        tool: tool.to_owned(),
        toolset,
    })
}
