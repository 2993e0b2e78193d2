//! One read of a whole list, shared by everybody who wants it and kept when a call ends before the read does.
//!
//! Guarantees: each page of a scan is fetched once, whoever fetches it; what was read stays in place, so that a position
//! in it is a cursor; a scan says whether it came to the end. It does not say what changed upstream after it began: that
//! is why it carries the time of its first request.

mod feed;
mod kept;
mod written;

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::Mutex;

use crate::access::reads::spelt::Pieces;
use crate::access::reads::weight::Weighs;
use crate::access::{Access, Ask, Refusal};
use crate::providers::ProviderError;
use crate::store::Transcript;
use crate::upstream::{self, Cx};

pub(in crate::access) use self::feed::{Feed, flaw};
pub(in crate::access) use self::kept::KEPT;
use self::kept::millis;

/// The longest time that a page may take, its wait for a slot included, once enough rows are in for an answer.
const IMPATIENT: Duration = Duration::from_secs(5);

/// A read of a list.
pub(in crate::access) struct Scan<T> {
    /// Names it in cursors.
    pub id: String,
    /// When it began in this process.
    opened: Timestamp,
    /// The recorded answers of the read, for other processes.
    transcript: OnceLock<Arc<Transcript>>,
    /// The time when it began, on the monotonic clock.
    pub began: Duration,
    /// The name of the list in words: `the team members`.
    pub what: String,
    /// The system that is asked.
    pub system: &'static str,
    state: Mutex<State<T>>,
    weigh: fn(&T) -> usize,
    /// Bytes of the rows, by estimate.
    bytes: AtomicUsize,
    /// When somebody asked for it last, in milliseconds of the monotonic clock.
    used: AtomicU64,
    has_cursor: AtomicBool,
    has_failed: AtomicBool,
    /// True when it is found by its cursors alone.
    superseded: AtomicBool,
    /// The answered pieces as JSON; only once it came to its end.
    pub pieces: Pieces,
}

struct State<T> {
    feed: Box<dyn Feed<T>>,
    rows: Vec<T>,
    pages: u64,
    ended: bool,
    flaw: Option<String>,
    /// The transcripts that its pages are in; none for a page that is in none.
    transcripts: BTreeSet<Option<String>>,
}

/// The progress of a scan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::access) struct Reach {
    /// True when the read came to its end.
    pub ended: bool,
    /// True when every row is in.
    pub complete: bool,
    /// Rows held.
    pub rows: usize,
    /// Rows that the system gave.
    pub scanned: usize,
    /// The reason why it is not complete.
    pub why: Option<String>,
    /// After how long it can go on: asked sooner, it says the same again.
    pub again_in: Option<Duration>,
}

impl Reach {
    /// ` in 12 s`, where asking sooner is for nothing.
    pub(in crate::access) fn when(&self) -> String {
        self.again_in.map_or_else(String::new, |wait| {
            format!(" in {} s", wait.as_millis().div_ceil(1_000))
        })
    }

    /// Refuses to conclude from a part.
    ///
    /// # Errors
    /// [`Refusal::Incomplete`], unless every row is in.
    pub(in crate::access) fn whole(&self, what: &str) -> Result<(), Refusal> {
        if self.complete {
            return Ok(());
        }
        Err(Refusal::Incomplete {
            what: what.to_owned(),
            why: self.why.clone().unwrap_or_default(),
            next: "Ask again when the request budget is free (`server_status` shows it)."
                .to_owned(),
        })
    }
}

impl<T> Scan<T> {
    pub(in crate::access) fn new(
        id: String,
        what: String,
        as_of: Timestamp,
        began: Duration,
        feed: Box<dyn Feed<T>>,
    ) -> Self
    where
        T: Weighs,
    {
        let system = feed.system();
        let state = Mutex::new(State {
            feed,
            rows: Vec::new(),
            pages: 0,
            ended: false,
            flaw: None,
            transcripts: BTreeSet::new(),
        });
        Self {
            id,
            opened: as_of,
            transcript: OnceLock::new(),
            began,
            what,
            system,
            state,
            weigh: T::weight,
            bytes: AtomicUsize::new(0),
            used: AtomicU64::new(millis(began)),
            has_cursor: AtomicBool::new(false),
            has_failed: AtomicBool::new(false),
            superseded: AtomicBool::new(false),
            pieces: Pieces::default(),
        }
    }

    /// One page more, or the end.
    async fn advance(&self, state: &mut State<T>, cx: &Cx) -> Result<(), ProviderError> {
        let transcript = cx.transcript.as_ref().map(|it| it.id.clone());
        state.transcripts.insert(transcript);
        match state.feed.next(cx).await {
            None => {
                state.ended = true;
                state.flaw = state.feed.flaw();
                state.rows.shrink_to_fit();
            }
            Some(rows) => {
                let rows = rows?;
                let bytes = rows.iter().map(self.weigh).sum();
                self.bytes.fetch_add(bytes, Ordering::Relaxed);
                // Doubling would allocate, uncounted, space for as many rows again as there are.
                let len = state.rows.len();
                if state.rows.capacity() - len < rows.len() {
                    state.rows.reserve_exact(rows.len().max(len / 8));
                }
                state.rows.extend(rows);
                state.pages += 1;
            }
        }
        self.has_failed
            .store(state.feed.failed(), Ordering::Relaxed);
        Ok(())
    }

    /// Reads on until the end, or until `enough` rows are in and the next page would have to wait for the budget.
    ///
    /// # Errors
    /// Only when nothing at all could be read, or the client gave up.
    pub(in crate::access) async fn drive(
        &self,
        access: &Access,
        ask: &Ask,
        enough: usize,
    ) -> Result<Reach, Refusal> {
        self.drive_to(access, ask, enough, false).await
    }

    /// Reads on as [`Scan::drive`] does, and with `stops` no further than `enough`: for rows that cost a request or two each.
    ///
    /// # Errors
    /// As [`Scan::drive`].
    pub(in crate::access) async fn drive_to(
        &self,
        access: &Access,
        ask: &Ask,
        enough: usize,
        stops: bool,
    ) -> Result<Reach, Refusal> {
        loop {
            let mut state = tokio::select! {
                state = self.state.lock() => state,
                () = ask.cancel.cancelled() => return Err(self.stopped()),
            };
            if ask.cancel.is_cancelled() {
                return Err(self.stopped());
            }
            if state.ended {
                self.transcript().inspect(|it| it.ended());
                return Ok(state.reach());
            }
            let now = access.clock().monotonic();
            let patient = state.rows.len() < enough;
            if stops && !patient {
                // Nothing went wrong: whoever wants more goes on.
                let why = None;
                return Ok(Reach {
                    why,
                    ..state.reach()
                });
            }
            // Enough is there: take what is free at once, but let nobody wait for a slot.
            let until = if patient {
                ask.deadline
            } else {
                now.saturating_add(IMPATIENT)
            };
            let cx = if state.pages == 0 {
                ask.interactive()
            } else {
                ask.bulk(until)
            };
            let cx = cx.written_down(self.transcript.get().cloned());
            match self.advance(&mut state, &cx).await {
                Ok(()) if self.transcript().is_some_and(|it| it.has_changed()) => {
                    return Err(self.changed());
                }
                Ok(()) => {
                    let read = state.rows.len();
                    access.memory().tidy(access.clock().monotonic());
                    ask.progress
                        .tell(state.pages, None, &format!("{}: {read} read", self.what));
                }
                Err(error) if matches!(error.upstream(), Some(upstream::Error::Cancelled)) => {
                    return Err(self.stopped());
                }
                Err(error) if state.rows.is_empty() => return Err(error.into()),
                Err(error) => {
                    let mut reach = state.reach();
                    reach.why = Some(error.to_string());
                    reach.again_in = error.upstream().and_then(upstream::Error::retry_after);
                    return Ok(reach);
                }
            }
        }
    }

    /// Looks at the rows that are in, unless somebody is reading on just now.
    pub(in crate::access) fn glance<R>(&self, look: impl FnOnce(&[T], Reach) -> R) -> Option<R> {
        let state = self.state.try_lock().ok()?;
        Some(look(&state.rows, state.reach()))
    }

    /// Somebody gets a cursor into it.
    pub(in crate::access) fn gives_cursor(&self) {
        self.has_cursor.store(true, Ordering::Relaxed);
    }

    /// The rows from `from` on, after reading a page where there are none yet; `None` at the end.
    pub(in crate::access) async fn after(
        &self,
        from: usize,
        cx: &Cx,
    ) -> Option<Result<Vec<T>, ProviderError>>
    where
        T: Clone,
    {
        let mut state = tokio::select! {
            state = self.state.lock() => state,
            () = cx.cancel.cancelled() => return Some(Err(upstream::Error::Cancelled.into())),
        };
        let theirs = cx.transcript.clone();
        let cx = &cx.written_down(self.transcript.get().cloned());
        loop {
            // The transcript of another read holds this list only where all of it was written down there.
            if let Some(transcript) = theirs.as_ref().filter(|it| !state.is_on(it)) {
                transcript.throw_away();
            }
            if let Some(rows) = state.rows.get(from..).filter(|rows| !rows.is_empty()) {
                return Some(Ok(rows.to_vec()));
            }
            if state.ended {
                return None;
            }
            if let Err(error) = self.advance(&mut state, cx).await {
                return Some(Err(error));
            }
        }
    }

    /// Returns whether something in it could not be read, for a reason that passes.
    pub(in crate::access) fn has_failed(&self) -> bool {
        self.has_failed.load(Ordering::Relaxed)
    }

    /// Returns whether it came to its end. A scan that somebody reads from right now has not.
    pub(in crate::access) fn has_ended(&self) -> bool {
        self.state.try_lock().is_ok_and(|state| state.ended)
    }

    /// Returns its progress.
    pub(in crate::access) async fn reach(&self) -> Reach {
        self.state.lock().await.reach()
    }

    /// Looks at the rows from `from` on.
    pub(in crate::access) async fn with_rows<R>(
        &self,
        from: usize,
        look: impl FnOnce(&[T], Reach) -> R,
    ) -> R {
        let state = self.state.lock().await;
        look(state.rows.get(from..).unwrap_or_default(), state.reach())
    }
}

impl<T> State<T> {
    /// Returns whether every page of it was written down there.
    fn is_on(&self, transcript: &Transcript) -> bool {
        let mut all = self.transcripts.iter();
        all.all(|it| it.as_ref() == Some(&transcript.id))
    }

    fn reach(&self) -> Reach {
        let why = match (&self.flaw, self.ended) {
            (Some(flaw), _) => Some(flaw.clone()),
            (None, true) => None,
            (None, false) => Some("the read is not at its end yet".to_owned()),
        };
        Reach {
            ended: self.ended,
            complete: self.ended && self.flaw.is_none(),
            rows: self.rows.len(),
            scanned: self.feed.scanned(),
            why,
            again_in: None,
        }
    }
}
