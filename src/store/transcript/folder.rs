//! The folder of transcripts.
//!
//! Guarantees: what is in it is readable by its owner alone, and good for an hour after it was last written; what is older is
//! deleted when a process starts and whenever a read begins, and there are never more than so many.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{Line, State, Transcript};
use crate::store::disk;

/// The time for which a transcript is valid after it was last written.
const KEPT: Duration = Duration::from_secs(3_600);
/// Files at most; what was written longest ago goes first.
const MOST: usize = 256;
/// The file that says when something was changed.
const CHANGED: &str = "changed";

/// The transcripts of a state directory.
#[derive(Debug, Clone)]
pub struct Transcripts {
    folder: Option<PathBuf>,
    /// Those that this process began, the newest last.
    own: Arc<Mutex<VecDeque<String>>>,
}

impl Transcripts {
    /// The transcripts in this folder; none without one.
    #[must_use]
    pub(in crate::store) fn new(folder: Option<PathBuf>) -> Self {
        let own = Arc::default();
        let transcripts = Self { folder, own };
        transcripts.tidy();
        transcripts
    }

    /// An empty transcript for the read `id` of the question `asked`. None where there is no place for it.
    #[must_use]
    pub fn begin(&self, id: &str, asked: &str, began: Timestamp) -> Option<Arc<Transcript>> {
        let folder = self.folder.as_ref()?;
        disk::make_directory(folder).ok()?;
        self.tidy();
        let path = folder.join(format!("{asked}.{id}.ndjson"));
        let file = disk::private().create(true).append(true).open(&path).ok()?;
        file.try_lock().ok()?;
        let state = State {
            file: Some(file),
            ..State::default()
        };
        let transcript = Transcript::at(path, id, began, state);
        transcript.write(&Line::Began(began));
        self.own(|own| {
            own.push_back(id.to_owned());
            if own.len() > MOST {
                own.pop_front();
            }
        });
        Some(transcript)
    }

    /// Returns whether this process began the read `id`.
    #[must_use]
    pub fn is_own(&self, id: &str) -> bool {
        self.own(|own| own.iter().any(|it| it == id))
    }

    /// The transcript of the read `id`.
    #[must_use]
    pub fn of(&self, id: &str) -> Option<Arc<Transcript>> {
        let end = format!(".{id}.ndjson");
        let mut files = self.young().into_iter();
        let path = files.find(|path| named(path).ends_with(&end))?;
        Some(open(path).ok()??.0)
    }

    /// The newest transcript of a question, where its caller was stopped before they had the whole and nothing was changed since.
    #[must_use]
    pub fn stopped(&self, asked: &str) -> Option<Arc<Transcript>> {
        let begin = format!("{asked}.");
        let mut files = self.young();
        files.retain(|path| named(path).starts_with(&begin));
        files.sort_by_key(|path| path.metadata().and_then(|it| it.modified()).ok());
        let (transcript, stopped) = open(files.pop()?).ok()??;
        let alone = transcript.state().file.is_some();
        let stale = self.last_change().is_some_and(|at| at >= transcript.began);
        (alone && stopped && !stale).then_some(transcript)
    }

    /// Keeps a note beside the transcripts, as long as they. Without it another process does not know, which is no harm.
    pub fn note(&self, name: &str, note: &impl Serialize) {
        if let (Some(folder), Ok(text)) = (&self.folder, serde_json::to_vec(note)) {
            let path = folder.join(format!("{name}.json"));
            if !path.exists() {
                drop(disk::replace(&path, &text));
            }
        }
    }

    /// A note.
    #[must_use]
    pub fn noted<T: DeserializeOwned>(&self, name: &str) -> Option<T> {
        if !name.chars().all(|c| c.is_ascii_alphanumeric()) {
            return None;
        }
        let path = self.folder.as_ref()?.join(format!("{name}.json"));
        let text = (age(&path)? < KEPT).then(|| std::fs::read(path).ok());
        serde_json::from_slice(&text??).ok()
    }

    /// Something was changed: a read that was stopped before is not gone on with. Cursors into it stay good, they are of their time.
    pub fn changed(&self, now: Timestamp) {
        let path = self.folder.as_ref().filter(|folder| folder.exists());
        let path = path.map(|folder| folder.join(CHANGED));
        let open = |path| {
            let mut how = disk::private();
            how.create(true).truncate(true).write(true).open(path).ok()
        };
        if let Some(mut file) = path.and_then(open) {
            // If this cannot be written, no read can be kept either.
            let _ = file.write_all(now.to_string().as_bytes());
        }
    }

    /// When something was changed last.
    fn last_change(&self) -> Option<Timestamp> {
        let text = std::fs::read_to_string(self.folder.as_ref()?.join(CHANGED)).ok()?;
        text.parse().ok()
    }

    fn own<R>(&self, look: impl FnOnce(&mut VecDeque<String>) -> R) -> R {
        look(&mut self.own.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn files(&self) -> Vec<PathBuf> {
        let folder = self.folder.as_ref();
        let entries = folder.and_then(|folder| std::fs::read_dir(folder).ok());
        let entries = entries.into_iter().flatten().flatten();
        entries.map(|entry| entry.path()).collect()
    }

    fn young(&self) -> Vec<PathBuf> {
        let mut files = self.files();
        files.retain(|path| age(path).is_some_and(|age| age < KEPT));
        files
    }

    /// Deletes what nobody can go on with.
    fn tidy(&self) {
        let mut files: Vec<_> = self.files().into_iter().map(|it| (age(&it), it)).collect();
        files.sort();
        for (index, (age, path)) in files.iter().enumerate() {
            if index >= MOST || age.is_none_or(|age| age >= KEPT) {
                // Somebody else may have been first.
                let _ = std::fs::remove_file(path);
            }
        }
    }
}

fn named(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default();
    name.to_string_lossy().into_owned()
}

/// Returns the age of a file since its last write.
fn age(path: &Path) -> Option<Duration> {
    let modified = path.metadata().and_then(|it| it.modified()).ok()?;
    Some(modified.elapsed().unwrap_or_default())
}

/// The file for writing at its end, where no other process has it open so.
pub(super) fn alone(path: &Path) -> Option<File> {
    let file = disk::private().append(true).open(path).ok()?;
    file.try_lock().ok()?;
    Some(file)
}

/// The transcript in a file, and whether its caller was stopped last.
fn open(path: PathBuf) -> io::Result<Option<(Arc<Transcript>, bool)>> {
    let mut state = State::default();
    let (mut began, mut stopped) = (None, false);
    for line in BufReader::new(File::open(&path)?).lines() {
        let line = line?;
        state.written += line.len();
        match serde_json::from_str(&line) {
            Ok(Line::Began(at)) => began = Some(at),
            Ok(Line::Answer(answer)) => {
                stopped = false;
                state.left += 1;
                let of = state.answers.entry(answer.asked.clone()).or_default();
                of.push_back(answer);
            }
            Ok(Line::Ended) => state.ended = true,
            Ok(Line::Stopped) => stopped = true,
            Ok(Line::Done) => stopped = false,
            // A line that its writer did not live to finish: that answer is asked for again.
            Err(_) => {}
        }
    }
    let name = named(&path);
    let (Some(began), Some(id)) = (began, name.split('.').nth(1)) else {
        return Ok(None);
    };
    // One process at a time goes on with it; another that has a cursor into it reads what is there.
    if let Some(mut file) = alone(&path) {
        // So that what follows a torn line is a line of its own.
        file.write_all(b"\n")?;
        state.file = Some(file);
    }
    let id = id.to_owned();
    Ok(Some((Transcript::at(path, &id, began, state), stopped)))
}
