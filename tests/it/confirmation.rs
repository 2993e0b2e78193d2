//! What a confirmation token is good for, and everything that it is not.

mod refusals;
mod sharing;

use std::time::Duration;

use serde_json::{Value, json};
use status_roster::{
    caller::Caller,
    clock::Clock,
    confirmation::{Gate, Offer, Redeemed, Refusal, Settings, Subject},
    store::Store,
};

/// A call, and the plan that was made for it.
#[derive(Clone)]
struct Call {
    tool: &'static str,
    arguments: Value,
    caller: Caller,
    systems: Vec<String>,
    steps: Value,
    state: Value,
}

impl Call {
    fn removes_jane() -> Self {
        Self {
            tool: "remove_user",
            arguments: json!({ "system": "statuspage_team", "email": "jane@example.com" }),
            caller: Caller::local(Some("claude-code 2.1.0".to_owned())),
            systems: vec!["statuspage:org1".to_owned()],
            steps: json!([{ "action": "delete team member", "user_id": "u1" }]),
            state: json!({ "roles": { "p1": ["incident_manager"] } }),
        }
    }

    fn subject(&self) -> Subject<'_> {
        let Self {
            tool,
            arguments,
            caller,
            systems,
            steps,
            state,
        } = self;
        Subject {
            tool,
            arguments,
            caller,
            systems,
            steps,
            state,
        }
    }

    async fn offered_by(&self, gate: &Gate) -> Offer {
        gate.offer(&self.subject()).await.unwrap()
    }

    async fn redeemed_by(&self, gate: &Gate, token: &str) -> Result<Redeemed, Refusal> {
        gate.redeem(token, &self.subject()).await
    }
}

fn clock() -> Clock {
    Clock::following("2026-03-01T12:00:00.5Z".parse().unwrap())
}

fn gate() -> Gate {
    let clock = clock();
    Gate::new(Store::memory(clock), clock, Settings::default())
}

#[tokio::test(start_paused = true)]
async fn the_same_call_with_its_token_is_confirmed_once() {
    let (gate, call) = (gate(), Call::removes_jane());
    let offer = call.offered_by(&gate).await;
    let redeemed = call.redeemed_by(&gate, &offer.token).await.unwrap();
    assert_eq!(redeemed.plan_id, offer.plan_id);
    let again = call.redeemed_by(&gate, &offer.token).await.unwrap_err();
    assert_eq!(again.code(), "already_used");
}

#[tokio::test(start_paused = true)]
async fn a_token_is_good_until_the_second_that_it_names() {
    let (gate, call) = (gate(), Call::removes_jane());
    let offer = call.offered_by(&gate).await;
    assert_eq!(offer.expires_at.to_string(), "2026-03-01T12:10:00Z");
    tokio::time::advance(Duration::from_millis(599_400)).await;
    call.redeemed_by(&gate, &offer.token).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn the_order_of_members_and_the_client_program_do_not_matter() {
    let (gate, call) = (gate(), Call::removes_jane());
    let offer = call.offered_by(&gate).await;
    let reordered =
        serde_json::from_str(r#" { "email":"jane@example.com",   "system":"statuspage_team" } "#);
    let caller = Caller::local(Some("claude-code 2.2.0".to_owned()));
    let again = Call {
        arguments: reordered.unwrap(),
        caller,
        ..call
    };
    again.redeemed_by(&gate, &offer.token).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_token_can_be_copied_by_hand_and_says_nothing_about_the_call() {
    let (gate, call) = (gate(), Call::removes_jane());
    let Offer { token, .. } = call.offered_by(&gate).await;
    assert_eq!(token.len(), 12, "{token}");
    assert!(
        token
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()),
        "{token}"
    );
    call.redeemed_by(&gate, &format!(" {token}\n"))
        .await
        .unwrap();
}

#[tokio::test(start_paused = true)]
async fn two_plans_of_the_same_call_are_two_confirmations() {
    let (gate, call) = (gate(), Call::removes_jane());
    let (one, two) = (call.offered_by(&gate).await, call.offered_by(&gate).await);
    assert_ne!(one.token, two.token);
    call.redeemed_by(&gate, &one.token).await.unwrap();
    call.redeemed_by(&gate, &two.token).await.unwrap();
}
