//! `demo`: the whole story on the sandbox, told by a real client that talks to a real server over standard input and output.

mod client;
mod show;
mod story;

use std::time::Duration;

use super::output;
use crate::sandbox;

/// The demo's minute: the budget is kept to as ever, and nobody who looks on waits long.
const WINDOW: Duration = Duration::from_secs(6);

pub(super) async fn run() -> Result<(), String> {
    let sandbox = sandbox::start(sandbox::Settings {
        window: WINDOW,
        ..sandbox::Settings::default()
    })
    .await
    .map_err(|error| format!("the sandbox could not start: {error}"))?;
    let home = tempfile::tempdir()
        .map_err(|error| format!("a folder for the demo could not be made: {error}"))?;
    let mut client = client::start(&sandbox, home.path()).await?;
    let outcome = story::tell(&mut client, home.path()).await;
    client.stop().await;
    outcome?;
    let report = sandbox.report();
    output::line("");
    output::line(&format!(
        "Statuspage's sandbox counted {} requests, at most {} in any window (60 are allowed; the demo's window is {} s, not 60 s), and rejected {}.",
        report.requests,
        report.most_in_window,
        WINDOW.as_secs(),
        report.rejected
    ));
    output::line("");
    output::line(
        "Next: `status-roster tools` lists the tools; README.md tells how to connect your client and your key.",
    );
    Ok(())
}
