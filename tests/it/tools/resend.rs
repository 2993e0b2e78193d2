//! The confirmation message of a subscription, once more: only to who waits for it, only where asked for, and no arrival is claimed.

use serde_json::{Value, json};
use status_roster::sandbox::{Fault, Faults, known};

use super::world::{Make, World};

fn stored(world: &World) -> Vec<Value> {
    world.stored_page(known::PUBLIC_PAGE)["subscribers"]
        .as_array()
        .unwrap()
        .clone()
}

fn new(email: &str) -> Value {
    json!({"page_id": known::PUBLIC_PAGE, "email": email})
}

/// Ann is subscribed and has not confirmed; and the call that sends the message again.
async fn unconfirmed_ann(world: &World) -> Value {
    let mut ann = new("ann@example.com");
    let done = world.result("add_subscriber", ann.clone()).await;
    assert_eq!(done["status"], "applied", "{done}");
    ann["resend"] = json!(true);
    ann
}

fn resends(world: &World) -> usize {
    let writes = world.writes();
    let resent = |write: &&String| write.contains("/resend_confirmation");
    writes.iter().filter(resent).count()
}

#[tokio::test]
async fn who_has_not_confirmed_is_asked_again_and_no_arrival_is_claimed() {
    let world = World::new().await;
    let ann = unconfirmed_ann(&world).await;
    let done = world.result("add_subscriber", ann).await;
    assert_eq!(done["status"], "applied", "{done}");
    let detail = done["steps"][0]["detail"].as_str().unwrap();
    assert!(
        detail.contains("whether the mail arrived cannot be seen"),
        "{done}"
    );
    assert!(
        !done["summary"].as_str().unwrap().contains("seen by"),
        "{done}"
    );
    let mails = world.sandbox.report().mails;
    let sent: Vec<_> = mails
        .iter()
        .map(|mail| (mail.to.as_str(), mail.why))
        .collect();
    assert_eq!(
        sent,
        [("ann@example.com", "subscription_confirmation"); 2],
        "the first, and the one that was asked for"
    );
    assert_eq!((world.writes().len(), resends(&world)), (2, 1));
    let audit = world.audit();
    let intended = audit.iter().any(|line| {
        let text = line.to_string();
        text.contains("send the confirmation message") && text.contains("ann@example.com")
    });
    assert!(intended, "{audit:?}");
}

#[tokio::test]
async fn an_answer_that_is_lost_is_not_called_a_message_that_was_sent() {
    let world = World::new().await;
    let ann = unconfirmed_ann(&world).await;
    world.sandbox.faults(Faults::next(
        Fault::LostAnswer,
        "POST",
        "resend_confirmation",
    ));
    let done = world.result("add_subscriber", ann).await;
    assert_eq!(done["status"], "unknown", "{done}");
    assert!(
        done["next"].as_str().unwrap().contains("Ask the person"),
        "{done}"
    );
    assert_eq!(resends(&world), 1, "never sent twice");
}

#[tokio::test]
async fn who_has_confirmed_or_is_in_quarantine_is_sent_nothing() {
    let world = World::new().await;
    let rows = stored(&world);
    let confirmed = rows.iter().find(|row| row["email"] == known::LEAVER);
    let quarantined = rows.iter().find(|row| {
        row["mode"] == "email" && !row["quarantined_at"].is_null() && row["email"] != known::JANE
    });
    for (row, why) in [
        (confirmed.unwrap(), "does not list it as unconfirmed"),
        (quarantined.unwrap(), "it is quarantined"),
    ] {
        let mut ask = new(row["email"].as_str().unwrap());
        ask["resend"] = json!(true);
        // Nothing is to be widened: that is another matter.
        ask["component_ids"] = row["component_ids"].clone();
        let done = world.result("add_subscriber", ask).await;
        assert_eq!(done["status"], "already", "{done}");
        assert!(done["summary"].as_str().unwrap().contains(why), "{done}");
    }
    assert_eq!(world.writes(), Vec::<String>::new());
    assert_eq!(world.sandbox.report().mails, []);
}

#[tokio::test]
async fn nobody_to_send_it_to_again_is_a_plain_add() {
    let world = World::new().await;
    let mut ask = new("ann@example.com");
    ask["resend"] = json!(true);
    let done = world.result("add_subscriber", ask.clone()).await;
    assert_eq!(done["status"], "applied", "{done}");
    assert_eq!((world.writes().len(), resends(&world)), (1, 0));
    assert_eq!(world.sandbox.report().mails.len(), 1);
    ask["skip_confirmation"] = json!(true);
    let refused = world.refusal("add_subscriber", ask).await;
    assert!(refused.contains("`skip_confirmation`"), "{refused}");
    assert_eq!(world.writes().len(), 1);
}

#[tokio::test]
async fn an_outsider_is_asked_again_only_with_a_confirmation() {
    let make = Make {
        more: "[policy]\nemail_domains = [\"example.com\"]".to_owned(),
        ..Make::default()
    };
    let world = make.world().await;
    let rows = stored(&world);
    let outsider = rows.iter().find(|row| {
        row["mode"] == "email" && row["confirmed"] == false && row["quarantined_at"].is_null()
    });
    let mut ask = new(outsider.unwrap()["email"].as_str().unwrap());
    ask["resend"] = json!(true);
    let plan = world.result("add_subscriber", ask.clone()).await;
    assert_eq!(plan["status"], "confirmation_required", "{plan}");
    assert_eq!(
        (world.writes().len(), world.sandbox.report().mails.len()),
        (0, 0)
    );
    ask["confirmation_token"] = plan["confirmation_token"].clone();
    let done = world.result("add_subscriber", ask).await;
    assert_eq!(done["status"], "applied", "{done}");
    assert_eq!(resends(&world), 1);
}
