//! Lists that are counted and not shown.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use status_roster::sandbox::known;

use super::world::{Make, World};

fn counted(list: &Value) -> BTreeMap<String, u64> {
    let all = list["counted"].as_array().into_iter().flatten();
    let one = |it: &Value| {
        (
            it["value"].as_str().unwrap().to_owned(),
            it["count"].as_u64().unwrap(),
        )
    };
    all.map(one).collect()
}

fn sum<'a>(values: impl Iterator<Item = &'a str>) -> BTreeMap<String, u64> {
    let mut sums = BTreeMap::new();
    for value in values {
        *sums.entry(value.to_owned()).or_default() += 1;
    }
    sums
}

#[tokio::test]
async fn subscribers_are_counted_by_type() {
    let world = World::new().await;
    let by = json!({"page_id": known::AUDIENCE_PAGE, "count_only": true, "by": "type"});
    let list = world.result("list_subscribers", by).await;
    let page = world.stored_page(known::AUDIENCE_PAGE);
    let stored = page["subscribers"].as_array().unwrap();
    assert_eq!(list["matched"], stored.len());
    assert_eq!(list["shown"], 0);
    assert_eq!(list["records"], json!([]));
    assert_eq!(counted(&list).values().sum::<u64>(), stored.len() as u64);
    let first = &list["counted"][0];
    let most = counted(&list).into_values().max().unwrap();
    assert_eq!(first["count"], most, "the most first");
}

#[tokio::test]
async fn viewers_are_counted_by_group_in_names() {
    let world = World::new().await;
    let by = json!({"page_id": known::AUDIENCE_PAGE, "by": "group"});
    let list = world.result("list_page_access_users", by).await;
    let page = world.stored_page(known::AUDIENCE_PAGE);
    let (id, name) = known::GROUPS[0];
    let members = page["viewers"].as_array().unwrap().iter();
    let members = members.filter(|it| it["group_ids"].to_string().contains(id));
    let shown = format!("{name} ({id})");
    assert_eq!(counted(&list)[&shown], members.count() as u64, "{list}");
}

#[tokio::test]
async fn viewers_of_a_domain_are_counted_with_and_without_its_subdomains() {
    let world = World::new().await;
    let page = world.stored_page(known::AUDIENCE_PAGE);
    let viewers = page["viewers"].as_array().unwrap();
    let domain = |it: &Value| Some(it["email"].as_str()?.rsplit_once('@')?.1.to_lowercase());
    let domains: Vec<String> = viewers.iter().filter_map(domain).collect();
    let sums = sum(domains.iter().map(String::as_str));
    for (domain, count) in sums.iter().take(3) {
        let asked = json!({"page_id": known::AUDIENCE_PAGE, "domain": domain, "count_only": true});
        let list = world.result("list_page_access_users", asked).await;
        assert_eq!(list["matched"], *count, "{domain}");
    }
    let below = domains
        .iter()
        .filter(|it| *it == "example" || it.ends_with(".example"));
    let asked = json!({"page_id": known::AUDIENCE_PAGE, "domain": "*.example", "count_only": true});
    let list = world.result("list_page_access_users", asked).await;
    assert_eq!(list["matched"], below.count());
}

#[tokio::test]
async fn values_that_do_not_fit_are_said_and_summed() {
    let world = World::new().await;
    let by = json!({"page_id": known::AUDIENCE_PAGE, "by": "domain", "limit": 1});
    let list = world.result("list_page_access_users", by).await;
    assert_eq!(list["counted"].as_array().unwrap().len(), 1);
    let rest = list["matched"].as_u64().unwrap() - list["counted"][0]["count"].as_u64().unwrap();
    let said = format!("count {rest} together");
    assert!(list["warnings"].to_string().contains(&said), "{list}");
}

#[tokio::test]
async fn every_list_can_be_counted() {
    let world = Make::everything().world().await;
    let page = json!({"page_id": known::AUDIENCE_PAGE, "count_only": true});
    for tool in [
        "list_page_access_users",
        "list_page_access_groups",
        "list_components",
        "list_subscribers",
    ] {
        let list = world.result(tool, page.clone()).await;
        assert!(list["matched"].as_u64().unwrap() > 0, "{tool}: {list}");
        assert_eq!(list["records"], json!([]), "{tool}");
        assert!(list.to_string().len() < 400, "{tool}: {list}");
    }
    for tool in [
        "list_pages",
        "list_org_users",
        "list_directory_users",
        "list_directory_groups",
        "list_team_members",
        "list_team_invitations",
    ] {
        let list = world.result(tool, json!({"count_only": true})).await;
        assert!(list["matched"].as_u64().unwrap() > 0, "{tool}: {list}");
        assert_eq!(list["records"], json!([]), "{tool}");
    }
}

#[tokio::test]
async fn a_phone_is_found_by_its_last_digits() {
    let world = World::new().await;
    let all = json!({"page_id": known::AUDIENCE_PAGE, "type": "sms"});
    let all = world.result("list_subscribers", all).await;
    let one = all["records"][0]["phone_ending"].as_str().unwrap();
    for ending in [one, &one[2..]] {
        let asked = json!({"page_id": known::AUDIENCE_PAGE, "phone_ending": ending});
        let list = world.result("list_subscribers", asked).await;
        let rows = list["records"].as_array().unwrap();
        assert!(!rows.is_empty());
        for row in rows {
            assert!(row["phone_ending"].as_str().unwrap().ends_with(ending));
        }
    }
}
