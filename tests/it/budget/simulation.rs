//! Workers, a network that delays both ways, and the server at the other end, in frozen time.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use status_roster::clock::Clock;
use status_roster::store::window::{Lane, Limits};
use status_roster::upstream::Cx;
use status_roster::upstream::budget::Budget;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

/// tokio's timers count in milliseconds and round up.
const GRAIN: Duration = Duration::from_millis(2);

/// What becomes of a slot.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Fate {
    Answered,
    /// Whoever held it was dropped after sending: the request still arrives, the answer is not awaited.
    Vanished,
    /// There was no connection.
    NotSent,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Job {
    pub(super) think: u64,
    pub(super) out: u64,
    pub(super) back: u64,
    pub(super) lane: Lane,
    /// Gives up waiting after this long, and starts to wait anew.
    pub(super) impatient: Option<u64>,
    pub(super) fate: Fate,
}

/// Somebody waited from `from` to `to`, and then had a slot or was gone.
#[derive(Debug, Clone, Copy)]
struct Wait {
    lane: Lane,
    from: Duration,
    to: Duration,
    served: bool,
    order: usize,
}

/// A slot was taken at `from` and free again at `to`.
#[derive(Debug, Clone, Copy)]
struct Taken {
    from: Duration,
    to: Duration,
}

#[derive(Debug, Default)]
struct Book {
    received: Vec<Duration>,
    waits: Vec<Wait>,
    taken: Vec<Taken>,
    queued: usize,
}

#[derive(Debug, Clone)]
pub(super) struct Simulation {
    clock: Clock,
    limits: Limits,
    book: Arc<Mutex<Book>>,
}

impl Simulation {
    pub(super) fn new(clock: Clock, limits: Limits) -> Self {
        Self {
            clock,
            limits,
            book: Arc::default(),
        }
    }

    /// Each worker does its jobs one after another, with the budget that `budget_for` gives the job.
    pub(super) async fn run(
        &self,
        workers: Vec<Vec<Job>>,
        budget_for: impl Fn(usize) -> Budget + Clone + Send + 'static,
    ) {
        let mut running = JoinSet::new();
        for (worker, jobs) in workers.into_iter().enumerate() {
            let (this, budget_for) = (self.clone(), budget_for.clone());
            running.spawn(async move {
                for job in jobs {
                    this.one(job, budget_for(worker)).await;
                }
            });
        }
        while let Some(done) = running.join_next().await {
            done.unwrap();
        }
    }

    async fn one(&self, job: Job, budget: Budget) {
        let ms = Duration::from_millis;
        let cx = match job.lane {
            Lane::Interactive => Cx::interactive(CancellationToken::new()),
            Lane::Bulk => Cx::bulk(CancellationToken::new()),
        };
        self.clock.sleep(ms(job.think)).await;
        let mut from = self.clock.monotonic();
        let mut order = self.queue();
        let mut given = None;
        if let Some(patience) = job.impatient {
            given = tokio::time::timeout(ms(patience), budget.slot(&cx))
                .await
                .ok();
            if given.is_none() {
                self.waited(job.lane, from, false, order);
                from = self.clock.monotonic();
                order = self.queue();
            }
        }
        let slot = match given {
            Some(slot) => slot.unwrap(),
            None => budget.slot(&cx).await.unwrap(),
        };
        let granted = self.clock.monotonic();
        self.waited(job.lane, from, true, order);
        // In flight until its end is known, which only makes the check of idleness more lenient for this one slot.
        let entry = self.take(granted);
        match job.fate {
            Fate::Answered => {
                self.clock.sleep(ms(job.out)).await;
                self.receive(self.clock.monotonic());
                self.clock.sleep(ms(job.back)).await;
                slot.answered().await;
                self.free(entry, self.clock.monotonic() + self.limits.window);
            }
            Fate::Vanished => {
                drop(slot);
                self.receive(granted + ms(job.out));
                self.free(
                    entry,
                    granted + self.limits.answer_within + self.limits.window,
                );
            }
            Fate::NotSent => {
                self.clock.sleep(ms(job.out)).await;
                slot.withdraw().await;
                self.free(entry, self.clock.monotonic());
            }
        }
    }

    fn queue(&self) -> usize {
        let mut book = self.book.lock().unwrap();
        book.queued += 1;
        book.queued
    }

    fn waited(&self, lane: Lane, from: Duration, served: bool, order: usize) {
        let to = self.clock.monotonic();
        self.book.lock().unwrap().waits.push(Wait {
            lane,
            from,
            to,
            served,
            order,
        });
    }

    fn receive(&self, at: Duration) {
        self.book.lock().unwrap().received.push(at);
    }

    fn take(&self, from: Duration) -> usize {
        let taken = &mut self.book.lock().unwrap().taken;
        taken.push(Taken {
            from,
            to: Duration::MAX,
        });
        taken.len() - 1
    }

    fn free(&self, entry: usize, to: Duration) {
        if let Some(taken) = self.book.lock().unwrap().taken.get_mut(entry) {
            taken.to = to;
        }
    }

    /// Nobody counts more than the limit in any window, wherever it begins.
    pub(super) fn assert_the_receiving_end_is_content(&self) {
        let mut received = self.book.lock().unwrap().received.clone();
        received.sort_unstable();
        let limit = self.limits.requests as usize;
        for (first, last) in received.iter().zip(received.iter().skip(limit)) {
            let between = *last - *first;
            assert!(
                between >= self.limits.window,
                "{} requests within {between:?}",
                limit + 1
            );
        }
    }

    /// While somebody waits, every slot that they may take is taken, or (bulk) an interactive caller waits too.
    pub(super) fn assert_nobody_waited_beside_a_free_slot(&self) {
        let book = self.book.lock().unwrap();
        for wait in &book.waits {
            let ends = book
                .taken
                .iter()
                .map(|slot| slot.to)
                .filter(|to| *to < wait.to);
            for instant in ends.chain([wait.from]) {
                let instant = instant.max(wait.from) + GRAIN;
                if instant >= wait.to {
                    continue;
                }
                let taken = book
                    .taken
                    .iter()
                    .filter(|s| s.from <= instant && instant < s.to)
                    .count();
                let behind = wait.lane == Lane::Bulk
                    && book.waits.iter().any(|other| {
                        other.lane == Lane::Interactive
                            && other.from <= instant
                            && instant <= other.to + GRAIN
                    });
                assert!(
                    taken >= self.limits.slots(wait.lane) || behind,
                    "{wait:?} waited at {instant:?} beside {taken} taken slots"
                );
            }
        }
    }

    /// Inside a lane, whoever came first was served first.
    pub(super) fn assert_first_come_first_served(&self) {
        let book = self.book.lock().unwrap();
        for lane in [Lane::Interactive, Lane::Bulk] {
            let mut served: Vec<&Wait> = book
                .waits
                .iter()
                .filter(|wait| wait.served && wait.lane == lane)
                .collect();
            served.sort_by_key(|wait| wait.order);
            for (earlier, later) in served.iter().zip(served.iter().skip(1)) {
                assert!(earlier.to <= later.to, "{later:?} overtook {earlier:?}");
            }
        }
    }
}
