//! What an operator writes down of keys: dates and people, and never a key.

use super::House;

const STATUSPAGE: &str = "[statuspage]\norganization_id = \"o\"\napi_key = \"k\"\n";

#[test]
fn dates_may_stand_in_quotes_or_not() {
    let file = format!(
        "{STATUSPAGE}key_created = 2026-01-31\nkey_expires = \"2027-01-30\"\nkey_creator = \"Jane@example.com\"\n"
    );
    let config = House::new(&file).load().unwrap();
    let key = config.statuspage.unwrap().system.key;
    assert_eq!(key.created.unwrap().to_string(), "2026-01-31");
    assert_eq!(key.ends().unwrap().to_string(), "2027-01-30");
    assert_eq!(key.creator.unwrap().as_str(), "Jane@example.com");
    assert!(key.own);
}

#[test]
fn other_keys_are_a_list_of_what_they_are_for() {
    let file = format!(
        "{STATUSPAGE}[credentials]\nkeys = [\n  {{ name = \"deploy bot\", system = \"statuspage\", created = 2026-01-31 }},\n  {{ name = \"pager\", system = \"statusapp\", creator = \"sam@example.com\" }},\n]\n"
    );
    let keys = House::new(&file).load().unwrap().other_keys;
    assert_eq!((keys[0].name.as_str(), keys[0].own), ("deploy bot", false));
    assert_eq!(
        keys[0].ends(),
        None,
        "a Statuspage key without a written end may have none"
    );
    assert_eq!(keys[1].ends(), None);
}

#[test]
fn what_is_wrong_with_them_is_told_with_its_place() {
    let file = format!(
        "{STATUSPAGE}key_created = \"last year\"\nkey_expires = 7\nkey_creator = \"jane\"\n[credentials]\nkeys = [\"k\", {{ system = \"statuspage\" }}, {{ name = \"x\", system = \"jira\" }}, {{ name = \"x\", system = \"statusapp\", key = \"k-2\" }}, {{ name = \"x\", system = \"statusapp\", created = \"soon\" }}]\n"
    );
    insta::assert_snapshot!(House::new(&file).problems());
}

#[test]
fn a_key_that_would_end_before_it_was_made_is_a_slip_that_is_told() {
    let file = format!(
        "{STATUSPAGE}key_created = 2026-12-31\nkey_expires = 2026-01-31\n[credentials]\nkeys = [{{ name = \"x\", system = \"statuspage\", created = 2027-01-02, expires = 2027-01-01 }}]\n"
    );
    let told = House::new(&file).problems();
    assert!(told.contains("`statuspage.key_created` and `statuspage.key_expires`: the key would end (2026-01-31) before it was made"), "{told}");
    assert!(
        told.contains("entry 1: `created` and `expires`: the key would end (2027-01-01)"),
        "{told}"
    );
}

#[test]
fn the_owner_is_an_address() {
    let with = |owner: &str| House::new(&format!("{STATUSPAGE}owner = \"{owner}\"\n"));
    let config = with("Olivia@example.com").load().unwrap();
    let owner = config.statuspage.unwrap().owner.unwrap();
    assert_eq!(owner.as_str(), "Olivia@example.com");
    let told = with("olivia").problems();
    assert!(
        told.contains("`statuspage.owner`: `olivia` has 0 `@`"),
        "{told}"
    );
}
