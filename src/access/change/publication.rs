//! The public part of a plan: the texts that readers will see and an estimate of the people it tells, shown before anybody agrees.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The texts that readers of a page see by a change, and the people who are told. Every number is an estimate; delivery is never claimed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(inline)]
pub struct Publication {
    /// The text that readers will see, word for word.
    pub readers_see: Vec<String>,
    /// The components that change, from what to what.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub components: Vec<String>,
    /// The people who are told, channel by channel. Empty: nobody is told by this.
    pub told: Vec<Told>,
    /// The basis of the numbers, and what they leave out.
    pub estimate: String,
    /// The effects that cannot be taken back.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub irrevocable: Vec<String>,
}

/// The people that one channel tells.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(inline)]
pub struct Told {
    /// `email`, `sms`, `webhook`, `slack`, `teams` or `integration_partner`.
    pub channel: String,
    /// Active subscribers of the page by this channel: the most who are told. Absent: Statuspage did not say.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at_most: Option<u64>,
    /// Those of them who chose an affected component, or chose none: who is told where the page has component subscriptions.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub of_affected_components: Option<u64>,
    /// The reason why this channel is told.
    pub why: String,
}

impl Publication {
    /// Returns the publication as lines for a person.
    pub(in crate::access) fn lines(&self) -> Vec<String> {
        let mut lines = Vec::new();
        let mut part = |title: &str, items: Vec<String>| {
            if !items.is_empty() {
                lines.push(title.to_owned());
                lines.extend(items.into_iter().map(|item| format!("- {item}")));
            }
        };
        part("Readers will see, word for word:", self.readers_see.clone());
        part("Components change:", self.components.clone());
        let recipients: Vec<String> = self.told.iter().map(Told::words).collect();
        if recipients.is_empty() {
            part("Told by it:", vec!["nobody".to_owned()]);
        } else {
            part("Told by it, as an estimate:", recipients);
            part("About the estimate:", vec![self.estimate.clone()]);
        }
        part("Cannot be taken back:", self.irrevocable.clone());
        lines
    }
}

impl Told {
    fn words(&self) -> String {
        let most = self.at_most.map_or_else(
            || "an unknown number".to_owned(),
            |most| format!("at most {most}"),
        );
        let narrow = self
            .of_affected_components
            .map_or_else(String::new, |some| {
                format!(" ({some} where the page has component subscriptions)")
            });
        format!("{}: {most}{narrow}, {}", self.channel, self.why)
    }
}
