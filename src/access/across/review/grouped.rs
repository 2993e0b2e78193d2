//! Findings of one kind with the same to do, as one entry: what is the same for all of them once, what differs beside each.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value};

use super::{Can, Finding, FindingKind, Fix, Severity};
use crate::access::reads::size;

/// Addresses of a summary at most.
const MOST_ADDRESSES: usize = 500;

/// Findings of one kind that have the same to do.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[schemars(inline)]
pub struct FindingGroup {
    /// The kind of finding.
    #[schemars(with = "String")]
    pub kind: FindingKind,
    /// The weight of these findings.
    pub severity: Severity,
    /// The fault of each of `about`, as the end of a sentence.
    pub title: String,
    /// Number of findings. `about` has fewer where the others are in another piece.
    pub total: usize,
    /// The facts that show it, the same for all.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<String>,
    /// The call that fixes it, or looks further where a person must decide, with the arguments that are the same for all. Absent where
    /// no call of this server does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fix: Option<Fix>,
    /// The decision or action of a person.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
    /// The people or things that it is about.
    pub about: Vec<FindingSubject>,
}

/// One of those whom findings are about, with what differs between them.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[schemars(inline)]
pub struct FindingSubject {
    /// Id of the finding, equal in every review as long as the finding is there: its kind, and the account or thing.
    pub id: String,
    /// The address, or what it is where it has none.
    pub who: String,
    /// The name of the group that is meant, as somebody gave it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// `can_sign_in`: as a team member or in the directory. `can_look`: as a viewer of a page. `is_told`: as a subscriber.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    #[schemars(with = "Vec<String>")]
    pub access: BTreeSet<Can>,
    /// The facts that show it, beside the evidence for all.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<String>,
    /// The arguments of `fix` besides those that are the same for all.
    #[serde(skip_serializing_if = "Map::is_empty")]
    #[schemars(with = "BTreeMap<String, Value>")]
    pub arguments: Map<String, Value>,
}

/// A group with everybody in it.
pub(super) struct Group {
    /// Everything that is the same for all, without those whom it is about.
    pub head: FindingGroup,
    pub each: Vec<FindingSubject>,
    addresses: BTreeSet<String>,
}

impl Group {
    /// Memory that it takes: a handful of texts for each, each with an allocation of its own.
    pub(super) fn bytes(&self) -> usize {
        let each = self.each.len() * size_of::<FindingSubject>() * 2 + size::of(&self.each);
        size_of::<Self>() + size::of(&self.head) + each + self.addresses.len() * 64
    }

    fn of(mut findings: Vec<Finding>) -> Option<Self> {
        findings.sort_by(|a, b| a.id.cmp(&b.id));
        let first = findings.first()?;
        let evidence: Vec<String> = first
            .evidence
            .iter()
            .filter(|line| findings.iter().all(|it| it.evidence.contains(line)))
            .cloned()
            .collect();
        let mut fix = first.fix.clone();
        if let Some(arguments) = fix.as_mut().and_then(|fix| fix.arguments.as_object_mut()) {
            let same = |name: &String, value: &Value| {
                let has = |it: &Finding| {
                    let fix = it.fix.as_ref();
                    fix.and_then(|fix| fix.arguments.get(name)) == Some(value)
                };
                findings.iter().all(has)
            };
            arguments.retain(|name, value| same(name, value));
        }
        let head = FindingGroup {
            kind: first.id.kind,
            severity: first.severity,
            title: first.title.clone(),
            total: findings.len(),
            evidence,
            fix,
            next: first.next.clone(),
            about: Vec::new(),
        };
        let emails = findings.iter().flat_map(|it| &it.about.emails);
        let addresses = emails.map(|email| email.folded().to_owned()).collect();
        let each = findings.into_iter().map(|it| beside(it, &head)).collect();
        Some(Self {
            head,
            each,
            addresses,
        })
    }
}

/// Returns what a finding has besides what is the same for all of its group.
fn beside(finding: Finding, head: &FindingGroup) -> FindingSubject {
    let Finding {
        id,
        about,
        mut evidence,
        fix,
        ..
    } = finding;
    evidence.retain(|line| !head.evidence.contains(line));
    let mut arguments = match fix.map(|fix| fix.arguments) {
        Some(Value::Object(arguments)) => arguments,
        _ => Map::new(),
    };
    let for_all = head.fix.as_ref().map(|fix| &fix.arguments);
    arguments.retain(|name, _| for_all.is_none_or(|all| all.get(name).is_none()));
    FindingSubject {
        id: id.to_string(),
        who: about.words,
        name: about.name,
        access: about.can,
        evidence,
        arguments,
    }
}

/// The findings in groups, the gravest first.
pub(super) fn grouped(findings: Vec<Finding>) -> Vec<Group> {
    let mut groups: BTreeMap<_, Vec<Finding>> = BTreeMap::new();
    for finding in findings {
        let tool = finding.fix.as_ref().map(|fix| fix.tool.clone());
        let key = (
            finding.severity,
            finding.id.kind,
            finding.title.clone(),
            tool,
            finding.next.clone(),
        );
        groups.entry(key).or_default().push(finding);
    }
    groups.into_values().filter_map(Group::of).collect()
}

/// Returns as many findings as fit, from that one on, and the one that the next piece begins with.
pub(super) fn piece<'a>(
    groups: impl Iterator<Item = &'a Group>,
    from: usize,
    room: usize,
) -> (Vec<FindingGroup>, Option<usize>) {
    let mut shown = Vec::new();
    let (mut first, mut size) = (0, 0);
    for group in groups {
        let after = first + group.each.len();
        if after > from {
            let mut part = group.head.clone();
            size += size::of(&part) + 1;
            let skipped = from.saturating_sub(first);
            for (at, subject) in group.each.iter().enumerate().skip(skipped) {
                let length = size::of(subject) + 1;
                if size + length > room && !(shown.is_empty() && part.about.is_empty()) {
                    shown.extend((!part.about.is_empty()).then_some(part));
                    return (shown, Some(first + at));
                }
                size += length;
                part.about.push(subject.clone());
            }
            shown.push(part);
        }
        first = after;
    }
    (shown, None)
}

/// The addresses of everybody whom these findings are about, each once, and how many more there are.
pub(super) fn addresses<'a>(groups: impl Iterator<Item = &'a Group>) -> (Vec<String>, usize) {
    let all: BTreeSet<&String> = groups.flat_map(|group| &group.addresses).collect();
    let more = all.len().saturating_sub(MOST_ADDRESSES);
    let shown = all.into_iter().take(MOST_ADDRESSES).cloned().collect();
    (shown, more)
}
