//! The one walk of every change: permit, confirm, and then the steps, which `job` carries out.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::access::change::act::Act;
use crate::access::change::effect::{Gain, Loss};
use crate::access::change::promise::Promised;
use crate::access::change::publication::Publication;
use crate::access::change::report::StepReport;
use crate::access::change::several::OfPerson;
use crate::caller::Scope;
use crate::policy::Toolset;
use crate::roster::{Email, Names, PageId, System};

/// The findings of a use case and the steps that it wants to make. Made from fresh reads, each time anew.
pub(in crate::access) struct Plan {
    /// One sentence: what it will come to, or how it is where nothing is to be done. `Jane Doe will be removed from the team.`
    pub summary: String,
    /// The summary as a result: `Jane Doe was removed from the team.`
    pub done: String,
    /// The steps, in a safe order. None: it is so already.
    pub acts: Vec<Box<dyn Act>>,
    /// Everything that was read and that the plan rests on.
    pub state: Value,
    /// Pages that it touches, for policy.
    pub pages: Vec<PageId>,
    /// Further names of those who lose, which were found out by a search and which no step carries.
    pub also_known_as: Names,
    /// The points that a person must agree to although nothing is taken away; with one of these the plan is confirmed first.
    pub asks: Vec<String>,
    /// The warnings that a person should read before they agree.
    pub warnings: Vec<String>,
    /// The public texts and the people who are told, for a plan that publishes: always confirmed.
    pub publication: Option<Publication>,
    /// The group of tools that it comes from, which decides what the caller must be allowed to.
    pub toolset: Toolset,
    /// When the read that it rests on began, on the monotonic clock, where that is not this moment.
    pub read_at: Option<std::time::Duration>,
    /// Names of pages, where they are known.
    pub page_names: BTreeMap<PageId, String>,
    /// The word that a person types to agree, where one must: an address, or the name of a page or group. Left empty it is the address of
    /// the one who loses, else the page.
    pub to_type: Option<String>,
    /// True when its steps are independent of each other: then a token is good for each step that was shown, whatever became of the others,
    /// and a refusal ends a step and not the plan. Otherwise all or none.
    pub independent: bool,
    /// The places that were looked at in full, as steps name theirs. `None`: the plan is made from whole reads alone.
    pub read: Option<BTreeSet<String>>,
    /// Places that matter and could not be read. They are no part of what is confirmed.
    pub unread: Vec<Unread>,
    /// The people whose steps they are, person by person in their order, where it is a change for several people.
    pub people: Vec<OfPerson>,
}

/// A place that could not be read, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::access) struct Unread {
    pub what: String,
    pub system: System,
    pub why: String,
}

impl Unread {
    /// Several in one sentence.
    pub(in crate::access) fn words(all: &[Self]) -> String {
        let each: Vec<String> = all
            .iter()
            .map(|it| format!("{} ({})", it.what, it.why))
            .collect();
        each.join("; ")
    }
}

impl Plan {
    /// A plan without steps yet, as it is said before and after.
    pub(in crate::access) fn to(will: impl Into<String>, done: impl Into<String>) -> Self {
        Self {
            summary: will.into(),
            done: done.into(),
            acts: Vec::new(),
            state: Value::Null,
            pages: Vec::new(),
            also_known_as: Names::default(),
            asks: Vec::new(),
            warnings: Vec::new(),
            publication: None,
            toolset: Toolset::Access,
            read_at: None,
            page_names: BTreeMap::new(),
            to_type: None,
            independent: false,
            read: None,
            unread: Vec::new(),
            people: Vec::new(),
        }
    }

    /// Returns the scope that the caller must have.
    pub(in crate::access) fn needs(&self, losses: &[String]) -> Scope {
        match (self.toolset, losses) {
            (Toolset::Operations, _) => Scope::Publish,
            (Toolset::Access, []) => Scope::Write,
            (Toolset::Access, _) => Scope::Remove,
        }
    }

    /// Returns whether it is made only after somebody was shown it and agreed.
    pub(in crate::access) fn is_confirmed(&self, losses: &[String]) -> bool {
        !losses.is_empty() || !self.asks.is_empty() || self.publication.is_some()
    }

    /// A plan with nothing to do, because it is so already.
    pub(in crate::access) fn so(is: impl Into<String>) -> Self {
        let is = is.into();
        Self::to(is.clone(), is)
    }

    /// Says it anew, before and after.
    pub(in crate::access) fn say(&mut self, will: impl Into<String>, done: impl Into<String>) {
        self.summary = will.into();
        self.done = done.into();
    }

    /// Puts the names of pages into the sentences that it says itself.
    pub(in crate::access) fn name_pages(&mut self, names: BTreeMap<PageId, String>) {
        self.page_names.extend(names);
        self.summary = self.with_names(&self.summary);
        self.done = self.with_names(&self.done);
        self.warnings = self.warnings.iter().map(|it| self.with_names(it)).collect();
    }

    /// Words with the name at each page that they name by id alone.
    pub(in crate::access) fn with_names(&self, words: &str) -> String {
        let mut named = words.to_owned();
        for (id, name) in &self.page_names {
            let (bare, whole) = (format!("page {id}"), format!("page {name} ({id})"));
            if named.contains(&bare) {
                named = named.replace(&bare, &whole);
            }
        }
        named
    }

    /// Puts the names of pages beside their ids in what was read back of a step.
    pub(in crate::access) fn name_pages_of(&self, step: &mut StepReport) {
        if let Some(pages) = step.after.as_mut().and_then(|it| it.get_mut("pages")) {
            *pages = self.with_named_pages(pages.take());
        }
    }

    /// Puts the names of pages beside their ids, where those are keys.
    fn with_named_pages(&self, value: Value) -> Value {
        let Value::Object(fields) = value else {
            return value;
        };
        let named = fields.into_iter().map(|(key, value)| {
            let page = PageId::parse(&key).ok();
            let name = page.and_then(|page| self.page_names.get(&page));
            let name = name.map_or_else(|| key.clone(), |name| format!("{name} ({key})"));
            (name, value)
        });
        Value::Object(named.collect())
    }

    /// Says more, before and after.
    pub(in crate::access) fn besides(&mut self, will: &str, done: &str) {
        self.summary.push_str(will);
        self.done.push_str(done);
    }

    /// Says that nothing is to be done.
    pub(in crate::access) fn say_so(&mut self, is: impl Into<String>) {
        let is = is.into();
        self.say(is.clone(), is);
    }

    pub(in crate::access) fn steps(&self) -> Vec<StepReport> {
        self.acts
            .iter()
            .enumerate()
            .map(|(at, act)| {
                let (before, after) = act.becomes().unzip();
                StepReport {
                    person: self.person_of(at),
                    action: self.with_names(&act.action()),
                    target: act.target(),
                    status: None,
                    detail: None,
                    before: before.map(|it| self.with_named_pages(it)),
                    after: after.map(|it| self.with_named_pages(it)),
                }
            })
            .collect()
    }

    /// Returns what people lose, each loss once: a step may take what a later one would take with it.
    pub(in crate::access) fn losses(&self) -> Vec<String> {
        let mut listed = BTreeSet::new();
        self.each_loss()
            .map(|loss| self.with_names(&loss.words))
            .filter(|loss| listed.insert(loss.clone()))
            .collect()
    }

    /// Everybody from whom a step takes something, by every name that is known of them.
    pub(in crate::access) fn losers(&self) -> Names {
        let losses: Vec<Names> = self.each_loss().map(|loss| loss.who).collect();
        if losses.is_empty() {
            return Names::default();
        }
        let losers: Names = losses.into_iter().collect();
        losers.and(self.also_known_as.clone())
    }

    /// Their addresses.
    pub(in crate::access) fn removes(&self) -> Vec<Email> {
        self.losers().emails.into_iter().collect()
    }

    /// Returns whether something is taken from an account that no rule about people can be compared with.
    pub(in crate::access) fn takes_from_nobody_known(&self) -> bool {
        self.also_known_as.is_empty() && self.each_loss().any(|loss| loss.who.is_empty())
    }

    /// Everybody to whom a step gives access.
    pub(in crate::access) fn adds(&self) -> Vec<Email> {
        self.gaining(|gain| match gain {
            Gain::Access(who) => Some(who),
            Gain::Mail(_) => None,
        })
    }

    /// Everybody to whom a step lets the system write.
    pub(in crate::access) fn written_to(&self) -> Vec<Email> {
        self.gaining(|gain| match gain {
            Gain::Mail(who) => Some(who),
            Gain::Access(_) => None,
        })
    }

    fn each_loss(&self) -> impl Iterator<Item = Loss> {
        self.acts.iter().flat_map(|act| act.losses())
    }

    fn gaining(&self, pick: impl Fn(Gain) -> Option<Names>) -> Vec<Email> {
        let gains = self.acts.iter().flat_map(|act| act.gains());
        let names: Names = gains.filter_map(pick).collect();
        names.emails.into_iter().collect()
    }

    /// Returns the word that a person types to agree. Never empty: an empty form must not count as a word.
    pub(in crate::access) fn word(&self) -> String {
        let named = self.to_type.clone().filter(|word| !word.trim().is_empty());
        let address = || match self.removes().as_slice() {
            [only] => Some(only.to_string()),
            _ => None,
        };
        let page = || self.pages.first().map(ToString::to_string);
        named
            .or_else(address)
            .or_else(page)
            .unwrap_or_else(|| "take away".to_owned())
    }

    /// Says which part of the plan needs the confirmation.
    pub(in crate::access) fn why_confirmed(&self, losses: &[String]) -> String {
        let takes = (!losses.is_empty()).then(|| "what this takes away".to_owned());
        let publishes = self
            .publication
            .is_some()
            .then(|| "what this publishes".to_owned());
        let why: Vec<String> = takes
            .into_iter()
            .chain(publishes)
            .chain(self.asks.iter().cloned())
            .collect();
        if why.is_empty() {
            "a plan that a token came with".to_owned()
        } else {
            why.join("; ")
        }
    }

    /// The steps as they are promised.
    pub(in crate::access) fn promised(&self) -> Vec<Promised> {
        let acts = self.acts.iter().enumerate();
        acts.map(|(at, act)| Promised {
            person: self.person_of(at),
            ..Promised::of(act.as_ref())
        })
        .collect()
    }

    /// The person whose step it is, in a change for several people.
    fn person_of(&self, at: usize) -> Option<String> {
        let mut before = 0;
        let mut people = self.people.iter();
        let of = people.find(|person| {
            before += person.steps;
            at < before
        })?;
        Some(of.who.clone())
    }

    pub(in crate::access) fn exact(&self) -> Value {
        json!(self.promised())
    }

    /// Returns whether a place was looked at in full.
    pub(in crate::access) fn has_read(&self, place: Option<&str>) -> bool {
        match (&self.read, place) {
            (None, _) => self.unread.is_empty(),
            (Some(read), Some(place)) => read.contains(place),
            (Some(_), None) => self.unread.is_empty(),
        }
    }
}
