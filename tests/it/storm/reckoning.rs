//! What was told, against what is.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use status_roster::audit;
use status_roster::sandbox::{Fault, Report, Request};

use super::caller::Told;
use super::things::rows;
use crate::tools::world::World;

/// Every call was answered, and the weather was no excuse for most of them.
pub(super) fn of_the_answers(told: &[Told], least: usize) {
    let calls: usize = told.iter().map(|told| told.calls).sum();
    let mut endings = BTreeMap::<&str, usize>::new();
    let mut tools = BTreeMap::<&str, usize>::new();
    for told in told {
        for (ending, times) in &told.endings {
            *endings.entry(ending).or_default() += times;
        }
        for (tool, times) in &told.tools {
            *tools.entry(tool).or_default() += times;
        }
    }
    eprintln!("{calls} calls: {tools:#?}\nended: {endings:#?}");
    assert!(calls >= least);
    let of = |ending: &str| endings.get(ending).copied().unwrap_or_default();
    assert!(of("read") > calls / 3, "{endings:#?}");
    assert!(of("applied") > calls / 10, "{endings:#?}");
    let changes: usize = told.iter().map(|told| told.changes.len()).sum();
    eprintln!(
        "{} of {changes} changes ended unknown, {} failed",
        of("unknown"),
        of("failed")
    );
    assert!(of("unknown") * 100 <= changes, "{endings:#?}");
}

/// What each caller believes is what is stored.
pub(super) fn of_the_world(told: &[Told], world: &Value) {
    let mut open = 0;
    for thing in told.iter().flat_map(|told| &told.things) {
        match thing.there {
            Some(there) => assert_eq!(thing.kind.stored(world), there, "{thing:?}"),
            None => open += 1,
        }
    }
    eprintln!("{open} things are not known to be there or not, and were told so");
}

/// The record verifies; every intent has the outcome that the caller was told, and nothing else is on record.
pub(super) fn of_the_record(told: &[Told], world: &World) {
    audit::verify(&world.state.path().join("state/audit.jsonl")).unwrap();
    let mut plan_of = BTreeMap::new();
    let mut on_record = BTreeMap::<String, Vec<String>>::new();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    for line in world.audit() {
        if line["kind"] == "intent" {
            assert!(
                plan_of
                    .insert(text(&line["intent"]), text(&line["plan"]))
                    .is_none()
            );
        } else if line["kind"] == "outcome" {
            let plan = plan_of.remove(line["intent"].as_str().unwrap()).unwrap();
            on_record
                .entry(plan)
                .or_default()
                .push(text(&line["status"]));
        }
    }
    assert!(
        plan_of.is_empty(),
        "intents without an outcome: {plan_of:?}"
    );
    for (_, change) in told.iter().flat_map(|told| &told.changes) {
        // A step that no longer fitted was not begun, and is told so.
        let begun = |step: &&Value| {
            let detail = step["detail"].as_str().unwrap_or_default();
            !detail.starts_with("not sent")
        };
        let done: Vec<String> = rows(&change["steps"])
            .iter()
            .filter(begun)
            .filter_map(|step| step.get("status").map(text))
            .filter(|status| status != "not_attempted")
            .collect();
        if done.is_empty() {
            continue;
        }
        let recorded = on_record.remove(change["plan_id"].as_str().unwrap());
        assert_eq!(recorded.as_ref(), Some(&done), "{change:#}");
    }
    assert!(
        on_record.is_empty(),
        "on record, and told to nobody: {on_record:?}"
    );
}

/// Each account was asked for exactly as often as the record says, and made exactly as often as somebody was told.
pub(super) fn of_the_requests(told: &[Told], world: &World) {
    let mut intended = BTreeMap::<String, usize>::new();
    for line in world.audit().iter().filter(|line| line["kind"] == "intent") {
        if let Some(email) = line["target"]["exact"]["email"].as_str() {
            *intended.entry(email.to_owned()).or_default() += 1;
        }
    }
    let requests = world.sandbox.requests();
    let posts: Vec<&Request> = requests
        .iter()
        .filter(|request| request.method == "POST")
        .collect();
    let ours: BTreeSet<&str> = told
        .iter()
        .flat_map(|told| &told.things)
        .filter_map(|thing| thing.kind.makes())
        .collect();
    let (mut sent, mut made) = (0, 0);
    for email in ours {
        let quoted = format!("\"{email}\"");
        let to_it = || posts.iter().filter(|post| post.body.contains(&quoted));
        // A rejected request was not executed, and goes again.
        let counted = to_it()
            .filter(|post| post.fault != Some(Fault::RateLimited))
            .count();
        let intended = intended.get(email).copied().unwrap_or_default();
        assert!(
            counted <= intended,
            "{email} was posted {counted} times for {intended} intents"
        );
        let answered = to_it().filter(|post| succeeded(post)).count();
        let endings: Vec<bool> = told
            .iter()
            .flat_map(|told| &told.changes)
            .flat_map(|(_, change)| rows(&change["steps"]))
            .filter(|step| adds(step, email))
            .filter(|step| step["status"] == "applied" || step["status"] == "unknown")
            .map(|step| step["status"] == "applied" && step["detail"].is_null())
            .collect();
        let clean = endings.iter().filter(|clean| **clean).count();
        assert!(
            (clean..=endings.len()).contains(&answered),
            "{email}: made {answered} times, told {clean} times, unsure {} times",
            endings.len() - clean
        );
        sent += counted;
        made += answered;
    }
    assert!(
        sent > made && made > 100,
        "the weather was too good to prove anything: {sent} {made}"
    );
}

fn succeeded(post: &Request) -> bool {
    post.status.is_some_and(|status| status < 300)
        && matches!(post.fault, None | Some(Fault::Slow | Fault::IgnorePage))
}

fn adds(step: &Value, email: &str) -> bool {
    let action = step["action"].as_str().unwrap_or_default();
    let target = step["target"].as_str().unwrap_or_default();
    action.starts_with("add") && target.contains(email)
}

/// The sandbox rejected nothing of its own accord, because there was never more than the limit in any window.
pub(super) fn of_the_window(report: &Report, limit: u32) {
    eprintln!(
        "{} requests, {} in one window at most, faults {:?}",
        report.requests, report.most_in_window, report.faults
    );
    assert_eq!(report.rejected, 0);
    assert!(
        report.most_in_window <= limit as usize,
        "{}",
        report.most_in_window
    );
    assert_eq!(report.unauthenticated, 0);
    let kinds = report.faults.values().filter(|times| **times > 0).count();
    assert!(kinds >= 12, "{:?}", report.faults);
}
