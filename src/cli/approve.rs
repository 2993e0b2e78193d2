//! `plans`, `approve`, `deny`: a person at the server decides about plans that wait.
//!
//! They share nothing with the running server but the state directory, or the Redis. Who may write there may decide.

use std::io::BufRead as _;

use super::args::{Common, Named};
use super::{output, setup};
use crate::audit::Log;
use crate::clock::Clock;
use crate::config::Config;
use crate::confirmation::{Gate, Require, Settings};
use crate::store::{Plan, Shown};

/// Lists the plans that wait.
pub(super) async fn plans(common: &Common) -> Result<(), String> {
    let config = setup::at_the_server(common)?;
    let waiting = gate(&config).await?.waiting().await.map_err(words)?;
    if waiting.is_empty() {
        let words = match config.confirmation.require {
            Require::Operator => "No plan waits.",
            Require::Token | Require::Human => {
                "No plan waits. Plans wait for a person at the server only where `confirmation.require` is `operator`."
            }
        };
        output::say(words);
    }
    for plan in waiting {
        let Some(shown) = &plan.shown else { continue };
        let stands = match &plan.decision {
            None => "waits".to_owned(),
            Some(made) if made.approved => format!("approved by {}", made.by),
            Some(made) => format!("denied by {}", made.by),
        };
        output::line(&format!("{}  {stands}, until {}", plan.id, plan.expires_at));
        output::line(&format!("    {} asks: {}", shown.caller, shown.summary));
    }
    Ok(())
}

/// Shows a plan, has the person type its word, and keeps the approval.
pub(super) async fn approve(common: &Common, named: &Named) -> Result<(), String> {
    let config = setup::at_the_server(common)?;
    let gate = gate(&config).await?;
    let plan = gate.named(&named.plan).await.map_err(words)?;
    let Some(shown) = plan.shown.clone() else {
        return Err("the plan holds nothing to show".to_owned());
    };
    show(&plan, &shown);
    output::aside(&format!("To approve, type: {}", shown.to_type));
    let mut typed = String::new();
    std::io::stdin()
        .lock()
        .read_line(&mut typed)
        .map_err(|error| format!("nothing could be read from standard input: {error}"))?;
    if typed.trim() != shown.to_type.trim() {
        return Err(format!(
            "not approved: what was typed is not `{}`. The plan waits on; `status-roster deny {}` ends it",
            shown.to_type, plan.id
        ));
    }
    decide(&config, &gate, &plan, true).await?;
    output::line(&format!(
        "Approved. `{}` is carried out when the agent calls it again with its token, before {}.",
        shown.tool, plan.expires_at
    ));
    Ok(())
}

/// Says no to a plan.
pub(super) async fn deny(common: &Common, named: &Named) -> Result<(), String> {
    let config = setup::at_the_server(common)?;
    let gate = gate(&config).await?;
    let plan = gate.named(&named.plan).await.map_err(words)?;
    decide(&config, &gate, &plan, false).await?;
    output::line(&format!("Denied: {} is not carried out.", plan.id));
    Ok(())
}

async fn gate(config: &Config) -> Result<Gate, String> {
    let clock = Clock::system();
    let store = crate::app::store(config, clock).await.map_err(words)?;
    let settings = Settings {
        ttl: config.confirmation.ttl,
        require: config.confirmation.require,
    };
    Ok(Gate::new(store, clock, settings))
}

/// The record first: a decision that is on no record does not count.
async fn decide(config: &Config, gate: &Gate, plan: &Plan, approved: bool) -> Result<(), String> {
    let by = format!("uid {}", rustix::process::getuid().as_raw());
    let opened = Log::open(&config.audit.path, Clock::system(), Vec::new())
        .await
        .map_err(words)?;
    let kind = if approved { "approved" } else { "denied" };
    let detail = serde_json::json!({"plan": plan.id, "by": by, "shown": plan.shown});
    opened.log.event(kind, detail).await.map_err(words)?;
    gate.decide(plan, approved, by).await.map_err(words)
}

fn show(plan: &Plan, shown: &Shown) {
    output::line(&format!("Plan {}", plan.id));
    output::line(&format!(
        "  asked by  {} with `{}`",
        shown.caller, shown.tool
    ));
    output::line(&format!(
        "  at        {}, good until {}",
        shown.at, plan.expires_at
    ));
    output::line(&format!("  aim       {}", shown.summary));
    for (title, items) in [
        ("steps", &shown.steps),
        ("lost by it", &shown.losses),
        ("note", &shown.warnings),
    ] {
        if !items.is_empty() {
            output::line(&format!("  {title}"));
        }
        for item in items {
            output::line(&format!("    - {item}"));
        }
    }
    if let Some(made) = &plan.decision {
        let word = if made.approved { "approved" } else { "denied" };
        output::line(&format!("  {word} by {} at {}", made.by, made.at));
    }
}

fn words(error: impl std::fmt::Display) -> String {
    error.to_string()
}
