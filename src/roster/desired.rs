//! The page access users that somebody wants a page to have, read from JSON or CSV text.
//!
//! Guarantees: nothing is taken from a list that holds a mistake; every mistake is told, with its line, up to twenty.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::nearest::did_you_mean;
use super::{Email, GroupId, sheet, text};

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

/// The person that a row names, before the row is validated.
struct Person {
    email: String,
    group_ids: Option<Vec<String>>,
    external_login: Option<String>,
}

/// The columns of CSV, and the fields of a JSON row.
const COLUMNS: [&str; 3] = ["email", "group_ids", "external_login"];

/// Reads a list: JSON (`["a@b.c", {"email": …, "group_ids": […], "external_login": …}]`) or CSV with a header that names
/// `email` and, as wanted, `group_ids` (separated by `;` or spaces) and `external_login`.
///
/// # Errors
/// Every mistake, one sentence each. A list of nobody is one: what is removed when nobody is wanted is everybody.
pub fn desired(list: &str) -> Result<Vec<Desired>, Vec<String>> {
    let list = list.trim_start_matches(|c: char| c == '\u{feff}' || c.is_whitespace());
    let (rows, mistakes) = match list.chars().next() {
        Some('[') => from_json(list)?,
        Some('{') => {
            return Err(vec![
                "a JSON list is an array: begin it with `[`".to_owned(),
            ]);
        }
        Some(_) => from_csv(list)?,
        None => (Vec::new(), Vec::new()),
    };
    if rows.is_empty() && mistakes.is_empty() {
        return Err(vec![
            "the list has no row, so everybody would be removed; `remove_user` takes out one person at a time".to_owned(),
        ]);
    }
    if rows.len() > MOST_ROWS {
        return Err(vec![format!(
            "{} rows; a list holds at most {MOST_ROWS}",
            rows.len()
        )]);
    }
    read(rows, mistakes)
}

type Rows = Vec<(String, Person)>;

fn from_json(list: &str) -> Result<(Rows, Vec<String>), Vec<String>> {
    let rows: Vec<Value> = serde_json::from_str(list).map_err(|error| {
        vec![format!(
            "it is not a JSON array of addresses or of objects with `email`, `group_ids` and `external_login`: {}",
            text::clean(&error.to_string(), 200).text
        )]
    })?;
    let (mut people, mut mistakes) = (Vec::new(), Vec::new());
    for (place, row) in rows.into_iter().enumerate() {
        let at = format!("row {}", place + 1);
        match person(row) {
            Ok(person) => people.push((at, person)),
            Err(why) => mistakes.push(format!("{at}: {why}")),
        }
    }
    Ok((people, mistakes))
}

fn person(row: Value) -> Result<Person, String> {
    let mut fields = match row {
        Value::String(email) => Map::from_iter([("email".to_owned(), Value::String(email))]),
        Value::Object(fields) => fields,
        _ => return Err("it is neither an address nor an object with `email`".to_owned()),
    };
    let email = match fields.remove("email") {
        Some(Value::String(email)) => email,
        _ => return Err("it has no `email`".to_owned()),
    };
    let group_ids = match fields.remove("group_ids") {
        None | Some(Value::Null) => None,
        Some(Value::String(ids)) => match serde_json::from_str(&ids) {
            Ok(ids) => Some(ids),
            Err(_) => Some(split(&ids)).filter(|ids| !ids.is_empty()),
        },
        Some(ids) => match serde_json::from_value(ids) {
            Ok(ids) => Some(ids),
            Err(_) => return Err("`group_ids` is to be a list of ids".to_owned()),
        },
    };
    let external_login = match fields.remove("external_login") {
        None | Some(Value::Null) => None,
        Some(Value::String(login)) => Some(login).filter(|login| !login.trim().is_empty()),
        Some(Value::Number(login)) => Some(login.to_string()),
        Some(_) => return Err("`external_login` is to be a text".to_owned()),
    };
    if let Some(other) = fields.keys().next() {
        let nearest = did_you_mean(other, COLUMNS.into_iter());
        let other = text::clean(other, 60).text;
        return Err(format!("there is no field `{other}`{nearest}"));
    }
    Ok(Person {
        email,
        group_ids,
        external_login,
    })
}

fn split(ids: &str) -> Vec<String> {
    let ids = ids.split([';', ' ']).filter(|id| !id.is_empty());
    ids.map(str::to_owned).collect()
}

fn from_csv(list: &str) -> Result<(Rows, Vec<String>), Vec<String>> {
    let table = sheet::read(list, &COLUMNS)?;
    let person = |row: sheet::Row| {
        let mut cells = row.cells.into_iter();
        let mut next = || cells.next().flatten();
        let person = Person {
            email: next().unwrap_or_default(),
            // A column that is there and empty leaves the groups alone: an empty cell is more often forgotten than meant.
            group_ids: next().map(|ids| split(&ids)),
            external_login: next(),
        };
        (row.at, person)
    };
    Ok((table.rows.into_iter().map(person).collect(), table.mistakes))
}

fn read(rows: Rows, mut mistakes: Vec<String>) -> Result<Vec<Desired>, Vec<String>> {
    let mut people = Vec::new();
    let mut first_rows: BTreeMap<Email, String> = BTreeMap::new();
    for (at, row) in rows {
        let email = match Email::parse(&row.email) {
            Ok(email) => email,
            Err(error) => {
                mistakes.push(format!("{at}: {error}"));
                continue;
            }
        };
        if let Some(first) = first_rows.insert(email.clone(), at.clone()) {
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
