//! Members: invited by administrators, given roles by owners alone, and never without an owner.

use std::time::Duration;

use serde_json::{Value, json};

use super::{Cx, invalid, not_found, refusal};
use crate::sandbox::{
    call::text,
    reply::Reply,
    settings::TeamLists,
    time,
    world::{Invitation, Member, Role},
};

type Outcome = Result<Reply, Reply>;

/// "Typically 7 days."
const INVITATION_LIFE: Duration = Duration::from_secs(7 * 24 * 60 * 60);

pub(super) fn list(cx: &Cx<'_>) -> Reply {
    let members = &cx.world.team.members;
    if cx.settings.statusapp.lists == TeamLists::Whole {
        return Reply::ok(json!({ "members": members }));
    }
    let number = |name: &str| {
        cx.call
            .param(name)
            .and_then(|text| text.parse::<usize>().ok())
            .filter(|n| *n > 0)
    };
    let (page, limit) = (
        number("page").unwrap_or(1),
        number("limit").unwrap_or(50).min(100),
    );
    let skip = if cx.ignore_page {
        0
    } else {
        (page - 1).saturating_mul(limit)
    };
    let rows: Vec<&Member> = members.iter().skip(skip).take(limit).collect();
    let pagination = json!({ "total": members.len(), "page": page, "limit": limit, "totalPages": members.len().div_ceil(limit) });
    Reply::ok(json!({ "members": rows, "pagination": pagination }))
}

pub(super) fn get(cx: &Cx<'_>, id: &str) -> Outcome {
    let member = cx
        .world
        .team
        .members
        .iter()
        .find(|member| member.id == id)
        .ok_or_else(unknown)?;
    Ok(Reply::ok(json!({ "member": member })))
}

/// Owners and administrators invite; only an owner makes owners.
pub(super) fn invite(cx: &mut Cx<'_>) -> Outcome {
    at_least(cx, Role::Admin)?;
    let fields = body(cx)?;
    let email = text(&fields, "email")
        .ok_or_else(|| invalid("email", "string", "undefined", "Required"))?;
    if !email.contains('@') {
        return Err(invalid("email", "email", "string", "Invalid email"));
    }
    let role = role(&fields)?;
    if role == Role::Owner {
        at_least(cx, Role::Owner)?;
    }
    let team = &cx.world.team;
    if team
        .members
        .iter()
        .any(|member| member.email.eq_ignore_ascii_case(&email))
    {
        return Err(refusal(400, "This user is already a team member"));
    }
    let waiting =
        |there: &Invitation| there.status == "PENDING" && there.email.eq_ignore_ascii_case(&email);
    if team.invitations.iter().any(waiting) {
        return Err(refusal(400, "This user has already been invited"));
    }
    if team.seats() >= cx.settings.statusapp.seats {
        return Err(refusal(403, "Team member limit reached for your plan"));
    }
    let now = time::wall();
    let invitation = Invitation {
        id: format!("inv_{}", cx.world.random.id()),
        name: text(&fields, "name"),
        role,
        status: "PENDING",
        invited_at: format!("{now:.3}"),
        expires_at: format!("{:.3}", now.checked_add(INVITATION_LIFE).unwrap_or(now)),
        email: email.clone(),
    };
    let body = json!({ "invitation": invitation });
    cx.world.team.invitations.push(invitation);
    cx.world.wrote("member_invited");
    cx.world.mail(Some(&email), "invitation");
    Ok(Reply::created(body))
}

/// "Only Owners can change roles. You cannot demote yourself if you're the only Owner."
pub(super) fn set_role(cx: &mut Cx<'_>, id: &str) -> Outcome {
    at_least(cx, Role::Owner)?;
    let role = role(&body(cx)?)?;
    let owners = cx.world.team.owners();
    let member = cx
        .world
        .team
        .members
        .iter_mut()
        .find(|member| member.id == id)
        .ok_or_else(unknown)?;
    if member.role == Role::Owner && role != Role::Owner && owners == 1 {
        return Err(last_owner());
    }
    member.role = role;
    let body = json!({ "member": member });
    cx.world.wrote("member_role_set");
    Ok(Reply::ok(body))
}

/// Administrators remove everybody but owners.
pub(super) fn remove(cx: &mut Cx<'_>, id: &str) -> Outcome {
    at_least(cx, Role::Admin)?;
    let team = &cx.world.team;
    let member = team
        .members
        .iter()
        .find(|member| member.id == id)
        .ok_or_else(unknown)?;
    if member.role == Role::Owner {
        at_least(cx, Role::Owner)?;
        if team.owners() == 1 {
            return Err(last_owner());
        }
    }
    cx.world.team.members.retain(|member| member.id != id);
    cx.world.wrote("member_removed");
    Ok(Reply::ok(
        json!({ "success": true, "message": "Team member removed" }),
    ))
}

fn at_least(cx: &Cx<'_>, needed: Role) -> Result<(), Reply> {
    if cx.acting < needed {
        return Err(refusal(
            403,
            "You do not have permission to perform this action",
        ));
    }
    Ok(())
}

fn body(cx: &Cx<'_>) -> Result<Value, Reply> {
    match serde_json::from_slice(&cx.call.body) {
        Ok(fields @ Value::Object(_)) => Ok(fields),
        _ => Err(refusal(400, "Invalid JSON body")),
    }
}

fn role(fields: &Value) -> Result<Role, Reply> {
    const EXPECTED: &str = "'OWNER' | 'ADMIN' | 'MEMBER' | 'VIEWER'";
    let word =
        text(fields, "role").ok_or_else(|| invalid("role", EXPECTED, "undefined", "Required"))?;
    Role::named(&word).ok_or_else(|| invalid("role", EXPECTED, &word, "Invalid enum value"))
}

fn last_owner() -> Reply {
    refusal(400, "There must be at least one Owner")
}

fn unknown() -> Reply {
    not_found("Team member not found")
}
