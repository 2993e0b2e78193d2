//! Each refusal by name, in words, in order; and that none of them spends anything.

use std::time::Duration;

use proptest::prelude::*;
use serde_json::json;
use status_roster::{
    caller::Caller,
    clock::Clock,
    confirmation::{Before, Gate, Refusal, Settings},
    store::Store,
};

use super::{Call, clock, gate};

fn of_somebody_else(call: &Call) -> Call {
    let caller = Caller {
        name: "chatops".to_owned(),
        ..call.caller.clone()
    };
    Call {
        caller,
        ..call.clone()
    }
}

fn with_other_arguments(call: &Call) -> Call {
    let arguments = json!({ "system": "statuspage_team", "email": "joe@example.com" });
    Call {
        arguments,
        ..call.clone()
    }
}

fn after_a_change(call: &Call) -> Call {
    Call {
        state: json!({ "roles": {} }),
        ..call.clone()
    }
}

#[tokio::test(start_paused = true)]
async fn another_callers_token_is_refused_and_stays_good_for_its_owner() {
    let (gate, call) = (gate(), Call::removes_jane());
    let offer = call.offered_by(&gate).await;
    let refused = of_somebody_else(&call)
        .redeemed_by(&gate, &offer.token)
        .await
        .unwrap_err();
    assert_eq!(
        refused.to_string(),
        "the confirmation token was given to another caller and is good for no other. Call `remove_user` without \
         `confirmation_token` for a plan of your own. Nothing was changed."
    );
    call.redeemed_by(&gate, &offer.token).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn another_tool_or_any_other_argument_is_refused_and_spends_nothing() {
    let (gate, call) = (gate(), Call::removes_jane());
    let offer = call.offered_by(&gate).await;
    let others = [
        with_other_arguments(&call),
        Call {
            tool: "offboard_person",
            ..call.clone()
        },
        Call {
            arguments: json!({ "system": "statuspage_team" }),
            ..call.clone()
        },
        Call {
            arguments: json!({}),
            ..call.clone()
        },
        Call {
            arguments: json!({ "system": "statuspage_team", "email": "jane@example.com", "all": true }),
            ..call.clone()
        },
    ];
    for other in others {
        let refused = other.redeemed_by(&gate, &offer.token).await.unwrap_err();
        assert_eq!(refused.code(), "wrong_arguments", "{}", other.arguments);
        assert!(refused.to_string().ends_with("Nothing was changed."));
    }
    call.redeemed_by(&gate, &offer.token).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn an_expired_token_says_when_it_expired_and_how_long_it_was_good() {
    let (gate, call) = (gate(), Call::removes_jane());
    let offer = call.offered_by(&gate).await;
    tokio::time::advance(Duration::from_mins(10)).await;
    let refused = call.redeemed_by(&gate, &offer.token).await.unwrap_err();
    assert_eq!(
        refused.to_string(),
        "the confirmation token expired at 2026-03-01T12:10:00Z: it was valid for 10 minutes. Call `remove_user` without \
         `confirmation_token` for a new plan. Nothing was changed."
    );
}

#[tokio::test(start_paused = true)]
async fn a_changed_world_gives_back_the_plan_that_was_confirmed_and_spends_nothing() {
    let (gate, call) = (gate(), Call::removes_jane());
    let offer = call.offered_by(&gate).await;
    let others = [
        after_a_change(&call),
        Call {
            steps: json!([]),
            ..call.clone()
        },
        Call {
            systems: vec!["statuspage:org2".to_owned()],
            ..call.clone()
        },
        Call {
            systems: vec![],
            ..call.clone()
        },
    ];
    for other in others {
        let refused = other.redeemed_by(&gate, &offer.token).await.unwrap_err();
        assert!(refused.to_string().ends_with("Nothing was changed."));
        let Refusal::StateChanged { before, .. } = refused else {
            unreachable!("{refused:?}");
        };
        let expected = Before {
            steps: call.steps.clone(),
            state: call.state.clone(),
        };
        assert_eq!(*before, expected);
    }
    call.redeemed_by(&gate, &offer.token).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn the_first_of_several_reasons_is_the_one_that_gives_least_away() {
    let (gate, call) = (gate(), Call::removes_jane());
    let spent = call.offered_by(&gate).await.token;
    call.redeemed_by(&gate, &spent).await.unwrap();
    let refused =
        async |call: &Call, token: &str| call.redeemed_by(&gate, token).await.unwrap_err().code();
    assert_eq!(
        refused(&after_a_change(&call), &spent).await,
        "already_used"
    );
    let other = with_other_arguments(&after_a_change(&call));
    assert_eq!(refused(&other, &spent).await, "wrong_arguments");
    tokio::time::advance(Duration::from_mins(11)).await;
    assert_eq!(refused(&other, &spent).await, "expired");
    assert_eq!(
        refused(&of_somebody_else(&other), &spent).await,
        "wrong_caller"
    );
    assert_eq!(
        refused(&of_somebody_else(&other), &format!("{spent},")).await,
        "malformed"
    );
}

#[tokio::test(start_paused = true)]
async fn a_token_with_any_byte_changed_removed_or_added_is_malformed() {
    let (gate, call) = (gate(), Call::removes_jane());
    let token = call.offered_by(&gate).await.token;
    let mut wrong = vec![String::new(), token.repeat(2), token.to_uppercase()];
    for at in 0..token.len() {
        let (before, after) = (&token[..at], &token[at + 1..]);
        let here = token.as_bytes()[at];
        wrong.push(format!("{before}{after}"));
        for other in *b"A_-.a0 \"" {
            wrong.push(format!("{before}{}{}", char::from(other), &token[at..]));
            if other != here {
                wrong.push(format!("{before}{}{after}", char::from(other)));
            }
        }
    }
    // White space around a token is forgiven; it changes none of its bytes.
    for wrong in wrong.iter().filter(|wrong| wrong.trim() != token) {
        let refused = call.redeemed_by(&gate, wrong).await.unwrap_err();
        assert_eq!(refused.code(), "malformed", "{wrong}");
    }
    call.redeemed_by(&gate, &token).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_token_of_another_server_is_malformed() {
    let (ours, theirs, call) = (gate(), gate(), Call::removes_jane());
    let token = call.offered_by(&theirs).await.token;
    let refused = call.redeemed_by(&ours, &token).await.unwrap_err();
    assert_eq!(
        refused.to_string(),
        "the confirmation token is none that this server knows: it was changed on the way, it expired more than an hour ago, or \
         another server gave it out. Send it again exactly as it was given, or call `remove_user` without `confirmation_token` \
         for a new plan. Nothing was changed."
    );
}

#[tokio::test(start_paused = true)]
async fn no_setting_makes_a_token_good_for_more_than_a_day() {
    let clock = clock();
    let settings = Settings {
        ttl: Duration::MAX,
        ..Settings::default()
    };
    let gate = Gate::new(Store::memory(clock), clock, settings);
    let offer = Call::removes_jane().offered_by(&gate).await;
    assert_eq!(offer.expires_at.to_string(), "2026-03-02T12:00:00Z");
}

#[tokio::test]
async fn without_a_ledger_no_token_is_taken() {
    let directory = tempfile::TempDir::new().unwrap();
    let clock = Clock::system();
    let store = Store::in_directory(directory.path(), clock).unwrap();
    let (gate, call) = (
        Gate::new(store, clock, Settings::default()),
        Call::removes_jane(),
    );
    let token = call.offered_by(&gate).await.token;
    std::fs::create_dir(directory.path().join("spent.json")).unwrap();
    let refused = call.redeemed_by(&gate, &token).await.unwrap_err();
    assert_eq!(refused.code(), "unavailable");
    assert!(
        refused.to_string().ends_with("Nothing was changed."),
        "{refused}"
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn whatever_is_sent_as_a_token_is_refused_without_a_panic(text in "\\PC{0,300}|[0-9a-z]{12}") {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        let code = runtime.block_on(async {
            Call::removes_jane().redeemed_by(&gate(), &text).await.map_err(|refused| refused.code())
        });
        prop_assert_eq!(code.err(), Some("malformed"));
    }
}
