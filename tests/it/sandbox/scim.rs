//! The directory: what Atlassian narrows of SCIM, and what a PATCH does.

use serde_json::{Value, json};
use status_roster::sandbox::{Fault, Faults, Running, known};

use super::wire::{Reply, roomy, send};

const PATCH: &str = "urn:ietf:params:scim:api:messages:2.0:PatchOp";

async fn scim(to: &Running, method: &str, path: &str, body: Option<Value>) -> Reply {
    let auth = format!("Bearer {}", to.scim_api_key);
    let headers = [
        ("authorization", auth.as_str()),
        ("content-type", "application/scim+json"),
    ];
    let target = format!("/scim/directory/{}{path}", to.directory_id);
    send(
        to,
        method,
        &target,
        &headers,
        &body.map_or_else(String::new, |body| body.to_string()),
    )
    .await
}

fn operations(list: &Value) -> Option<Value> {
    Some(json!({ "schemas": [PATCH], "Operations": list }))
}

fn kind(reply: &Reply) -> (u16, String, String) {
    let body = reply.json();
    let text = |key: &str| body[key].as_str().unwrap_or_default().to_owned();
    (reply.status, text("status"), text("scimType"))
}

#[tokio::test]
async fn a_user_is_found_by_one_exact_comparison_and_no_other() {
    let sandbox = roomy().await;
    let found = scim(
        &sandbox,
        "GET",
        "/Users?filter=userName+eq+%22JANE.DOE%40example.com%22",
        None,
    )
    .await
    .json();
    assert_eq!(
        (&found["totalResults"], &found["Resources"][0]["id"]),
        (&json!(1), &json!(known::JANE_DIRECTORY_USER))
    );
    for filter in [
        "userName+co+%22jane%22",
        "active+eq+true",
        "userName+eq+%22a%22+or+userName+eq+%22b%22",
        "nonsense",
    ] {
        let refused = scim(&sandbox, "GET", &format!("/Users?filter={filter}"), None).await;
        assert_eq!(
            kind(&refused),
            (400, "400".to_owned(), "invalidFilter".to_owned()),
            "{filter}"
        );
    }
}

#[tokio::test]
async fn a_list_counts_from_1_and_holds_100_at_most() {
    let sandbox = roomy().await;
    let mut ids = std::collections::BTreeSet::new();
    let mut start = 1;
    loop {
        let page = scim(
            &sandbox,
            "GET",
            &format!("/Users?startIndex={start}&count=1000"),
            None,
        )
        .await
        .json();
        assert_eq!(page["totalResults"], 180);
        let rows = page["Resources"].as_array().unwrap();
        if rows.is_empty() {
            break;
        }
        assert!(rows.len() <= 100);
        ids.extend(
            rows.iter()
                .map(|row| row["id"].as_str().unwrap().to_owned()),
        );
        start += rows.len();
    }
    assert_eq!(ids.len(), 180);
    let none = scim(&sandbox, "GET", "/Users?count=0", None).await.json();
    assert_eq!(
        (&none["totalResults"], &none["itemsPerPage"]),
        (&json!(180), &json!(0))
    );
}

#[tokio::test]
async fn a_user_is_deactivated_and_comes_back() {
    let sandbox = roomy().await;
    let at = format!("/Users/{}", known::JANE_DIRECTORY_USER);
    for active in [false, true] {
        let patched = scim(
            &sandbox,
            "PATCH",
            &at,
            operations(&json!([{ "op": "replace", "path": "active", "value": active }])),
        )
        .await;
        assert_eq!(
            (patched.status, patched.json()["active"].clone()),
            (200, json!(active))
        );
        assert_eq!(patched.json()["displayName"], "Jane Doe");
    }
    let writes = sandbox.report().writes;
    assert_eq!(
        (
            writes["directory_user_deactivated"],
            writes["directory_user_reactivated"]
        ),
        (1, 1)
    );
}

#[tokio::test]
async fn an_operation_that_fails_leaves_nothing_of_the_others() {
    let sandbox = roomy().await;
    let at = format!("/Users/{}", known::JANE_DIRECTORY_USER);
    let before = sandbox.world();
    let first = json!({ "op": "replace", "path": "title", "value": "Changed" });
    for (bad, why) in [
        (
            json!({ "op": "replace", "path": "shoeSize", "value": 9 }),
            "invalidPath",
        ),
        (
            json!({ "op": "replace", "path": "id", "value": "x" }),
            "invalidPath",
        ),
        (
            json!({ "op": "add", "path": "groups", "value": [] }),
            "mutability",
        ),
        (json!({ "op": "remove" }), "noTarget"),
        (
            json!({ "op": "replace", "path": "emails[type eq \"home\"].value", "value": "x@y.example" }),
            "noTarget",
        ),
        (
            json!({ "op": "replace", "path": "active", "value": "yes" }),
            "invalidValue",
        ),
        (json!({ "op": "remove", "path": "userName" }), "mutability"),
    ] {
        let refused = scim(&sandbox, "PATCH", &at, operations(&json!([first, bad]))).await;
        assert_eq!(
            kind(&refused),
            (400, "400".to_owned(), why.to_owned()),
            "{bad}"
        );
    }
    let lower = json!({ "schemas": [PATCH], "operations": [first] });
    assert_eq!(
        kind(&scim(&sandbox, "PATCH", &at, Some(lower)).await).2,
        "invalidSyntax"
    );
    assert_eq!(sandbox.world(), before);
}

#[tokio::test]
async fn paths_reach_parts_of_lists_and_of_extensions() {
    let sandbox = roomy().await;
    let at = format!("/Users/{}", known::JANE_DIRECTORY_USER);
    let enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
    let patched = scim(&sandbox, "PATCH", &at, operations(&json!([
        { "op": "Replace", "path": "emails[type eq \"work\"].value", "value": "jane@example.com" },
        { "op": "add", "path": "emails", "value": { "value": "second@example.com" } },
        { "op": "replace", "path": "name.familyName", "value": "Roe" },
        { "op": "replace", "path": format!("{enterprise}:department"), "value": "Sales" },
        { "op": "replace", "value": { "nickName": "J", "title": null } },
    ]))).await;
    let user = patched.json();
    assert_eq!(
        user["emails"],
        json!([{ "value": "jane@example.com", "type": "work", "primary": true }, { "value": "second@example.com" }])
    );
    assert_eq!(
        (&user["name"]["familyName"], &user["name"]["givenName"]),
        (&json!("Roe"), &json!("Jane"))
    );
    assert_eq!(
        user[enterprise],
        json!({ "department": "Sales", "organization": "Example" })
    );
    assert_eq!((&user["nickName"], user.get("title")), (&json!("J"), None));
}

#[tokio::test]
async fn put_cleans_what_it_does_not_name() {
    let sandbox = roomy().await;
    let at = format!("/Users/{}", known::JANE_DIRECTORY_USER);
    let body =
        json!({ "userName": known::JANE, "emails": [{ "value": known::JANE }], "active": true });
    let user = scim(&sandbox, "PUT", &at, Some(body)).await.json();
    assert_eq!(
        (
            user.get("displayName"),
            user.get("title"),
            &user["emails"][0]["primary"]
        ),
        (None, None, &json!(true))
    );
}

#[tokio::test]
async fn a_user_is_created_once_and_deleted_for_good() {
    let sandbox = roomy().await;
    let body = json!({ "userName": "new@example.com", "emails": [{ "value": "new@example.com", "primary": true }] });
    let created = scim(&sandbox, "POST", "/Users", Some(body.clone())).await;
    assert_eq!(
        (created.status, created.json()["active"].clone()),
        (201, json!(true))
    );
    assert_eq!(
        created.header("location"),
        created.json()["meta"]["location"]
            .as_str()
            .map(str::to_owned)
    );
    assert_eq!(
        kind(&scim(&sandbox, "POST", "/Users", Some(body)).await),
        (409, "409".to_owned(), "uniqueness".to_owned())
    );
    let nobody = json!({ "userName": "no.mail@example.com" });
    assert_eq!(
        scim(&sandbox, "POST", "/Users", Some(nobody)).await.status,
        400
    );
    let at = format!("/Users/{}", created.json()["id"].as_str().unwrap());
    assert_eq!(scim(&sandbox, "DELETE", &at, None).await.status, 204);
    assert_eq!(scim(&sandbox, "GET", &at, None).await.status, 404);
    assert_eq!(scim(&sandbox, "DELETE", &at, None).await.status, 404);
}

#[tokio::test]
async fn members_come_and_go_and_names_stay() {
    let sandbox = roomy().await;
    let group =
        json!({ "displayName": "new-group", "members": [{ "value": known::JANE_DIRECTORY_USER }] });
    let created = scim(&sandbox, "POST", "/Groups", Some(group.clone())).await;
    assert_eq!(
        (
            created.status,
            created.json()["members"][0]["display"].clone()
        ),
        (201, json!("Jane Doe"))
    );
    assert_eq!(
        scim(&sandbox, "POST", "/Groups", Some(group)).await.status,
        409
    );
    assert_eq!(
        scim(
            &sandbox,
            "POST",
            "/Groups",
            Some(json!({ "displayName": "org-admins" }))
        )
        .await
        .status,
        409
    );
    let at = format!("/Groups/{}", created.json()["id"].as_str().unwrap());
    let jane = format!("/Users/{}", known::JANE_DIRECTORY_USER);
    let mine = scim(&sandbox, "GET", &jane, None).await.json()["groups"].to_string();
    assert!(mine.contains("new-group"), "{mine}");
    let changed = scim(&sandbox, "PATCH", &at, operations(&json!([
        { "op": "add", "path": "members", "value": [{ "value": known::LEAVER_DIRECTORY_USER }] },
        { "op": "remove", "path": format!("members[value eq \"{}\"]", known::JANE_DIRECTORY_USER) },
    ]))).await.json();
    assert_eq!(changed["members"].as_array().unwrap().len(), 1);
    assert_eq!(changed["members"][0]["value"], known::LEAVER_DIRECTORY_USER);
    let renamed =
        operations(&json!([{ "op": "replace", "path": "displayName", "value": "other" }]));
    assert_eq!(
        kind(&scim(&sandbox, "PATCH", &at, renamed).await).2,
        "mutability"
    );
    let unknown =
        operations(&json!([{ "op": "add", "path": "members", "value": [{ "value": "nobody" }] }]));
    assert_eq!(scim(&sandbox, "PATCH", &at, unknown).await.status, 400);
    let put = json!({ "displayName": "new-group", "members": [{ "value": "nobody" }] });
    assert_eq!(
        scim(&sandbox, "PUT", &at, Some(put)).await.json()["scimErrorType"],
        "invalidValue"
    );
    assert_eq!(scim(&sandbox, "DELETE", &at, None).await.status, 204);
}

#[tokio::test]
async fn the_gateway_refuses_in_words_of_its_own() {
    let sandbox = roomy().await;
    let target = format!("/scim/directory/{}/Users", sandbox.directory_id);
    let statuspage = format!("Bearer {}", sandbox.api_key);
    for headers in [vec![], vec![("authorization", statuspage.as_str())]] {
        let refused = send(&sandbox, "GET", &target, &headers, "").await;
        assert_eq!(
            (refused.status, refused.json()["traceId"].is_string()),
            (401, true)
        );
    }
    let auth = format!("Bearer {}", sandbox.scim_api_key);
    let elsewhere = send(
        &sandbox,
        "GET",
        "/scim/directory/other/Users",
        &[("authorization", &auth)],
        "",
    )
    .await;
    assert_eq!(kind(&elsewhere).1, "404");
    sandbox.faults(Faults::next(Fault::Status503, "GET", "/scim/"));
    assert_eq!(kind(&scim(&sandbox, "GET", "/Users", None).await).1, "503");
}

#[tokio::test]
async fn the_person_who_left_is_inactive_here_and_present_everywhere_else() {
    let sandbox = roomy().await;
    let lena = scim(
        &sandbox,
        "GET",
        &format!("/Users/{}", known::LEAVER_DIRECTORY_USER),
        None,
    )
    .await
    .json();
    assert_eq!(
        (&lena["userName"], &lena["active"]),
        (&json!(known::LEAVER), &json!(false))
    );
    let world = sandbox.world();
    let pages = world["statuspage"]["pages"].to_string();
    assert!(pages.contains(known::LEAVER_VIEWER) && pages.contains(known::LEAVER_SUBSCRIBER));
    let team = world["statusapp"]["members"].as_array().unwrap();
    assert!(
        team.iter()
            .any(|member| member["email"] == known::LEAVER && member["role"] == "ADMIN")
    );
}
