//! A change at a terminal: the plan is shown, and the person types a word of it.

use super::pty::drawn;

const WHO: &str = "lena.leaver@example.com";
const OFFBOARD: &[&str] = &["--allow-writes", "offboard", WHO];

#[test]
fn the_word_of_the_plan_carries_it_out() {
    let home = tempfile::tempdir().unwrap();
    let typed = format!("{WHO}\n");
    let done = drawn(home.path(), 100, OFFBOARD, Some(&typed));
    let text = done.lines.join("\n");
    assert_eq!(done.code, Some(0), "{text}");
    let asked = format!("To agree, type: {WHO}");
    for part in ["Steps:", "Lost by it:", &asked, "applied"] {
        assert!(text.contains(part), "`{part}` is missing in {text}");
    }
    assert!(!text.contains("--token"), "{text}");
    let tail = drawn(home.path(), 160, &["audit", "tail"], None);
    let tail = tail.lines.join("\n");
    assert!(tail.contains("human"), "who agreed is on record: {tail}");
}

#[test]
fn another_word_changes_nothing_and_ends_with_3() {
    let home = tempfile::tempdir().unwrap();
    for typed in ["yes\n", "\n", "lena.leaver\n"] {
        let refused = drawn(home.path(), 100, OFFBOARD, Some(typed));
        let text = refused.lines.join(" ");
        assert_eq!(refused.code, Some(3), "{text}");
        assert!(text.contains("nothing was changed"), "{text}");
        assert!(text.contains("asks again"), "{text}");
    }
    let found = drawn(home.path(), 100, &["find", WHO], None);
    assert!(found.lines.join(" ").contains("has 5 accounts"));
}

#[test]
fn a_token_at_a_terminal_is_asked_nothing() {
    let home = tempfile::tempdir().unwrap();
    let plan = drawn(home.path(), 100, OFFBOARD, None);
    assert_eq!(plan.code, Some(3));
    let lines = plan.lines.join("\n");
    let token = lines.split_once("--token ").unwrap().1;
    let token = token.split_whitespace().next().unwrap();
    let words = [OFFBOARD, &["--token", token]].concat();
    let done = drawn(home.path(), 100, &words, Some(""));
    assert_eq!(done.code, Some(0), "{}", done.lines.join("\n"));
}
