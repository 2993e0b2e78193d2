//! The page access users that somebody wants a page to have, read from JSON or CSV text.
//!
//! Guarantees: nothing is taken from a list that holds a mistake; every mistake is told, with its line, up to twenty.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{Email, GroupId, text};

/// Rows of a list at most.
const MOST_ROWS: usize = 100_000;
/// Mistakes that are told.
const MOST_TOLD: usize = 20;

/// One person who is to be there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Desired {
    /// The address.
    pub email: Email,
    /// Exactly these groups; `None` leaves the groups of somebody who is there alone.
    pub groups: Option<Vec<GroupId>>,
    /// The id at the identity provider, for somebody new.
    pub external_login: Option<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Row {
    Address(String),
    Person(Person),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Person {
    email: String,
    #[serde(default)]
    group_ids: Option<Vec<String>>,
    #[serde(default)]
    external_login: Option<String>,
}

/// Reads a list: JSON (`["a@b.c", {"email": …, "group_ids": […], "external_login": …}]`) or CSV with a header that names
/// `email` and, as wanted, `group_ids` (separated by `;`) and `external_login`.
///
/// # Errors
/// Every mistake, one sentence each.
pub fn desired(list: &str) -> Result<Vec<Desired>, Vec<String>> {
    let rows = match list.trim_start().chars().next() {
        None => return Err(vec!["the list is empty".to_owned()]),
        Some('[') => from_json(list)?,
        Some('{') => {
            return Err(vec![
                "a JSON list is an array: begin it with `[`".to_owned(),
            ]);
        }
        Some(_) => from_csv(list)?,
    };
    if rows.len() > MOST_ROWS {
        return Err(vec![format!(
            "{} rows; a list holds at most {MOST_ROWS}",
            rows.len()
        )]);
    }
    read(rows)
}

type Rows = Vec<(String, Person)>;

fn from_json(list: &str) -> Result<Rows, Vec<String>> {
    let rows: Vec<Row> = serde_json::from_str(list).map_err(|error| {
        vec![format!(
            "it is not a JSON array of addresses or of objects with `email`, `group_ids` and `external_login`: {}",
            text::clean(&error.to_string(), 200).text
        )]
    })?;
    let person = |row| match row {
        Row::Address(email) => Person {
            email,
            group_ids: None,
            external_login: None,
        },
        Row::Person(person) => person,
    };
    let numbered = rows.into_iter().enumerate();
    Ok(numbered
        .map(|(at, row)| (format!("row {}", at + 1), person(row)))
        .collect())
}

fn from_csv(list: &str) -> Result<Rows, Vec<String>> {
    let mut reader = csv::ReaderBuilder::new()
        .trim(csv::Trim::All)
        .from_reader(list.trim_start_matches('\u{feff}').as_bytes());
    let bad = |error: csv::Error| {
        vec![format!(
            "it is not CSV: {}",
            text::clean(&error.to_string(), 200).text
        )]
    };
    let header = reader.headers().map_err(bad)?.clone();
    let names: Vec<String> = header
        .iter()
        .map(|name| name.to_lowercase().replace(' ', "_"))
        .collect();
    let known = ["email", "group_ids", "external_login"];
    if let Some(other) = names.iter().find(|name| !known.contains(&name.as_str())) {
        let other = text::clean(other, 60).text;
        return Err(vec![format!(
            "the header names `{other}`; it names `email` and, as wanted, `group_ids` and `external_login`"
        )]);
    }
    let column = |name: &str| names.iter().position(|it| it == name);
    let Some(email) = column("email") else {
        return Err(vec![
            "the first line of CSV is a header that names `email`".to_owned(),
        ]);
    };
    let (groups, login) = (column("group_ids"), column("external_login"));
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.map_err(bad)?;
        let line = record.position().map_or(0, csv::Position::line);
        let cell = |at: Option<usize>| {
            at.and_then(|at| record.get(at))
                .filter(|cell| !cell.is_empty())
        };
        let split = |cell: &str| {
            cell.split([';', ' '])
                .filter(|id| !id.is_empty())
                .map(str::to_owned)
                .collect()
        };
        let person = Person {
            email: cell(Some(email)).unwrap_or_default().to_owned(),
            // A column that is there and empty leaves the groups alone: an empty cell is more often forgotten than meant.
            group_ids: cell(groups).map(split),
            external_login: cell(login).map(str::to_owned),
        };
        rows.push((format!("line {line}"), person));
    }
    Ok(rows)
}

fn read(rows: Rows) -> Result<Vec<Desired>, Vec<String>> {
    let (mut people, mut mistakes) = (Vec::new(), Vec::new());
    let mut seen: BTreeMap<Email, String> = BTreeMap::new();
    for (at, row) in rows {
        let email = match Email::parse(&row.email) {
            Ok(email) => email,
            Err(error) => {
                mistakes.push(format!("{at}: {error}"));
                continue;
            }
        };
        if let Some(first) = seen.insert(email.clone(), at.clone()) {
            mistakes.push(format!("{at}: `{email}` stands in {first} already"));
            continue;
        }
        let parsed: Result<Option<Vec<GroupId>>, _> = row
            .group_ids
            .map(|ids| ids.iter().map(|id| GroupId::parse(id)).collect())
            .transpose();
        match parsed {
            Err(error) => mistakes.push(format!("{at}: `group_ids`: {error}")),
            Ok(groups) => people.push(Desired {
                email,
                groups: groups.map(|mut groups| {
                    groups.sort();
                    groups.dedup();
                    groups
                }),
                external_login: row
                    .external_login
                    .map(|login| text::clean(&login, text::NAME).text),
            }),
        }
    }
    if mistakes.is_empty() {
        return Ok(people);
    }
    let more = mistakes.len().saturating_sub(MOST_TOLD);
    mistakes.truncate(MOST_TOLD);
    if more > 0 {
        mistakes.push(format!("and {more} more"));
    }
    Err(mistakes)
}
