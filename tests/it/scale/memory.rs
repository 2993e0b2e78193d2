//! What is kept between calls: under one bound, whatever was asked for; and cut into pieces without looking at everything again.

use serde_json::{Value, json};
use status_roster::memory::What;
use status_roster::sandbox::known::AUDIENCE_PAGE;

use crate::tools::world::{Make, World};

const MIB: usize = 1024 * 1024;

async fn world(viewers: usize, memory_mib: usize) -> World {
    let make = Make::default();
    let sandbox = status_roster::sandbox::Settings {
        viewers,
        ..make.sandbox.clone()
    };
    let server = format!("{}\nmemory_mib = {memory_mib}", make.server);
    let make = Make {
        sandbox,
        server,
        ..make
    };
    make.world().await
}

/// The viewers' addresses without the one at `at`.
fn all_but(world: &World, at: usize) -> Value {
    let page = world.stored_page(AUDIENCE_PAGE);
    let viewers = page["viewers"].as_array().unwrap().iter();
    let emails = viewers.filter_map(|viewer| viewer["email"].as_str());
    let all = emails.enumerate().filter(|(other, _)| *other != at);
    let csv = all.fold("email\n".to_owned(), |csv, (_, email)| csv + email + "\n");
    json!({"page_id": AUDIENCE_PAGE, "desired": csv})
}

fn first(max_age: u32) -> Value {
    json!({"page_id": AUDIENCE_PAGE, "limit": 1, "max_age_s": max_age})
}

#[tokio::test]
async fn previews_lists_reviews_and_exports_stay_under_the_bound_together() {
    let world = world(3_000, 8).await;
    let memory = world.app.access.memory().clone();
    let mut cursors = Vec::new();
    for at in 0..6 {
        let plan = world
            .result("sync_page_viewers", all_but(&world, 10 + at))
            .await;
        assert_eq!(plan["status"], "confirmation_required", "{plan}");
        assert!(
            memory.taken_in_all() <= 8 * MIB,
            "{}",
            memory.taken_in_all()
        );
        let list = world.result("list_page_access_users", first(0)).await;
        cursors.push(list["next_cursor"].clone());
        let hygiene = json!({"profile": "hygiene"});
        world.result("review_access", hygiene).await;
        let export = json!({"what": "viewers"});
        world.result("export_roster", export).await;
        assert!(
            memory.taken_in_all() <= 8 * MIB,
            "{}",
            memory.taken_in_all()
        );
    }
    assert!(memory.taken(What::Reads) > 3 * MIB, "something is kept");
    let mut again = first(0);
    again["cursor"] = cursors[0].clone();
    let gone = world.refusal("list_page_access_users", again).await;
    assert!(
        gone.contains("in favour of others") && gone.contains("start over"),
        "{gone}"
    );
}

#[tokio::test]
async fn a_read_that_is_longer_than_the_bound_comes_to_its_end() {
    let world = world(12_000, 8).await;
    let mut ask = json!({"page_id": AUDIENCE_PAGE, "limit": 200});
    let mut shown = 0;
    loop {
        let list = world.result("list_page_access_users", ask.clone()).await;
        shown += list["records"].as_array().unwrap().len();
        match list["next_cursor"].as_str() {
            Some(cursor) => ask["cursor"] = json!(cursor),
            None => break assert_eq!(shown, list["matched"]),
        }
    }
    assert!(shown >= 12_000, "{shown}");
}

/// Bytes that the cheapest of some further pieces of a review allocates. The server runs on the thread of the test.
fn a_further_piece_allocates(viewers: usize) -> u64 {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let world = runtime.block_on(world(viewers, 64));
    let page = world.stored_page(AUDIENCE_PAGE);
    let emails = page["viewers"].as_array().unwrap().iter();
    let domains = emails.filter_map(|viewer| viewer["email"].as_str()?.split('@').nth(1));
    // Whoever is of a domain of the list and not on it is found: nearly everybody.
    let identities: std::collections::BTreeSet<String> = domains
        .map(|domain| format!("nobody.at.all@{domain}"))
        .collect();
    let mut ask = json!({"profile": "hygiene", "identities": identities});
    let first = runtime.block_on(world.result("review_access", ask.clone()));
    ask["cursor"] = first["next_cursor"].clone();
    let mut cheapest = u64::MAX;
    for _ in 0..5 {
        let mut piece = Value::Null;
        let allocated = allocation_counter::measure(|| {
            piece = runtime.block_on(world.result("review_access", ask.clone()));
        });
        cheapest = cheapest.min(allocated.bytes_total);
        assert_eq!(piece["counts"], first["counts"]);
        ask["cursor"] = piece["next_cursor"].clone();
        assert!(ask["cursor"].is_string(), "too few findings: {piece}");
    }
    cheapest
}

#[test]
fn a_further_piece_of_a_review_costs_the_same_however_much_there_is() {
    let few = a_further_piece_allocates(1_000);
    let many = a_further_piece_allocates(8_000);
    assert!(few > 10_000, "the work is done on this thread: {few}");
    assert!(
        many < few * 3,
        "{few} bytes of 1,000 viewers, {many} of 8,000"
    );
}
