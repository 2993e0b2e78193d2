//! Subscribers: another paging, hidden states, and addresses that hold secrets.

use serde_json::json;
use status_roster::{
    providers::{
        ProviderError,
        statuspage::{Contact, NewSubscriber, Notify, StateFilter, SubscriberQuery},
    },
    roster::{ComponentId, Email, Mode, Status, SubscriberId, ViewerId},
};

use super::super::support::{Stage, fixture, page};

const SUBSCRIBERS: &str = "/pages/pgalpha00001/subscribers";

fn subscriber() -> SubscriberId {
    SubscriberId::parse("sub1").unwrap()
}

fn component() -> ComponentId {
    ComponentId::parse("cmpapi").unwrap()
}

#[tokio::test]
async fn everybody_is_asked_for_from_page_zero_and_no_secret_of_a_webhook_comes_through() {
    let stage = Stage::new().await;
    stage
        .answers("GET", SUBSCRIBERS, 200, &fixture("subscribers"))
        .await;
    let found = stage
        .statuspage
        .subscribers(&page(), &SubscriberQuery::default())
        .rest(&stage.cx)
        .await
        .unwrap();
    assert_eq!(
        stage.sent().await,
        [format!("GET {SUBSCRIBERS}?state=all&page=0&limit=100")]
    );
    let [mail, webhook, sms, slack, other] = &found[..] else {
        panic!("five subscribers")
    };
    assert_eq!((mail.mode, mail.record.status), (Mode::Email, None));
    assert_eq!(mail.viewer_id, Some(ViewerId::parse("vw1abc").unwrap()));
    assert_eq!(mail.component_ids, Some(vec![component()]));
    assert_eq!(
        webhook.endpoint_host.as_deref(),
        Some("hooks.client.example:8443")
    );
    assert_eq!(
        (&webhook.viewer_id, &webhook.component_ids),
        (&None, &Some(vec![]))
    );
    assert_eq!(sms.record.status, Some(Status::Quarantined));
    assert_eq!(sms.phone_ending.as_deref(), Some("0137"));
    assert!(sms.purge_at.is_some());
    assert_eq!(slack.channel.as_deref(), Some("Client #in***ts"));
    assert_eq!(
        (other.mode, &other.endpoint_host, &other.component_ids),
        (Mode::Other, &None, &None)
    );
    let all = serde_json::to_string(&found).unwrap() + &format!("{found:?}");
    for secret in ["s3cr3t", "hunter2", "robot", "415"] {
        assert!(!all.contains(secret), "{secret}");
    }
}

#[tokio::test]
async fn a_question_narrows_by_state_mode_and_address() {
    let stage = Stage::new().await;
    stage
        .answers("GET", SUBSCRIBERS, 200, &fixture("subscribers"))
        .await;
    let query = SubscriberQuery {
        state: StateFilter::Active,
        mode: Some(Mode::Email),
        email: Some(Email::parse("reader@client.example").unwrap()),
    };
    let found = stage
        .statuspage
        .subscribers(&page(), &query)
        .rest(&stage.cx)
        .await
        .unwrap();
    assert_eq!(
        found.len(),
        1,
        "what Statuspage finds by part is compared again"
    );
    assert_eq!(found[0].record.status, Some(Status::Active));
    let expected = format!(
        "GET {SUBSCRIBERS}?state=active&type=email&q=reader%40client.example&page=0&limit=100"
    );
    assert_eq!(stage.sent().await, [expected]);
}

#[tokio::test]
async fn nobody_is_told_of_an_unsubscription_unless_it_is_wanted() {
    let stage = Stage::new().await;
    stage
        .answers("DELETE", &format!("{SUBSCRIBERS}/sub1"), 200, &json!({}))
        .await;
    let (intent, statuspage, cx) = (stage.intent().await, &stage.statuspage, &stage.cx);
    statuspage
        .delete_subscriber(cx, &intent, &page(), &subscriber(), Notify::No)
        .await
        .unwrap();
    statuspage
        .delete_subscriber(cx, &intent, &page(), &subscriber(), Notify::Yes)
        .await
        .unwrap();
    let expected = [
        format!("DELETE {SUBSCRIBERS}/sub1?skip_unsubscription_notification=true"),
        format!("DELETE {SUBSCRIBERS}/sub1"),
    ];
    assert_eq!(stage.sent().await, expected);
}

#[tokio::test]
async fn an_address_is_subscribed_and_one_that_is_there_is_recognised() {
    let stage = Stage::new().await;
    stage.answers_nothing("POST", SUBSCRIBERS, 201).await;
    let intent = stage.intent().await;
    let person = NewSubscriber {
        contact: Contact::Email(Email::parse("new@client.example").unwrap()),
        component_ids: vec![component()],
        viewer_id: None,
        confirmation: Notify::No,
    };
    stage
        .statuspage
        .create_subscriber(&stage.cx, &intent, &page(), &person)
        .await
        .unwrap();
    let expected = json!({ "subscriber": {
        "email": "new@client.example", "component_ids": ["cmpapi"], "skip_confirmation_notification": true,
    } });
    assert_eq!(stage.only_body().await, expected);

    let stage = Stage::new().await;
    stage
        .answers(
            "POST",
            SUBSCRIBERS,
            422,
            &json!({ "error": { "email": ["has already been taken"] } }),
        )
        .await;
    let intent = stage.intent().await;
    let error = stage
        .statuspage
        .create_subscriber(&stage.cx, &intent, &page(), &person)
        .await
        .unwrap_err();
    assert_eq!(
        error,
        ProviderError::AlreadyExists {
            what: "subscriber",
            name: person.contact.to_string()
        }
    );
}

#[tokio::test]
async fn an_empty_choice_of_components_is_sent_as_none_which_means_all() {
    let stage = Stage::new().await;
    stage
        .answers("PATCH", &format!("{SUBSCRIBERS}/sub1"), 200, &json!({}))
        .await;
    stage
        .answers_nothing(
            "POST",
            &format!("{SUBSCRIBERS}/sub1/resend_confirmation"),
            201,
        )
        .await;
    let (intent, statuspage, cx) = (stage.intent().await, &stage.statuspage, &stage.cx);
    statuspage
        .update_subscriber(cx, &intent, &page(), &subscriber(), &[component()])
        .await
        .unwrap();
    statuspage
        .update_subscriber(cx, &intent, &page(), &subscriber(), &[])
        .await
        .unwrap();
    statuspage
        .resend_confirmation(cx, &intent, &page(), &subscriber())
        .await
        .unwrap();
    let sent = stage.sent().await;
    assert_eq!(
        sent[0],
        format!(r#"PATCH {SUBSCRIBERS}/sub1 {{"component_ids":["cmpapi"]}}"#)
    );
    assert_eq!(sent[1], format!("PATCH {SUBSCRIBERS}/sub1 {{}}"));
    assert!(sent[2].starts_with(&format!("POST {SUBSCRIBERS}/sub1/resend_confirmation")));
}

#[tokio::test]
async fn counts_come_by_mode_and_state_in_one_request() {
    let stage = Stage::new().await;
    let path = format!("{SUBSCRIBERS}/histogram_by_state");
    let answer = json!({
        "email": { "active": 12, "unconfirmed": 1, "quarantined": 2, "total": 15 }, "sms": { "active": 3 },
        "fax": { "active": 1, "total": 1 }, "pigeon": { "active": 2 },
    });
    stage.answers("GET", &path, 200, &answer).await;
    stage
        .answers(
            "GET",
            &format!("{SUBSCRIBERS}/sub1"),
            200,
            &fixture("subscribers")[0],
        )
        .await;
    let counts = stage
        .statuspage
        .subscriber_counts(&stage.cx, &page())
        .await
        .unwrap();
    assert_eq!(
        (
            counts[&Mode::Email].quarantined,
            counts[&Mode::Sms].active,
            counts[&Mode::Sms].total
        ),
        (Some(2), Some(3), None),
        "what Statuspage did not say is not 0"
    );
    assert_eq!(
        (counts[&Mode::Other].active, counts[&Mode::Other].total),
        (Some(3), None),
        "unknown types are together, and no sum is made of a part"
    );
    let one = stage
        .statuspage
        .subscriber(&stage.cx, &page(), &subscriber())
        .await
        .unwrap();
    assert_eq!(one.record.subscriber_id(), Some(subscriber()));
}
