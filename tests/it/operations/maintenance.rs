//! A maintenance over the night when clocks change: times in UTC and in the zone, every automation sent, no component touched.

use jiff::Timestamp;
use serde_json::{Value, json};
use status_roster::clock::Clock;
use status_roster::sandbox::known::{MAINTENANCE, PUBLIC_COMPONENT, PUBLIC_PAGE};

use super::world::{ON, confirmed, last_write, lose_the_next_answer, stored, world};
use crate::tools::world::{Make, World};

async fn before_summer() -> World {
    let now: Timestamp = "2026-03-01T12:00:00Z".parse().unwrap();
    let make = Make {
        more: ON.to_owned(),
        clock: Clock::following(now),
        ..Make::default()
    };
    make.world().await
}

fn night(from: &str, until: &str) -> Value {
    json!({
        "page_id": PUBLIC_PAGE, "name": "Move of the database", "body": "Writing is off for a while.",
        "scheduled_for": from, "scheduled_until": until, "time_zone": "Europe/Berlin",
        "component_ids": [PUBLIC_COMPONENT], "auto_start": true, "auto_complete": true,
        "set_under_maintenance": true, "set_operational": true, "remind": true,
    })
}

#[tokio::test]
async fn over_the_change_of_clocks() {
    let world = before_summer().await;
    lose_the_next_answer(&world, "POST");
    let (plan, done) = confirmed(
        &world,
        "schedule_maintenance",
        night("2026-03-29T01:30", "2026-03-29T03:30"),
    )
    .await;
    let see = plan["publication"]["readers_see"].to_string();
    assert!(
        see.contains("2026-03-29 00:30 UTC (Sunday 2026-03-29 01:30, UTC+01:00 in Europe/Berlin)"),
        "{see}"
    );
    assert!(
        see.contains("2026-03-29 01:30 UTC (Sunday 2026-03-29 03:30, UTC+02:00 in Europe/Berlin)"),
        "{see}"
    );
    assert!(
        see.contains("subscribers are reminded 60 minutes before"),
        "{see}"
    );
    assert!(
        see.contains("subscribers are not told when it begins by itself"),
        "{see}"
    );
    assert_eq!(done["status"], "applied", "{done}");
    let (_, _, body) = last_write(&world);
    let sent = &body["incident"];
    assert_eq!(sent["scheduled_for"], "2026-03-29T00:30:00Z");
    for (flag, on) in [
        ("scheduled_remind_prior", true),
        ("scheduled_auto_in_progress", true),
        ("scheduled_auto_completed", true),
        ("auto_transition_to_maintenance_state", true),
        ("auto_transition_to_operational_state", true),
        ("auto_transition_deliver_notifications_at_start", false),
        ("auto_transition_deliver_notifications_at_end", false),
        ("deliver_notifications", false),
    ] {
        assert_eq!(sent[flag], on, "{flag}");
    }
    assert!(
        sent.get("components").is_none(),
        "the map acts at once: {sent}"
    );
    assert_eq!(
        stored(&world, PUBLIC_PAGE, "components", PUBLIC_COMPONENT)["status"],
        "partial_outage"
    );
}

#[tokio::test]
async fn a_time_that_clocks_do_not_show_is_refused_and_one_without_a_zone_too() {
    let world = before_summer().await;
    let words = world
        .refusal(
            "schedule_maintenance",
            night("2026-03-29T02:30", "2026-03-29T04:00"),
        )
        .await;
    assert!(words.contains("twice or never"), "{words}");
    let mut bare = night("2026-03-29T01:00", "2026-03-29T04:00");
    bare.as_object_mut().unwrap().remove("time_zone");
    let words = world.refusal("schedule_maintenance", bare).await;
    assert!(words.contains("without an offset"), "{words}");
    let words = world
        .refusal(
            "schedule_maintenance",
            night("2026-03-30T04:00", "2026-03-30T03:00"),
        )
        .await;
    assert!(words.contains("must be after"), "{words}");
    let words = world
        .refusal(
            "schedule_maintenance",
            night("2026-02-01T04:00", "2026-02-01T05:00"),
        )
        .await;
    assert!(words.contains("in the past"), "{words}");
    assert_eq!(world.sandbox.report().requests, 0);
}

#[tokio::test]
async fn one_that_never_ends_is_warned_of() {
    let world = before_summer().await;
    let mut open_ended = night("2026-03-30T01:00", "2026-03-30T03:00");
    open_ended["auto_complete"] = json!(false);
    let plan = world.result("schedule_maintenance", open_ended).await;
    assert!(
        plan["warnings"]
            .to_string()
            .contains("does not end by itself"),
        "{plan}"
    );
}

#[tokio::test]
async fn it_is_begun_and_ended_in_its_own_words() {
    let world = world().await;
    let step = |status: &str| json!({"page_id": PUBLIC_PAGE, "incident_id": MAINTENANCE, "status": status, "body": format!("It is {status}.")});
    let words = world.refusal("update_incident", step("resolved")).await;
    assert!(
        words.contains("in_progress, verifying, completed"),
        "{words}"
    );
    for status in ["in_progress", "completed"] {
        let (_, done) = confirmed(&world, "update_incident", step(status)).await;
        assert_eq!(done["status"], "applied", "{done}");
    }
    assert_eq!(
        stored(&world, PUBLIC_PAGE, "incidents", MAINTENANCE)["status"],
        "completed"
    );
}

#[tokio::test]
async fn what_is_sent_by_itself_later_is_counted_before_anybody_agrees() {
    let world = before_summer().await;
    let mut quiet = night("2026-04-01T01:00", "2026-04-01T03:00");
    let flags = [
        "remind",
        "auto_start",
        "auto_complete",
        "notify_at_start",
        "notify_at_end",
        "set_under_maintenance",
        "set_operational",
    ];
    for flag in flags {
        quiet[flag] = json!(false);
    }
    let plan = world.result("schedule_maintenance", quiet.clone()).await;
    assert_eq!(plan["publication"]["told"], json!([]), "{plan}");
    assert!(
        plan["publication"]["estimate"]
            .as_str()
            .unwrap()
            .starts_with("Nobody is told")
    );
    let mut loud = quiet;
    for flag in flags {
        loud[flag] = json!(true);
    }
    let plan = world.result("schedule_maintenance", loud.clone()).await;
    let told = plan["publication"]["told"].as_array().unwrap();
    for (channel, why) in [
        ("email", "reminded 60 minutes before"),
        ("email", "when it begins by itself"),
        ("sms", "when it ends by itself"),
        ("webhook", "go under maintenance by themselves"),
    ] {
        let row = told
            .iter()
            .find(|row| row["channel"] == channel && row["why"].as_str().unwrap().contains(why));
        let row = row.unwrap_or_else(|| panic!("{channel}, {why}: {plan}"));
        assert!(row["at_most"].as_u64().unwrap() > 0, "{row}");
    }
    assert!(!told.iter().any(|row| {
        row["why"]
            .as_str()
            .unwrap()
            .contains("deliver_notifications")
    }));
    assert!(
        !plan["publication"]["estimate"]
            .as_str()
            .unwrap()
            .contains("Nobody"),
        "{plan}"
    );
    // Without a begin of its own it tells nobody at it.
    loud["auto_start"] = json!(false);
    let plan = world.result("schedule_maintenance", loud).await;
    assert!(
        !plan["publication"]["told"]
            .to_string()
            .contains("begins by itself"),
        "{plan}"
    );
    assert!(
        plan["warnings"].to_string().contains("`notify_at_start`"),
        "{plan}"
    );
}

#[tokio::test]
async fn other_times_are_shown_with_the_old_ones_and_tell_nobody_without_a_word() {
    let world = before_summer().await;
    let (_, done) = confirmed(
        &world,
        "schedule_maintenance",
        night("2026-03-29T01:30", "2026-03-29T04:00"),
    )
    .await;
    let id = done["steps"][0]["after"]["id"].clone();
    let later = json!({"page_id": PUBLIC_PAGE, "incident_id": id, "scheduled_until": "2026-03-29T05:00", "time_zone": "Europe/Berlin", "deliver_notifications": true});
    let (plan, done) = confirmed(&world, "update_incident", later).await;
    let line = plan["publication"]["readers_see"].to_string();
    assert!(
        line.contains("05:00, UTC+02:00") && line.contains("it was: 2026-03-29 02:00 UTC"),
        "{line}"
    );
    assert_eq!(plan["publication"]["told"], json!([]), "{plan}");
    assert!(
        plan["warnings"].to_string().contains("Give `body`"),
        "{plan}"
    );
    assert_eq!(done["status"], "applied", "{done}");
    let (_, _, body) = last_write(&world);
    assert_eq!(body["incident"]["deliver_notifications"], false, "{body}");
}
