//! E-mail addresses and ids: what is refused, and what counts as the same.

use std::collections::{BTreeSet, HashSet};

use serde_json::json;
use status_roster::roster::email::Stored;
use status_roster::roster::{BadEmail, Domain, Email, Emails, PageId, UserId};

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
            "`jane@x.com` is not one bare address: did you mean `jane@x.com`?",
        ),
        (
            "two @ signs",
            "`two @ signs` holds ` `, which no address has: give one bare address, such as `jane@example.com`",
        ),
        (
            "Jane <jane@x.com>",
            "`Jane <jane@x.com>` is not one bare address: did you mean `jane@x.com`?",
        ),
        (
            "jane@x.com, joe@x.com",
            "`jane@x.com, joe@x.com` holds several addresses: give each by itself",
        ),
        (
            "jane..doe@x.com",
            "`jane..doe@x.com` begins or ends with a dot before its `@`, or has two in a row",
        ),
        (
            "jane@-x.com",
            "`jane@-x.com` does not end in a domain such as `example.com`",
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

#[test]
fn what_chat_sentences_and_address_books_add_is_refused_with_the_address_that_was_meant() {
    let cases = [
        "mailto:ada+status@x.com",
        "MAILTO:ada+status@x.com?subject=Hello%20you&cc=joe@x.com",
        "mailto:ada%2Bstatus@x.com",
        "mailto:ada%2bstatus%40x.com",
        "<ada+status@x.com>",
        "Ada Lovelace <ada+status@x.com>",
        "\"Ada, Countess\" <ada+status@x.com>",
        "<mailto:ada+status@x.com|ada+status@x.com>",
        "[ada+status@x.com](mailto:ada+status@x.com)",
        "[write](mailto:ada+status@x.com?subject=x)",
        "'ada+status@x.com'",
        "`ada+status@x.com`",
        "«ada+status@x.com»",
        "„ada+status@x.com“",
        "‘ada+status@x.com’",
        "ada+status@x.com’",
        "ada+status@x.com.",
        "ada+status@x.com, ",
        "ada+status@x.com!?",
        "ada+status@x.com。",
        "(ada+status@x.com)",
        "**ada+status@x.com**",
        "_ada+status@x.com_",
        "~~ada+status@x.com~~",
        "• ada+status@x.com",
        "to: ada+status@x.com",
        "E-Mail:ada+status@x.com",
        "SMTP:ada+status@x.com",
        "ada+status＠x.com",
        "ａｄａ+status@x.com",
        "ada+status@x.com\u{200b}",
        "\u{feff}ada+status@x.com",
        "&lt;ada+status@x.com&gt;",
        "ada+status@x.com (Ada)",
        "ada+status@x.com;",
    ];
    for text in cases {
        let refused = Email::parse(text).unwrap_err().to_string();
        assert!(
            refused.ends_with("did you mean `ada+status@x.com`?"),
            "{text}: {refused}"
        );
        assert!(
            serde_json::from_value::<Email>(text.into()).is_err(),
            "{text}"
        );
    }
}

#[test]
fn names_of_people_and_signs_that_mail_allows_are_no_decoration() {
    for text in [
        "o'brien@x.com",
        "x@y",
        "first.last+tag@sub.example.co",
        "a=b&c/d@x.com",
        "_under@x.com",
        "jörg@exämple.example",
        "用户@例え.jp",
        "नमूना@उदाहरण.भारत",
        "ada@r3---sn.example",
        "1@2.example",
    ] {
        assert_eq!(email(text).as_str(), text);
    }
}

#[test]
fn a_domain_is_the_same_in_letters_and_in_ascii() {
    let (a, b) = (
        email("Jörg@Exämple.example"),
        email("jörg@xn--exmple-cua.EXAMPLE"),
    );
    assert_eq!(a, b);
    assert_eq!(a.domain(), "xn--exmple-cua.example");
    assert_eq!(a.to_string(), "Jörg@Exämple.example");
    for domain in ["@exämple.example", "XN--EXMPLE-CUA.example"] {
        assert!(Domain::of(domain).has(&a), "{domain}");
    }
    assert_eq!(
        a.spellings(),
        [
            "Jörg@Exämple.example",
            "Jörg@xn--exmple-cua.example",
            "Jörg@exämple.example"
        ]
    );
    assert_eq!(email("ada@x.com").spellings(), ["ada@x.com"]);
    assert_eq!(email("STRAẞE@x.com"), email("straße@x.com"));
    assert_ne!(email("ıda@x.com"), email("ida@x.com"));
}

#[test]
fn all_that_is_no_address_in_a_list_is_told_at_once() {
    let list = json!(["ada@x.com", "mailto:joe@x.com", "nobody", "`eve@x.com`"]);
    let refused = serde_json::from_value::<Emails>(list)
        .unwrap_err()
        .to_string();
    for part in [
        "entry 2:",
        "`joe@x.com`?",
        "entry 3: `nobody` has 0",
        "entry 4:",
        "`eve@x.com`?",
    ] {
        assert!(refused.contains(part), "{part}: {refused}");
    }
    assert!(!refused.contains("entry 1"), "{refused}");
}

#[test]
fn what_a_system_stores_is_kept_whatever_it_is() {
    let read = |text: &str| Email::stored(text);
    assert_eq!(
        read("mailto:ada@x.com"),
        Stored::ReadsAs(email("ada@x.com"))
    );
    assert_eq!(
        read("ja\u{200B}ne@x.com"),
        Stored::ReadsAs(email("jane@x.com"))
    );
    assert_eq!(read("two@at@x.com"), Stored::Text);
    assert_eq!(read("nobody"), Stored::Text);
    let Stored::Address(odd) = read("user..name@docomo.example") else {
        panic!("an address that no rule allows is one that somebody has");
    };
    assert_eq!(odd.as_str(), "user..name@docomo.example");
}
