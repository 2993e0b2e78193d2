//! The output of a key command. No shell, no input, a time limit; what it prints is never shown, not even its errors.

use std::io::Read as _;
use std::os::unix::process::CommandExt as _;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process_group};

/// The interval at which a command that has closed its output is asked whether it has ended.
const GLANCE: Duration = Duration::from_millis(10);

/// Runs `argv` and gives what it printed. The error names the program and no argument: an argument may be a credential.
pub(super) fn output(
    argv: &[String],
    noun: &str,
    patience: Duration,
    longest: usize,
) -> Result<String, String> {
    let (program, arguments) = argv
        .split_first()
        .ok_or(format!("the {noun} command is empty"))?;
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        // Its own group, so that a helper it left behind ends with it.
        .process_group(0)
        .spawn()
        .map_err(|error| format!("the {noun} command `{program}` cannot be started: {error}"))?;

    let printed = printed(&mut child, patience, longest);
    if printed.as_ref().is_some_and(|bytes| bytes.len() > longest) {
        end(&mut child);
        return Err(format!(
            "the {noun} command `{program}` printed more than {longest} bytes; it must print the {noun} alone"
        ));
    }
    let status = printed.is_some().then(|| ended(&mut child)).flatten();
    let (Some(printed), Some(status)) = (printed, status) else {
        end(&mut child);
        return Err(format!(
            "the {noun} command `{program}` was ended because it did not finish within {} seconds",
            patience.as_secs()
        ));
    };
    if !status.success() {
        return Err(format!(
            "the {noun} command `{program}` failed ({status}); run it by hand to see why, its output is not shown here"
        ));
    }
    String::from_utf8(printed)
        .map_err(|_| format!("the {noun} command `{program}` printed something that is not text"))
}

/// Everything on standard output, up to one byte over the limit, or nothing when time ran out first.
fn printed(child: &mut Child, patience: Duration, longest: usize) -> Option<Vec<u8>> {
    let mut pipe = child.stdout.take()?.take(longest as u64 + 1);
    let (done, waiting) = mpsc::channel();
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        if pipe.read_to_end(&mut bytes).is_ok() {
            // The receiver may have run out of patience; then nobody wants the bytes.
            done.send(bytes).ok();
        }
    });
    waiting.recv_timeout(patience).ok()
}

/// The exit status, if the command ends within a second of closing its output.
fn ended(child: &mut Child) -> Option<std::process::ExitStatus> {
    for _ in 0..100 {
        if let Ok(Some(status)) = child.try_wait() {
            return Some(status);
        }
        std::thread::sleep(GLANCE);
    }
    None
}

fn end(child: &mut Child) {
    if let Some(group) = i32::try_from(child.id()).ok().and_then(Pid::from_raw) {
        kill_process_group(group, Signal::KILL).ok();
    }
    child.wait().ok();
}
