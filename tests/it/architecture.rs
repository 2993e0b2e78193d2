//! The shape of the code: every path between modules and every door is held to the tables of `docs/architecture.md`.

mod source;
mod tables;

use source::{Source, sources};
use tables::{doors, layers};

/// A file that long usually holds two things.
const LONGEST_FILE: usize = 400;

#[test]
fn every_module_has_a_row() {
    let rows = layers();
    let mut lost: Vec<String> = sources(&["src", "tools"])
        .iter()
        .filter(|source| !rows.contains_key(&source.module))
        .map(|source| format!("`{}` ({})", source.module, source.path))
        .collect();
    lost.sort();
    assert!(
        lost.is_empty(),
        "give each a level in the first table of docs/architecture.md:\n{}",
        lost.join("\n")
    );
}

#[test]
fn every_row_has_a_module() {
    let modules: Vec<String> = sources(&["src", "tools"])
        .into_iter()
        .map(|source| source.module)
        .collect();
    let mut rows = layers();
    rows.retain(|name, _| !modules.contains(name));
    assert!(
        rows.is_empty(),
        "docs/architecture.md names modules that are gone: {:?}",
        rows.keys()
    );
}

#[test]
fn modules_name_only_what_is_below_them() {
    let rows = layers();
    let mut wrong = Vec::new();
    for Source {
        path, module, code, ..
    } in sources(&["src", "tools"])
    {
        for (line, named) in source::modules_named(&path, &code) {
            let Some(target) = rows.get(&named) else {
                continue;
            };
            let allowed = named == module
                || match (rows.get(&module).copied().flatten(), target) {
                    (Some(from), Some(to)) => from < *to,
                    (Some(_), None) => module == "cli" || module == "main",
                    (None, _) => false,
                };
            if !allowed {
                wrong.push(format!("{path}:{line}: `{module}` names `{named}`"));
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "arrows point down only (docs/architecture.md). Move what is shared into a lower module, or hand it in as an argument:\n{}",
        wrong.join("\n")
    );
}

#[test]
fn each_danger_has_one_door() {
    let mut wrong = Vec::new();
    for Source {
        path, module, code, ..
    } in sources(&["src", "tools"])
    {
        for (words, homes) in doors() {
            if homes.contains(&module) {
                continue;
            }
            for (at, line) in code.lines().enumerate() {
                if source::holds(line, &words) {
                    let line = at + 1;
                    wrong.push(format!(
                        "{path}:{line}: `{words}` belongs to `{}`",
                        homes.join("`, `")
                    ));
                }
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "use that module's public face instead (docs/architecture.md, \"Doors\"):\n{}",
        wrong.join("\n")
    );
}

#[test]
fn no_file_is_longer_than_a_person_reads() {
    let long: Vec<String> = sources(&["src", "tools", "tests", "benches"])
        .iter()
        .filter(|source| source.text.lines().count() > LONGEST_FILE)
        .map(|source| format!("{}: {} lines", source.path, source.text.lines().count()))
        .collect();
    assert!(
        long.is_empty(),
        "over {LONGEST_FILE} lines: find the two things in it and give each a file:\n{}",
        long.join("\n")
    );
}

#[test]
fn nothing_is_left_for_later() {
    // Written apart, so that this file does not find itself.
    let marks = [
        concat!("TO", "DO"),
        concat!("FIX", "ME"),
        concat!("to", "do!("),
        concat!("unimple", "mented!("),
    ];
    let left: Vec<String> = sources(&["src", "tools", "tests", "benches"])
        .iter()
        .flat_map(|source| {
            source.text.lines().enumerate().filter_map(|(at, line)| {
                let found = marks.iter().find(|mark| line.contains(*mark))?;
                Some(format!("{}:{}: {found}", source.path, at + 1))
            })
        })
        .collect();
    assert!(
        left.is_empty(),
        "do it now or leave it out:\n{}",
        left.join("\n")
    );
}

#[test]
fn the_reader_of_paths_sees_every_way_to_write_one() {
    let code = "use crate::{\n    access::{self, plan},\n    store,\n};\nlet x = crate::clock::Clock::system();\nuse super::roster::Email;\nuse super::super::audit;\n// crate::mcp\nlet y = \"crate::cli\";\n";
    let code = source::without_comments_and_text(code);
    let named = |path| -> Vec<String> {
        source::modules_named(path, &code)
            .into_iter()
            .map(|(_, name)| name)
            .collect()
    };
    assert_eq!(
        named("src/upstream.rs"),
        ["access", "store", "clock", "roster"]
    );
    assert_eq!(
        named("src/upstream/budget.rs"),
        ["access", "store", "clock", "audit"]
    );
}
