//! An API key, or an address with a password: written out, in a file, or printed by a command. Exactly one of them.
//!
//! The stronger source wins as a whole: a key in the environment replaces a key command in the file. Nothing that was read,
//! and nothing that a command printed, appears in a problem.

use std::path::Path;
use std::time::Duration;

use super::given::{Given, Value};
use super::problem::Origin;
use super::reader::Reader;
use crate::secret::Secret;

/// The names of one system's three keys.
pub(super) struct Names {
    /// The word for it in a sentence: `key` or `address`.
    pub(super) noun: &'static str,
    pub(super) key: &'static str,
    pub(super) file: &'static str,
    pub(super) command: &'static str,
}

/// The longest time that a key command may take: enough for a person to touch a security key.
const PATIENCE: Duration = Duration::from_secs(30);

/// Longer than any key. A larger answer is a wrong file or a wrong command.
const LONGEST: usize = 4096;

enum Source {
    Text(String),
    File(std::path::PathBuf),
    Command(Vec<String>),
}

/// Reads the key. `None` is no key (or a problem, which is noted). With `look` false only the form is checked: no file is
/// opened and no command is run.
pub(super) fn read(from: &mut Reader, names: &Names, look: bool) -> Option<(Secret, Origin)> {
    let key = from
        .text(names.key)
        .map(|(text, origin)| (Source::Text(text), origin));
    let file = from
        .path(names.file)
        .map(|(path, origin)| (Source::File(path), origin));
    let command = argv(from, names.command).map(|(argv, origin)| (Source::Command(argv), origin));

    let mut sources: Vec<_> = [key, file, command].into_iter().flatten().collect();
    let strongest = sources.iter().map(|(_, origin)| rank(origin)).max()?;
    sources.retain(|(_, origin)| rank(origin) == strongest);
    let (source, origin) = sources.pop()?;
    if !sources.is_empty() {
        let Names {
            key, file, command, ..
        } = names;
        let what = format!(
            "only one of `{key}`, `{file}` and `{command}` may be given; remove the others"
        );
        from.problem(origin, what);
        return None;
    }
    if !look {
        return None;
    }
    let noun = names.noun;
    match fetch(&source, noun).and_then(|text| usable(&text, noun)) {
        Ok(secret) => Some((secret, origin)),
        Err(why) => {
            from.problem(origin, why);
            None
        }
    }
}

fn rank(origin: &Origin) -> u8 {
    match origin {
        Origin::Nowhere => 0,
        Origin::File(..) => 1,
        Origin::Environment(_) => 2,
        Origin::Flag(_) => 3,
    }
}

fn argv(from: &mut Reader, key: &'static str) -> Option<(Vec<String>, Origin)> {
    let Given { value, origin } = from.take(key)?;
    let words: Option<Vec<String>> = match value {
        Value::List(items) => items
            .into_iter()
            .map(|item| {
                if let Value::Text(text) = item {
                    Some(text)
                } else {
                    None
                }
            })
            .collect(),
        _ => None,
    };
    match words.filter(|words| words.first().is_some_and(|program| !program.is_empty())) {
        Some(words) => Some((words, origin)),
        None => {
            let what = format!(
                "`{key}` must be a list of the program and its arguments, as `[\"pass\", \"show\", \"statuspage\"]`; no shell reads it"
            );
            from.problem(origin, what);
            None
        }
    }
}

fn fetch(source: &Source, noun: &str) -> Result<String, String> {
    match source {
        Source::Text(text) => Ok(text.clone()),
        Source::File(path) => from_file(path, noun),
        Source::Command(argv) => super::command::output(argv, noun, PATIENCE, LONGEST),
    }
}

fn from_file(path: &Path, noun: &str) -> Result<String, String> {
    let bytes = std::fs::read(path).map_err(|error| {
        let folder = path.parent().filter(|it| it.is_dir());
        match folder {
            _ if std::fs::symlink_metadata(path).is_ok() => {
                format!("the {noun} file `{}` cannot be read: {error}", path.display())
            }
            // The name is not shown: it can be the key itself.
            Some(folder) => format!(
                "the {noun} file is not in `{}`: {error}. A path belongs here, and not the {noun} itself",
                folder.display()
            ),
            None => format!(
                "the {noun} file is in a folder that is not there: {error}. A path belongs here, and not the {noun} itself"
            ),
        }
    })?;
    others_keep_out(path, noun)?;
    if bytes.len() > LONGEST {
        return Err(format!(
            "the {noun} file `{}` holds more than {LONGEST} bytes; it must hold the {noun} alone",
            path.display()
        ));
    }
    String::from_utf8(bytes)
        .map_err(|_| format!("the {noun} file `{}` is not text", path.display()))
}

/// A key that other users of the machine may read is theirs too, and one that they may write is not to be trusted. The group may
/// read: that is how Kubernetes hands a secret to a server that is not root.
fn others_keep_out(path: &Path, noun: &str) -> Result<(), String> {
    use std::os::unix::fs::MetadataExt as _;
    let Ok(file) = std::fs::metadata(path) else {
        return Ok(());
    };
    let (mode, path) = (file.mode() & 0o777, path.display());
    if mode & 0o026 != 0 {
        return Err(format!(
            "other users of this machine may read or write the {noun} file `{path}` (mode {mode:03o}); run `chmod g-w,o-rwx {path}`"
        ));
    }
    let me = rustix::process::geteuid().as_raw();
    if file.uid() != me && file.uid() != 0 {
        return Err(format!(
            "the {noun} file `{path}` belongs to another user of this machine (uid {}); it has to be this user's or root's",
            file.uid()
        ));
    }
    Ok(())
}

/// A key goes into a header: visible ASCII and nothing else. An address has no other characters either.
fn usable(text: &str, noun: &str) -> Result<Secret, String> {
    let key = text.trim();
    if key.is_empty() {
        return Err(format!("the {noun} is empty"));
    }
    if key.starts_with("${") || key.starts_with("$(") {
        return Err(format!(
            "the {noun} is a placeholder that nothing has filled in (it begins with `$`); the program that starts the server should have replaced it"
        ));
    }
    if !key.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(format!(
            "the {noun} holds a space, a line break or a character outside ASCII; it must be the {noun} alone"
        ));
    }
    Ok(Secret::new(key))
}
