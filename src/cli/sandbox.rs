//! `sandbox`: the emulated systems alone, for scripts and for other servers.

use std::time::Duration;

use super::args::{self, Common, SandboxCommand};
use super::end::{End, Fail};
use super::{output, setup};
use crate::sandbox;

pub(super) async fn run(common: &Common, args: args::Sandbox) -> Result<End, Fail> {
    if let Some(SandboxCommand::Reset) = args.command {
        return reset(common);
    }
    if !args.listen.ip().is_loopback() {
        return Err(Fail::usage(format!(
            "the sandbox listens on loopback only, not on {}; try `--listen 127.0.0.1:8917`",
            args.listen
        )));
    }
    let settings = sandbox::Settings {
        addr: args.listen,
        viewers: args.viewers,
        team_members: args.team_members,
        requests_per_window: args.requests_per_window,
        window: Duration::from_secs(args.window_seconds),
        ..sandbox::Settings::default()
    };
    let running = sandbox::start(settings).await.map_err(|error| {
        format!(
            "the sandbox cannot listen on {}: {error}; try another port with `--listen`",
            args.listen
        )
    })?;
    output::line(&format!("listening on {}", running.url));
    output::line("");
    output::line("Point a server at it (a second terminal):");
    for (variable, value) in [
        ("STATUSPAGE_API_KEY", running.api_key.clone()),
        (
            "STATUSPAGE_ORGANIZATION_ID",
            running.organization_id.clone(),
        ),
        ("STATUSPAGE_BASE_URL", running.statuspage_url()),
        ("ATLASSIAN_SCIM_API_KEY", running.scim_api_key.clone()),
        ("ATLASSIAN_SCIM_DIRECTORY_ID", running.directory_id.clone()),
        ("ATLASSIAN_SCIM_BASE_URL", running.scim_url()),
        ("STATUSAPP_API_KEY", running.statusapp_api_key.clone()),
        ("STATUSAPP_BASE_URL", running.statusapp_url()),
    ] {
        output::line(&format!("  export {variable}={value}"));
    }
    output::line("  status-roster check");
    tokio::signal::ctrl_c()
        .await
        .map_err(|error| error.to_string())?;
    running.shutdown();
    Ok(End::Done)
}

/// The world of `--sandbox` as it was at the start.
fn reset(common: &Common) -> Result<End, Fail> {
    let as_sandbox = Common {
        sandbox: true,
        ..common.clone()
    };
    let folder = setup::sandbox_folder(&setup::at_the_server(&as_sandbox)?);
    let changed = sandbox::forget(&folder).map_err(|error| {
        format!(
            "`{}` cannot be put back: {error}; delete that folder",
            folder.display()
        )
    })?;
    output::say(if changed {
        "The sandbox is as it was at the start."
    } else {
        "The sandbox is as it was at the start: nothing was changed in this state directory."
    });
    Ok(End::Done)
}
