//! A world that outlives its process: every request that can change it is written down with its time, and a world is made anew by
//! the seed and the same requests. Processes that share the file share the world, also at the same time: each reads what the others
//! wrote before it answers.
//!
//! Nothing is kept of limits, faults and counters: those belong to a process, as they belong to a running service.

use std::fs::{File, OpenOptions};
use std::io::{self, BufRead as _, BufReader, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use axum::http::{Method, Uri};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{call::Call, settings::Settings, time, world::Role};

/// The file, and how far it is read.
#[derive(Debug)]
pub(super) struct Kept {
    path: PathBuf,
    head: u64,
    read: u64,
}

/// The requests that other processes have written, each with its time; `anew` when they reset the world before.
#[derive(Debug, Default)]
pub(super) struct News {
    pub(super) anew: bool,
    pub(super) calls: Vec<(jiff::Timestamp, Role, Call)>,
}

/// The first line: what the world is made of. Another version or other settings begin anew.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Head {
    version: String,
    settings: Value,
}

/// A request as it came.
#[derive(Debug, Serialize, Deserialize)]
struct Line {
    at: jiff::Timestamp,
    role: Role,
    method: String,
    target: String,
    content_type: String,
    body: String,
}

/// The file, locked until this is dropped.
pub(super) struct Locked(File);

impl Kept {
    /// The file in this folder, begun where it is not there or belongs to another world.
    pub(super) fn open(folder: &Path, settings: &Settings) -> io::Result<Self> {
        std::fs::create_dir_all(folder)?;
        let mut kept = Self {
            path: file(folder),
            head: 0,
            read: 0,
        };
        let mut settings = serde_json::to_value(settings)?;
        if let Some(settings) = settings.as_object_mut() {
            settings.remove("addr");
        }
        let head = Head {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            settings,
        };
        let mut locked = kept.lock()?;
        let mut first = String::new();
        BufReader::new(&locked.0).read_line(&mut first)?;
        let same = serde_json::from_str::<Head>(&first).is_ok_and(|there| there == head);
        if !same {
            locked.0.set_len(0)?;
            locked.0.seek(SeekFrom::Start(0))?;
            first = format!("{}\n", serde_json::to_string(&head)?);
            locked.0.write_all(first.as_bytes())?;
        }
        kept.head = u64::try_from(first.len()).unwrap_or(u64::MAX);
        kept.read = kept.head;
        Ok(kept)
    }

    /// Alone with the file, among all processes.
    pub(super) fn lock(&self) -> io::Result<Locked> {
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(&self.path)?;
        file.lock()?;
        Ok(Locked(file))
    }

    /// Reads the requests that any process has written since the last read.
    pub(super) fn news(&mut self, locked: &mut Locked) -> io::Result<News> {
        let length = locked.0.metadata()?.len();
        let mut news = News {
            anew: length < self.read,
            ..News::default()
        };
        if news.anew {
            self.read = self.head.min(length);
        }
        if length <= self.read {
            return Ok(news);
        }
        locked.0.seek(SeekFrom::Start(self.read))?;
        for line in BufReader::new(&locked.0).split(b'\n') {
            let line = line?;
            self.read += u64::try_from(line.len()).unwrap_or(0) + 1;
            // A line that its writer did not live to finish was never answered.
            let Ok(line) = serde_json::from_slice::<Line>(&line) else {
                continue;
            };
            let (Ok(method), Ok(uri)) = (line.method.parse::<Method>(), line.target.parse::<Uri>())
            else {
                continue;
            };
            let call = Call::new(method, &uri, line.content_type, line.body.into());
            news.calls.push((line.at, line.role, call));
        }
        Ok(news)
    }

    /// Writes a request down, before it is answered.
    pub(super) fn add(
        &mut self,
        locked: &mut Locked,
        call: &Call,
        role: Role,
    ) -> io::Result<jiff::Timestamp> {
        let line = Line {
            at: time::wall(),
            role,
            method: call.method.to_string(),
            target: call.target.clone(),
            content_type: call.content_type.clone(),
            body: String::from_utf8_lossy(&call.body).into_owned(),
        };
        let text = format!("{}\n", serde_json::to_string(&line)?);
        let end = locked.0.seek(SeekFrom::End(0))?;
        locked.0.write_all(text.as_bytes())?;
        self.read = end + u64::try_from(text.len()).unwrap_or(0);
        Ok(line.at)
    }
}

fn file(folder: &Path) -> PathBuf {
    folder.join("requests.ndjson")
}

/// Forgets what was changed in the world of this folder, for running processes too; whether there was anything.
///
/// # Errors
/// As the machine says.
pub fn forget(folder: &Path) -> io::Result<bool> {
    let path = file(folder);
    if !path.exists() {
        return Ok(false);
    }
    let locked = Kept {
        path,
        head: 0,
        read: 0,
    }
    .lock()?;
    let mut head = String::new();
    BufReader::new(&locked.0).read_line(&mut head)?;
    let head = u64::try_from(head.len()).unwrap_or(u64::MAX);
    let changed = locked.0.metadata()?.len() > head;
    locked.0.set_len(head)?;
    Ok(changed)
}
