//! More questions that change nothing: by name, about one page, about what is out of order.

use serde_json::{Value, json};
use status_roster::sandbox::Settings;
use status_roster::sandbox::known::{
    AUDIENCE_PAGE, GROUPS, JANE, LEAVER, OWNER, PRIVATE_PAGE, PUBLIC_PAGE,
};

use super::job::{Job, Took};
use super::state::unique_component;
use crate::tools::world::{Make, World, customers};

/// Every system, and a page with as many viewers as a budget of some minutes.
async fn small() -> World {
    let make = Make::everything();
    let sandbox = Settings {
        viewers: 150,
        ..make.sandbox.clone()
    };
    Make { sandbox, ..make }.world().await
}

pub(super) async fn what_can_the_person_of_this_name_reach() -> Took {
    let world = Make::everything().world().await;
    let mut job = Job::of(&world, "What can Jane Doe reach?");
    let found = job.ask("find_person", json!({"name": "Jane Doe"})).await;
    assert_eq!(found["verdict"], "found");
    let roles = found["records"][0]["page_roles"].as_array().unwrap();
    assert!(
        roles.iter().all(|it| it["page_name"].is_string()),
        "{found}"
    );
    job.took(1, 5_000, 40)
}

pub(super) async fn which_of_two_people_of_one_name() -> Took {
    let world = World::new().await;
    let new = json!({"email": "jane2@example.com", "first_name": "Jane", "last_name": "Doe"});
    world.result("add_org_user", new).await;
    let mut job = Job::of(&world, "What can Jane Doe reach? (there are two)");
    let found = job.ask("find_person", json!({"name": "Jane Doe"})).await;
    assert_eq!(found["verdict"], "several_people", "{found}");
    let email = found["records"][0]["email"].clone();
    let found = job.ask("find_person", json!({ "email": email })).await;
    assert_eq!(found["verdict"], "found");
    job.took(2, 6_000, 40)
}

pub(super) async fn who_sees_a_component_by_its_name() -> Took {
    let world = small().await;
    let (name, _) = unique_component(&world, AUDIENCE_PAGE);
    let mut job = Job::of(&world, "Who sees that component? (by its name)");
    let ask = json!({"page_id": "Example Customers", "component_id": name, "limit": 5});
    let list = job.ask("list_page_access_users", ask).await;
    assert_eq!(list["complete"], true, "{list}");
    job.took(1, 4_500, 170)
}

pub(super) async fn which_directory_groups_is_a_person_in() -> Took {
    let world = small().await;
    let all = json!({"limit": 200});
    let all = world.result("list_directory_users", all).await;
    let in_group = |user: &&Value| !user["groups"].as_array().unwrap().is_empty();
    let user = all["records"].as_array().unwrap().iter().find(in_group);
    let email = &user.unwrap()["email"];
    let mut job = Job::of(&world, "Which directory groups is this person in?");
    let found = job.ask("find_person", json!({ "email": email })).await;
    let record = found["records"]
        .as_array()
        .unwrap()
        .iter()
        .find(|it| it["kind"] == "directory_user")
        .unwrap();
    let groups = record["in_groups"].as_array().unwrap();
    assert!(
        !groups.is_empty() && groups.iter().all(|it| it["name"].is_string()),
        "{record}"
    );
    job.took(1, 5_000, 30)
}

pub(super) async fn which_roles_has_a_member() -> Took {
    let world = World::new().await;
    let mut job = Job::of(&world, "Which roles has Jane on our pages?");
    let found = job.ask("get_permissions", json!({"email": JANE})).await;
    let pages = found["pages"].as_array().unwrap();
    assert!(
        pages.iter().all(|it| it["page_name"].is_string()),
        "{found}"
    );
    job.took(1, 1_500, 6)
}

pub(super) async fn which_pages_are_there_and_who_can_look() -> Took {
    let world = World::new().await;
    let mut job = Job::of(&world, "Which pages do we have, and who can look at each?");
    let list = job.ask("list_pages", json!({})).await;
    assert_eq!((&list["matched"], &list["shown"]), (&json!(3), &json!(3)));
    job.took(1, 2_000, 1)
}

pub(super) async fn how_many_are_in_a_group() -> Took {
    let world = World::new().await;
    let mut job = Job::of(&world, "How many customers are Partners?");
    let ask = json!({"page_id": "Example Customers", "group_id": "Partners", "count_only": true});
    let list = job.ask("list_page_access_users", ask).await;
    assert!(list["matched"].as_u64().unwrap() > 0, "{list}");
    job.took(1, 500, 16)
}

pub(super) async fn what_does_a_group_give() -> Took {
    let world = World::new().await;
    let mut job = Job::of(&world, "What does the group Enterprise EU give?");
    let ask = json!({"page_id": AUDIENCE_PAGE, "name": GROUPS[0].1});
    let list = job.ask("list_page_access_groups", ask).await;
    assert_eq!(list["records"][0]["name_match"], "exact");
    job.took(1, 1_000, 2)
}

pub(super) async fn what_does_a_viewer_see() -> Took {
    let world = World::new().await;
    let mut job = Job::of(&world, "What does Jane see on the customers' page?");
    let ask = json!({"page_id": AUDIENCE_PAGE, "email": JANE, "detail": true});
    let list = job.ask("list_page_access_users", ask).await;
    assert!(list["records"][0]["access"]["components"].is_array());
    job.took(1, 18_000, 12)
}

pub(super) async fn which_invitations_are_open() -> Took {
    let world = small().await;
    let mut job = Job::of(&world, "Who was invited to StatusApp and did not come?");
    let list = job
        .ask("list_team_invitations", json!({"status": "invited"}))
        .await;
    assert!(list["matched"].as_u64().unwrap() >= 2, "{list}");
    job.took(1, 2_500, 3)
}

pub(super) async fn is_a_person_subscribed() -> Took {
    let world = World::new().await;
    let mut job = Job::of(&world, "Is Jane told about the public page?");
    let ask = json!({"page_id": "Example Status", "email": JANE, "state": "all"});
    let list = job.ask("list_subscribers", ask).await;
    assert_eq!(list["matched"], 2, "{list}");
    job.took(1, 1_500, 6)
}

pub(super) async fn is_nothing_left_of_a_leaver() -> Took {
    let world = Make::everything().world().await;
    let mut job = Job::of(&world, "Is there anything left of somebody who left?");
    let nobody = json!({"email": "long.gone@example.com"});
    let found = job.ask("find_person", nobody).await;
    assert_eq!(found["verdict"], "none", "{found}");
    job.took(1, 800, 30)
}

pub(super) async fn who_has_left_and_still_has_access() -> Took {
    let world = small().await;
    let mut job = Job::of(&world, "Who has left and still has access?");
    let ask = json!({"profile": "offboarding", "kinds": ["inactive_with_access"]});
    let found = job.ask("review_access", ask).await;
    assert!(found["findings"].to_string().contains(LEAVER), "{found}");
    job.took(1, 9_000, 70)
}

pub(super) async fn how_tidy_is_everything() -> Took {
    let world = small().await;
    let mut job = Job::of(&world, "How tidy is our access? In numbers");
    let ask = json!({"profile": "hygiene", "summary_only": true});
    let found = job.ask("review_access", ask).await;
    assert!(
        found["checks_run"]["single_team_member"].is_u64(),
        "{found}"
    );
    job.took(1, 10_000, 70)
}

pub(super) async fn whose_names_are_strange() -> Took {
    let world = small().await;
    let mut job = Job::of(
        &world,
        "Whose names have control characters, or look like formulas or ids?",
    );
    let ask = json!({"profile": "hygiene", "kinds": ["hidden_or_broken_text", "strange_name"]});
    let found = job.ask("review_access", ask).await;
    let text = found["findings"].to_string();
    for at in 0..6 {
        let email = format!("hostile.name{at}@example.com");
        assert!(text.contains(&email), "{email}: {found}");
    }
    job.took(1, 14_000, 70)
}

pub(super) async fn everybody_of_a_domain_everywhere() -> Took {
    let world = small().await;
    let one = customers(&world, 1).remove(0);
    let domain = one.split('@').nth(1).unwrap().to_owned();
    let mut job = Job::of(&world, "Everybody of this customer, in every system");
    let mut ask = json!({"what": "all", "domain": domain, "format": "csv"});
    let mut text = String::new();
    loop {
        let piece = job.ask("export_roster", ask.clone()).await;
        text += piece["content"].as_str().unwrap();
        if piece["next_cursor"].is_null() {
            assert_eq!(piece["complete"], true, "{piece}");
            break;
        }
        ask["cursor"] = piece["next_cursor"].clone();
    }
    assert!(text.contains(&one), "{text}");
    job.took(1, 18_000, 90)
}

pub(super) async fn a_customers_viewers_for_a_spreadsheet() -> Took {
    let world = small().await;
    let mut job = Job::of(&world, "The viewers of northwind.example as a sheet");
    let ask = json!({"what": "viewers", "page_id": "Example Customers", "domain": "northwind.example", "format": "csv", "columns": "application_roster"});
    let piece = job.ask("export_roster", ask).await;
    assert!(piece["next_cursor"].is_null(), "{piece}");
    assert!(piece["content"].as_str().unwrap().contains("northwind"));
    job.took(1, 4_000, 8)
}

pub(super) async fn who_in_statusapp_is_called_so() -> Took {
    let world = small().await;
    let mut job = Job::of(&world, "Is Olivia an owner in StatusApp?");
    let list = job
        .ask("list_team_members", json!({"name": "olivia"}))
        .await;
    assert_eq!(list["records"][0]["email"], OWNER, "{list}");
    job.took(1, 1_000, 3)
}

pub(super) async fn is_the_private_page_open_to_customers() -> Took {
    let world = World::new().await;
    let mut job = Job::of(&world, "Can customers look at the internal page?");
    let list = job
        .ask("list_pages", json!({"page_ids": [PRIVATE_PAGE]}))
        .await;
    let words: &Value = &list["records"][0]["visible_to"];
    assert!(
        words.as_str().unwrap().starts_with("team members"),
        "{list}"
    );
    job.took(1, 1_200, 3)
}

pub(super) async fn which_components_has_the_public_page() -> Took {
    let world = World::new().await;
    let mut job = Job::of(
        &world,
        "How are the components of the public page? In numbers",
    );
    let ask = json!({"page_id": PUBLIC_PAGE, "by": "status"});
    let list = job.ask("list_components", ask).await;
    assert!(list["counted"].to_string().contains("operational"));
    job.took(1, 700, 4)
}

pub(super) async fn does_the_server_work() -> Took {
    let world = Make::everything().world().await;
    let mut job = Job::of(&world, "Does the server work, and may it change anything?");
    let status = job.ask("server_status", json!({})).await;
    assert_eq!(status["mode"], "write", "{status}");
    job.took(1, 6_000, 3)
}
