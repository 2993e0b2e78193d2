//! What a client receives of each tool, word for word: reviewed when it changes, and held to what clients accept.

use serde_json::{Value, json};
use status_roster::policy::Toolset;
use status_roster::roster::System;
use status_roster::toolkit::{Catalogue, Limits, ToolSpec};
use status_roster::tools;

fn catalogue() -> Catalogue {
    tools::catalogue(Limits::default())
}

/// As `tools/list` sends it.
fn contract(spec: &ToolSpec) -> Value {
    let hints = spec.effect.hints();
    json!({
        "name": spec.name,
        "title": spec.title,
        "description": spec.about,
        "inputSchema": spec.input,
        "outputSchema": spec.output,
        "annotations": {
            "readOnlyHint": hints.read_only,
            "destructiveHint": hints.destructive,
            "idempotentHint": hints.idempotent,
            "openWorldHint": hints.open_world,
        },
    })
}

#[test]
fn each_tool_is_what_was_reviewed() {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../../tools/contracts");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    // For whoever reviews a change: the order of members is a test of its own.
    settings.set_sort_maps(true);
    for spec in catalogue().specs() {
        settings.bind(|| insta::assert_json_snapshot!(spec.name, contract(spec)));
    }
}

#[test]
fn no_contract_is_left_of_a_tool_that_is_gone() {
    let catalogue = catalogue();
    let names: Vec<_> = catalogue.specs().map(|spec| spec.name).collect();
    for entry in std::fs::read_dir("tools/contracts").unwrap() {
        let file = entry.unwrap().file_name().into_string().unwrap();
        let name = file.trim_end_matches(".snap");
        assert!(
            names.contains(&name),
            "tools/contracts/{file} belongs to no tool: delete it"
        );
    }
}

#[test]
fn the_default_list_stays_within_what_a_model_should_carry() {
    // What is listed where Statuspage alone is configured.
    let catalogue = catalogue();
    let specs = || {
        catalogue
            .specs()
            .filter(|spec| spec.toolset == Toolset::Access)
            .filter(|spec| matches!(spec.system, None | Some(System::Statuspage)))
    };
    let size: usize = specs().map(|spec| contract(spec).to_string().len()).sum();
    let by_tool: Vec<String> = specs()
        .map(|spec| format!("{} {}", contract(spec).to_string().len(), spec.name))
        .collect();
    assert!(
        size < 30 * 1024,
        "tools/list is {size} bytes, and 30 KB is the bound:\n{}",
        by_tool.join("\n")
    );
}

#[test]
fn the_list_of_every_system_stays_within_44_kb() {
    let catalogue = catalogue();
    let specs = catalogue.specs();
    let specs = specs.filter(|spec| spec.toolset == Toolset::Access);
    let size: usize = specs.map(|spec| contract(spec).to_string().len()).sum();
    assert!(size < 44 * 1024, "tools/list is {size} bytes");
}

#[test]
fn words_fit_where_clients_cut_them() {
    for spec in catalogue().specs() {
        assert!(
            spec.name.len() <= 40,
            "{}: some clients drop longer names",
            spec.name
        );
        assert!(
            spec.about.len() < 2_000,
            "{}: clients cut descriptions at 2 KB",
            spec.name
        );
    }
    assert!(
        status_roster::mcp::INSTRUCTIONS.len() < 2_000,
        "clients cut instructions at 2,048 characters"
    );
}

#[test]
fn schemas_are_flat_and_closed() {
    for spec in catalogue().specs() {
        for (which, schema) in [("input", &spec.input), ("output", &spec.output)] {
            assert_eq!(schema["type"], "object", "{} {which}", spec.name);
            for forbidden in ["anyOf", "oneOf", "allOf", "$ref", "$schema", "$defs"] {
                assert!(
                    !schema.contains_key(forbidden),
                    "{} {which} has {forbidden} at its root",
                    spec.name
                );
            }
            assert!(
                !Value::Object(schema.clone())
                    .to_string()
                    .contains("\"$ref\""),
                "{} {which} has a reference",
                spec.name
            );
        }
        assert_eq!(spec.input["additionalProperties"], false, "{}", spec.name);
        for (field, schema) in spec.input["properties"].as_object().unwrap() {
            assert!(
                schema["description"].is_string(),
                "{}.{field} has no description",
                spec.name
            );
        }
    }
}

/// Clients that cut a long result cut its end.
#[test]
fn what_an_answer_comes_to_stands_before_its_long_lists() {
    let first = [
        "status",
        "verdict",
        "summary",
        "complete",
        "unknown",
        "warnings",
        "next",
        "next_cursor",
        "confirmation_token",
    ];
    let long = ["records", "findings", "steps", "losses", "content"];
    let catalogue = catalogue();
    for spec in catalogue.specs() {
        let Some(properties) = spec.output.get("properties").and_then(Value::as_object) else {
            continue;
        };
        let names: Vec<&str> = properties.keys().map(String::as_str).collect();
        let ends = names.iter().rposition(|name| first.contains(name));
        let begins = names.iter().position(|name| long.contains(name));
        if let (Some(ends), Some(begins)) = (ends, begins) {
            assert!(ends < begins, "{}: {names:?}", spec.name);
        }
    }
}
