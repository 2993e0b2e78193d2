//! The example file is whole, true, and the one in the documentation.

use std::collections::BTreeSet;

use status_roster::config::{Config, VARIABLES};

use super::House;

fn uncommented() -> String {
    let live = |line: &str| {
        let line = line
            .strip_prefix('#')
            .filter(|rest| !rest.starts_with(' '))
            .unwrap_or(line);
        format!("{line}\n")
    };
    Config::example().lines().map(live).collect()
}

/// `[table]` by `[table]`, the keys that the example shows.
fn keys() -> BTreeSet<String> {
    let document: toml::Table = uncommented().parse().unwrap();
    let mut keys = BTreeSet::new();
    collect("", &document, &mut keys);
    keys
}

fn collect(above: &str, table: &toml::Table, keys: &mut BTreeSet<String>) {
    for (key, value) in table {
        let full = format!("{above}{key}");
        match value.as_table() {
            Some(below) => collect(&format!("{full}."), below, keys),
            None => {
                keys.insert(full);
            }
        }
    }
}

#[test]
fn the_example_as_it_stands_changes_nothing() {
    let house = House::new(Config::example()).with_statuspage();
    let plain = House::new("").with_statuspage();
    assert_eq!(told(&house), told(&plain));
}

#[test]
fn every_default_that_the_example_shows_is_the_default() {
    // What has no default is a sample.
    let samples = [
        "api_key",
        "redis_url",
        "endpoint",
        "organization_id",
        "directory_id",
        "tools = [\"",
        "pages = [\"",
        "email_domains",
        "protected_people",
        "key_created",
        "key_expires",
        "key_creator",
        "owner = ",
        "keys",
        "public_url",
        "tokens_file",
        "issuer",
        "audience",
        "jwks_url",
        "read_scope",
        "write_scope",
        "remove_scope",
        "publish_scope",
        "admin_scope",
    ];
    let shown: String = uncommented()
        .lines()
        .filter(|line| !samples.iter().any(|sample| line.starts_with(sample)))
        .flat_map(|line| [line, "\n"])
        .collect();
    assert_eq!(told(&all_systems(&shown)), told(&all_systems("")));
}

fn all_systems(file: &str) -> House {
    House::new(file)
        .with_statuspage()
        .with("ATLASSIAN_SCIM_API_KEY", "k-2")
        .with("ATLASSIAN_SCIM_DIRECTORY_ID", "d-1")
        .with("STATUSAPP_API_KEY", "k-3")
}

fn told(house: &House) -> String {
    let config = format!("{:#?}", house.load().unwrap());
    config.replace(&house.folder.path().display().to_string(), "~")
}

#[test]
fn the_example_shows_every_key_there_is_and_no_other() {
    let known: BTreeSet<String> = Config::keys().into_iter().map(str::to_owned).collect();
    assert_eq!(
        keys(),
        known,
        "left: `src/config/example.toml`, right: what is read"
    );
}

fn documentation() -> String {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/configuration.md");
    std::fs::read_to_string(path).unwrap()
}

#[test]
fn the_documentation_holds_the_example_word_for_word() {
    let block = format!("```toml\n{}```\n", Config::example());
    assert!(
        documentation().contains(&block),
        "docs/configuration.md must hold src/config/example.toml between ```toml and ```: copy it there"
    );
}

#[test]
fn the_documentation_has_a_row_for_every_variable() {
    for (variable, key) in VARIABLES {
        let (table, key) = key.split_once('.').unwrap();
        let row = format!("| `{variable}` | `[{table}] {key}` |\n");
        assert!(
            documentation().contains(&row),
            "docs/configuration.md needs the row\n{row}"
        );
    }
}
