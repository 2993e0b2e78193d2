//! Everything a sandbox holds, behind one lock, and the handling of a request that was let in.

use std::{io, time::Duration};

use jiff::Timestamp;
use tokio::time::Instant;

use super::{
    auth::System,
    call::Call,
    faults::{Fault, Faults, Switchboard},
    hourly::Hour,
    kept::{Kept, Locked},
    reply::{Answer, Refusal, Reply},
    report::{Log, Report},
    scim, seed,
    settings::{RejectedCalls, Settings},
    statusapp, statuspage, time,
    window::Window,
    world::{Role, World},
};

#[derive(Debug)]
pub(super) struct State {
    pub(super) settings: Settings,
    pub(super) url: String,
    pub(super) world: World,
    pub(super) faults: Switchboard,
    pub(super) log: Log,
    /// The world before the last write, and until when reads still show it.
    past: Option<(Instant, World)>,
    pub(super) started: Instant,
    pub(super) window: Window,
    /// One unpaginated list a minute.
    pub(super) bucket: Window,
    pub(super) hour: Hour,
    pub(super) unpaginated_hits: u64,
    pub(super) unauthenticated: u64,
    /// Counts errors, to take turns with their statuses and shapes.
    pub(super) turn: u64,
    /// The file that the world is kept in, if it is.
    pub(super) kept: Option<Kept>,
}

impl State {
    pub(super) fn new(settings: Settings, url: String) -> Self {
        let slots = settings.rejected_calls;
        Self {
            world: seed::world(&settings),
            url,
            faults: Switchboard::new(),
            log: Log::default(),
            past: None,
            started: time::now(),
            window: Window::new(settings.requests_per_window, settings.window, slots),
            bucket: Window::new(1, settings.window, RejectedCalls::AreFree),
            hour: Hour::new(settings.statusapp.requests_per_hour),
            unpaginated_hits: 0,
            unauthenticated: 0,
            turn: 0,
            kept: None,
            settings,
        }
    }

    pub(super) fn reset(&mut self) {
        *self = Self::new(self.settings.clone(), std::mem::take(&mut self.url));
    }

    /// Switches faults; reads show the present again.
    pub(super) fn set_faults(&mut self, faults: Faults) {
        self.past = None;
        self.faults.set(faults);
    }

    /// Does what the request asks.
    pub(super) fn handle(&mut self, call: &Call, role: Role, fault: Option<Fault>) -> Reply {
        let now = time::now();
        let caught_up = self.catch_up(call, role);
        let (at, _locked) = match caught_up {
            Ok(caught_up) => caught_up,
            Err(error) => {
                let why = format!("the sandbox cannot keep its world: {error}");
                return self.shape(Refusal::new(500, &why));
            }
        };
        let answer = match &mut self.past {
            Some((until, past)) if call.method.is_safe() && now < *until => {
                act(&self.settings, &self.url, past, call, role, fault)
            }
            _ => {
                let delay = Duration::from_millis(self.faults.on.stale_reads_ms);
                self.past = (!call.method.is_safe() && !delay.is_zero())
                    .then(|| (now + delay, self.world.clone()));
                time::at(at, || {
                    act(
                        &self.settings,
                        &self.url,
                        &mut self.world,
                        call,
                        role,
                        fault,
                    )
                })
            }
        };
        let reply = answer.unwrap_or_else(|refusal| self.shape(refusal));
        if System::of(call) == System::StatusApp {
            self.hour.mark(reply, now)
        } else {
            reply
        }
    }

    /// Does what other processes did meanwhile, and writes this request down if it can change something. Nobody else comes in
    /// until the lock is dropped. Also returns the time that the request is dated with.
    fn catch_up(&mut self, call: &Call, role: Role) -> io::Result<(Timestamp, Option<Locked>)> {
        let Some(kept) = &mut self.kept else {
            return Ok((time::wall(), None));
        };
        let mut locked = kept.lock()?;
        let news = kept.news(&mut locked)?;
        if news.anew {
            self.world = seed::world(&self.settings);
        }
        for (at, role, call) in &news.calls {
            // Refused then, refused again: what came of it was answered when it came.
            drop(time::at(*at, || {
                act(
                    &self.settings,
                    &self.url,
                    &mut self.world,
                    call,
                    *role,
                    None,
                )
            }));
        }
        let at = if call.method.is_safe() {
            time::wall()
        } else {
            kept.add(&mut locked, call, role)?
        };
        Ok((at, Some(locked)))
    }

    pub(super) fn report(&self) -> Report {
        Report {
            requests: self.log.total(),
            by_system: self.log.by_system.clone(),
            by_status: self.log.by_status.clone(),
            writes: self
                .world
                .writes
                .iter()
                .map(|(kind, times)| ((*kind).to_owned(), *times))
                .collect(),
            mails: self.world.mails.clone(),
            notifications: self.world.notifications.clone(),
            most_in_window: self.window.most(),
            rejected: self.window.rejected() + self.bucket.rejected() + self.hour.rejected(),
            unpaginated_hits: self.unpaginated_hits,
            unauthenticated: self.unauthenticated,
            faults: self.faults.happened.clone(),
        }
    }
}

fn act(
    settings: &Settings,
    url: &str,
    world: &mut World,
    call: &Call,
    role: Role,
    fault: Option<Fault>,
) -> Answer {
    let ignore_page = fault == Some(Fault::IgnorePage);
    match System::of(call) {
        System::Statuspage => statuspage::route(&mut statuspage::Cx {
            call,
            world,
            settings,
            ignore_page,
        }),
        System::AtlassianScim => {
            let base = format!("{url}/scim/directory/{}", settings.scim.directory_id);
            Ok(scim::route(&mut scim::Cx {
                call,
                world,
                settings,
                base,
                ignore_page,
            }))
        }
        System::StatusApp => Ok(statusapp::route(&mut statusapp::Cx {
            call,
            world,
            settings,
            acting: role,
            ignore_page,
        })),
    }
}
