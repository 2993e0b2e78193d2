//! The policy: a pure function from the rules and a question to a verdict with its reason.
//!
//! Guarantees: read-only until told otherwise; nothing removes a protected person, whatever else is allowed; a list that
//! is given allows what is on it and nothing else, so an empty one allows nothing; every refusal names the setting that
//! decided. Does not: look anything up. It judges the pages and people that it is asked about, so whoever asks must
//! name every one that the change reaches.

mod toolset;
mod why;

use std::collections::BTreeSet;

pub use self::{
    toolset::{Toolset, Toolsets, judge_toolset},
    why::Why,
};
use crate::{
    caller::{Caller, Scope},
    roster::{email::Email, ids::PageId},
};

/// The rules that the operator sets. The default allows every read and no change.
#[derive(Debug, Clone, Default)]
pub struct Rules {
    /// True when changes are allowed.
    pub writes: bool,
    /// The groups of tools that are on.
    pub toolsets: Toolsets,
    /// The tools that may be called. `None`: all.
    pub tools: Option<BTreeSet<String>>,
    /// Tools that may not be called, even when they are in `tools`.
    pub without_tools: BTreeSet<String>,
    /// The pages that may be looked at and changed. `None`: all.
    pub pages: Option<BTreeSet<PageId>>,
    /// The domains in which an address may be given access, in ASCII and lower case; a subdomain is another domain. `None`: all.
    pub domains: Option<BTreeSet<String>>,
    /// People from whom nothing is taken away.
    pub protected: BTreeSet<Email>,
}

impl Rules {
    /// Returns whether this page may be spoken of at all.
    #[must_use]
    pub fn shows(&self, page: &PageId) -> bool {
        is_on(self.pages.as_ref(), page)
    }
}

/// A call that the rules are to judge.
#[derive(Debug, Clone, Copy)]
pub struct Question<'a> {
    /// The caller.
    pub caller: &'a Caller,
    /// The tool.
    pub tool: &'a str,
    /// The scope that the caller must have.
    pub needs: Scope,
    /// Every page that is looked at or changed.
    pub pages: &'a [PageId],
    /// Everybody who is given access.
    pub adds: &'a [Email],
    /// Everybody from whom access is taken away.
    pub removes: &'a [Email],
}

/// The answer.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub enum Verdict {
    /// It may be done.
    Allowed,
    /// It may not.
    Refused(Why),
}

/// Judges a question. The first rule against it, from the widest to the narrowest, is the reason that is given.
pub fn judge(rules: &Rules, question: &Question<'_>) -> Verdict {
    first_objection(rules, question).map_or(Verdict::Allowed, Verdict::Refused)
}

fn first_objection(rules: &Rules, question: &Question<'_>) -> Option<Why> {
    let Question {
        caller,
        tool,
        needs,
        pages,
        adds,
        removes,
    } = *question;
    if rules.without_tools.contains(tool) {
        return Some(Why::ToolOff {
            tool: tool.to_owned(),
        });
    }
    if !is_on(rules.tools.as_ref(), tool) {
        return Some(Why::ToolNotListed {
            tool: tool.to_owned(),
        });
    }
    if !is_on(caller.only.as_ref(), tool) {
        return Some(Why::Narrowed {
            tool: tool.to_owned(),
        });
    }
    if !rules.writes && changes(question) {
        return Some(Why::ReadOnly {
            tool: tool.to_owned(),
        });
    }
    if !caller.scopes.contains(&needs) {
        return Some(Why::Scope {
            caller: caller.name.clone(),
            needs,
        });
    }
    if let Some(page) = pages
        .iter()
        .find(|page| !is_on(rules.pages.as_ref(), *page))
    {
        return Some(Why::Page { page: page.clone() });
    }
    if let Some(email) = adds
        .iter()
        .find(|email| !is_on(rules.domains.as_ref(), email.domain()))
    {
        return Some(Why::Domain {
            email: email.clone(),
        });
    }
    let protected = removes
        .iter()
        .find(|email| rules.protected.contains(*email))?;
    Some(Why::Protected {
        email: protected.clone(),
    })
}

/// A question that names people to add or remove is a change, whatever scope it claims to need.
fn changes(question: &Question<'_>) -> bool {
    matches!(
        question.needs,
        Scope::Write | Scope::Remove | Scope::Publish
    ) || !question.adds.is_empty()
        || !question.removes.is_empty()
}

fn is_on<T: Ord + ?Sized, O: Ord + std::borrow::Borrow<T>>(
    list: Option<&BTreeSet<O>>,
    item: &T,
) -> bool {
    list.is_none_or(|list| list.contains(item))
}
