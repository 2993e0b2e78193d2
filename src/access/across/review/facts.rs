//! The facts that a review looks at, sorted out of the rows that were read.

use std::collections::BTreeMap;

use smol_str::SmolStr;

use crate::access::across::everybody::Fact;
use crate::access::across::find_person::Unknown;
use crate::roster::{
    Claim, DirectoryGroup, DirectoryUser, Email, Invitation, Kind, Page, PageAccessGroup, PageId,
    Record, Status, Subscriber, System,
};

/// The names of the lists in the reports of reads.
pub(super) const TEAM: &str = "the team members";
pub(super) const PEOPLE: &str = "the people of the directory";
pub(super) const STATUSAPP: &str = "the StatusApp team";

/// Everything that was read.
#[derive(Default)]
pub(super) struct Facts {
    pub pages: BTreeMap<PageId, Page>,
    pub members: Vec<Record>,
    pub viewers: Vec<Record>,
    pub subscribers: Vec<Subscriber>,
    pub groups: Vec<PageAccessGroup>,
    pub people: Vec<DirectoryUser>,
    pub directory_groups: Vec<DirectoryGroup>,
    pub statusapp: Vec<Record>,
    pub invitations: Vec<Invitation>,
    /// The reason why each list that was read is not whole; `None` for one that is.
    read: BTreeMap<String, Option<String>>,
    unread: Vec<Unknown>,
    /// The owner of each address, by the directory: somebody who gets mail there before somebody who only signs in with it, somebody who is
    /// switched on before somebody who is not, and somebody whose main address it is before somebody whose further one.
    owners: BTreeMap<Email, usize>,
}

impl Facts {
    pub(super) fn of(rows: &[Fact]) -> Self {
        let mut facts = Self::default();
        for row in rows {
            facts.unread.extend(row.unread());
            match row.clone() {
                Fact::Page(page) => {
                    facts.pages.insert(page.id.clone(), *page);
                }
                Fact::Member(record) => facts.members.push(record),
                Fact::Viewer(record) => facts.viewers.push(record),
                Fact::Subscriber(row) => facts.subscribers.push(*row),
                Fact::Group(group) => facts.groups.push(group),
                Fact::Person(user) => facts.people.push(*user),
                Fact::DirectoryGroup(group) => facts.directory_groups.push(group),
                Fact::TeamMember(record) => facts.statusapp.push(record),
                Fact::Invitation(invitation) => facts.invitations.push(*invitation),
                Fact::Read(told) => {
                    facts.read.entry(told.what).or_insert(told.why);
                }
            }
        }
        let mut ranks: BTreeMap<Email, (bool, bool, Option<Claim>)> = BTreeMap::new();
        for (at, user) in facts.people.iter().enumerate() {
            for email in user.addresses() {
                let claim = user.claim(&email);
                let rank = (claim > Some(Claim::UserName), is_on(user), claim);
                let held = ranks.get(&email);
                if held.is_none_or(|held| *held < rank) {
                    ranks.insert(email.clone(), rank);
                    facts.owners.insert(email, at);
                }
            }
        }
        facts
    }

    /// Returns the lists that are not known in full.
    pub(super) fn unread(&self) -> Vec<Unknown> {
        self.unread.clone()
    }

    /// Returns the reason why a list allows no conclusion: it was not read to its end.
    pub(super) fn gap(&self, what: &str) -> Option<String> {
        match self.read.get(what) {
            Some(why) => why.clone(),
            None => Some("it was not read".to_owned()),
        }
    }

    /// Lists of accounts that were not read to their end, the directory apart.
    pub(super) fn gaps_besides_the_directory(&self) -> Vec<&str> {
        let elsewhere = |unknown: &&Unknown| unknown.system != System::AtlassianScim;
        let unread = self.unread.iter().filter(elsewhere);
        unread.map(|unknown| unknown.what.as_str()).collect()
    }

    /// Returns the person in the directory who has this address, as the first or another one, or as user name.
    pub(super) fn person(&self, email: &Email) -> Option<&DirectoryUser> {
        self.people.get(*self.owners.get(email)?)
    }

    /// Returns whether the directory tells Atlassian accounts: the field is Atlassian's own extension, and may be left out.
    pub(super) fn tells_accounts(&self) -> bool {
        let told = |user: &DirectoryUser| user.atlassian_account_id.is_some();
        self.people.iter().any(told)
    }

    /// The addresses of a person that are not rather somebody else's.
    pub(super) fn own_addresses(&self, user: &DirectoryUser) -> Vec<Email> {
        let mut own = user.addresses();
        own.retain(|email| {
            let owner = self.person(email);
            owner.is_some_and(|owner| owner.record.id == user.record.id)
        });
        own
    }

    /// Every account outside the directory, and the invitations that can still be accepted.
    pub(super) fn accounts(&self) -> impl Iterator<Item = &Record> {
        let open = self.invitations.iter().map(|it| &it.record);
        let open = open.filter(|record| record.status == Some(Status::Invited));
        let subscribers = self.subscribers.iter().map(|row| &row.record);
        let people = self.members.iter().chain(&self.viewers).chain(subscribers);
        people.chain(&self.statusapp).chain(open)
    }

    /// Every account outside the directory, by its address.
    pub(super) fn by_address(&self) -> BTreeMap<&Email, Vec<&Record>> {
        let mut found: BTreeMap<&Email, Vec<&Record>> = BTreeMap::new();
        for record in self.accounts() {
            if let Some(email) = record.address() {
                found.entry(email).or_default().push(record);
            }
        }
        found
    }

    /// A page's name and id.
    pub(super) fn page(&self, id: Option<&PageId>) -> String {
        let Some(id) = id else {
            return "an unknown page".to_owned();
        };
        match self.pages.get(id).and_then(|page| page.name.as_ref()) {
            Some(name) => format!("{name} ({id})"),
            None => id.to_string(),
        }
    }

    /// Describes an account in words: `subscriber of page Example (kctbh9vrtdwd)`.
    pub(super) fn role(&self, record: &Record) -> String {
        match (record.system, record.kind) {
            (System::Statusapp, Kind::Invitation) => {
                "open invitation to the StatusApp team".to_owned()
            }
            (System::Statusapp, _) => {
                let roles = record.roles.iter().flatten();
                let roles: Vec<&str> = roles.map(SmolStr::as_str).collect();
                format!("StatusApp team member ({})", roles.join(", "))
            }
            (_, Kind::PageAccessUser) => {
                format!("viewer of page {}", self.page(record.page_id().as_ref()))
            }
            (_, Kind::Subscriber) => {
                format!(
                    "subscriber of page {}",
                    self.page(record.page_id().as_ref())
                )
            }
            (System::AtlassianScim, _) => "person of the directory".to_owned(),
            (System::Statuspage, _) => "Statuspage team member".to_owned(),
        }
    }
}

/// Returns whether somebody is switched on in the directory. Who has no state counts as on.
pub(super) fn is_on(user: &DirectoryUser) -> bool {
    user.record.status != Some(Status::Inactive)
}
