//! `check`: every problem of the configuration at once, then one request to every system.

use super::args::Common;
use super::screen::Screen;
use super::{output, setup};
use crate::config::Config;
use crate::roster::System;

pub(super) async fn run(common: &Common) -> Result<(), String> {
    let ready = setup::ready(common).await?;
    let screen = Screen::of(common);
    let line = |what: &str, words: &str| line(&screen, what, words);
    about(&ready.config, &line);
    let mut sound = true;
    match ready.app.store.health().await {
        Ok(None) => {}
        Ok(Some(redis)) => {
            line(
                "redis",
                &format!("{} answers, version {}", redis.at, redis.version),
            );
            for warning in redis.warnings {
                line("redis", &format!("WARNING: {warning}"));
            }
        }
        Err(error) => {
            sound = false;
            line("redis", &format!("PROBLEM: {error}"));
        }
    }
    for (what, found) in ready.app.access.check().await {
        match found {
            Ok(words) => line(&what, &words),
            Err(words) => {
                sound = false;
                line(&what, &format!("PROBLEM: {words}"));
            }
        }
    }
    for system in System::ALL {
        if let Err(why) = ready.app.access.configured(*system) {
            line(system.as_str(), &why.without_ending());
        }
    }
    if sound {
        output::say(
            "All that is configured works. Connect a client with `status-roster serve`, or ask: `status-roster find WHO`.",
        );
        Ok(())
    } else {
        Err(
            "the check found problems; see above, mend them and run `status-roster check` again"
                .to_owned(),
        )
    }
}

fn about(config: &Config, line: &impl Fn(&str, &str)) {
    match &config.file {
        Some(file) => line("configuration", &file.display().to_string()),
        None => line("configuration", "no file; environment and flags only"),
    }
    line("mode", &format!("{:?}", config.server.mode).to_lowercase());
    line("state", &config.server.state_dir.display().to_string());
    line("audit", &config.audit.path.display().to_string());
}

fn line(screen: &Screen, what: &str, words: &str) {
    let text = format!("{what:<15} {words}");
    output::line(&screen.wrapped(&text, "                "));
}
