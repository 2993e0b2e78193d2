//! Looks through everybody's access for what should not be: findings, each with what shows it and the call that fixes it.
//!
//! A finding is made of what was seen. What follows from somebody's absence is found only where the list was read to its
//! end; otherwise `not_checked` says so.

mod checks;
mod directory_groups;
mod facts;
mod finding;
mod grouped;
mod groups;
mod identities;
mod keys;
mod kind;
mod left;
mod mailbox;
mod migration;
mod owner;
mod pages;
mod people;
mod profile;
mod reviewed;
mod shown;
mod spellings;
mod statusapp;
mod steps;
mod strange;
mod subject;
mod subscriptions;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Value, json};

use self::checks::Checks;
use self::facts::Facts;
use self::finding::{Finding, Found};
pub use self::finding::{Fix, Severity};
pub use self::grouped::FindingGroup;
pub use self::kind::FindingKind;
pub use self::profile::Profile;
use self::reviewed::Reviewed;
pub(in crate::access) use self::reviewed::Reviews;
pub use self::shown::ShownFindings;
pub use self::steps::{Step, StepState};
use self::subject::{Can, Subject};
use crate::access::across::everybody::Fact;
use crate::access::across::find_person::Unknown;
use crate::access::reads::cursor::Cursors;
use crate::access::reads::journey::Journey;
use crate::access::reads::scan::{Feed, Scan};
use crate::access::reads::size;
use crate::access::{Access, Ask, Key, Rate, Refusal, Window};
use crate::caller::Scope;
use crate::roster::{Email, PageId, System};

/// Bytes of an answer.
const BYTES: usize = 17_500;
/// Lines about what was not checked at most; the rest is counted.
const MOST_NOT_CHECKED: usize = 30;
/// People in an identity list at most.
const MOST_IDENTITIES: usize = 50_000;

/// The arguments of `review_access`.
#[derive(Debug, Clone, Serialize)]
pub struct Review {
    /// The findings to look for.
    pub profile: Profile,
    /// Everybody who should have an account.
    pub identities: Option<Vec<Email>>,
    /// Only these pages; `None`: every page.
    pub page_ids: Option<Vec<PageId>>,
    /// The findings that are shown.
    pub shown: ShownFindings,
}

/// The answer of a review.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ReviewReport {
    /// True when everything was read.
    pub complete: bool,
    /// Number of findings of each kind, in the whole review.
    pub counts: BTreeMap<String, usize>,
    /// Number of findings of each kind that was looked for. 0: every list that it is found in was read, and there is none.
    pub checks_run: BTreeMap<String, usize>,
    /// Kinds that were not looked for, or not in everything, and why: there can be more than `checks_run` says.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub checks_incomplete: BTreeMap<String, String>,
    /// The lists that were not read, or whose system is not configured.
    pub unknown: Vec<Unknown>,
    /// The checks that were not made, each with the reason.
    pub not_checked: Vec<String>,
    /// Warnings about this review.
    pub warnings: Vec<String>,
    /// Give it as `cursor` for the next piece, or to go on reading. Absent: this was the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-sent-back" = true))]
    pub next_cursor: Option<String>,
    /// When the read began (RFC 3339).
    pub as_of: String,
    /// Rows read.
    pub scanned: usize,
    /// Findings in the whole review, of those that were asked for.
    pub matched: usize,
    /// With `summary_only`: the addresses of everybody whom a finding is about, each once. More than 500 are counted in `warnings`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub addresses: Vec<String>,
    /// The request budget after this call.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rate: Option<Rate>,
    /// For `atlassian_migration`, with the first piece: what to do, in order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub steps: Vec<Step>,
    /// The findings of this piece, the gravest first. Those of one kind with the same to do are one entry.
    pub findings: Vec<FindingGroup>,
}

/// The inputs of the rules besides the facts.
struct Rules<'a> {
    identities: Option<&'a BTreeSet<Email>>,
    /// The company's domains: the operator's, else those of the identities.
    domains: Option<BTreeSet<String>>,
    /// The systems that are configured.
    systems: Vec<System>,
    /// The operator's notes about API keys.
    keys: &'a [Key],
    /// The systems that let this server's own key in when it was last used.
    answering: Vec<System>,
    /// The owner of the organization, as the operator names them.
    owner: Option<&'a Email>,
    /// When the read began: every piece of a review is judged by the same day.
    now: Timestamp,
}

impl Rules<'_> {
    fn has(&self, system: System) -> bool {
        self.systems.contains(&system)
    }

    /// Returns whether somebody is among the people who should be there, under this or another address that the directory knows.
    fn among(&self, identities: &BTreeSet<Email>, facts: &Facts, email: &Email) -> bool {
        let others = || facts.person(email).map(|user| facts.own_addresses(user));
        let any = |all: Vec<Email>| all.iter().any(|email| identities.contains(email));
        identities.contains(email) || others().is_some_and(any)
    }
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
        let identities = checked(wanted, self.configured(System::AtlassianScim).is_ok())?;
        let extent = wanted.profile.extent();
        if wanted.page_ids.is_some() || wanted.profile == Profile::AtlassianMigration {
            self.configured(System::Statuspage)?;
        }
        let pages = wanted.page_ids.clone().unwrap_or_default();
        self.permit(ask, Scope::Read, &pages, &[], &[])?;
        let query = json!(wanted);
        let key = format!("review/{}", json!([wanted.profile, wanted.page_ids]));
        let anew = || {
            let parts = self.everybody(extent, wanted.page_ids.clone(), window.max_age())?;
            let feed = || -> Box<dyn Feed<Fact>> { Box::new(Journey::new(*self.clock(), parts)) };
            Ok(self
                .facts
                .at_hand(self, &key, "everybody's access", window.max_age(), feed))
        };
        let found = self.found(&self.facts, ask, window, &query, true, anew)?;
        let (scan, from) = (found.scan, found.from);
        let reach = scan.drive(self, ask, usize::MAX).await?;
        let mut report = ReviewReport {
            findings: Vec::new(),
            steps: Vec::new(),
            counts: BTreeMap::new(),
            checks_run: BTreeMap::new(),
            checks_incomplete: BTreeMap::new(),
            addresses: Vec::new(),
            complete: reach.complete,
            not_checked: Vec::new(),
            unknown: Vec::new(),
            next_cursor: None,
            as_of: scan.as_of().to_string(),
            scanned: reach.scanned,
            matched: 0,
            warnings: Vec::new(),
            rate: self.rate().await,
        };
        if !reach.ended {
            let unread = |rows: &[Fact], _| rows.iter().filter_map(Fact::unread).collect();
            report.unknown = scan.with_rows(0, unread).await;
            report.unknown.extend(self.unconfigured_of(extent));
            let why = reach.why.unwrap_or_default();
            report.warnings.push(format!("still reading ({why}), and no check was run yet: call again with `next_cursor`; findings come when everything is read"));
            report.next_cursor = Some(self.review_cursor(ask, &query, &scan, 0)?);
            return Ok(report);
        }
        if !reach.complete {
            report.warnings.push(
                "not everything could be read: there may be more findings than these".to_owned(),
            );
        }
        let reviewed = self.reviewed(wanted, identities.as_ref(), &scan).await;
        report.unknown.clone_from(&reviewed.unread);
        report.unknown.extend(self.unconfigured_of(extent));
        if from == 0 {
            report.steps.clone_from(&reviewed.steps);
        }
        report.not_checked.clone_from(&reviewed.not_checked);
        let Checks { run, incomplete } = &reviewed.checks;
        report.checks_run.clone_from(run);
        report.checks_incomplete.clone_from(incomplete);
        let counts = run.iter().filter(|(_, count)| **count > 0);
        report.counts = counts.map(|(kind, count)| (kind.clone(), *count)).collect();
        let groups = reviewed.groups.iter();
        let shown = || groups.clone().filter(|group| wanted.shown.has(group));
        report.matched = shown().map(|group| group.each.len()).sum();
        if wanted.shown.summary_only {
            let (addresses, more) = grouped::addresses(shown());
            report.addresses = addresses;
            if more > 0 {
                report.warnings.push(format!("{more} more addresses are not in `addresses`: ask for some `kinds` or for one of `page_ids`"));
            }
            report.steps.clear();
            scan.given();
            return Ok(report);
        }
        let room = BYTES.saturating_sub(size::of(&report));
        let (findings, next) = grouped::piece(shown(), from, room);
        report.findings = findings;
        match next {
            Some(at) => report.next_cursor = Some(self.review_cursor(ask, &query, &scan, at)?),
            None => scan.given(),
        }
        Ok(report)
    }

    /// Everything that the rules find in a read that has ended. It is looked through once, however many pieces it is shown in.
    async fn reviewed(
        &self,
        wanted: &Review,
        identities: Option<&BTreeSet<Email>>,
        scan: &Arc<Scan<Fact>>,
    ) -> Arc<Reviewed> {
        let asked = json!([wanted.profile, wanted.identities, wanted.page_ids]);
        let rules = Rules {
            domains: self.company_domains(identities),
            identities,
            systems: System::ALL
                .iter()
                .copied()
                .filter(|system| self.configured(*system).is_ok())
                .collect(),
            keys: &self.settings().keys,
            answering: System::ALL
                .iter()
                .copied()
                .filter(|system| self.answered(*system))
                .collect(),
            owner: self.settings().owner.as_ref(),
            now: scan.as_of(),
        };
        let review = |rows: &[Fact]| {
            let facts = Facts::of(rows);
            let mut found = look(wanted.profile, &facts, &rules);
            let steps = match wanted.profile {
                Profile::AtlassianMigration => steps::steps(&facts, &rules, &found.findings),
                Profile::Hygiene | Profile::Offboarding => Vec::new(),
            };
            let more = found.not_checked.len().saturating_sub(MOST_NOT_CHECKED);
            if more > 0 {
                found.not_checked.truncate(MOST_NOT_CHECKED);
                found.not_checked.push(format!("and {more} more things"));
            }
            let checks = Checks::of(&found, &facts, &rules, wanted.profile.extent());
            Reviewed::new(
                found.findings,
                found.not_checked,
                checks,
                steps,
                facts.unread(),
                scan.began,
            )
        };
        let now = self.clock().monotonic();
        let at_hand = |rows: &[Fact], _| {
            let reviews = self.reviews();
            reviews.at_hand(&scan.id, &asked, now, || review(rows))
        };
        let (reviewed, is_new) = scan.with_rows(0, at_hand).await;
        if is_new {
            self.memory().keep(reviewed.clone(), now);
        }
        reviewed
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
        cursors.seal(&ask.caller, ask.tool, query, scan.name(), at)
    }

    fn company_domains(&self, identities: Option<&BTreeSet<Email>>) -> Option<BTreeSet<String>> {
        let of =
            |people: &BTreeSet<Email>| people.iter().map(|it| it.domain().to_owned()).collect();
        self.rules().domains.clone().or_else(|| identities.map(of))
    }
}

/// The identities, each once.
fn checked(wanted: &Review, directory: bool) -> Result<Option<BTreeSet<Email>>, Refusal> {
    match (&wanted.identities, wanted.profile) {
        (None, Profile::Offboarding) if !directory => Err(Refusal::arguments(
            "the profile `offboarding` compares with the people who should be there: give their addresses as `identities`, or configure the directory (`ATLASSIAN_SCIM_API_KEY`)",
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

/// Every rule of a profile.
fn look(profile: Profile, facts: &Facts, rules: &Rules<'_>) -> Found {
    let mut found = Found::default();
    match profile {
        Profile::AtlassianMigration => migration::look(facts, rules, &mut found),
        Profile::Offboarding => {
            identities::look(facts, rules, &mut found);
            left::look(facts, rules, &mut found);
            keys::creators(facts, rules, &mut found);
        }
        Profile::Hygiene => {
            identities::look(facts, rules, &mut found);
            left::look(facts, rules, &mut found);
            people::look(facts, rules, &mut found);
            strange::look(facts, &mut found);
            spellings::look(facts, rules, &mut found);
            pages::look(facts, &mut found);
            groups::look(facts, &mut found);
            subscriptions::look(facts, rules, &mut found);
            statusapp::look(facts, rules, &mut found);
            directory_groups::look(facts, &mut found);
            keys::ends(rules, &mut found);
            keys::creators(facts, rules, &mut found);
        }
    }
    found
}
