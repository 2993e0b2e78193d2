//! Arguments as clients really send them: any optional field of any tool as null or blank is the call without it, any value as its
//! JSON text is the value, and a confirmation is good for the call in every spelling.

use serde_json::{Map, Value, json};
use status_roster::policy::Toolset;
use status_roster::sandbox::known::{AUDIENCE_PAGE, JANE};

use super::world::{Make, World};

/// Parts of an answer that differ from one call to the next.
const PASSING: [&str; 11] = [
    "plan_id",
    "as_of",
    "rate",
    "expires_at",
    "confirmation_token",
    "next_cursor",
    "provenance",
    "scanned",
    "requests",
    "estimate",
    "cost",
];

fn lasting(value: &Value) -> Value {
    match value {
        Value::Object(map) => map
            .iter()
            .filter(|(name, _)| !PASSING.contains(&name.as_str()))
            .map(|(name, value)| (name.clone(), lasting(value)))
            .collect(),
        Value::Array(items) => items.iter().map(lasting).collect(),
        other => other.clone(),
    }
}

/// A value that a field could have.
pub(super) fn sample(name: &str, schema: &Value) -> Value {
    match name {
        "page_id" => return json!(AUDIENCE_PAGE),
        "page_ids" => return json!([AUDIENCE_PAGE]),
        "email" => return json!(JANE),
        "emails" | "identities" => return json!([JANE]),
        "desired" => return json!(format!("email\n{JANE}\n")),
        "new_email" => return json!("jane.roe@example.com"),
        _ => {}
    }
    if let Some(words) = schema["enum"].as_array() {
        return words[0].clone();
    }
    match schema["type"].as_str().unwrap() {
        "integer" | "number" => json!(5),
        "boolean" => json!(true),
        "array" => json!([sample("item", &schema["items"])]),
        "object" => required(schema),
        _ => json!("componentapi"),
    }
}

fn required(schema: &Value) -> Value {
    let names = schema["required"].as_array().into_iter().flatten();
    names
        .map(|name| {
            let name = name.as_str().unwrap();
            (name.to_owned(), sample(name, &schema["properties"][name]))
        })
        .collect::<Map<String, Value>>()
        .into()
}

/// A call of the tool that makes sense, where its required fields alone make none.
pub(super) fn base(tool: &str, schema: &Value, group: &Value) -> Map<String, Value> {
    let mut base = required(schema).as_object().cloned().unwrap();
    let more = match tool {
        "find_person"
        | "get_permissions"
        | "offboard_person"
        | "update_directory_user"
        | "set_permissions"
        | "change_viewer_access" => json!({"email": JANE}),
        "remove_user" => {
            json!({"system": "statuspage_page", "email": JANE, "page_id": AUDIENCE_PAGE})
        }
        "change_directory_group" => json!({"group_id": group, "add": [JANE]}),
        _ => json!({}),
    };
    base.extend(more.as_object().cloned().unwrap());
    base
}

async fn ask(world: &World, tool: &str, arguments: &Map<String, Value>) -> Value {
    let answer = world.ask(tool, Value::Object(arguments.clone())).await;
    let said = answer.structured().unwrap_or_else(|| json!(answer.text));
    lasting(&said)
}

/// The second of two calls in a row came to the same.
fn assert_same(first: &Value, second: &Value, what: &str) {
    if first["status"] == "applied" {
        let done = ["applied", "already"];
        assert!(
            done.iter().any(|status| second["status"] == *status),
            "{what}: {second:#}"
        );
    } else {
        assert_eq!(first, second, "{what}");
    }
}

#[tokio::test]
async fn every_field_of_every_tool_is_read_in_every_spelling() {
    let make = Make {
        atlassian_scim: "requests_per_window = 5000".to_owned(),
        ..Make::everything()
    };
    let world = make.world().await;
    let groups = world.result("list_directory_groups", json!({})).await;
    let group = &groups["records"][0]["id"];
    let mut compared = 0;
    let access = |spec: &&status_roster::toolkit::ToolSpec| spec.toolset == Toolset::Access;
    for spec in world.app.catalogue.specs().filter(access) {
        let schema = Value::Object(spec.whole_input.clone());
        let base = base(spec.name, &schema, group);
        let needs = schema["required"].as_array().cloned().unwrap_or_default();
        for (name, field) in schema["properties"].as_object().unwrap() {
            if name == "confirmation_token" {
                continue;
            }
            let what = format!("{}.{name}", spec.name);
            let mut without = base.clone();
            without.remove(name);
            let absent = ask(&world, spec.name, &without).await;
            for nothing in [json!(null), json!(""), json!(" \n\u{200b}")] {
                let mut call = base.clone();
                call.insert(name.clone(), nothing.clone());
                let said = ask(&world, spec.name, &call).await;
                if needs.contains(&json!(name)) {
                    let refused = said.as_str().unwrap();
                    let named = format!("`{name}` is ");
                    assert!(
                        refused.contains(&named) && refused.contains("required"),
                        "{what}: {refused}"
                    );
                } else {
                    assert_same(&absent, &said, &format!("{what} as {nothing}"));
                }
                compared += 1;
            }
            let plain = if field["type"] == "string" && field["enum"].is_null() {
                // A number where text is wanted is its digits.
                (json!("50"), vec![json!(50), json!(50.0)])
            } else if field["type"] == "string" {
                let word = field["enum"][0].as_str().unwrap();
                let other = format!(" {} ", word.to_uppercase().replace('_', "-"));
                (json!(word), vec![json!(other)])
            } else {
                let value = sample(name, field);
                let mut spelt = vec![json!(value.to_string()), json!(format!(" {value} "))];
                if value == 5 {
                    spelt.extend([json!(5.0), json!("5.0")]);
                }
                (value, spelt)
            };
            let mut call = base.clone();
            call.insert(name.clone(), plain.0);
            let first = ask(&world, spec.name, &call).await;
            for spelt in plain.1 {
                call.insert(name.clone(), spelt.clone());
                let said = ask(&world, spec.name, &call).await;
                assert_same(&first, &said, &format!("{what} as {spelt}"));
                compared += 1;
            }
        }
    }
    assert!(compared > 500, "{compared} comparisons");
}

#[tokio::test]
async fn a_confirmation_is_good_for_the_call_in_another_spelling() {
    let world = World::new().await;
    let plan = json!({"email": JANE, "revoke": [{"page_id": AUDIENCE_PAGE, "roles": []}]});
    let planned = world.result("set_permissions", plan).await;
    let token = &planned["confirmation_token"];
    let row = json!([json!({"page_id": AUDIENCE_PAGE, "roles": "[]"}).to_string()]);
    let other = json!({
        "email": JANE, "user_id": null, "grant": "", "replace": " ", "revoke": row.to_string(),
        "confirmation_token": token, "wait_for_previous": true,
    });
    let done = world.result("set_permissions", other).await;
    assert_eq!(done["status"], "applied", "{done:#}");
}

#[tokio::test]
async fn desired_may_be_the_list_itself() {
    let mut make = Make::default();
    make.sandbox.viewers = 20;
    let world = make.world().await;
    let list = json!([JANE, {"email": "new.viewer@example.com", "external_login": 4711}]);
    let call = |desired: Value| json!({"page_id": AUDIENCE_PAGE, "desired": desired, "removal_cap": "2000"});
    let planned = world.result("sync_page_viewers", call(list.clone())).await;
    let mut again = call(json!(format!(
        "\u{feff}  {}",
        serde_json::to_string_pretty(&list).unwrap()
    )));
    again["confirmation_token"] = planned["confirmation_token"].clone();
    let done = world.result("sync_page_viewers", again).await;
    assert_eq!(done["status"], "applied", "{done:#}");
}

#[tokio::test]
async fn a_mistake_is_named_where_it_is_with_what_was_meant() {
    let world = World::new().await;
    for (tool, arguments, parts) in [
        (
            "set_permissions",
            json!({"email": JANE, "grant": [{"page_id": AUDIENCE_PAGE, "roles": [], "role": "x"}]}),
            vec!["`role`", "`grant[0]`", "did you mean `roles`"],
        ),
        (
            "set_permissions",
            json!({"email": JANE, "grant": [{"page_id": null, "roles": null}]}),
            vec!["`grant[0].page_id` is null", "`grant[0].roles` is null"],
        ),
        (
            "set_permissions",
            json!({"email": JANE, "grant": [{"page_id": AUDIENCE_PAGE, "roles": ["incident_manger"]}]}),
            vec!["`grant[0].roles[0]`", "did you mean `incident_manager`"],
        ),
        (
            "find_person",
            json!({"emails": JANE}),
            vec!["`emails` is to be a list: give `[\"jane.doe@example.com\"]`"],
        ),
        (
            "find_person",
            json!({"emails": ["a@example.com", "b", "c@example.com", "d", "e@example.com", "f"]}),
            vec!["`emails`: entry 2", "entry 4", "entry 6"],
        ),
        (
            "list_org_users",
            json!({"limit": 2.5, "max_age_s": "soon", "naem": "jane"}),
            vec![
                "`limit` is `2.5`, which is not a whole number",
                "`max_age_s` is `soon`",
                "did you mean `name`",
            ],
        ),
        (
            "add_page_viewer",
            json!({"page_id": AUDIENCE_PAGE, "email": JANE, "subscribe": "True"}),
            vec!["`subscribe` is `True`, which is neither true nor false"],
        ),
        (
            "add_page_viewer",
            json!({"page_id": AUDIENCE_PAGE, "email": JANE, "external_login": 12_345_678_901_234_567_890_123_f64}),
            vec!["`external_login` is a number with more digits"],
        ),
        (
            "remove_user",
            json!({"system": "statuspage_teams", "email": JANE}),
            vec!["did you mean `statuspage_team`"],
        ),
    ] {
        let refused = world.refusal(tool, arguments).await;
        for part in parts {
            assert!(refused.contains(part), "{tool}: no {part} in {refused}");
        }
        assert!(refused.ends_with("Nothing was changed."), "{refused}");
    }
    assert!(world.sandbox.requests().is_empty());
}

#[tokio::test]
async fn every_text_and_every_list_of_every_tool_has_an_end() {
    let world = Make::everything().world().await;
    let long = "x".repeat(1_900_000);
    let access = |spec: &&status_roster::toolkit::ToolSpec| spec.toolset == Toolset::Access;
    for spec in world.app.catalogue.specs().filter(access) {
        let schema = Value::Object(spec.whole_input.clone());
        let base = base(spec.name, &schema, &json!(null));
        for (name, field) in schema["properties"].as_object().unwrap() {
            let most = |key: &str| field[key].as_u64().unwrap_or_default();
            let too_much = match field["type"].as_str().unwrap() {
                "string" if most("maxLength") < 1_000_000 => json!(long),
                "array" if most("maxItems") < 100_000 => json!(vec!["x1"; 60_000]),
                _ => continue,
            };
            let mut call = base.clone();
            call.insert(name.clone(), too_much);
            let said = ask(&world, spec.name, &call).await;
            let refused = said
                .as_str()
                .unwrap_or_else(|| panic!("{}.{name}: {said}", spec.name));
            assert!(
                refused.contains(name)
                    && (refused.contains("it may have") || refused.contains("none of")),
                "{}.{name}: {refused}",
                spec.name
            );
            assert!(refused.len() < 900, "{}", refused.len());
        }
    }
    let much = json!({"page_id": AUDIENCE_PAGE, "desired": "x".repeat(4_300_000)});
    let refused = world.refusal("sync_page_viewers", much).await;
    assert!(refused.contains("at most"), "{refused}");
    assert!(world.sandbox.requests().is_empty());
}
