//! The state that processes share: in memory, in a directory of this machine, or in a Redis.
//!
//! Guarantees: the operations say what they mean (spend a plan once, keep a plan, the keys that seal cursors), so that
//! another home needs no more than another arm of `Kept`; each is atomic among all processes that share the home,
//! and what it returned as done survives a crash of this process. Does not: hide anything from somebody who can read
//! the home, or defend it against somebody who can write to it.

mod directory;
pub mod disk;
mod keys;
mod ledger;
mod memory;
mod plans;
mod remote;
pub mod short;
mod transcript;
mod turn;
pub mod window;

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use jiff::Timestamp;

use self::{
    directory::Directory,
    memory::Memory,
    remote::Remote,
    turn::{Others, Turns},
    window::Window,
};
pub use self::{
    keys::{BadKeys, KeyRing},
    plans::{BadPlanId, Bound, Decision, Plan, PlanId, Shown},
    remote::{Address, BadAddress, Health, Prefix, Unavailable},
    transcript::{Transcript, Transcripts},
    turn::Turn,
};
use crate::clock::Clock;

/// The shared state. Cheap to clone: clones are one store.
#[derive(Debug, Clone)]
pub struct Store {
    kept: Kept,
    window: Arc<Window>,
    turns: Arc<Turns>,
    clock: Clock,
}

#[derive(Debug, Clone)]
enum Kept {
    Memory(Arc<Memory>),
    Directory(Arc<Directory>),
    Redis(Arc<Remote>),
}

/// The reasons why the shared state cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The machine refused a file operation.
    #[error("cannot use `{}` in the state directory: {source}", path.display())]
    Io {
        /// The file or directory.
        path: PathBuf,
        /// The machine's reason.
        source: std::io::Error,
    },
    /// The state directory, or the keys in it, are not safe from others.
    #[error(
        "cannot keep state in `{}`: other users of this machine may read it or write to it (mode {mode:04o}), so anybody could \
         forge a confirmation. Run `chmod g-w,o-rwx` on it, or name another directory", path.display()
    )]
    OpenToOthers {
        /// The directory, or the file in it.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// A file holds something else than what was written there.
    #[error("cannot read `{}` in the state directory: {why}. Move it away to start anew: what it held is then forgotten", path.display())]
    Corrupt {
        /// The file.
        path: PathBuf,
        /// The reason.
        why: String,
    },
    /// Redis does not answer, or not so that it can be used.
    #[error(transparent)]
    Redis(#[from] Unavailable),
    /// A key in Redis holds something else than what was written there.
    #[error(
        "cannot read `{key}` in Redis: {why}. Rename it to start anew: what it held is then forgotten"
    )]
    Garbled {
        /// The key.
        key: String,
        /// The reason.
        why: String,
    },
    /// A turn ended before its holder gave it back.
    #[error(
        "this process is no longer alone with what it was about to change: its turn in Redis could not be renewed in time. Look again before you change it"
    )]
    TurnLost,
    /// The program is shutting down.
    #[error("the program is stopping")]
    Stopping,
}

impl Store {
    /// State that ends with the process and is shared with none.
    #[must_use]
    pub fn memory(clock: Clock) -> Self {
        Self {
            kept: Kept::Memory(Arc::default()),
            window: Arc::new(Window::memory(clock)),
            turns: Arc::default(),
            clock,
        }
    }

    /// State in a directory, shared by the processes of one machine. Makes the directory (mode 0700) if it is not there.
    ///
    /// # Errors
    /// The directory cannot be made or used, or others may write to it or look into it.
    pub fn in_directory(path: &Path, clock: Clock) -> Result<Self, StoreError> {
        let directory = Directory::open(path)?;
        Ok(Self {
            window: Arc::new(Window::in_directory(&directory.windows(), clock)),
            kept: Kept::Directory(Arc::new(directory)),
            turns: Arc::default(),
            clock,
        })
    }

    /// Returns the same store with a window that no other process shares, for an upstream that no other process uses either.
    #[must_use]
    pub fn with_window_of_its_own(self) -> Self {
        Self {
            window: Arc::new(Window::memory(self.clock)),
            ..self
        }
    }

    /// State in a Redis, shared by the processes of several machines.
    ///
    /// # Errors
    /// Redis does not answer, or cannot do what is needed.
    pub async fn in_redis(
        address: Address,
        prefix: Prefix,
        clock: Clock,
    ) -> Result<Self, StoreError> {
        let remote = Remote::open(address, prefix, clock).await?;
        Ok(Self {
            window: Arc::new(Window::in_redis(Arc::clone(remote.link()))),
            kept: Kept::Redis(Arc::new(remote)),
            turns: Arc::default(),
            clock,
        })
    }

    /// Checks whether the Redis is suited, where there is one.
    ///
    /// # Errors
    /// It does not answer, or cannot do what is needed.
    pub async fn health(&self) -> Result<Option<Health>, StoreError> {
        match &self.kept {
            Kept::Memory(_) | Kept::Directory(_) => Ok(None),
            Kept::Redis(remote) => Ok(Some(remote.health().await?)),
        }
    }

    /// Returns the transcripts of reads, for other processes on the same state directory.
    #[must_use]
    pub fn transcripts(&self) -> Transcripts {
        Transcripts::new(match &self.kept {
            Kept::Directory(directory) => Some(directory.reads()),
            Kept::Memory(_) | Kept::Redis(_) => None,
        })
    }

    /// Returns the window, which counts the requests that each key has sent lately.
    #[must_use]
    pub fn window(&self) -> &Arc<Window> {
        &self.window
    }

    /// The keys that seal cursors, the current one first. Made at the first use, and renewed every
    /// [`KeyRing::RENEWED_AFTER`]; the one before stays until the next renewal.
    ///
    /// # Errors
    /// The keys cannot be read or kept.
    pub async fn keys(&self) -> Result<KeyRing, StoreError> {
        let now = self.clock.now();
        match &self.kept {
            Kept::Memory(memory) => Ok(memory.keys(now)),
            Kept::Directory(directory) => on(directory, move |d| d.keys(now)).await,
            Kept::Redis(remote) => remote.keys(now).await,
        }
    }

    /// Spends a plan: `true` for exactly one caller among all that share this store, `false` ever after.
    ///
    /// It is remembered until a day after `expires_at`: a clock that is set back by less revives nothing.
    ///
    /// # Errors
    /// The ledger cannot be read or written; the plan must then be taken for spent.
    pub async fn spend(&self, plan: PlanId, expires_at: Timestamp) -> Result<bool, StoreError> {
        let now = self.clock.now();
        match &self.kept {
            Kept::Memory(memory) => Ok(memory.spend(plan, expires_at, now)),
            Kept::Directory(directory) => {
                on(directory, move |d| d.spend(plan, expires_at, now)).await
            }
            Kept::Redis(remote) => remote.spend(plan, expires_at, now).await,
        }
    }

    /// Waits until nobody else among all that share this store is alone with `name`, and then is.
    ///
    /// # Errors
    /// The state directory or Redis refuses.
    pub async fn turn(&self, name: &str) -> Result<Turn, StoreError> {
        let others = match &self.kept {
            Kept::Memory(_) => Others::Nobody,
            Kept::Directory(directory) => Others::Machine(directory.turns()),
            Kept::Redis(remote) => Others::Machines(remote.link()),
        };
        self.turns.take(name, others, &self.clock).await
    }

    /// Asked right before a write: whether everybody in this process who took a [`Turn`] is still alone. Only a turn in Redis
    /// can be lost, when it could not be renewed in time.
    ///
    /// # Errors
    /// [`StoreError::TurnLost`]: somebody may not be. It passes when that turn is given back.
    pub fn turns_hold(&self) -> Result<(), StoreError> {
        if self.turns.hold() {
            Ok(())
        } else {
            Err(StoreError::TurnLost)
        }
    }

    /// Until what was dropped is given back, some seconds at most: asked by a process before it ends, because others would
    /// otherwise wait for its turns until these end by themselves.
    pub async fn at_rest(&self) {
        if let Kept::Redis(remote) = &self.kept {
            remote.link().at_rest().await;
        }
    }

    /// Returns whether a plan is spent. Only [`Store::spend`] decides: another caller can spend it right after this answer.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub async fn is_spent(&self, plan: PlanId) -> Result<bool, StoreError> {
        match &self.kept {
            Kept::Memory(memory) => Ok(memory.is_spent(plan)),
            Kept::Directory(directory) => on(directory, move |d| d.is_spent(plan)).await,
            Kept::Redis(remote) => remote.is_spent(plan).await,
        }
    }

    /// Keeps a plan until [`Plan::forgotten_at`], in the place of an earlier one of its name. Plans whose time is over are forgotten
    /// on this occasion.
    ///
    /// # Errors
    /// The plan cannot be kept.
    pub async fn keep_plan(&self, plan: Plan) -> Result<(), StoreError> {
        let now = self.clock.now();
        match &self.kept {
            Kept::Memory(memory) => {
                memory.keep_plan(plan, now);
                Ok(())
            }
            Kept::Directory(directory) => on(directory, move |d| d.keep_plan(&plan, now)).await,
            Kept::Redis(remote) => remote.keep_plan(&plan, now).await,
        }
    }

    /// A plan that was kept and has not been forgotten.
    ///
    /// # Errors
    /// It is there and cannot be read.
    pub async fn plan(&self, id: PlanId) -> Result<Option<Plan>, StoreError> {
        match &self.kept {
            Kept::Memory(memory) => Ok(memory.plan(id)),
            Kept::Directory(directory) => on(directory, move |d| d.plan(id)).await,
            Kept::Redis(remote) => remote.plan(id).await,
        }
    }
}

impl Store {
    /// Every plan that is kept, in no order.
    ///
    /// # Errors
    /// One is there and cannot be read.
    pub async fn plans(&self) -> Result<Vec<Plan>, StoreError> {
        match &self.kept {
            Kept::Memory(memory) => Ok(memory.plans()),
            Kept::Directory(directory) => on(directory, Directory::all_plans).await,
            Kept::Redis(remote) => remote.plans().await,
        }
    }

    /// Keeps what a person decided about a plan; the last decision counts. `false`: no such plan is kept.
    ///
    /// # Errors
    /// The plan cannot be read or written.
    pub async fn decide(&self, id: PlanId, decision: Decision) -> Result<bool, StoreError> {
        match &self.kept {
            Kept::Memory(memory) => Ok(memory.decide(id, decision)),
            Kept::Directory(directory) => on(directory, move |d| d.decide(id, decision)).await,
            Kept::Redis(remote) => remote.decide(id, decision).await,
        }
    }
}

/// Runs file work where it may block.
async fn on<T: Send + 'static>(
    directory: &Arc<Directory>,
    work: impl FnOnce(&Directory) -> Result<T, StoreError> + Send + 'static,
) -> Result<T, StoreError> {
    let directory = Arc::clone(directory);
    disk::blocking(move || work(&directory))
        .await
        .unwrap_or(Err(StoreError::Stopping))
}
