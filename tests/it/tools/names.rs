//! One person under several names: found, offboarded and protected as one; and two people who share a name.

use serde_json::{Value, json};
use status_roster::sandbox::known::{
    AUDIENCE_PAGE, LINKED_VIEWER, NORA, NORA_USER_NAME, SAM_DIRECTORY_USER, SHARED, SOL,
    SOL_DIRECTORY_USER, UMA, UMA_DIRECTORY_USER, UMA_UPN,
};
use status_roster::sandbox::{Fault, Faults, Next, People, Settings};

use super::world::{Make, World};

fn make() -> Make {
    let all = Make::everything();
    Make {
        sandbox: Settings {
            people: People::Namesakes,
            ..all.sandbox
        },
        ..all
    }
}

async fn protecting(who: &str) -> World {
    Make {
        more: format!("[policy]\nprotected_people = [\"{who}\"]\n"),
        ..make()
    }
    .world()
    .await
}

fn ids(found: &Value) -> Vec<&str> {
    let each = found["records"].as_array().unwrap().iter();
    each.map(|account| account["id"].as_str().unwrap())
        .collect()
}

#[tokio::test]
async fn who_signs_in_with_another_address_is_found_by_it_everywhere() {
    let world = make().world().await;
    let found = world.result("find_person", json!({"email": UMA_UPN})).await;
    for id in [
        "umaunliketm1",
        "umaunlikevw1",
        "umaunlikesb1",
        "umaunlikesb2",
        "tm_umaunlike",
        UMA_DIRECTORY_USER,
    ] {
        assert!(ids(&found).contains(&id), "{id}: {found}");
    }
    assert_eq!(found["also_known_as"][0]["name"], UMA);
    assert_eq!(found["also_known_as"][0]["kind"], "email");
    assert!(
        found["also_known_as"][0]["from"]
            .as_str()
            .unwrap()
            .contains(UMA_DIRECTORY_USER)
    );
    assert_eq!(found["complete"], true, "{found}");
}

#[tokio::test]
async fn offboarding_by_the_name_to_sign_in_with_takes_every_account() {
    let world = make().world().await;
    let mut arguments = json!({"email": UMA_UPN});
    let plan = world.result("offboard_person", arguments.clone()).await;
    assert_eq!(plan["also_known_as"][0]["name"], UMA, "{plan}");
    arguments["confirmation_token"] = plan["confirmation_token"].clone();
    let done = world.result("offboard_person", arguments).await;
    assert_eq!(done["status"], "applied", "{done}");
    let left = world.sandbox.world().to_string();
    for id in [
        "umaunliketm1",
        "umaunlikevw1",
        "umaunlikesb1",
        "umaunlikesb2",
        "tm_umaunlike",
    ] {
        let there = world.sandbox.world();
        let pages = there["statuspage"]["pages"].as_array().unwrap();
        let on_pages = pages.iter().any(|page| {
            page["viewers"].to_string().contains(id) || page["subscribers"].to_string().contains(id)
        });
        assert!(
            !on_pages && !there["statuspage"]["users"].to_string().contains(id),
            "{id}"
        );
        assert!(
            !there["statusapp"]["members"].to_string().contains(id),
            "{id}"
        );
    }
    assert!(
        left.contains(UMA_DIRECTORY_USER),
        "nobody is deleted from the directory"
    );
}

#[tokio::test]
async fn one_name_of_two_people_plans_nothing_until_it_is_said_who_is_meant() {
    let world = make().world().await;
    let refusal = world
        .refusal("offboard_person", json!({"email": SHARED}))
        .await;
    for part in [SAM_DIRECTORY_USER, SOL_DIRECTORY_USER, "directory_user_id"] {
        assert!(refusal.contains(part), "{part}: {refusal}");
    }
    assert!(refusal.ends_with("Nothing was changed."), "{refusal}");
    let found = world.result("find_person", json!({"email": SHARED})).await;
    assert_eq!(found["complete"], false);
    assert!(
        found["unknown"].to_string().contains("several people"),
        "{found}"
    );

    let sam = json!({"email": SHARED, "directory_user_id": SAM_DIRECTORY_USER});
    let plan = world.result("offboard_person", sam).await.to_string();
    assert!(
        plan.contains("sharedviewer") && !plan.contains("solotherview"),
        "{plan}"
    );
    // Sol signs in with what is Sam's mail address: accounts under it are Sam's.
    let sol = json!({"email": SHARED, "directory_user_id": SOL_DIRECTORY_USER});
    let plan = world.result("offboard_person", sol).await;
    let steps = plan["steps"].to_string();
    assert!(
        steps.contains("solotherview") && !steps.contains("sharedviewer"),
        "{plan}"
    );
    assert!(plan["unknown"].to_string().contains(SHARED), "{plan}");
    assert!(plan["also_known_as"].to_string().contains(SOL), "{plan}");
    assert_eq!(world.writes(), Vec::<String>::new());
}

#[tokio::test]
async fn a_user_name_that_is_no_address_finds_and_changes_its_person() {
    let world = make().world().await;
    let by_name = json!({"user_name": NORA_USER_NAME.to_lowercase()});
    let found = world.result("list_directory_users", by_name).await;
    assert_eq!(
        (&found["matched"], &found["records"][0]["email"]),
        (&json!(1), &json!(NORA))
    );
    let change = json!({"user_name": NORA_USER_NAME, "last_name": "Named"});
    let done = world.result("update_directory_user", change).await;
    assert_eq!(done["status"], "applied", "{done}");
    let off = json!({"system": "atlassian_scim", "user_name": NORA_USER_NAME});
    let plan = world.result("remove_user", off).await;
    assert_eq!(plan["status"], "confirmation_required", "{plan}");
    let elsewhere = json!({"system": "statusapp", "user_name": NORA_USER_NAME});
    let refusal = world.refusal("remove_user", elsewhere).await;
    assert!(refusal.contains("find_person"), "{refusal}");
}

#[tokio::test]
async fn a_directory_that_cannot_be_read_leaves_the_other_names_unknown() {
    let world = make().world().await;
    let next = Next {
        fault: Fault::Forbidden,
        times: 99,
        after: 0,
        method: Some("GET".to_owned()),
        path: Some("/Users".to_owned()),
    };
    world.sandbox.faults(Faults {
        next: vec![next],
        ..Faults::default()
    });
    let found = world.result("find_person", json!({"email": UMA})).await;
    assert_eq!(found["complete"], false);
    assert!(
        found["unknown"]
            .to_string()
            .contains("other names of this person"),
        "{found}"
    );
    assert!(ids(&found).contains(&"umaunliketm1"), "{found}");
}

#[tokio::test]
async fn what_is_stored_as_a_link_is_found_by_the_address_inside() {
    let world = make().world().await;
    let page = json!({"page_id": AUDIENCE_PAGE, "max_age_s": 60});
    world.result("list_page_access_users", page).await;
    let linked = json!({"email": "linked@northwind.example"});
    let found = world.result("find_person", linked).await;
    assert_eq!(ids(&found), [LINKED_VIEWER], "{found}");
    assert_eq!(
        found["records"][0]["email_invalid"],
        "mailto:linked@northwind.example"
    );
    let refusal = world
        .refusal(
            "find_person",
            json!({"email": "mailto:linked@northwind.example"}),
        )
        .await;
    assert!(
        refusal.contains("did you mean `linked@northwind.example`?"),
        "{refusal}"
    );
}

#[tokio::test]
async fn a_domain_in_letters_and_in_ascii_is_one_for_searches_and_for_rules() {
    let world = protecting("jörg@exämple.example").await;
    let ascii = json!({"email": "jörg@xn--exmple-cua.example"});
    let found = world.result("find_person", ascii.clone()).await;
    assert_eq!(ids(&found), ["umlautviewer"], "{found}");
    let refusal = world.refusal("offboard_person", ascii).await;
    assert!(refusal.contains("policy.protected_people"), "{refusal}");
    let by_id =
        json!({"system": "statuspage_page", "page_id": AUDIENCE_PAGE, "user_id": "umlautviewer"});
    let refusal = world.refusal("remove_user", by_id).await;
    assert!(refusal.contains("policy.protected_people"), "{refusal}");
}

#[tokio::test]
async fn a_protected_person_is_protected_under_every_name() {
    // Protected by the name to sign in with: every account is under another one.
    let world = protecting(UMA_UPN).await;
    let removals = [
        json!({"system": "statuspage_team", "email": UMA}),
        json!({"system": "statuspage_page", "page_id": AUDIENCE_PAGE, "user_id": "umaunlikevw1"}),
        json!({"system": "statuspage_subscriber", "page_id": AUDIENCE_PAGE, "email": UMA}),
        json!({"system": "statusapp", "email": UMA}),
        json!({"system": "atlassian_scim", "user_id": UMA_DIRECTORY_USER}),
    ];
    for arguments in removals {
        let refusal = world.refusal("remove_user", arguments).await;
        assert!(refusal.contains("policy.protected_people"), "{refusal}");
    }
    let refusal = world
        .refusal("offboard_person", json!({"email": UMA}))
        .await;
    assert!(refusal.contains("policy.protected_people"), "{refusal}");
    assert_eq!(world.writes(), Vec::<String>::new());
}

#[tokio::test]
async fn nothing_is_taken_while_the_names_of_protected_people_cannot_be_read() {
    let world = protecting("somebody@example.com").await;
    let next = Next {
        fault: Fault::Forbidden,
        times: 99,
        after: 0,
        method: Some("GET".to_owned()),
        path: Some("/Users".to_owned()),
    };
    world.sandbox.faults(Faults {
        next: vec![next],
        ..Faults::default()
    });
    let arguments = json!({"system": "statusapp", "email": UMA});
    let refusal = world.refusal("remove_user", arguments).await;
    assert!(
        refusal.contains("directory") && refusal.contains("policy.protected_people"),
        "{refusal}"
    );
    // What gives and takes nothing does not wait for the directory.
    let added = json!({"page_id": AUDIENCE_PAGE, "email": "new@northwind.example"});
    assert_eq!(
        world.result("add_page_viewer", added).await["status"],
        "applied"
    );
}

#[tokio::test]
async fn a_review_tells_the_name_of_two_people_and_takes_neither_for_the_other() {
    let world = make().world().await;
    let list = json!({"profile": "offboarding", "identities": [SHARED, "somebody@example.com"]});
    let all = findings(&world, list).await;
    assert!(
        all.contains("viewer_not_in_identities:solotherview"),
        "Sol is not Sam"
    );
    assert!(!all.contains("viewer_not_in_identities:sharedviewer"));
    let all = findings(&world, json!({"profile": "hygiene"})).await;
    assert!(
        all.contains("is a name of several people") && all.contains(SHARED),
        "{all}"
    );
}

/// Every finding, in as many pieces as it takes.
async fn findings(world: &World, mut arguments: Value) -> String {
    let mut all = String::new();
    loop {
        let piece = world.result("review_access", arguments.clone()).await;
        all += &piece["findings"].to_string();
        let Some(cursor) = piece["next_cursor"].as_str() else {
            return all;
        };
        arguments["cursor"] = json!(cursor);
    }
}

#[tokio::test]
async fn every_address_of_a_list_that_is_none_is_told_at_once() {
    let world = make().world().await;
    let list = json!({"profile": "offboarding", "identities": ["ada@example.com", "<joe@example.com>", "eve", "sue@example.com."]});
    let refusal = world.refusal("review_access", list).await;
    for part in [
        "entry 2",
        "`joe@example.com`?",
        "entry 3",
        "entry 4",
        "`sue@example.com`?",
    ] {
        assert!(refusal.contains(part), "{part}: {refusal}");
    }
    assert!(refusal.ends_with("Nothing was changed."), "{refusal}");
}

#[tokio::test]
async fn an_allowed_domain_is_allowed_in_either_of_its_forms() {
    let world = Make {
        more: "[policy]\nemail_domains = [\"exämple.example\"]\n".to_owned(),
        ..make()
    }
    .world()
    .await;
    let added = json!({"page_id": AUDIENCE_PAGE, "email": "new@xn--exmple-cua.example"});
    assert_eq!(
        world.result("add_page_viewer", added).await["status"],
        "applied"
    );
    let other = json!({"page_id": AUDIENCE_PAGE, "email": "new@example.example"});
    let refusal = world.refusal("add_page_viewer", other).await;
    assert!(refusal.contains("policy.email_domains"), "{refusal}");
}
