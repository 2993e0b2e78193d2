//! Keys that nobody asked for: misspelt, misplaced, or not there at all.

use std::collections::{BTreeMap, BTreeSet};

use super::given::Given;
use super::nearest;
use super::problem::Problem;

/// A problem for everything in `left`, but one only for each table that does not exist.
pub(super) fn problems(
    left: BTreeMap<String, Given>,
    known: &BTreeSet<&'static str>,
) -> Vec<Problem> {
    let tables: BTreeSet<&str> = known
        .iter()
        .filter_map(|key| Some(key.split_once('.')?.0))
        .collect();
    let mut reported = BTreeSet::new();
    let mut problems = Vec::new();
    for (key, given) in left {
        let what = match key.split_once('.') {
            Some((table, _)) if !tables.contains(table) => {
                if !reported.insert(table.to_owned()) {
                    continue;
                }
                let nearest = nearest::to_table(table, tables.iter().copied());
                format!("there is no table `[{table}]`{nearest}")
            }
            Some((table, name)) => {
                let names = known
                    .iter()
                    .filter_map(|it| it.split_once('.').filter(|(it, _)| *it == table))
                    .map(|(_, name)| name);
                let nearest = nearest::to(name, names);
                format!("there is no key `{name}` in `[{table}]`{nearest}")
            }
            None if tables.contains(key.as_str()) => {
                format!("`{key}` is a table; write `[{key}]` on a line of its own")
            }
            None => above_every_table(&key, known),
        };
        problems.push(Problem {
            origin: given.origin,
            what,
        });
    }
    problems
}

fn above_every_table(key: &str, known: &BTreeSet<&'static str>) -> String {
    let table = known
        .iter()
        .find_map(|it| it.split_once('.').filter(|(_, name)| *name == key));
    match table {
        Some((table, _)) => {
            format!("`{key}` stands above every table; move it under `[{table}]`")
        }
        None => format!("`{key}` stands above every table, and no table has such a key"),
    }
}
