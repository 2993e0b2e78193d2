//! `tools`: the catalogue, for people and for programs.

use std::process::ExitCode;

use serde_json::json;

use super::args::{Common, Tools};
use super::output;
use crate::policy::Toolset;
use crate::toolkit::Limits;
use crate::tools::catalogue;

pub(super) async fn run(_common: &Common, tools: &Tools) -> Result<ExitCode, String> {
    let catalogue = catalogue(Limits::default());
    if tools.json {
        let cards: Vec<_> = catalogue
            .cards()
            .map(|card| json!({"name": card.name, "title": card.title, "description": card.about, "effect": card.effect.word(), "inputSchema": card.input, "outputSchema": card.output}))
            .collect();
        output::line(&serde_json::to_string_pretty(&cards).unwrap_or_default());
        return Ok(ExitCode::SUCCESS);
    }
    for toolset in Toolset::ALL {
        if toolset == Toolset::Operations {
            output::line("");
            output::line("With `--toolsets access,operations`:");
        }
        for card in catalogue.cards().filter(|card| card.toolset == toolset) {
            let first = card
                .about
                .split(['.', ':', '\n'])
                .next()
                .unwrap_or_default();
            output::line(&format!(
                "{:<24} {:<14} {first}",
                card.name,
                card.effect.word()
            ));
        }
    }
    output::line("");
    output::line("Call one: status-roster --sandbox call list_org_users name=jane");
    Ok(ExitCode::SUCCESS)
}
