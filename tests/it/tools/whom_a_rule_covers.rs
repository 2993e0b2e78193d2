//! `policy.protected_people` and `policy.email_domains`, over every step that a change can be made of: whoever loses is judged by every
//! name of theirs, and whoever gains by the names that access is given under.

pub(super) mod cases;

use std::collections::BTreeSet;

use serde_json::{Value, json};
use status_roster::sandbox::known::{
    AUDIENCE_PAGE, GROUPS, JANE, JANE_DIRECTORY_USER, JANE_VIEWER,
};

use self::cases::{Given, cases};
use super::review_people::{replace, scim};
use super::world::{Make, World, ask};

/// Another address of Jane's in the directory, and the name that she signs in with.
const OTHER: &str = "jane@private.test";
const SIGN_IN: &str = "jd4711@sign-in.test";

/// Mail alone is confirmed and not refused where the address is outside: `subscribers` holds that.
const MAIL: [&str; 3] = [
    "create_subscriber",
    "widen_subscription",
    "resend_confirmation",
];

pub(super) async fn given(world: &World) -> Given {
    let emails = json!([
        {"value": JANE, "type": "work", "primary": true},
        {"value": OTHER, "type": "other", "primary": false}
    ]);
    let jane = format!("/Users/{JANE_DIRECTORY_USER}");
    scim(world, "PATCH", &jane, &replace("emails", &emails)).await;
    scim(world, "PATCH", &jane, &replace("userName", &json!(SIGN_IN))).await;
    let groups = scim(world, "GET", "/Groups", &Value::Null).await;
    let id = |at: usize| groups["Resources"][at]["id"].as_str().unwrap().to_owned();
    let (inside, outside) = (id(0), id(1));
    let members = |ids: Value| replace("members", &ids);
    let of = |group: &str| format!("/Groups/{group}");
    let jane = json!([{ "value": JANE_DIRECTORY_USER }]);
    scim(world, "PATCH", &of(&inside), &members(jane)).await;
    scim(world, "PATCH", &of(&outside), &members(json!([]))).await;

    let page = world.stored_page(AUDIENCE_PAGE);
    let viewers = page["viewers"].as_array().unwrap();
    let row = viewers.iter().find(|row| row["id"] == JANE_VIEWER).unwrap();
    let held = row["group_ids"].as_array().unwrap();
    let of_jane = held[0].as_str().unwrap().to_owned();
    let other = GROUPS.iter().find(|(id, _)| !held.contains(&json!(id)));
    let groups = page["groups"].as_array().unwrap();
    let group = groups.iter().find(|group| group["id"] == of_jane).unwrap();
    let component = group["component_ids"][0].as_str().unwrap().to_owned();
    Given {
        inside,
        outside,
        group: (of_jane, component),
        other_group: other.unwrap().0.to_owned(),
        viewers: viewers
            .iter()
            .map(|row| row["email"].clone())
            .filter(|email| email.as_str().is_some_and(|text| text.contains('@')))
            .collect(),
    }
}

#[tokio::test]
async fn whoever_loses_is_judged_by_every_name_and_whoever_gains_by_every_address() {
    let world = Make::everything().world().await;
    let given = given(&world).await;
    let cases = cases(&given);
    let writes = world.writes();
    for case in &cases {
        let shown = format!("{} by {} {}", case.step, case.tool, case.arguments);
        if !case.losers.is_empty() {
            let plan = world.result(case.tool, case.arguments.clone()).await;
            assert!(
                !plan["losses"].as_array().unwrap().is_empty(),
                "{shown}: {plan}"
            );
        }
        for name in case.losers {
            let more = format!("[policy]\nprotected_people = [\"{name}\"]");
            let server = world.another_with(&more).await;
            let refused = ask(&server, "local", case.tool, case.arguments.clone()).await;
            let ruled = refused.text.contains("policy.protected_people");
            assert!(
                refused.is_error && ruled,
                "{shown} as {name}: {}",
                refused.text
            );
        }
        for name in case.gainers {
            let domain = |name: &str| name.split('@').nth(1).unwrap().to_owned();
            let all = case.gainers.iter().map(|name| domain(name));
            let others: BTreeSet<String> = all.filter(|other| *other != domain(name)).collect();
            let more = format!("[policy]\nemail_domains = {}", json!(others));
            let server = world.another_with(&more).await;
            let refused = ask(&server, "local", case.tool, case.arguments.clone()).await;
            let ruled = refused.text.contains("policy.email_domains");
            assert!(
                refused.is_error && ruled,
                "{shown} as {name}: {}",
                refused.text
            );
        }
    }
    assert_eq!(world.writes(), writes, "nothing was sent");

    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/access/acts");
    let steps: BTreeSet<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|file| file.unwrap().path())
        .map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned())
        .collect();
    let held = cases.iter().map(|case| case.step).chain(MAIL);
    let held: BTreeSet<String> = held.map(ToOwned::to_owned).collect();
    assert_eq!(held, steps, "a step has no case here");
}
