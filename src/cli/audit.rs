//! `audit`: the record of changes, read and verified.

use std::process::ExitCode;

use super::args::{Audit, Common};
use super::{output, setup};
use crate::audit;

pub(super) fn run(common: &Common, command: &Audit) -> Result<ExitCode, String> {
    let path = setup::at_the_server(common)?.audit.path;
    if !audit::is_begun(&path) {
        return Err(format!(
            "there is no record at `{}`: no server that keeps one there was ever started. Name its state directory with \
             `--state-dir`, or its configuration with `--config`",
            path.display()
        ));
    }
    match command {
        Audit::Tail { lines } => {
            let last = audit::tail(&path, *lines)
                .map_err(|error| format!("`{}` cannot be read: {error}", path.display()))?;
            for value in last {
                output::line(&value.to_string());
            }
            Ok(ExitCode::SUCCESS)
        }
        Audit::Verify => match audit::verify(&path) {
            Ok(found) => {
                output::line(&format!(
                    "{}: {} lines, each as it was written. Last hash {}",
                    path.display(),
                    found.lines,
                    found.last_hash
                ));
                if found.torn > 0 {
                    output::line(&format!(
                        "{} bytes at the end are a line that its writer did not live to finish; it was never relied on",
                        found.torn
                    ));
                }
                for change in &found.unfinished {
                    output::line(&format!("unfinished: {change}: look at the target"));
                }
                Ok(ExitCode::SUCCESS)
            }
            Err(broken) => Err(format!("`{}`: {broken}", path.display())),
        },
    }
}
