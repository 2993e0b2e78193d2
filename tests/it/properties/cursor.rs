//! A cursor is good as it was given out, and in no other form.

use proptest::prelude::*;
use serde_json::{Value, json};

use crate::tools::world::World;

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn no_other_text_is_taken_for_a_cursor(text in "\\PC{1,40}|[0-9a-z]{12,16}", at in 0_usize..13, other in "[0-9a-z]") {
        runtime().block_on(async {
            let world = World::new().await;
            let list = world.result("list_org_users", json!({"limit": 1})).await;
            let cursor = list["next_cursor"].as_str().unwrap().to_owned();
            let sent = world.sandbox.requests().len();
            let mut changed = cursor.clone();
            changed.replace_range(at..=at, &other);
            let mut wrong = vec![text, changed, cursor.repeat(2), cursor[1..].to_owned(), format!("0{cursor}"), format!("{cursor}0")];
            wrong.retain(|wrong| *wrong != cursor);
            for wrong in wrong {
                let refused = world.refusal("list_org_users", json!({"limit": 1, "cursor": wrong})).await;
                assert!(refused.contains("cursor"), "{wrong}: {refused}");
            }
            assert_eq!(world.sandbox.requests().len(), sent, "nothing is asked upstream");
            let second: Value = world.result("list_org_users", json!({"limit": 1, "cursor": cursor})).await;
            assert_eq!(second["shown"], 1);
        });
    }
}
