//! Text from outsiders: nothing hidden comes through, and cleaning twice is cleaning once.

use proptest::prelude::*;
use status_roster::roster::text::{NAME, clean, is_hidden};
use unicode_normalization::is_nfc;

fn cleaned(text: &str) -> (String, bool) {
    let c = clean(text, NAME);
    (c.text, c.altered)
}

#[test]
fn every_way_to_hide_is_stripped_and_flagged() {
    let hidden = [
        ("C0 control", '\u{1B}'),
        ("NUL", '\0'),
        ("C1 control", '\u{9B}'),
        ("DEL", '\u{7F}'),
        ("soft hyphen", '\u{AD}'),
        ("Arabic letter mark", '\u{61C}'),
        ("zero-width space", '\u{200B}'),
        ("zero-width joiner", '\u{200D}'),
        ("left-to-right mark", '\u{200E}'),
        ("right-to-left override", '\u{202E}'),
        ("right-to-left isolate", '\u{2067}'),
        ("word joiner", '\u{2060}'),
        ("invisible times", '\u{2062}'),
        ("unassigned, ignorable", '\u{2065}'),
        ("deprecated format", '\u{206F}'),
        ("byte order mark", '\u{FEFF}'),
        ("variation selector", '\u{FE0F}'),
        ("supplementary variation selector", '\u{E0100}'),
        ("tag letter", '\u{E0041}'),
        ("cancel tag", '\u{E007F}'),
        ("plane 14, unassigned", '\u{E0FFF}'),
        ("private use", '\u{E000}'),
        ("private use, plane 15", '\u{F0000}'),
        ("private use, plane 16", '\u{10FFFD}'),
        ("not a character", '\u{FDD0}'),
        ("not a character, plane 1", '\u{1FFFF}'),
        ("annotation anchor", '\u{FFF9}'),
        ("object replacement", '\u{FFFC}'),
        ("Hangul filler", '\u{3164}'),
        ("half-width Hangul filler", '\u{FFA0}'),
        ("Hangul choseong filler", '\u{115F}'),
        ("Mongolian vowel separator", '\u{180E}'),
        ("Khmer inherent vowel", '\u{17B4}'),
        ("grapheme joiner", '\u{34F}'),
        ("blank braille cell", '\u{2800}'),
        ("shorthand format control", '\u{1BCA0}'),
        ("musical begin beam", '\u{1D173}'),
    ];
    for (name, c) in hidden {
        assert!(is_hidden(c), "{name}");
        assert_eq!(
            cleaned(&format!("Ja{c}ne")),
            ("Jane".to_owned(), true),
            "{name}"
        );
        assert_eq!(
            cleaned(&c.to_string()),
            (String::new(), true),
            "{name} alone"
        );
    }
}

#[test]
fn honest_names_come_through_unflagged() {
    for name in [
        "Jane Doe",
        "Zoë Müller-Lüdenscheidt",
        "陳大文",
        "محمد",
        "नेहा",
        "O'Brien",
        "Ng\u{302} Ế",
        "👩 Ann",
        "a|b`c<d>",
    ] {
        let (text, altered) = cleaned(name);
        assert!(!altered, "{name}");
        assert_eq!(
            text.chars().filter(|c| !c.is_ascii()).count() > 0,
            !name.is_ascii(),
            "{name}"
        );
    }
}

#[test]
fn white_space_of_any_kind_is_one_space_and_no_alarm() {
    assert_eq!(
        cleaned(" \t Jane\r\n\u{2028}\u{A0}\u{3000}Doe\u{85}"),
        ("Jane Doe".to_owned(), false)
    );
    assert_eq!(cleaned("Jane \u{200B} Doe"), ("Jane Doe".to_owned(), true));
}

#[test]
fn one_spelling_for_what_looks_the_same() {
    assert_eq!(cleaned("Zoe\u{308}"), ("Zoë".to_owned(), false));
    assert_eq!(cleaned("Zoe\u{200D}\u{308}"), ("Zoë".to_owned(), true));
}

#[test]
fn a_long_text_ends_in_an_ellipsis_within_its_cap() {
    let (text, altered) = cleaned(&"ä".repeat(NAME + 1));
    assert!(altered);
    assert_eq!(text.chars().count(), NAME);
    assert!(text.ends_with("ä…"));
    assert_eq!(cleaned(&"ä".repeat(NAME)), ("ä".repeat(NAME), false));
    assert_eq!(clean("Jane", 0).text, "");
    assert_eq!(clean("Jane", 1).text, "…");
    assert_eq!(clean("ab cd", 4).text, "ab…");
}

#[test]
fn a_megabyte_of_nothing_is_cut_short() {
    assert_eq!(cleaned(&"\u{200B}".repeat(400_000)), (String::new(), true));
}

fn any_text() -> impl Strategy<Value = String> {
    let nasty = prop::sample::select(vec![
        '\u{200B}',
        '\u{202E}',
        '\u{E0041}',
        '\u{FE0F}',
        '\u{308}',
        '\u{301}',
        'e',
        ' ',
        '\n',
        '\u{1100}',
        '\u{1161}',
        '\u{11A8}',
        '\u{2000}',
        '\u{2126}',
        '\u{37E}',
        '\u{345}',
        '\u{FB1D}',
        '…',
    ]);
    prop::collection::vec(prop_oneof![any::<char>(), nasty], 0..120)
        .prop_map(|c| c.into_iter().collect())
}

proptest! {
    #[test]
    fn nothing_hidden_ever_comes_through(text in any_text(), cap in 0usize..80) {
        let out = clean(&text, cap).text;
        prop_assert!(!out.chars().any(is_hidden));
        prop_assert!(!out.chars().any(|c| c.is_whitespace() && c != ' '));
        prop_assert!(!out.contains("  ") && out == out.trim());
        prop_assert!(out.chars().count() <= cap);
        prop_assert!(is_nfc(&out));
    }

    #[test]
    fn cleaning_twice_is_cleaning_once(text in any_text(), cap in 0usize..80) {
        let once = clean(&text, cap).text;
        let twice = clean(&once, cap);
        prop_assert_eq!(&twice.text, &once);
        prop_assert!(!twice.altered);
    }
}
