//! Help for a tool, made from its specification, and man pages and completions, made from the declaration of the command line.

use std::path::Path;

use clap::CommandFactory as _;

use super::args::{Args, Common, Shell};
use super::end::{End, Fail};
use super::screen::{Screen, Tone};
use super::{arguments, output, table};
use crate::toolkit::ToolSpec;

/// `call --help`, or `call` with nothing behind it.
pub(super) fn of_call(asked: bool) -> Result<End, Fail> {
    if !asked {
        return Err(Fail::usage(
            "name a tool: `status-roster call TOOL KEY=VALUE…`; `status-roster tools` lists them, `status-roster call TOOL --help` shows one",
        ));
    }
    let mut program = Args::command();
    program.build();
    if let Some(call) = program.find_subcommand_mut("call") {
        output::line(call.render_long_help().to_string().trim_end());
    }
    Ok(End::Done)
}

/// A tool's words and arguments, with a call to copy.
pub(super) fn of_tool(common: &Common, spec: &ToolSpec) {
    let screen = Screen::of(common);
    let mut out = vec![
        screen.tint(
            Tone::Strong,
            &format!("{} ({}): {}", spec.name, spec.effect.word(), spec.title),
        ),
        String::new(),
    ];
    out.extend(spec.about.lines().map(|line| screen.wrapped(line, "")));
    out.push(String::new());
    let rows: Vec<Vec<String>> = arguments::explained(spec)
        .into_iter()
        .map(Vec::from)
        .collect();
    if rows.is_empty() {
        out.push("It takes no arguments.".to_owned());
    } else {
        out.push(table::text(&screen, &["ARGUMENT", "TYPE", "WHAT"], &rows));
    }
    let writes = if spec.effect == crate::toolkit::Effect::Read {
        ""
    } else {
        "--allow-writes "
    };
    let call = format!(
        "  status-roster {writes}call {} {}",
        spec.name,
        arguments::example(spec)
    );
    out.extend([
        String::new(),
        "Example:".to_owned(),
        call.trim_end().to_owned(),
    ]);
    output::painted(&out.join("\n"));
}

/// Completions for a shell.
pub(super) fn completions(shell: Shell) -> Result<End, Fail> {
    let shell = match shell {
        Shell::Bash => clap_complete::Shell::Bash,
        Shell::Zsh => clap_complete::Shell::Zsh,
        Shell::Fish => clap_complete::Shell::Fish,
        Shell::Powershell => clap_complete::Shell::PowerShell,
    };
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Args::command(), "status-roster", &mut script);
    output::raw(&script);
    Ok(End::Done)
}

/// The manual page of the program or of one command, or all of them into a folder.
pub(super) fn man(command: Option<&str>, out: Option<&Path>) -> Result<End, Fail> {
    let mut program = Args::command();
    program.build();
    if let Some(folder) = out {
        std::fs::create_dir_all(folder)
            .and_then(|()| clap_mangen::generate_to(program, folder))
            .map_err(|error| {
                format!(
                    "the pages cannot be written to `{}`: {error}; name another folder",
                    folder.display()
                )
            })?;
        output::line(&format!(
            "Written to {}. Read one: man {}/status-roster.1",
            folder.display(),
            folder.display()
        ));
        return Ok(End::Done);
    }
    let page = match command {
        None => program,
        Some(name) => program.find_subcommand(name).cloned().ok_or_else(|| {
            Fail::usage(format!(
                "there is no command `{name}`; `status-roster --help` lists them"
            ))
        })?,
    };
    let mut text = Vec::new();
    clap_mangen::Man::new(page)
        .render(&mut text)
        .map_err(|error| format!("the page could not be made: {error}"))?;
    output::raw(&text);
    Ok(End::Done)
}
