//! E-mail addresses and ids: what is refused, and what counts as the same.

use std::collections::{BTreeSet, HashSet};

use status_roster::roster::{BadEmail, Email, PageId, UserId};

fn email(text: &str) -> Email {
    Email::parse(text).unwrap()
}

#[test]
fn addresses_that_differ_in_case_are_one_and_are_shown_as_stored() {
    let (a, b) = (email("Jane.Doe@Example.COM"), email("jane.doe@example.com"));
    assert_eq!(a, b);
    assert_eq!(a.to_string(), "Jane.Doe@Example.COM");
    assert_eq!(a.domain(), "example.com");
    assert_eq!(HashSet::from([a.clone(), b.clone()]).len(), 1);
    assert_eq!(BTreeSet::from([a, b]).len(), 1);
    assert_eq!(email("ZOË@x.com"), email("zoe\u{308}@x.com"));
    assert_ne!(email("jane+pages@x.com"), email("jane@x.com"));
}

#[test]
fn what_is_not_one_bare_address_is_refused_with_the_reason() {
    let cases = [
        ("", "an e-mail address is empty"),
        ("jane", "`jane` has 0 `@`; an address has exactly one"),
        ("a@b@c", "`a@b@c` has 2 `@`; an address has exactly one"),
        ("@x.com", "`@x.com` has nothing before or after its `@`"),
        ("jane@", "`jane@` has nothing before or after its `@`"),
        (
            "ja\u{200B}ne@x.com",
            "`jane@x.com` holds an invisible or control character",
        ),
        (
            "jane@x.com\u{202E}",
            "`jane@x.com` holds an invisible or control character",
        ),
        (
            "ja\nne@x.com",
            "`ja ne@x.com` holds an invisible or control character",
        ),
        (
            "Jane <jane@x.com>",
            "`Jane <jane@x.com>` holds ` `, which no address has: give one bare address, such as `jane@example.com`",
        ),
    ];
    for (text, why) in cases {
        assert_eq!(Email::parse(text).unwrap_err().to_string(), why);
    }
    let long = format!("{}@x.com", "a".repeat(249));
    assert_eq!(Email::parse(&long), Err(BadEmail::TooLong(255)));
    assert!(Email::parse(&long[1..]).is_ok());
    assert_eq!(email(" jane@x.com\n").as_str(), "jane@x.com");
}

#[test]
fn an_address_in_json_is_checked_as_everywhere() {
    assert!(serde_json::from_str::<Email>("\"a@b@c\"").is_err());
    assert_eq!(
        serde_json::to_string(&email("A@x.com")).unwrap(),
        "\"A@x.com\""
    );
}

#[test]
fn an_id_is_letters_digits_underscore_or_hyphen() {
    for text in [
        "j1nvlvyv7w27",
        "tm_9",
        "8f14e45f-ceea-4a7a-9c1b-3f0a4c2d1e5b",
        &"a".repeat(64),
    ] {
        assert_eq!(UserId::parse(text).unwrap().as_str(), text);
    }
    for text in [
        "",
        "a/b",
        "..",
        "a.b",
        "%2e",
        "a b",
        "a\u{200B}",
        "ä",
        &"a".repeat(65),
    ] {
        assert!(PageId::parse(text).is_err(), "{text}");
        assert!(
            serde_json::from_value::<PageId>(text.into()).is_err(),
            "{text}"
        );
    }
    let said = PageId::parse("../\u{202E}x").unwrap_err().to_string();
    assert_eq!(
        said,
        "`../x` is not an id: an id is 1 to 64 letters, digits, `_` or `-`"
    );
}
