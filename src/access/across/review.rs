//! Looks through everybody's access for what should not be: findings, each with what shows it and the call that fixes it.
//!
//! A finding is made of what was seen. What follows from somebody's absence is found only where the list was read to its
//! end; otherwise `not_checked` says so.

mod facts;
mod groups;
mod identities;
mod pages;
mod people;
mod subscriptions;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

pub(in crate::access) use self::facts::Fact;
use self::facts::Facts;
use crate::access::across::find_person::Unknown;
use crate::access::reads::cursor::Cursors;
use crate::access::reads::journey::{Journey, Part};
use crate::access::reads::lists::Given;
use crate::access::reads::scan::{Feed, Scan};
use crate::access::{Access, Ask, Rate, Refusal, Window};
use crate::caller::Scope;
use crate::roster::{Email, PageId};

/// Bytes of findings in an answer.
const BYTES: usize = 14_000;
/// People in an identity list at most.
const MOST_IDENTITIES: usize = 50_000;

/// What to look for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum Profile {
    /// Whatever is out of order.
    Hygiene,
    /// Who should be gone, by a list of those who should be there.
    Offboarding,
}

/// What `review_access` is asked for.
#[derive(Debug, Clone, Serialize)]
pub struct Review {
    /// What to look for.
    pub profile: Profile,
    /// Everybody who should have an account.
    pub identities: Option<Vec<Email>>,
    /// Only these pages; `None`: every page.
    pub page_ids: Option<Vec<PageId>>,
}

/// How much a finding matters.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum Severity {
    /// Somebody can do or see what they should not.
    High,
    /// It may become that.
    Medium,
    /// Untidy.
    Low,
}

/// Something that should not be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(inline)]
pub struct Finding {
    /// The same in every review as long as it is there: its kind, and the account or thing.
    pub id: String,
    /// How much it matters.
    pub severity: Severity,
    /// What is wrong, in a sentence.
    pub title: String,
    /// What shows it.
    pub evidence: Vec<String>,
    /// The call that fixes it, or looks further where a person must decide.
    pub fix: Fix,
}

/// A call of a tool.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(inline)]
pub struct Fix {
    /// The tool.
    pub tool: String,
    /// Its arguments.
    #[schemars(with = "std::collections::BTreeMap<String, Value>")]
    pub arguments: Value,
}

impl Fix {
    fn call(tool: &str, arguments: Value) -> Self {
        Self {
            tool: tool.to_owned(),
            arguments,
        }
    }
}

/// What a review found.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ReviewReport {
    /// The findings of this piece, the gravest first.
    pub findings: Vec<Finding>,
    /// How many there are of each kind, in the whole review.
    pub counts: BTreeMap<String, usize>,
    /// Whether everything was read.
    pub complete: bool,
    /// What was not checked, and why.
    pub not_checked: Vec<String>,
    /// What was not read, or is not configured.
    pub unknown: Vec<Unknown>,
    /// Give it as `cursor` for the next piece, or to go on reading. Absent: this was the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-sent-back" = true))]
    pub next_cursor: Option<String>,
    /// When the read began (RFC 3339).
    pub as_of: String,
    /// Rows read.
    pub scanned: usize,
    /// Findings in the whole review.
    pub matched: usize,
    /// What to know.
    pub warnings: Vec<String>,
    /// The request budget after this call.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rate: Option<Rate>,
}

/// What the rules look at besides the facts.
struct Rules<'a> {
    identities: Option<&'a BTreeSet<Email>>,
    /// The company's domains: the operator's, else those of the identities.
    domains: Option<BTreeSet<String>>,
}

/// Findings, and what could not be looked for.
#[derive(Default)]
struct Found {
    findings: Vec<Finding>,
    not_checked: Vec<String>,
}

impl Access {
    /// A review.
    ///
    /// # Errors
    /// When nothing could be read, or the arguments make no sense.
    pub async fn review(
        &self,
        ask: &Ask,
        wanted: &Review,
        window: &Window,
    ) -> Result<ReviewReport, Refusal> {
        let identities = checked(wanted)?;
        let pages = wanted.page_ids.clone().unwrap_or_default();
        self.permit(ask, Scope::Read, &pages, &[], &[])?;
        let query = json!(wanted);
        let key = format!("review/{}", json!(wanted.page_ids));
        let anew = || {
            let parts = self.review_parts(wanted, window)?;
            let feed = || -> Box<dyn Feed<Fact>> { Box::new(Journey::new(parts)) };
            Ok(self
                .facts
                .at_hand(self, &key, "everybody's access", window.max_age(), feed))
        };
        let found = self.found(&self.facts, ask, window, &query, true, anew)?;
        let (scan, from) = (found.scan, found.from);
        let reach = scan.drive(self, ask, usize::MAX).await?;
        let facts = scan.with_rows(0, |rows, _| Facts::of(rows)).await;
        let mut report = ReviewReport {
            findings: Vec::new(),
            counts: BTreeMap::new(),
            complete: reach.complete,
            not_checked: Vec::new(),
            unknown: facts.unread(),
            next_cursor: None,
            as_of: scan.as_of.to_string(),
            scanned: reach.scanned,
            matched: 0,
            warnings: Vec::new(),
            rate: self.rate().await,
        };
        report.unknown.extend(self.unconfigured());
        if !reach.ended {
            let why = reach.why.unwrap_or_default();
            report.warnings.push(format!("still reading ({why}): call again with `next_cursor`; findings come when everything is read"));
            report.next_cursor = Some(self.review_cursor(ask, &query, &scan, 0)?);
            return Ok(report);
        }
        if !reach.complete {
            report.warnings.push(
                "not everything could be read: there may be more findings than these".to_owned(),
            );
        }
        let rules = Rules {
            domains: self.company_domains(identities.as_ref()),
            identities: identities.as_ref(),
        };
        let found = look(wanted.profile, &facts, &rules);
        report.not_checked = found.not_checked;
        report.matched = found.findings.len();
        for finding in &found.findings {
            let kind = finding.id.split(':').next().unwrap_or_default();
            *report.counts.entry(kind.to_owned()).or_default() += 1;
        }
        let mut size = 0;
        for (at, finding) in found.findings.into_iter().enumerate().skip(from) {
            let length = serde_json::to_string(&finding).map_or(0, |text| text.len() + 1);
            if size + length > BYTES && !report.findings.is_empty() {
                report.next_cursor = Some(self.review_cursor(ask, &query, &scan, at)?);
                break;
            }
            size += length;
            report.findings.push(finding);
        }
        Ok(report)
    }

    fn review_cursor(
        &self,
        ask: &Ask,
        query: &Value,
        scan: &Arc<Scan<Fact>>,
        at: usize,
    ) -> Result<String, Refusal> {
        let cursors: &Cursors = self.cursors();
        scan.gives_cursor();
        cursors.seal(&ask.caller, ask.tool, query, &scan.id, at)
    }

    fn company_domains(&self, identities: Option<&BTreeSet<Email>>) -> Option<BTreeSet<String>> {
        let of =
            |people: &BTreeSet<Email>| people.iter().map(|it| it.domain().to_owned()).collect();
        self.rules().domains.clone().or_else(|| identities.map(of))
    }

    fn review_parts(
        &self,
        wanted: &Review,
        window: &Window,
    ) -> Result<Vec<Box<dyn Part<Fact>>>, Refusal> {
        let lists = self.lists(window.max_age())?;
        let hygiene = wanted.profile == Profile::Hygiene;
        Ok(vec![
            lists.team(Fact::Member),
            lists.each_page(wanted.page_ids.clone(), move |lists, page| {
                let named = format!("page {}", page.id);
                let mut parts: Vec<Box<dyn Part<Fact>>> = vec![
                    Box::new(Given(Some(vec![Fact::Page(page.clone())]), named)),
                    lists.viewers(&page.id, Fact::Viewer),
                    lists.subscribers(&page.id, Fact::Subscriber),
                ];
                if hygiene {
                    parts.push(lists.groups(&page.id, Fact::Group));
                }
                parts
            }),
        ])
    }
}

/// The identities, each once.
fn checked(wanted: &Review) -> Result<Option<BTreeSet<Email>>, Refusal> {
    match (&wanted.identities, wanted.profile) {
        (None, Profile::Offboarding) => Err(Refusal::arguments(
            "the profile `offboarding` compares with the people who should be there: give their addresses as `identities`",
        )),
        (Some(list), _) if list.is_empty() => Err(Refusal::arguments(
            "`identities` is empty: everybody would be found. Leave it out, or give the whole list",
        )),
        (Some(list), _) if list.len() > MOST_IDENTITIES => Err(Refusal::arguments(format!(
            "`identities` holds {} addresses; at most {MOST_IDENTITIES}",
            list.len()
        ))),
        (list, _) => Ok(list.as_ref().map(|list| list.iter().cloned().collect())),
    }
}

/// Every rule of a profile, the gravest findings first.
fn look(profile: Profile, facts: &Facts, rules: &Rules<'_>) -> Found {
    let mut found = Found::default();
    identities::look(facts, rules, &mut found);
    if profile == Profile::Hygiene {
        people::look(facts, rules, &mut found);
        pages::look(facts, &mut found);
        groups::look(facts, &mut found);
        subscriptions::look(facts, rules, &mut found);
    }
    found
        .findings
        .sort_by(|a, b| (a.severity, &a.id).cmp(&(b.severity, &b.id)));
    found
}
