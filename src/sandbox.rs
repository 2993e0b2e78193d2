//! The upstream APIs, played by us: a stateful emulator on a loopback port, for tests, the demo and a first look without a key.
//!
//! Guarantees: the same seed makes the same people; a write that is answered with success is in the world (except where the
//! real service pretends too); limits are counted at the moment a request is received; a connection that is reset before
//! handling has changed nothing, and a lost answer has changed everything.
//! It shares no type with the rest of the crate: a type shared by both sides would cancel a mistake made on both sides.
//! It is no proof of what the real service does: where the public documents are silent, it plays the least convenient reading.
//!
//! Beside the APIs it answers, to loopback peers only, under `/__sandbox/`:
//!
//! | request | answer |
//! |---|---|
//! | `GET /__sandbox/` | addresses, keys and well-known ids |
//! | `GET /__sandbox/report` | [`Report`] |
//! | `GET /__sandbox/world` | everything that is stored, as JSON |
//! | `GET /__sandbox/requests` | every request received: method, path and query, body, status, fault |
//! | `GET`, `PUT /__sandbox/faults` | [`Faults`] |
//! | `GET /__sandbox/settings` | [`Settings`] |
//! | `POST /__sandbox/reset` | the world as it was at the start, counters at zero, no faults; a body changes [`Settings`] first |

mod auth;
mod call;
mod control;
mod directory;
mod faults;
mod form;
mod gate;
mod history;
mod hourly;
mod kept;
mod listener;
mod random;
mod reply;
mod report;
mod scim;
mod seed;
mod server;
mod settings;
mod state;
mod statusapp;
mod statuspage;
mod team;
mod time;
mod window;
mod world;

use std::{
    io,
    net::SocketAddr,
    path::Path,
    sync::{Arc, Mutex, PoisonError},
};

use serde_json::Value;
use tokio::{net::TcpListener, sync::oneshot};

pub use faults::{Fault, Faults, Next, Rates};
pub use kept::forget;
pub use report::{Mail, Notification, Report, Request};
pub use seed::known;
pub use settings::{
    Accounts, Addresses, AllComponents, Duplicates, ErrorShape, Extension, ListRows, Members,
    OtherPages, People, PermissionsShape, RejectedCalls, Rejection, RetryAfter, Scim, Searches,
    Settings, StatusApp, TeamLists,
};

use kept::Kept;
use state::State;

/// A sandbox that listens. It stops when this is dropped; requests under way are answered first.
#[derive(Debug)]
pub struct Running {
    /// `http://127.0.0.1:PORT`, without a slash at the end.
    pub url: String,
    /// The Statuspage key that is accepted, in `Authorization: OAuth KEY`.
    pub api_key: String,
    /// The one organization.
    pub organization_id: String,
    /// The directory's own key, in `Authorization: Bearer KEY`.
    pub scim_api_key: String,
    /// The directory.
    pub directory_id: String,
    /// A StatusApp owner's key, in `X-API-Key`.
    pub statusapp_api_key: String,
    address: SocketAddr,
    state: Arc<Mutex<State>>,
    stop: Option<oneshot::Sender<()>>,
}

/// Starts a sandbox and returns once it accepts connections.
///
/// # Errors
/// When the address cannot be bound.
pub async fn start(settings: Settings) -> io::Result<Running> {
    started(settings, None).await
}

/// Starts a sandbox with its world kept in this folder: what is changed there is still so in the next process, and in every process that
/// keeps it there at the same time. [`forget`] takes the changes back.
///
/// # Errors
/// When the address cannot be bound, or the folder not be used.
pub async fn start_in(settings: Settings, folder: &Path) -> io::Result<Running> {
    let kept = Kept::open(folder, &settings)?;
    started(settings, Some(kept)).await
}

async fn started(settings: Settings, kept: Option<Kept>) -> io::Result<Running> {
    let listener = TcpListener::bind(settings.addr).await?;
    let address = listener.local_addr()?;
    let (stop, stopped) = oneshot::channel();
    let url = format!("http://{address}");
    let (api_key, scim, statusapp) = (
        settings.api_key.clone(),
        settings.scim.clone(),
        settings.statusapp.clone(),
    );
    let mut state = State::new(settings, url.clone());
    state.kept = kept;
    let state = Arc::new(Mutex::new(state));
    server::spawn(listener, Arc::clone(&state), stopped);
    Ok(Running {
        url,
        api_key,
        organization_id: known::ORGANIZATION.to_owned(),
        scim_api_key: scim.api_key,
        directory_id: scim.directory_id,
        statusapp_api_key: statusapp.api_key,
        address,
        state,
        stop: Some(stop),
    })
}

impl Running {
    /// The address it listens on.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The base address of the Statuspage API, as a client is configured with it.
    #[must_use]
    pub fn statuspage_url(&self) -> String {
        format!("{}/v1", self.url)
    }

    /// The base address of the SCIM directories; `/{directory_id}` follows.
    #[must_use]
    pub fn scim_url(&self) -> String {
        format!("{}/scim/directory", self.url)
    }

    /// The base address of the StatusApp API.
    #[must_use]
    pub fn statusapp_url(&self) -> String {
        format!("{}/statusapp/api/v1", self.url)
    }

    /// Returns what has been received, rejected, changed and mailed so far.
    #[must_use]
    pub fn report(&self) -> Report {
        self.with(|state| state.report())
    }

    /// Replaces the faults that are switched on. `Faults::default()` switches all off.
    pub fn faults(&self, faults: Faults) {
        self.with(|state| state.set_faults(faults));
    }

    /// Everything that is stored, as JSON: also what no API shows (roles, confirmations, who is admin).
    #[must_use]
    pub fn world(&self) -> Value {
        self.with(|state| state.world.snapshot())
    }

    /// Every request received, in the order of receipt.
    #[must_use]
    pub fn requests(&self) -> Vec<Request> {
        self.with(|state| state.log.requests())
    }

    /// Puts the world back to its start and the counters to zero, and switches the faults off.
    pub fn reset(&self) {
        self.with(State::reset);
    }

    /// Stops listening. Dropping does the same.
    pub fn shutdown(mut self) {
        self.hang_up();
    }

    fn hang_up(&mut self) {
        if let Some(stop) = self.stop.take() {
            // An error means that the server has ended already, which is what is wanted.
            let _ = stop.send(());
        }
    }

    fn with<T>(&self, act: impl FnOnce(&mut State) -> T) -> T {
        act(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.hang_up();
    }
}
