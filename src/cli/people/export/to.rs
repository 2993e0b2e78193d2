//! The destination of an export: a text for the screen, or a file that is replaced as a whole.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use crate::cli::end::Fail;

/// The destination of the rows.
pub(super) enum To {
    Screen(String),
    File {
        temporary: tempfile::NamedTempFile,
        out: PathBuf,
    },
}

/// The folder of a file that is to be written.
pub(super) fn beside(out: &Path) -> Result<&Path, Fail> {
    let folder = match out.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    };
    if out.is_dir() || !folder.is_dir() {
        return Err(Fail::usage(format!(
            "`{}` cannot be written: name a file in a folder that there is, such as `--out roster.csv`",
            out.display()
        )));
    }
    Ok(folder)
}

impl To {
    pub(super) fn file(out: &Path) -> Result<Self, Fail> {
        let folder = beside(out)?;
        let temporary = tempfile::NamedTempFile::new_in(folder).map_err(|error| {
            format!(
                "`{}` cannot be written: {error}; name a file in another folder",
                out.display()
            )
        })?;
        Ok(Self::File {
            temporary,
            out: out.to_owned(),
        })
    }

    pub(super) fn take(&mut self, text: &str) -> Result<(), Fail> {
        match self {
            Self::Screen(all) => all.push_str(text),
            Self::File { temporary, out } => {
                temporary.write_all(text.as_bytes()).map_err(|error| {
                    Fail::from(format!(
                        "`{}` was not written: {error}. Free some space, or name another file",
                        out.display()
                    ))
                })?
            }
        }
        Ok(())
    }
}
