//! Whatever is done to a record after it was written is found, and the line is named.

use std::path::Path;

use proptest::prelude::*;
use serde_json::json;
use status_roster::audit::{Broken, Why, verify};
use tempfile::TempDir;

use super::{changed, intended, opened, record, removal, text};

/// A record of six lines and its head, as they stand.
async fn written(path: &Path) -> Vec<String> {
    let log = opened(path).await;
    changed(&log, "u1").await;
    log.event("refused", json!({ "code": "expired" }))
        .await
        .unwrap();
    changed(&log, "u2").await;
    log.event("refused", json!({ "code": "wrong_caller" }))
        .await
        .unwrap();
    text(path)
        .split_inclusive('\n')
        .map(str::to_owned)
        .collect()
}

fn broken(path: &Path, content: impl AsRef<[u8]>) -> Broken {
    std::fs::write(path, content).unwrap();
    verify(path).unwrap_err()
}

fn at(line: u64, why: Why) -> Broken {
    Broken {
        line: Some(line),
        why,
    }
}

#[tokio::test(start_paused = true)]
async fn an_untouched_record_verifies() {
    let directory = TempDir::new().unwrap();
    let path = record(&directory);
    let lines = written(&path).await;
    let verified = verify(&path).unwrap();
    assert_eq!((verified.lines, verified.torn), (6, 0));
    assert!(verified.unfinished.is_empty());
    assert!(lines[5].contains(&verified.last_hash));
}

#[tokio::test(start_paused = true)]
async fn an_edited_line_is_named() {
    let directory = TempDir::new().unwrap();
    let path = record(&directory);
    let mut lines = written(&path).await;
    lines[3] = lines[3].replace("u2", "u9");
    assert_eq!(broken(&path, lines.concat()), at(4, Why::Edited));
    assert_eq!(
        verify(&path).unwrap_err().to_string(),
        "line 4 of the record is not what was written: it was edited: its bytes do not give its hash"
    );
}

#[tokio::test(start_paused = true)]
async fn a_removed_line_is_named_wherever_it_was() {
    let directory = TempDir::new().unwrap();
    let path = record(&directory);
    let lines = written(&path).await;
    for removed in 0..6_usize {
        let mut rest = lines.clone();
        rest.remove(removed);
        let line = removed as u64 + 1;
        let why = match removed {
            5 => Why::EndDiffers,
            _ => Why::OutOfPlace { says: line + 1 },
        };
        assert_eq!(broken(&path, rest.concat()), at(line, why));
    }
}

#[tokio::test(start_paused = true)]
async fn moved_doubled_and_inserted_lines_are_named() {
    let directory = TempDir::new().unwrap();
    let path = record(&directory);
    let lines = written(&path).await;
    let mut moved = lines.clone();
    moved.swap(1, 4);
    assert_eq!(
        broken(&path, moved.concat()),
        at(2, Why::OutOfPlace { says: 5 })
    );
    for doubled in 0..6 {
        let mut more = lines.clone();
        more.insert(doubled, lines[doubled].clone());
        let says = doubled as u64 + 1;
        assert_eq!(
            broken(&path, more.concat()),
            at(says + 1, Why::OutOfPlace { says })
        );
    }
    let mut inserted = lines.clone();
    inserted.insert(2, "{}\n".to_owned());
    assert_eq!(broken(&path, inserted.concat()), at(3, Why::NotALine));
}

#[tokio::test(start_paused = true)]
async fn a_cut_end_is_found_however_cleanly_it_was_cut() {
    let directory = TempDir::new().unwrap();
    let path = record(&directory);
    let lines = written(&path).await;
    for kept in 0..6 {
        assert_eq!(
            broken(&path, lines[..kept].concat()),
            at(kept as u64 + 1, Why::EndDiffers)
        );
    }
    let missing = |line| Broken {
        line,
        why: Why::Missing,
    };
    std::fs::remove_file(&path).unwrap();
    assert_eq!(verify(&path).unwrap_err(), missing(None));
}

#[tokio::test(start_paused = true)]
async fn another_record_in_its_place_is_found() {
    let (one, two) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    written(&record(&one)).await;
    let other = written(&record(&two)).await;
    assert_eq!(
        broken(&record(&one), other.concat()),
        at(6, Why::EndDiffers)
    );
}

#[tokio::test(start_paused = true)]
async fn a_record_without_its_head_does_not_pass() {
    let directory = TempDir::new().unwrap();
    let path = record(&directory);
    written(&path).await;
    let head = path.with_extension("jsonl.head");
    std::fs::write(&head, "?").unwrap();
    assert_eq!(verify(&path).unwrap_err().why, Why::HeadUnreadable);
    std::fs::remove_file(&head).unwrap();
    assert_eq!(verify(&path).unwrap_err().why, Why::HeadMissing);
}

#[tokio::test(start_paused = true)]
async fn nothing_is_appended_to_a_record_whose_end_is_not_what_was_written() {
    let directory = TempDir::new().unwrap();
    let path = record(&directory);
    let lines = written(&path).await;
    let log = opened(&path).await;
    let cut = lines[..4].concat();
    let edited = lines.concat().replace("wrong_caller", "wrong_called");
    let replaced = { lines[..5].concat() + &lines[4] };
    for content in [cut, replaced, edited.clone() + "{}\n", String::new()] {
        std::fs::write(&path, &content).unwrap();
        let said = log.intent(removal("u3")).await.unwrap_err().to_string();
        assert!(
            said.contains("of the record is not what was written"),
            "{said}"
        );
        assert!(
            said.contains("move it and its `.head` away to start a new record"),
            "{said}"
        );
        assert!(said.ends_with("Nothing was changed."), "{said}");
        assert_eq!(text(&path), content, "it was left as it was found");
    }
}

/// One way to damage a file.
#[derive(Debug, Clone)]
enum Damage {
    Flip(prop::sample::Index, u8),
    DeleteLine(prop::sample::Index),
    Swap(prop::sample::Index, prop::sample::Index),
    Double(prop::sample::Index, prop::sample::Index),
    Truncate(prop::sample::Index),
    RemoveByte(prop::sample::Index),
    InsertByte(prop::sample::Index, u8),
}

fn damage() -> impl Strategy<Value = Damage> {
    let at = any::<prop::sample::Index>;
    prop_oneof![
        4 => (at(), 0..8_u8).prop_map(|(index, bit)| Damage::Flip(index, bit)),
        1 => at().prop_map(Damage::DeleteLine),
        1 => (at(), at()).prop_map(|(one, two)| Damage::Swap(one, two)),
        1 => (at(), at()).prop_map(|(which, to)| Damage::Double(which, to)),
        2 => at().prop_map(Damage::Truncate),
        2 => at().prop_map(Damage::RemoveByte),
        2 => (at(), any::<u8>()).prop_map(|(index, byte)| Damage::InsertByte(index, byte)),
    ]
}

impl Damage {
    fn done_to(&self, whole: &str) -> Vec<u8> {
        let mut bytes = whole.as_bytes().to_vec();
        let mut lines: Vec<&str> = whole.split_inclusive('\n').collect();
        let count = lines.len();
        match self {
            Self::Flip(index, bit) => *index.get_mut(&mut bytes) ^= 1 << bit,
            Self::Truncate(index) => bytes.truncate(index.index(whole.len())),
            Self::RemoveByte(index) => drop(bytes.remove(index.index(whole.len()))),
            Self::InsertByte(index, byte) => bytes.insert(index.index(whole.len()), *byte),
            Self::DeleteLine(index) => drop(lines.remove(index.index(count))),
            Self::Swap(one, two) => lines.swap(one.index(count), two.index(count)),
            Self::Double(which, to) => {
                let line = *which.get(&lines);
                lines.insert(to.index(count + 1), line);
            }
        }
        match self {
            Self::DeleteLine(_) | Self::Swap(..) | Self::Double(..) => lines.concat().into_bytes(),
            _ => bytes,
        }
    }
}

#[test]
fn any_single_damage_to_a_record_is_found() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .unwrap();
    let directory = TempDir::new().unwrap();
    let path = record(&directory);
    let whole = runtime.block_on(written(&path)).concat();
    proptest!(ProptestConfig::with_cases(600), |(damage in damage())| {
        let damaged = damage.done_to(&whole);
        prop_assume!(damaged != whole.as_bytes());
        std::fs::write(&path, damaged).unwrap();
        prop_assert!(verify(&path).is_err());
    });
}

#[tokio::test(start_paused = true)]
async fn a_line_that_a_kill_tore_is_recorded_as_torn_and_the_record_goes_on() {
    let directory = TempDir::new().unwrap();
    let path = record(&directory);
    let lines = written(&path).await;
    let torn = r#"{"seq":7,"at":"2026-03-01T12:00:00Z","kind":"int"#;
    std::fs::write(&path, lines.concat() + torn).unwrap();
    assert_eq!(verify(&path).unwrap().torn, torn.len() as u64);
    let log = opened(&path).await;
    let _intent = intended(&log, "u3").await;
    let verified = verify(&path).unwrap();
    assert_eq!((verified.lines, verified.torn), (8, 0));
    let said: serde_json::Value =
        serde_json::from_str(text(&path).lines().nth(6).unwrap()).unwrap();
    assert_eq!(said["kind"], "torn");
    assert_eq!(said["text"], torn);
}

#[tokio::test(start_paused = true)]
async fn a_kill_between_a_line_and_its_head_loses_nothing() {
    let directory = TempDir::new().unwrap();
    let path = record(&directory);
    written(&path).await;
    let head = path.with_extension("jsonl.head");
    let behind = text(&head);
    let log = opened(&path).await;
    let intent = intended(&log, "u3").await;
    std::fs::write(&head, behind).unwrap();
    assert_eq!(verify(&path).unwrap().lines, 7);
    log.outcome(intent, super::gone()).await.unwrap();
    let verified = verify(&path).unwrap();
    assert_eq!(verified.lines, 8);
    assert!(verified.unfinished.is_empty());
}
