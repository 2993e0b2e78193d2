//! Requests about many subscribers at once: counts, and changes to lists of them.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{
    Cx,
    subscriber_rows::{MODES, chosen, find, remove, state},
};
use crate::sandbox::{
    call::{flag, ids, text},
    reply::{Answer, Refusal, Reply},
    world::Subscriber,
};

/// Numbers by type, of one type and state when asked.
pub(super) fn count(cx: &Cx<'_>, page: &str) -> Answer {
    let chosen = chosen(cx.call.param("type"), cx.call.param("state"))?;
    let rows = &cx.world.page(page)?.subscribers;
    let count = |mode: &str| {
        rows.iter()
            .filter(|row| row.mode == mode && chosen(row))
            .count()
    };
    Ok(Reply::ok(
        MODES
            .iter()
            .map(|mode| ((*mode).to_owned(), json!(count(mode))))
            .collect(),
    ))
}

/// Numbers by type and state.
pub(super) fn histogram(cx: &Cx<'_>, page: &str) -> Answer {
    let rows = &cx.world.page(page)?.subscribers;
    let one = |mode: &str| -> Value {
        let of_mode = || rows.iter().filter(|row| row.mode == mode);
        let mut counts: BTreeMap<&str, usize> = ["active", "unconfirmed", "quarantined"]
            .map(|of| (of, of_mode().filter(|row| state(row) == of).count()))
            .into();
        counts.insert("total", of_mode().count());
        json!(counts)
    };
    Ok(Reply::ok(
        MODES
            .iter()
            .map(|mode| ((*mode).to_owned(), one(mode)))
            .collect(),
    ))
}

/// At most 100 ids, or `"all"` where fewer than 100 exist. By default only active ones are touched.
pub(super) fn unsubscribe(cx: &mut Cx<'_>, page: &str) -> Answer {
    let fields = cx.call.fields()?;
    let gone = named(cx, page, &fields, text(&fields, "state").as_deref())?;
    let quiet = flag(&fields, "skip_unsubscription_notification") == Some(true);
    remove(cx.world, page, &gone, quiet)?;
    Ok(Reply::nothing(201))
}

pub(super) fn reactivate(cx: &mut Cx<'_>, page: &str) -> Answer {
    let fields = cx.call.fields()?;
    let named = named(cx, page, &fields, Some("quarantined"))?;
    change(cx, page, &named, "subscriber_reactivated", |subscriber| {
        subscriber.quarantined_at = None
    })
}

/// "Only unconfirmed email subscribers will receive this notification."
pub(super) fn resend(cx: &mut Cx<'_>, page: &str) -> Answer {
    let fields = cx.call.fields()?;
    let named = named(cx, page, &fields, Some("unconfirmed"))?;
    for id in named {
        resend_one(cx, page, &id)?;
    }
    Ok(Reply::nothing(201))
}

pub(super) fn resend_one(cx: &mut Cx<'_>, page: &str, id: &str) -> Answer {
    let subscriber = find(cx.world.page(page)?, id)?;
    if subscriber.mode == "email" && state(subscriber) == "unconfirmed" {
        let email = subscriber.email.clone();
        cx.world.mail(email.as_deref(), "subscription_confirmation");
        cx.world.wrote("confirmation_resent");
    }
    Ok(Reply::nothing(201))
}

/// The ids that a body names and that are of its type and of the state.
fn named(
    cx: &Cx<'_>,
    page: &str,
    fields: &Value,
    of: Option<&str>,
) -> Result<Vec<String>, Refusal> {
    const MOST: usize = 100;
    let rows = &cx.world.page(page)?.subscribers;
    let chosen = chosen(text(fields, "type").as_deref(), of)?;
    let matching = rows.iter().filter(|row| chosen(row));
    if fields.get("subscribers").and_then(Value::as_str) == Some("all") {
        if rows.len() >= MOST {
            return Err(Refusal::invalid(
                "subscribers",
                "\"all\" is only for fewer than 100 subscribers",
            ));
        }
        return Ok(matching.map(|row| row.id.clone()).collect());
    }
    let named = ids(fields, "subscribers")?
        .ok_or_else(|| Refusal::bad_request("subscribers is missing"))?;
    if named.len() > MOST {
        return Err(Refusal::invalid(
            "subscribers",
            "has more than 100 elements",
        ));
    }
    Ok(matching
        .filter(|row| named.contains(&row.id))
        .map(|row| row.id.clone())
        .collect())
}

fn change(
    cx: &mut Cx<'_>,
    page: &str,
    named: &[String],
    kind: &'static str,
    act: impl Fn(&mut Subscriber),
) -> Answer {
    let rows = cx
        .world
        .page_mut(page)?
        .subscribers
        .iter_mut()
        .filter(|row| named.contains(&row.id));
    let changed = rows.map(act).count();
    for _ in 0..changed {
        cx.world.wrote(kind);
    }
    Ok(Reply::nothing(201))
}
