//! The parts that the use cases share: the systems, the rules, the gate, the record, and the lists in memory.

mod parts;
mod rate;

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

pub use self::parts::{Parts, Settings};
use crate::access::across::everybody::Fact;
use crate::access::across::export::Exports;
use crate::access::across::review::Reviews;
use crate::access::across::surface::Sight;
use crate::access::change::jobs::Jobs;
use crate::access::change::several::Plannings;
use crate::access::reads::continued::Continued;
use crate::access::reads::cursor::Cursors;
use crate::access::reads::shelf::Shelf;
use crate::access::statuspage::{items::Item, sees::Granted};
use crate::access::{Ask, Needs, Refusal};
use crate::audit::{Intent, Log, Planned};
use crate::caller::{Caller, Scope};
use crate::clock::Clock;
use crate::confirmation::Gate;
use crate::memory::Memory;
use crate::policy::{self, Question, Rules, Verdict, Why};
use crate::providers::atlassian_scim::AtlassianScim;
use crate::providers::statusapp::StatusApp;
use crate::providers::statuspage::Statuspage;
use crate::roster::email::Email;
use crate::roster::ids::PageId;
use crate::roster::record::{Record, System};
use crate::roster::subscriber::Subscriber;
use crate::roster::text;
use crate::roster::viewers::PageAccessGroup;
use crate::roster::{DirectoryGroup, DirectoryUser, Invitation};
use crate::store::{Transcript, Transcripts, Turn};
use crate::upstream::Client;

/// Characters of a refusal that the record keeps.
const REFUSAL: usize = 1_000;

/// The use cases. One for the whole server; cheap to share behind an `Arc`.
pub struct Access {
    parts: Arc<Parts>,
    cursors: Cursors,
    transcripts: Transcripts,
    continues: Option<Arc<Transcript>>,
    pub(in crate::access) continued: Continued,
    /// Components and metrics: no change of access touches them, so they are forgotten only where the toolset `operations` is on.
    pub(in crate::access) items: Shelf<Item>,
    pub(in crate::access) incidents: Shelf<crate::roster::Incident>,
    pub(in crate::access) metric_details: Shelf<crate::roster::MetricDetail>,
    pub(in crate::access) members: Shelf<Record>,
    pub(in crate::access) directory_users: Shelf<DirectoryUser>,
    pub(in crate::access) directory_groups: Shelf<DirectoryGroup>,
    pub(in crate::access) invitations: Shelf<Invitation>,
    /// These are shared: a read of several lists uses them as well.
    pub(in crate::access) groups: Arc<Shelf<PageAccessGroup>>,
    pub(in crate::access) people: Arc<Shelf<Record>>,
    pub(in crate::access) subscribers: Arc<Shelf<Subscriber>>,
    pub(in crate::access) sights: Shelf<Sight>,
    /// Reads that a plan rests on. A change of somebody else does not end them: each step looks again, and the system
    /// refuses what no longer fits.
    pub(in crate::access) reads: Shelf<Record>,
    pub(in crate::access) subscriber_reads: Shelf<Subscriber>,
    pub(in crate::access) facts: Shelf<Fact>,
    pub(in crate::access) granted: Shelf<Granted>,
    jobs: Jobs,
    pub(in crate::access) plannings: Plannings,
    exports: Exports,
    reviews: Reviews,
    pub(in crate::access) pages_read: crate::access::server::memory::Pages,
    changes: tokio::sync::watch::Sender<u64>,
}

impl Access {
    /// Puts it together; nothing is read or sent.
    #[must_use]
    pub fn new(parts: Parts) -> Self {
        let transcripts = parts.store.transcripts();
        Self::over(Arc::new(parts), transcripts, None)
    }

    /// Another on the same parts that goes on with a read of another process. It has lists of its own: what was answered then is no
    /// answer to anybody else now.
    pub(in crate::access) fn going_on_with(&self, transcript: Arc<Transcript>) -> Self {
        let (parts, transcripts) = (self.parts.clone(), self.transcripts.clone());
        Self::over(parts, transcripts, Some(transcript))
    }

    fn over(
        parts: Arc<Parts>,
        transcripts: Transcripts,
        continues: Option<Arc<Transcript>>,
    ) -> Self {
        let cursors = Cursors::new(&parts.keys, &parts.settings.systems);
        let memory = parts.memory.clone();
        Self {
            parts,
            cursors,
            transcripts,
            continues,
            continued: Continued::default(),
            items: Shelf::new(&memory),
            incidents: Shelf::new(&memory),
            metric_details: Shelf::new(&memory),
            members: Shelf::new(&memory),
            directory_users: Shelf::new(&memory),
            directory_groups: Shelf::new(&memory),
            invitations: Shelf::new(&memory),
            groups: Arc::new(Shelf::new(&memory)),
            people: Arc::new(Shelf::new(&memory)),
            subscribers: Arc::new(Shelf::new(&memory)),
            sights: Shelf::new(&memory),
            reads: Shelf::new(&memory),
            subscriber_reads: Shelf::new(&memory),
            facts: Shelf::new(&memory),
            granted: Shelf::new(&memory),
            jobs: Jobs::default(),
            plannings: Plannings::default(),
            exports: Exports::default(),
            reviews: Reviews::default(),
            pages_read: crate::access::server::memory::Pages::default(),
            changes: tokio::sync::watch::Sender::new(0),
        }
    }

    /// The time, as everything here sees it.
    #[must_use]
    pub fn clock(&self) -> &Clock {
        &self.parts.clock
    }

    /// Returns the memory that is used for clients.
    #[must_use]
    pub fn memory(&self) -> &Memory {
        &self.parts.memory
    }

    pub(in crate::access) fn gate(&self) -> &Gate {
        &self.parts.gate
    }

    pub(in crate::access) fn exports(&self) -> &Exports {
        &self.exports
    }

    pub(in crate::access) fn reviews(&self) -> &Reviews {
        &self.reviews
    }

    pub(in crate::access) fn jobs(&self) -> &Jobs {
        &self.jobs
    }

    /// Returns the transcripts of reads, for other processes.
    pub(in crate::access) fn transcripts(&self) -> &Transcripts {
        &self.transcripts
    }

    /// The read that this one goes on with, where it is there for that.
    pub(in crate::access) fn continues(&self) -> Option<&Arc<Transcript>> {
        self.continues.as_ref()
    }

    pub(in crate::access) fn cursors(&self) -> &Cursors {
        &self.cursors
    }

    pub(in crate::access) fn rules(&self) -> &Rules {
        &self.parts.rules
    }

    pub(in crate::access) fn settings(&self) -> &Settings {
        &self.parts.settings
    }

    /// Waits to be alone with a record that is read, changed in part and sent back whole. Hold it until it is read back.
    pub(in crate::access) async fn alone_with(
        &self,
        ask: &Ask,
        what: &str,
    ) -> Result<Turn, Refusal> {
        let left = ask.deadline.saturating_sub(self.clock().monotonic());
        tokio::select! {
            biased;
            () = ask.cancel.cancelled() => Err(Refusal::Cancelled),
            turn = self.parts.store.turn(what) => Ok(turn?),
            () = self.clock().sleep(left) => Err(Refusal::Preflight(format!(
                "another change of {what} is under way and does not end. Ask again in a minute."
            ))),
        }
    }

    /// Waits, and says whether the call may go on after that: it has time left, and its client waits.
    pub async fn has_time(&self, ask: &Ask, pause: Duration) -> bool {
        let ends = self.clock().monotonic().saturating_add(pause);
        if ends >= ask.deadline {
            return false;
        }
        tokio::select! {
            () = ask.cancel.cancelled() => false,
            () = self.clock().sleep(pause) => true,
        }
    }

    /// The proof that a write asks for: nobody else can have come to what this server is alone with, and it is on record.
    pub(in crate::access) async fn put_on_record(
        &self,
        planned: Planned,
    ) -> Result<Intent, Refusal> {
        self.parts.store.turns_hold()?;
        Ok(self.log()?.intent(planned).await?)
    }

    pub(in crate::access) fn log(&self) -> Result<&Log, Refusal> {
        self.parts.log.as_ref().map_err(|why| {
            Refusal::Preflight(format!(
                "changes are off because the audit file cannot be written: {why}. Make it writable, or set `audit.path`, and start again."
            ))
        })
    }

    pub(in crate::access) fn log_state(&self) -> Result<&Log, &str> {
        self.parts.log.as_ref().map_err(String::as_str)
    }

    pub(in crate::access) fn statuspage(&self) -> Result<&Statuspage, Refusal> {
        self.parts.statuspage.as_ref().ok_or(Refusal::NotConfigured {
            system: "Statuspage",
            needs: "set `STATUSPAGE_API_KEY` and `STATUSPAGE_ORGANIZATION_ID`, or start with `--sandbox`",
        })
    }

    pub(in crate::access) fn atlassian_scim(&self) -> Result<&AtlassianScim, Refusal> {
        self.parts
            .atlassian_scim
            .as_ref()
            .ok_or(Refusal::NotConfigured {
                system: "the Atlassian user directory",
                needs: "set `ATLASSIAN_SCIM_DIRECTORY_ID` and `ATLASSIAN_SCIM_API_KEY`, or start with `--sandbox`",
            })
    }

    pub(in crate::access) fn statusapp(&self) -> Result<&StatusApp, Refusal> {
        self.parts.statusapp.as_ref().ok_or(Refusal::NotConfigured {
            system: "StatusApp",
            needs: "set `STATUSAPP_API_KEY`, or start with `--sandbox`",
        })
    }

    /// Returns whether a system is configured.
    ///
    /// # Errors
    /// Returns a [`Refusal`] that says what would configure the system.
    pub fn configured(&self, system: System) -> Result<(), Refusal> {
        self.client(system).map(drop)
    }

    pub(in crate::access) fn client(&self, system: System) -> Result<&Client, Refusal> {
        match system {
            System::Statuspage => self.statuspage().map(Statuspage::client),
            System::AtlassianScim => self.atlassian_scim().map(AtlassianScim::client),
            System::Statusapp => self.statusapp().map(StatusApp::client),
        }
    }

    pub(in crate::access) fn system_names(&self) -> Vec<String> {
        let Parts {
            statuspage,
            atlassian_scim,
            statusapp,
            ..
        } = &*self.parts;
        let statuspage = statuspage
            .iter()
            .map(|system| format!("statuspage/{}", system.organization()));
        let directory = atlassian_scim
            .iter()
            .map(|system| format!("atlassian_scim/{}", system.directory()));
        // StatusApp has no id for an account; the key names it.
        let team = statusapp
            .iter()
            .map(|system| format!("statusapp/{}", system.client().fingerprint()));
        statuspage.chain(directory).chain(team).collect()
    }

    /// Counts the changes that this server made: whoever waits on it hears of each.
    #[must_use]
    pub fn changes(&self) -> tokio::sync::watch::Receiver<u64> {
        self.changes.subscribe()
    }

    pub(in crate::access) fn forget_snapshots(&self) {
        self.changes.send_modify(|count| *count += 1);
        self.transcripts.changed(self.clock().now());
        self.incidents.forget();
        self.metric_details.forget();
        if self.has_toolset(policy::Toolset::Operations) {
            self.items.forget();
        }
        self.groups.forget();
        self.granted.forget();
        self.people.forget();
        self.subscribers.forget();
        self.members.forget();
        self.directory_users.forget();
        self.directory_groups.forget();
        self.invitations.forget();
        self.sights.forget_whole();
        self.facts.forget_whole();
    }

    /// Returns whether this caller may use this tool at all, and the system that it needs is there.
    ///
    /// # Errors
    /// The rule that forbids it, or the setting that is missing, and who can change it.
    pub fn permit_tool(&self, caller: &Caller, needs: &Needs) -> Result<(), Refusal> {
        if let Verdict::Refused(why) =
            policy::judge_toolset(self.rules(), needs.tool, needs.toolset)
        {
            return Err(why.into());
        }
        self.judge(caller, needs.tool, needs.scope, &[], &[], &[])?;
        needs
            .system
            .map_or(Ok(()), |system| self.configured(system))
    }

    pub(in crate::access) fn permit(
        &self,
        ask: &Ask,
        needs: Scope,
        pages: &[PageId],
        adds: &[Email],
        removes: &[Email],
    ) -> Result<(), Refusal> {
        let judged = self.judge(&ask.caller, ask.tool, needs, pages, adds, removes);
        match judged {
            // Whoever did not name the page does not get to know it by a refusal.
            Err(Refusal::Policy(Why::Page { page })) if !ask.names(page.as_str()) => {
                let others: BTreeSet<&PageId> = pages
                    .iter()
                    .filter(|page| !self.rules().shows(page))
                    .collect();
                let pages = others.len();
                Err(Why::FurtherPages { pages }.into())
            }
            judged => judged,
        }
    }

    /// A read of one page.
    pub(in crate::access) fn permit_page(&self, ask: &Ask, page: &PageId) -> Result<(), Refusal> {
        self.permit(ask, Scope::Read, std::slice::from_ref(page), &[], &[])
    }

    pub(in crate::access) fn judge(
        &self,
        caller: &Caller,
        tool: &str,
        needs: Scope,
        pages: &[PageId],
        adds: &[Email],
        removes: &[Email],
    ) -> Result<(), Refusal> {
        match policy::judge(
            &self.parts.rules,
            &Question {
                caller,
                tool,
                needs,
                pages,
                adds,
                removes,
            },
        ) {
            Verdict::Allowed => Ok(()),
            Verdict::Refused(why) => Err(why.into()),
        }
    }

    /// Puts a refused change on record. A record that cannot be written does not matter here: nothing was changed.
    pub async fn note_refusal(&self, caller: &Caller, tool: &str, refusal: &Refusal) {
        if let Ok(log) = &self.parts.log {
            let words = text::clean(&refusal.to_string(), REFUSAL).text;
            let detail = serde_json::json!({"caller": caller, "tool": tool, "why": refusal.word(), "words": words});
            let recorded = log.refusal(&caller.name, detail).await;
            if let Err(error) = recorded {
                tracing::warn!(%error, "a refusal could not be recorded");
            }
        }
    }
}
