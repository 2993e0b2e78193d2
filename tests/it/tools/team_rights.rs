//! What a StatusApp role may do is answered from StatusApp's own table, whole, and how many seats a plan has.

use serde_json::{Value, json};
use status_roster::roster::System;

use super::world::{Make, World};

/// The permission matrix as StatusApp publishes it: an action, and who may (owner, admin, member, viewer).
const MATRIX: [(&str, [bool; 4]); 26] = [
    ("view monitors", [true, true, true, true]),
    ("create a monitor", [true, true, true, false]),
    ("edit a monitor", [true, true, true, false]),
    ("delete a monitor", [true, true, false, false]),
    ("pause or resume a monitor", [true, true, true, false]),
    ("view incidents", [true, true, true, true]),
    ("create an incident", [true, true, true, false]),
    ("update an incident", [true, true, true, false]),
    ("resolve an incident", [true, true, true, false]),
    ("assign an incident", [true, true, true, false]),
    ("view status pages", [true, true, true, true]),
    ("create a status page", [true, true, false, false]),
    ("edit a status page", [true, true, false, false]),
    ("delete a status page", [true, true, false, false]),
    ("view notification channels", [true, true, true, true]),
    (
        "create or edit notification channels",
        [true, true, false, false],
    ),
    ("delete notification channels", [true, true, false, false]),
    ("view team members", [true, true, true, true]),
    ("invite users", [true, true, false, false]),
    ("remove users", [true, true, false, false]),
    ("change roles", [true, false, false, false]),
    ("access billing", [true, false, false, false]),
    ("manage API keys", [true, true, false, false]),
    ("view analytics", [true, true, true, true]),
    ("create dashboards", [true, true, false, false]),
    ("create reports", [true, true, false, false]),
];

async fn world() -> World {
    Make {
        systems: vec![System::Statusapp],
        ..Make::default()
    }
    .world()
    .await
}

#[tokio::test]
async fn the_whole_matrix_and_the_seats_come_with_the_members_where_they_are_asked_for() {
    let world = world().await;
    let list = world
        .result("list_team_members", json!({"explain": true}))
        .await;
    let rows = list["rights"]["permissions"].as_array().unwrap();
    assert_eq!(rows.len(), MATRIX.len());
    for (row, (action, may)) in rows.iter().zip(MATRIX) {
        let roles = ["owner", "admin", "member", "viewer"].into_iter().zip(may);
        let roles: Vec<Value> = roles
            .filter(|(_, may)| *may)
            .map(|(role, _)| json!(role))
            .collect();
        assert_eq!(
            (&row["action"], &row["roles"]),
            (&json!(action), &json!(roles))
        );
    }
    let plans = list["rights"]["plans"].as_array().unwrap();
    let plans: Vec<_> = plans
        .iter()
        .map(|it| (it["plan"].as_str().unwrap(), it["seats"].as_str().unwrap()))
        .collect();
    assert_eq!(
        plans,
        [
            ("Starter", "1-5"),
            ("Professional", "5-25"),
            ("Business", "25-100"),
            ("Enterprise", "unlimited")
        ]
    );
    let plain = world.result("list_team_members", json!({})).await;
    assert!(plain.get("rights").is_none(), "unasked it takes no room");
}
