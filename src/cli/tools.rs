//! `tools`: the catalogue, for people and for programs.

use serde_json::json;

use super::args::{Common, Format, Tools};
use super::end::{End, Fail};
use super::screen::Screen;
use super::{call, help, output, table};
use crate::policy::Toolset;
use crate::toolkit::{Catalogue, Limits, ToolSpec};
use crate::tools::catalogue;

pub(super) fn run(common: &Common, tools: &Tools) -> Result<End, Fail> {
    let catalogue = catalogue(Limits::default());
    let only = match tools.tool.as_deref() {
        Some(name) => Some(call::spec(&catalogue, name)?),
        None => None,
    };
    let screen = Screen::of(common);
    if tools.markdown {
        output::line(&markdown(&catalogue));
    } else if tools.json || common.output == Some(Format::Json) {
        let shown = |spec: &ToolSpec| json!({"name": spec.name, "title": spec.title, "description": spec.about, "effect": spec.effect.word(), "inputSchema": spec.input, "outputSchema": spec.output});
        let text = match only {
            Some(spec) => serde_json::to_string_pretty(&shown(spec)),
            None => serde_json::to_string_pretty(&catalogue.specs().map(shown).collect::<Vec<_>>()),
        };
        output::json(&text.unwrap_or_default());
    } else if let Some(spec) = only {
        help::of_tool(common, spec);
    } else {
        for toolset in Toolset::ALL {
            if toolset == Toolset::Operations {
                output::line("");
                output::line("With `--toolsets access,operations`:");
            }
            let row = |spec: &ToolSpec| -> Vec<String> {
                [spec.name, spec.effect.word(), spec.first_words()]
                    .map(str::to_owned)
                    .into()
            };
            let specs = catalogue.specs().filter(|spec| spec.toolset == toolset);
            output::painted(&table::text(
                &screen,
                &["TOOL", "EFFECT", "WHAT IT DOES"],
                &specs.map(row).collect::<Vec<_>>(),
            ));
        }
        output::line("");
        output::line("Show one:  status-roster tools find_person");
        output::line("Call one:  status-roster --sandbox call list_org_users name=jane");
    }
    Ok(End::Done)
}

/// The tables of the documentation, the tools that are on by themselves first.
fn markdown(catalogue: &Catalogue) -> String {
    let tables = Toolset::ALL.map(|toolset| {
        let title = format!("### `{}`", toolset.word());
        format!("{title}\n\n{}", catalogue.markdown(toolset))
    });
    tables.join("\n\n")
}
