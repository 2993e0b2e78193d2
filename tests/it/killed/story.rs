//! What has to be true of a job, however often its server was killed on the way.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use status_roster::audit::{self, Verified};
use status_roster::sandbox::{Fault, Request};

use super::victim::{Moment, call, serve};
use crate::tools::world::World;

/// Servers that a job may take after the last kill.
const SERVERS: usize = 3;

/// What the job comes to when nobody is killed.
pub(super) struct Undisturbed {
    world: Value,
    changes: BTreeMap<String, u64>,
    mails: usize,
    /// Every request from the last of the plan on, and again every write: once before it is handled and once after.
    pub(super) at_requests: Vec<Moment>,
    /// Every line of the record.
    pub(super) at_lines: Vec<Moment>,
    /// The same requests, counted from the beginning of the call with the token.
    pub(super) with_token: Vec<Moment>,
}

impl Undisturbed {
    pub(super) fn of(world: &World, tool: &str, arguments: &Value) -> Self {
        let done = serve(world, tool, arguments, Moment::Never).unwrap();
        assert_eq!(done["status"], "applied", "{done}");
        let report = world.sandbox.report();
        let requests = world.sandbox.requests();
        let writes = |request: &Request| request.method != "GET";
        let first = requests.iter().position(writes).unwrap();
        // What the second call reads before its first write is what the first call read.
        let moments = |from: usize| {
            let requests = requests.iter().enumerate().skip(first / 2);
            requests.flat_map(move |(at, request)| {
                let nth = u32::try_from(at - from).unwrap();
                let handled = (request.method != "GET").then_some(Moment::Handled(nth));
                std::iter::once(Moment::Unhandled(nth)).chain(handled)
            })
        };
        Self {
            world: timeless(world.sandbox.world()),
            changes: report.writes,
            mails: report.mails.len(),
            at_requests: moments(0).collect(),
            with_token: moments(first / 2).collect(),
            at_lines: (1..=world.audit().len()).map(Moment::Line).collect(),
        }
    }
}

/// Kills a server at each moment, one after the other, then lets servers finish, and checks everything. How many moments came:
/// one that is later than the end of the job does not.
pub(super) fn holds(
    world: &World,
    tool: &str,
    arguments: &Value,
    moments: &[Moment],
    undisturbed: &Undisturbed,
) -> usize {
    let lives = moments.iter().map(|it| serve(world, tool, arguments, *it));
    let kills = lives.filter(Option::is_none).count();
    let last = (0..SERVERS).find_map(|_| {
        let done = serve(world, tool, arguments, Moment::Never).unwrap();
        // On a long list, nobody found is no proof that nobody is there: the answer says so.
        let nothing_left = ["already", "incomplete"].contains(&done["status"].as_str().unwrap());
        (nothing_left && done["steps"] == json!([])).then_some(done)
    });
    assert!(
        last.is_some(),
        "{moments:?}: the job does not come to its end"
    );

    is_done(world, moments, undisturbed);
    kills
}

/// Plans once, kills the server of the token at each moment, and lets the next finish it with the same token.
pub(super) fn finishes_with_its_token(
    world: &World,
    tool: &str,
    arguments: &Value,
    moments: &[Moment],
    undisturbed: &Undisturbed,
) -> usize {
    let plan = call(world, tool, arguments, Moment::Never).unwrap();
    assert_eq!(plan["status"], "confirmation_required", "{plan}");
    let mut confirmed = arguments.clone();
    confirmed["confirmation_token"] = plan["confirmation_token"].clone();
    let lives = moments.iter().map(|it| call(world, tool, &confirmed, *it));
    let kills = lives.filter(Option::is_none).count();
    let done = call(world, tool, &confirmed, Moment::Never).unwrap();
    let ended = ["applied", "already"].contains(&done["status"].as_str().unwrap());
    assert!(ended, "{moments:?}: {done}");
    is_done(world, moments, undisturbed);
    kills
}

/// The world is as it is when nobody is killed, nothing was done twice, and the record is closed.
fn is_done(world: &World, moments: &[Moment], undisturbed: &Undisturbed) {
    let report = world.sandbox.report();
    let other = difference(&timeless(world.sandbox.world()), &undisturbed.world);
    assert_eq!(other, Vec::<String>::new(), "{moments:?}: another world");
    assert_eq!(
        report.writes, undisturbed.changes,
        "{moments:?}: something was done twice, or besides"
    );
    assert_eq!(report.mails.len(), undisturbed.mails, "{moments:?}");
    sent_once(&world.sandbox.requests(), moments);
    recorded(world, moments);
}

/// Nothing that the upstream handled is sent again.
fn sent_once(requests: &[Request], moments: &[Moment]) {
    let mut handled = BTreeSet::new();
    for request in requests.iter().filter(|request| request.method != "GET") {
        let Request {
            method,
            target,
            body,
            ..
        } = request;
        let key = (method, target, body);
        assert!(!handled.contains(&key), "{moments:?}: twice {key:?}");
        if request.fault != Some(Fault::Slow) {
            handled.insert(key);
        }
    }
}

/// Every write has its intent, every intent its outcome, those of killed servers by a later look, and the record is whole.
fn recorded(world: &World, moments: &[Moment]) {
    let lines = world.audit();
    let of = |kind: &'static str| lines.iter().filter(move |line| line["kind"] == kind);
    let path = world.state.path().join("state/audit.jsonl");
    let Verified {
        unfinished, torn, ..
    } = audit::verify(&path).unwrap();
    assert_eq!(torn, 0, "{moments:?}");
    assert_eq!(unfinished, [], "{moments:?}");
    assert_eq!(of("intent").count(), of("outcome").count(), "{moments:?}");
    let settled = |line: &&Value| {
        line["detail"]
            .to_string()
            .contains("settled by a later look")
    };
    let not_made = of("outcome").filter(|line| line["status"] == "failed");
    let not_made: Vec<&Value> = not_made.collect();
    assert!(not_made.iter().all(settled), "{moments:?}: {not_made:?}");
    assert!(of("outcome").filter(settled).count() <= moments.len());
    let sent = world.writes().len();
    let intents = of("intent").count();
    assert!(
        sent <= intents && intents <= sent + not_made.len(),
        "{moments:?}: {sent} writes, {intents} intents, {} of them not made",
        not_made.len()
    );
    let status = serve(world, "server_status", &json!({}), Moment::Never).unwrap();
    let notices = status["notices"].to_string();
    assert!(!notices.contains("not on record"), "{moments:?}: {notices}");
    for outcome in of("outcome").filter(|line| !settled(line)) {
        assert_eq!(outcome["status"], "applied", "{moments:?}: {outcome}");
    }
}

/// The world without times, every list of ids in order, and nobody told apart by an id that chance gave.
fn timeless(mut world: Value) -> Value {
    fn clean(value: &mut Value) {
        match value {
            Value::Object(map) => {
                // A maintenance is planned for so many days from when the world was made.
                let time = |key: &str| {
                    key.ends_with("_at") || key.starts_with("scheduled_") || key == "modified"
                };
                map.retain(|key, _| !time(key));
                map.values_mut().for_each(clean);
            }
            Value::Array(rows) => {
                rows.iter_mut().for_each(clean);
                rows.sort_by_key(ToString::to_string);
            }
            _ => {}
        }
    }
    clean(&mut world);
    world
}

/// Where two worlds differ.
fn difference(here: &Value, there: &Value) -> Vec<String> {
    match (here, there) {
        (Value::Object(a), Value::Object(b)) => {
            let keys: BTreeSet<_> = a.keys().chain(b.keys()).collect();
            let mut found = Vec::new();
            for key in keys {
                let inner = difference(&here[key], &there[key]);
                found.extend(inner.iter().map(|line| format!("{key}.{line}")));
            }
            found
        }
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => a
            .iter()
            .zip(b)
            .flat_map(|(a, b)| difference(a, b))
            .collect(),
        _ if here == there => Vec::new(),
        _ => vec![format!(": {here:.300} and {there:.300}")],
    }
}
