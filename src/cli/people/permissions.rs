//! `permissions`: shows a team member's page roles, or changes them.

use serde_json::{Value, json};

use super::{object, one, with};
use crate::cli::args::{Common, Permissions};
use crate::cli::call;
use crate::cli::end::{End, Fail};

pub(in crate::cli) async fn run(common: &Common, wanted: Permissions) -> Result<End, Fail> {
    let who = object(json!({ "email": wanted.who }));
    let (grant, revoke) = (grants(&wanted.grant), grants(&wanted.revoke));
    let replace = grants(&wanted.replace);
    if [&grant, &revoke, &replace]
        .iter()
        .all(|list| list.is_empty())
    {
        return one(common, "get_permissions", who).await;
    }
    let change = json!({
        "grant": grant, "revoke": revoke, "replace": replace, "confirmation_token": wanted.token,
    });
    let mut arguments = who;
    arguments.extend(object(change));
    with(common, wanted.token.is_some(), async |session| {
        let end = call::tool(&session, "set_permissions", arguments, false).await;
        (session, end)
    })
    .await
}

/// `PAGE=role,role`, as the tool takes it.
fn grants(typed: &[String]) -> Vec<Value> {
    let one = |text: &String| {
        let (page, roles) = text.split_once('=').unwrap_or((text, ""));
        let roles: Vec<&str> = roles
            .split(',')
            .map(str::trim)
            .filter(|role| !role.is_empty())
            .collect();
        json!({ "page_id": page, "roles": roles })
    };
    typed.iter().map(one).collect()
}
