//! Two rosters compared.

use jiff::Timestamp;
use status_roster::roster::{
    Email, Kind, Level, PageId, Record, RecordId, RecordScope, System, ViewerId, difference,
};

fn viewer(id: &str, email: &str, as_of: i64) -> Record {
    let scope = RecordScope {
        level: Level::Page,
        id: Some(RecordId::parse("page1").unwrap()),
    };
    let as_of = Timestamp::from_second(as_of).unwrap();
    let id = ViewerId::parse(id).unwrap();
    let mut record = Record::new(System::Statuspage, Kind::PageAccessUser, id, scope, as_of);
    record.email = Some(Email::parse(email).unwrap());
    record
}

#[test]
fn who_came_who_went_and_who_changed() {
    let before = [
        viewer("v1", "a@x.com", 1),
        viewer("v2", "b@x.com", 1),
        viewer("v3", "c@x.com", 1),
    ];
    let after = [
        viewer("v4", "a@x.com", 9),
        viewer("v2", "B@x.com", 9),
        viewer("v3", "c@x.com", 9),
    ];
    let found = difference(&before, &after);
    assert_eq!(
        found.added,
        [after[0].clone()],
        "a new id is a new account, whatever its address"
    );
    assert_eq!(found.removed, [before[0].clone()]);
    assert_eq!(
        found.changed.len(),
        1,
        "the time of reading alone is no change"
    );
    assert_eq!(
        found.changed[0].after.email.as_ref().unwrap().as_str(),
        "B@x.com"
    );
    assert!(difference(&after, &after).is_empty());
}

#[test]
fn a_record_gives_out_an_id_of_its_own_kind_only() {
    let record = viewer("v1", "a@x.com", 1);
    assert_eq!(record.viewer_id(), Some(ViewerId::parse("v1").unwrap()));
    assert_eq!(record.user_id(), None);
    assert_eq!(record.subscriber_id(), None);
    assert_eq!(record.page_id(), Some(PageId::parse("page1").unwrap()));
}

#[test]
fn absent_is_absent_in_json_and_hidden_text_is_flagged() {
    let mut record = viewer("v1", "a@x.com", 0);
    record.first_name = record.take_text(Some("Ja\u{202E}ne"));
    record.last_name = record.take_text(Some(" \n"));
    let expected = serde_json::json!({
        "system": "statuspage", "kind": "page_access_user", "id": "v1", "email": "a@x.com", "first_name": "Jane",
        "scope": { "level": "page", "id": "page1" }, "text_altered": true,
    });
    assert_eq!(serde_json::to_value(&record).unwrap(), expected);
    assert_eq!(serde_json::from_value::<Record>(expected).unwrap(), record);
}

#[test]
fn an_address_that_hides_something_is_shown_but_matches_nobody() {
    let mut record = viewer("v1", "a@x.com", 0);
    record.email = None;
    record.take_email(Some("jane\u{200B}@x.com"));
    assert_eq!(record.email_invalid.as_deref(), Some("jane@x.com"));
    assert!(!record.has_email(&Email::parse("jane@x.com").unwrap()));
    assert!(record.text_altered);
}
