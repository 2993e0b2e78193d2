//! The one reader of addresses, against whatever programs and people put around one.

use proptest::prelude::*;
use status_roster::roster::Email;
use status_roster::roster::email::Stored;

fn address() -> impl Strategy<Value = String> {
    let local = "[a-zA-Z0-9äöé]{1,6}([.+_-][a-zA-Z0-9]{1,6}){0,2}";
    let domain = "[a-z0-9äé]{1,8}(-[a-z0-9]{1,4})?(\\.[a-z]{2,6}){1,2}";
    (local, domain).prop_map(|(local, domain)| format!("{local}@{domain}"))
}

/// What stands before and behind.
fn pair() -> impl Strategy<Value = (&'static str, &'static str)> {
    prop::sample::select(vec![
        ("mailto:", ""),
        ("mailto:", "?subject=access&cc=other@elsewhere.example"),
        ("Ada Lovelace <", ">"),
        ("\"Lovelace, Ada\" <", ">"),
        ("<", ">"),
        ("'", "'"),
        ("\"", "\""),
        ("`", "`"),
        ("“", "”"),
        ("„", "“"),
        ("‘", "’"),
        ("«", "»"),
        ("(", ")"),
        ("[", "]"),
        ("**", "**"),
        ("_", "_"),
        ("", "."),
        ("", ","),
        ("", ";"),
        ("", ":"),
        ("", "!"),
        ("", "?"),
        ("", "…"),
        ("", "。"),
        ("\u{200b}", ""),
        ("", "\u{2060}"),
        ("\u{202a}", "\u{202c}"),
        ("- ", ""),
        ("• ", ""),
        ("please remove ", " today"),
        ("&lt;", "&gt;"),
        ("to: ", ""),
    ])
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn a_bare_address_is_read_and_one_with_something_around_it_is_refused_with_the_bare_one(
        address in address(),
        pairs in prop::collection::vec(pair(), 1..3),
        spaces in "[ \\t]{0,2}",
    ) {
        let Ok(bare) = Email::parse(&address) else {
            // A label of a domain can be one that IDNA refuses.
            return Ok(());
        };
        prop_assert_eq!(&Email::parse(&format!("{spaces}{address}{spaces}")).unwrap(), &bare);
        let upper = address.to_uppercase();
        prop_assert_eq!(&Email::parse(&upper).unwrap(), &bare);
        let mut decorated = address.clone();
        for (before, behind) in pairs {
            decorated = format!("{before}{decorated}{behind}");
        }
        let refused = Email::parse(&decorated);
        prop_assert!(refused.is_err(), "{decorated:?} was taken");
        let why = refused.unwrap_err().to_string();
        prop_assert!(why.ends_with(&format!("did you mean `{address}`?")), "{decorated:?}: {why}");
        prop_assert_eq!(Email::stored(&decorated), Stored::ReadsAs(bare));
    }

    #[test]
    fn whatever_is_taken_is_taken_again_from_its_own_words(text in "\\PC{0,40}") {
        if let Ok(email) = Email::parse(&text) {
            prop_assert_eq!(&Email::parse(email.as_str()).unwrap(), &email);
            prop_assert_eq!(email.as_str(), text.trim());
            prop_assert!(!email.domain().is_empty() && email.domain().is_ascii());
        }
    }
}
