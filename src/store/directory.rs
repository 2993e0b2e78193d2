//! The state directory: `keys.json`, `spent.json`, `plans/` with one file a plan, `windows/` with one a key,
//! `turns/` with one for each change under way.
//!
//! Each file is changed under the lock beside it and replaced whole, so a reader needs no lock.

use std::{
    io,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
};

use jiff::Timestamp;
use serde::{Serialize, de::DeserializeOwned};

use super::{Decision, KeyRing, Plan, PlanId, StoreError, disk, ledger::Ledger, plans::PlanFile};

#[derive(Debug)]
pub(super) struct Directory {
    root: PathBuf,
}

impl Directory {
    pub(super) fn open(root: &Path) -> Result<Self, StoreError> {
        disk::make_directory(root).map_err(at(root))?;
        make_private(root)?;
        keep_to_itself(&root.join("keys.json"))?;
        let directory = Self {
            root: root.to_owned(),
        };
        for made in [directory.plans(), directory.windows(), directory.turns()] {
            disk::make_directory(&made).map_err(at(&made))?;
        }
        Ok(directory)
    }

    /// Returns the folder of the rings of [`Window`](super::window::Window).
    pub(super) fn windows(&self) -> PathBuf {
        self.root.join("windows")
    }

    /// Returns the folder of the locks of [`Turn`](super::Turn).
    pub(super) fn turns(&self) -> PathBuf {
        self.root.join("turns")
    }

    /// Returns the folder of the [`Transcripts`](super::Transcripts).
    pub(super) fn reads(&self) -> PathBuf {
        self.root.join("reads")
    }

    fn plans(&self) -> PathBuf {
        self.root.join("plans")
    }

    pub(super) fn keys(&self, now: Timestamp) -> Result<KeyRing, StoreError> {
        let path = self.root.join("keys.json");
        if let Some(ring) = read::<KeyRing>(&path)?
            && !ring.is_due(now)
        {
            return Ok(ring);
        }
        change(&path, |ring: &mut KeyRing| {
            ring.renew(now);
            ring.clone()
        })
    }

    pub(super) fn spend(
        &self,
        plan: PlanId,
        expires_at: Timestamp,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        change(&self.root.join("spent.json"), |ledger: &mut Ledger| {
            ledger.spend(plan, expires_at, now)
        })
    }

    pub(super) fn is_spent(&self, plan: PlanId) -> Result<bool, StoreError> {
        let ledger: Option<Ledger> = read(&self.root.join("spent.json"))?;
        Ok(ledger.is_some_and(|ledger| ledger.is_spent(plan)))
    }

    pub(super) fn keep_plan(&self, plan: &Plan, now: Timestamp) -> Result<(), StoreError> {
        let name = PlanFile {
            id: plan.id,
            forgotten_at: plan.forgotten_at(),
        };
        let here = self.plans().join(name.to_string());
        write(&here, plan)?;
        for (file, kept) in self.plan_files()? {
            // One that was kept anew until a later time has another name now.
            if kept.forgotten_at <= now || (kept.id == plan.id && file != here) {
                remove(&file)?;
            }
        }
        Ok(())
    }

    pub(super) fn plan(&self, id: PlanId) -> Result<Option<Plan>, StoreError> {
        match self.plan_file(id)? {
            Some(file) => read(&file),
            None => Ok(None),
        }
    }

    pub(super) fn all_plans(&self) -> Result<Vec<Plan>, StoreError> {
        let mut plans = Vec::new();
        for (file, _) in self.plan_files()? {
            if is_whole(&file) {
                // One that was forgotten meanwhile is not there.
                plans.extend(read::<Plan>(&file)?);
            }
        }
        Ok(plans)
    }

    pub(super) fn decide(&self, id: PlanId, decision: Decision) -> Result<bool, StoreError> {
        let lock = self.root.join("decisions.lock");
        let _held = disk::lock(&lock).map_err(at(&lock))?;
        let Some(file) = self.plan_file(id)? else {
            return Ok(false);
        };
        let Some(mut plan) = read::<Plan>(&file)? else {
            return Ok(false);
        };
        plan.decision = Some(decision);
        write(&file, &plan)?;
        Ok(true)
    }

    fn plan_file(&self, id: PlanId) -> Result<Option<PathBuf>, StoreError> {
        let mut files = self.plan_files()?.into_iter();
        let found = files.find(|(file, kept)| kept.id == id && is_whole(file));
        Ok(found.map(|(file, _)| file))
    }

    fn plan_files(&self) -> Result<Vec<(PathBuf, PlanFile)>, StoreError> {
        let plans = self.plans();
        let entries = std::fs::read_dir(&plans).map_err(at(&plans))?;
        let mut files = Vec::new();
        for entry in entries {
            let entry = entry.map_err(at(&plans))?;
            if let Some(kept) = entry.file_name().to_str().and_then(PlanFile::parse) {
                files.push((entry.path(), kept));
            }
        }
        Ok(files)
    }
}

/// Lets nobody else look into the directory: where others only may look into it, that is taken from them. One that others may write to
/// is refused, because what is in it may be theirs.
fn make_private(root: &Path) -> Result<(), StoreError> {
    let mode = std::fs::metadata(root).map_err(at(root))?.permissions();
    let mode = mode.mode() & 0o7777;
    if mode & 0o027 == 0 {
        return Ok(());
    }
    let closed = PermissionsExt::from_mode(mode & 0o7750);
    if mode & 0o022 == 0 && std::fs::set_permissions(root, closed).is_ok() {
        tracing::debug!(directory = %root.display(), "the state directory was closed to other users of this machine");
        return Ok(());
    }
    Err(StoreError::OpenToOthers {
        path: root.to_owned(),
        mode,
    })
}

/// The keys are made for this user alone: whoever else may read them can forge a confirmation.
fn keep_to_itself(path: &Path) -> Result<(), StoreError> {
    let Ok(file) = std::fs::metadata(path) else {
        return Ok(());
    };
    let mode = file.permissions().mode() & 0o7777;
    if mode & 0o026 == 0 {
        return Ok(());
    }
    Err(StoreError::OpenToOthers {
        path: path.to_owned(),
        mode,
    })
}

/// Not one whose writer stopped before it had its name.
fn is_whole(file: &Path) -> bool {
    file.extension().is_some_and(|it| it == "json")
}

fn at(path: &Path) -> impl Fn(io::Error) -> StoreError {
    move |source| StoreError::Io {
        path: path.to_owned(),
        source,
    }
}

fn read<T: DeserializeOwned>(path: &Path) -> Result<Option<T>, StoreError> {
    let content = match std::fs::read(path) {
        Ok(content) => content,
        Err(source) if source.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(source) => return Err(at(path)(source)),
    };
    match serde_json::from_slice(&content) {
        Ok(value) => Ok(Some(value)),
        Err(why) => Err(StoreError::Corrupt {
            path: path.to_owned(),
            why: why.to_string(),
        }),
    }
}

fn write<T: Serialize>(path: &Path, value: &T) -> Result<(), StoreError> {
    let content = serde_json::to_vec(value).map_err(|why| StoreError::Corrupt {
        path: path.to_owned(),
        why: why.to_string(),
    })?;
    disk::replace(path, &content).map_err(at(path))
}

/// Reads, changes and replaces a file while no other process or thread does.
fn change<T, R>(path: &Path, work: impl FnOnce(&mut T) -> R) -> Result<R, StoreError>
where
    T: Default + Serialize + DeserializeOwned,
{
    let lock = path.with_extension("lock");
    let _held = disk::lock(&lock).map_err(at(&lock))?;
    let mut value = read(path)?.unwrap_or_default();
    let result = work(&mut value);
    write(path, &value)?;
    Ok(result)
}

fn remove(path: &Path) -> Result<(), StoreError> {
    match std::fs::remove_file(path) {
        // Another process forgot it first.
        Err(source) if source.kind() == io::ErrorKind::NotFound => Ok(()),
        done => done.map_err(at(path)),
    }
}
