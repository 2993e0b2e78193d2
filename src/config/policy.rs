//! `[policy]`: what narrows the server's mode further. What is not given does not narrow.

use std::collections::BTreeSet;

use super::reader::Reader;
use crate::policy::{Toolset, Toolsets};
use crate::roster::email::domain::domain;
use crate::roster::{Email, PageId};

/// `[policy]`.
#[derive(Debug, Clone, Default)]
pub struct Policy {
    /// Only these tools.
    pub tools: Option<BTreeSet<String>>,
    /// Not these tools.
    pub without_tools: BTreeSet<String>,
    /// Only these pages.
    pub pages: Option<BTreeSet<PageId>>,
    /// Only addresses of these domains are added. In ASCII and lower case.
    pub email_domains: Option<BTreeSet<String>>,
    /// Nothing removes these people, or takes anything from them.
    pub protected_people: BTreeSet<Email>,
}

pub(super) fn policy(from: &mut Reader, tools: &[&str]) -> Policy {
    let tool = |name: &str| known_tool(name, tools);
    let allowed = from.list("policy.tools", tool);
    let without_tools = from.list("policy.without_tools", tool).unwrap_or_default();
    let pages = from.list("policy.pages", super::systems::page);
    let domains = from.list("policy.email_domains", domain);
    let protected = from.list("policy.protected_people", |text| {
        Email::parse(text).map_err(|error| error.to_string())
    });
    Policy {
        tools: allowed.map(BTreeSet::from_iter),
        without_tools: without_tools.into_iter().collect(),
        pages: pages.map(BTreeSet::from_iter),
        email_domains: domains.map(BTreeSet::from_iter),
        protected_people: protected.unwrap_or_default().into_iter().collect(),
    }
}

/// `[toolsets] enabled`.
pub(super) fn toolsets(from: &mut Reader) -> Toolsets {
    let named = from.list("toolsets.enabled", |name| {
        let all = Toolset::ALL.map(Toolset::word);
        Toolset::named(name).ok_or_else(|| {
            let nearest = super::nearest::to(name, all.iter().copied());
            format!(
                "there is no toolset `{name}`{nearest}; the toolsets are `{}`",
                all.join("` and `")
            )
        })
    });
    named.map_or_else(Toolsets::default, |named| named.into_iter().collect())
}

fn known_tool(name: &str, tools: &[&str]) -> Result<String, String> {
    if tools.contains(&name) {
        return Ok(name.to_owned());
    }
    let nearest = super::nearest::to(name, tools.iter().copied());
    let all = if nearest.is_empty() {
        "; `status-roster tools` lists them"
    } else {
        ""
    };
    Err(format!("there is no tool `{name}`{nearest}{all}"))
}
