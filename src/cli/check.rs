//! `check`: every problem of the configuration at once, then one request to every system.

use std::process::ExitCode;

use super::args::Common;
use super::{output, setup};

pub(super) async fn run(common: &Common) -> Result<ExitCode, String> {
    let ready = setup::ready(common).await?;
    let config = &ready.config;
    match &config.file {
        Some(file) => output::line(&format!("configuration   {}", file.display())),
        None => output::line("configuration   no file; environment and flags only"),
    }
    output::line(&format!("mode            {:?}", config.server.mode).to_lowercase());
    output::line(&format!(
        "state           {}",
        config.server.state_dir.display()
    ));
    output::line(&format!("audit           {}", config.audit.path.display()));
    let mut sound = true;
    match ready.app.store.health().await {
        Ok(None) => {}
        Ok(Some(redis)) => {
            output::line(&format!(
                "redis           {} answers, version {}",
                redis.at, redis.version
            ));
            for warning in redis.warnings {
                output::line(&format!("redis           WARNING: {warning}"));
            }
        }
        Err(error) => {
            sound = false;
            output::line(&format!("redis           PROBLEM: {error}"));
        }
    }
    for (what, found) in ready.app.access.check().await {
        match found {
            Ok(words) => output::line(&format!("{what:<15} {words}")),
            Err(words) => {
                sound = false;
                output::line(&format!("{what:<15} PROBLEM: {words}"));
            }
        }
    }
    if sound {
        output::line("All is well. Connect a client with `status-roster serve`.");
        Ok(ExitCode::SUCCESS)
    } else {
        Err("the check found problems; see above".to_owned())
    }
}
