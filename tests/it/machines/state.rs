//! Keys, spent tokens and plans, found by every machine and by none twice.

use std::collections::BTreeSet;
use std::time::Duration;

use crate::store::{opens, sealed_by};
use futures::future::join_all;
use jiff::Timestamp;
use serde_json::json;
use status_roster::clock::Clock;
use status_roster::store::window::{Key, Lane, Limits, Take};
use status_roster::store::{Bound, Decision, Plan, PlanId};

use super::server::Server;

fn in_ten_minutes() -> Timestamp {
    Clock::system().now() + Duration::from_mins(10)
}

pub(super) fn plan() -> Plan {
    Plan {
        id: PlanId::random(),
        expires_at: in_ten_minutes(),
        bound: Bound {
            caller: "a caller".to_owned(),
            arguments: "arguments".to_owned(),
            systems: "systems".to_owned(),
            expires_at: in_ten_minutes(),
            valid_for_s: 600,
        },
        steps: json!(["remove jane"]),
        state: json!({ "n": 1 }),
        shown: None,
        decision: None,
        work: serde_json::Value::Null,
    }
}

#[tokio::test]
async fn of_fifty_machines_that_spend_a_plan_at_once_one_succeeds() {
    let redis = Server::start(&[]).await;
    let machines = join_all((0..50).map(|_| redis.store())).await;
    let id = PlanId::random();
    let spent = join_all(machines.iter().map(|it| it.spend(id, in_ten_minutes()))).await;
    let won = spent.into_iter().filter(|it| *it.as_ref().unwrap());
    assert_eq!(won.count(), 1);
    assert!(machines[0].is_spent(id).await.unwrap());
    assert!(!machines[0].is_spent(PlanId::random()).await.unwrap());
}

#[tokio::test]
async fn a_spent_plan_is_known_for_a_day_after_its_expiry_and_then_forgotten() {
    let redis = Server::start(&[]).await;
    let (store, id) = (redis.store().await, PlanId::random());
    assert!(store.spend(id, in_ten_minutes()).await.unwrap());
    let left = redis.left(&format!("status-roster:spent:{id}"));
    let day_and_ten_minutes = 24 * 3_600_000 + 600_000;
    assert!(
        left <= day_and_ten_minutes && left > day_and_ten_minutes - 60_000,
        "{left}"
    );
}

#[tokio::test]
async fn a_plan_that_is_kept_on_one_machine_is_decided_on_another_and_found_by_the_first() {
    let redis = Server::start(&[]).await;
    let (agents, operators) = (redis.store().await, redis.store().await);
    let kept = plan();
    agents.keep_plan(kept.clone()).await.unwrap();
    assert_eq!(operators.plans().await.unwrap(), vec![kept.clone()]);
    assert_eq!(operators.plan(kept.id).await.unwrap(), Some(kept.clone()));
    let decision = |approved| Decision {
        approved,
        by: "uid 0".to_owned(),
        at: Clock::system().now(),
    };
    assert!(operators.decide(kept.id, decision(true)).await.unwrap());
    let found = agents.plan(kept.id).await.unwrap().unwrap();
    assert!(found.decision.unwrap().approved);
    // The last word counts, and no word makes a plan or lets it live longer.
    assert!(operators.decide(kept.id, decision(false)).await.unwrap());
    let found = agents.plan(kept.id).await.unwrap().unwrap();
    assert!(!found.decision.unwrap().approved);
    assert!(redis.left(&format!("status-roster:plan:{}", kept.id)) > 0);
    let nobody = PlanId::random();
    assert!(!operators.decide(nobody, decision(true)).await.unwrap());
    assert_eq!(agents.plan(nobody).await.unwrap(), None);
}

#[tokio::test]
async fn a_plan_is_gone_an_hour_after_it_expires_from_the_list_too() {
    let redis = Server::start(&[]).await;
    let store = redis.store().await;
    let short = Plan {
        // It is kept for an hour after it expired.
        expires_at: Clock::system().now() - Duration::from_mins(60) + Duration::from_millis(200),
        ..plan()
    };
    store.keep_plan(short.clone()).await.unwrap();
    super::until("the end of the plan", async || {
        store.plan(short.id).await.unwrap().is_none()
    })
    .await;
    assert_eq!(store.plans().await.unwrap(), Vec::new());
    store.keep_plan(plan()).await.unwrap();
    let listed: usize = redis::cmd("ZCARD")
        .arg("status-roster:plans")
        .query(&mut redis.look())
        .unwrap();
    assert_eq!(listed, 1, "the list grows for ever");
}

#[tokio::test]
async fn of_fifty_first_uses_at_once_all_get_the_same_key() {
    let redis = Server::start(&[]).await;
    let machines = join_all((0..50).map(|_| redis.store())).await;
    let sealed = join_all(machines.iter().map(sealed_by)).await;
    let keys: BTreeSet<_> = sealed.iter().collect();
    assert_eq!(keys.len(), 1);
}

#[tokio::test]
async fn a_sealing_key_is_renewed_after_a_month_and_the_one_before_still_opens() {
    let redis = Server::start(&[]).await;
    let on = async |day: &str| {
        let clock = Clock::following(day.parse().unwrap());
        redis.store_at(clock).await
    };
    let first = sealed_by(&on("2026-01-01T00:00:00Z").await).await;
    let later = on("2026-01-30T00:00:00Z").await;
    assert_eq!(sealed_by(&later).await, first);
    let month = on("2026-01-31T00:00:01Z").await;
    let second = sealed_by(&month).await;
    assert_ne!(second, first);
    assert!(opens(&month, &first).await && opens(&later, &second).await);
    let two_months = on("2026-03-03T00:00:00Z").await;
    assert!(!opens(&two_months, &first).await && opens(&two_months, &second).await);
}

#[tokio::test]
async fn what_somebody_else_wrote_there_is_an_error_and_not_a_fresh_start() {
    let redis = Server::start(&[]).await;
    let store = redis.store().await;
    let kept = plan();
    let plan_key = format!("status-roster:plan:{}", kept.id);
    for key in ["status-roster:keys", plan_key.as_str()] {
        let mut set = redis::cmd("SET");
        set.arg(key).arg("{").exec(&mut redis.look()).unwrap();
    }
    let said = store.keys().await.unwrap_err().to_string();
    assert!(
        said.starts_with("cannot read `status-roster:keys` in Redis: "),
        "{said}"
    );
    let said = store.plan(kept.id).await.unwrap_err().to_string();
    assert!(said.contains(&plan_key), "{said}");
}

#[tokio::test]
async fn every_key_has_the_prefix_and_an_end() {
    let redis = Server::start(&[]).await;
    let store = redis.store().await;
    super::rights::use_everything(&store).await;
    let _held = store.turn("jane").await.unwrap();
    // Slots in flight, and slots that a new Redis counts as used.
    let limits = |window| Limits {
        answer_within: Duration::from_secs(60),
        ..Limits::new(3, window)
    };
    let (window, short) = (store.window(), limits(Duration::from_millis(10)));
    super::until("a slot", async || {
        let key = Key::new("statuspage", "one");
        let take = window.try_take(&key, &short, Lane::Bulk).await.unwrap();
        matches!(take, Take::Taken(_))
    })
    .await;
    let (key, long) = (
        Key::new("statuspage", "two"),
        limits(Duration::from_secs(60)),
    );
    assert_eq!(window.usage(&key, &long).await.unwrap().used, 3);
    let keys = redis.keys();
    assert_eq!(keys.len(), 10, "{keys:?}");
    for key in keys {
        assert!(key.starts_with("status-roster:"), "{key}");
        assert!(!key.contains("jane"), "{key}");
        assert!(redis.left(&key) > 0, "{key} stays for ever");
    }
}
