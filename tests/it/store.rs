//! What processes share, in a directory and in memory.

use std::{
    collections::BTreeSet,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    time::Duration,
};

use jiff::Timestamp;
use serde_json::json;
use status_roster::{
    clock::Clock,
    store::{Bound, Plan, PlanId, Store, StoreError},
};
use tempfile::TempDir;

const HOUR: Duration = Duration::from_hours(1);

fn clock() -> Clock {
    Clock::following("2026-03-01T12:00:00Z".parse().unwrap())
}

fn in_ten_minutes(clock: Clock) -> Timestamp {
    clock.now() + Duration::from_mins(10)
}

/// The same test on each kind of store.
fn stores(directory: &TempDir, clock: Clock) -> [Store; 2] {
    [
        Store::memory(clock),
        Store::in_directory(&directory.path().join("state"), clock).unwrap(),
    ]
}

fn plan(expires_at: Timestamp) -> Plan {
    Plan {
        id: PlanId::random(),
        expires_at,
        bound: Bound {
            caller: "a caller".to_owned(),
            arguments: "arguments".to_owned(),
            systems: "systems".to_owned(),
            expires_at,
            valid_for_s: 600,
        },
        steps: json!(["remove jane"]),
        state: json!({ "n": 1 }),
        shown: None,
        decision: None,
        work: serde_json::Value::Null,
    }
}

pub(crate) async fn seals(store: &Store) -> Vec<String> {
    let macs = store.keys().await.unwrap().macs("something").unwrap();
    macs.into_iter().map(hex::encode).collect()
}

/// The seal of the current key.
pub(crate) async fn sealed_by(store: &Store) -> String {
    seals(store).await.swap_remove(0)
}

pub(crate) async fn opens(store: &Store, sealed: &str) -> bool {
    seals(store).await.iter().any(|seal| seal == sealed)
}

fn mode(path: &Path) -> u32 {
    std::fs::metadata(path).unwrap().permissions().mode() & 0o777
}

fn everything_below(path: &Path) -> Vec<PathBuf> {
    let mut found = vec![path.to_owned()];
    for entry in std::fs::read_dir(path).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(everything_below(&path))
        } else {
            found.push(path)
        }
    }
    found
}

#[tokio::test(start_paused = true)]
async fn a_plan_is_spent_once() {
    let (directory, clock) = (TempDir::new().unwrap(), clock());
    for store in stores(&directory, clock) {
        let (one, other) = (PlanId::random(), PlanId::random());
        assert!(!store.is_spent(one).await.unwrap());
        assert!(store.spend(one, in_ten_minutes(clock)).await.unwrap());
        assert!(!store.spend(one, in_ten_minutes(clock)).await.unwrap());
        assert!(store.is_spent(one).await.unwrap());
        assert!(!store.is_spent(other).await.unwrap());
    }
}

#[tokio::test]
async fn of_fifty_that_spend_a_plan_at_once_through_two_stores_one_succeeds() {
    let (directory, clock) = (TempDir::new().unwrap(), Clock::system());
    let one = Store::in_directory(directory.path(), clock).unwrap();
    let two = Store::in_directory(directory.path(), clock).unwrap();
    let id = PlanId::random();
    let spends = (0..50).map(|n| {
        let store = if n % 2 == 0 { &one } else { &two };
        store.spend(id, in_ten_minutes(clock))
    });
    let first = futures::future::join_all(spends)
        .await
        .into_iter()
        .filter(|it| *it.as_ref().unwrap());
    assert_eq!(first.count(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_spent_plan_is_known_for_a_day_after_its_expiry_and_then_forgotten() {
    let (directory, clock) = (TempDir::new().unwrap(), clock());
    for store in stores(&directory, clock) {
        let id = PlanId::random();
        store.spend(id, in_ten_minutes(clock)).await.unwrap();
        tokio::time::advance(24 * HOUR).await;
        store
            .spend(PlanId::random(), in_ten_minutes(clock))
            .await
            .unwrap();
        assert!(store.is_spent(id).await.unwrap());
        tokio::time::advance(HOUR).await;
        store
            .spend(PlanId::random(), in_ten_minutes(clock))
            .await
            .unwrap();
        assert!(!store.is_spent(id).await.unwrap());
    }
}

#[tokio::test(start_paused = true)]
async fn a_plan_is_kept_until_it_expires() {
    let (directory, clock) = (TempDir::new().unwrap(), clock());
    for store in stores(&directory, clock) {
        let kept = plan(in_ten_minutes(clock));
        store.keep_plan(kept.clone()).await.unwrap();
        tokio::time::advance(Duration::from_mins(9)).await;
        store.keep_plan(plan(in_ten_minutes(clock))).await.unwrap();
        assert_eq!(store.plan(kept.id).await.unwrap(), Some(kept.clone()));
        tokio::time::advance(Duration::from_mins(60)).await;
        store.keep_plan(plan(in_ten_minutes(clock))).await.unwrap();
        assert_eq!(store.plan(kept.id).await.unwrap(), Some(kept.clone()));
        tokio::time::advance(Duration::from_mins(2)).await;
        store.keep_plan(plan(in_ten_minutes(clock))).await.unwrap();
        assert_eq!(store.plan(kept.id).await.unwrap(), None);
        assert_eq!(store.plan(PlanId::random()).await.unwrap(), None);
    }
}

#[tokio::test(start_paused = true)]
async fn what_a_crash_left_of_a_plan_is_not_read_and_goes_when_it_expires() {
    let (directory, clock) = (TempDir::new().unwrap(), clock());
    let store = Store::in_directory(directory.path(), clock).unwrap();
    let kept = plan(in_ten_minutes(clock));
    store.keep_plan(kept.clone()).await.unwrap();
    let plans = directory.path().join("plans");
    let file = std::fs::read_dir(&plans)
        .unwrap()
        .next()
        .unwrap()
        .unwrap()
        .path();
    std::fs::rename(&file, file.with_extension("json.new")).unwrap();
    assert_eq!(store.plan(kept.id).await.unwrap(), None);
    tokio::time::advance(Duration::from_mins(71)).await;
    store.keep_plan(plan(in_ten_minutes(clock))).await.unwrap();
    assert_eq!(std::fs::read_dir(&plans).unwrap().count(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_sealing_key_is_renewed_after_a_month_and_the_one_before_still_opens() {
    let (directory, clock) = (TempDir::new().unwrap(), clock());
    for store in stores(&directory, clock) {
        let first = sealed_by(&store).await;
        tokio::time::advance(29 * 24 * HOUR).await;
        assert_eq!(sealed_by(&store).await, first);
        tokio::time::advance(24 * HOUR).await;
        let second = sealed_by(&store).await;
        assert_ne!(second, first);
        assert!(opens(&store, &first).await && opens(&store, &second).await);
        tokio::time::advance(30 * 24 * HOUR).await;
        assert!(!opens(&store, &first).await && opens(&store, &second).await);
    }
}

#[tokio::test]
async fn a_restart_and_another_process_find_the_same_keys_plans_and_spent_tokens() {
    let (directory, clock) = (TempDir::new().unwrap(), Clock::system());
    let one = Store::in_directory(directory.path(), clock).unwrap();
    let kept = plan(in_ten_minutes(clock));
    one.keep_plan(kept.clone()).await.unwrap();
    one.spend(kept.id, kept.expires_at).await.unwrap();
    let sealed = sealed_by(&one).await;
    let two = Store::in_directory(directory.path(), clock).unwrap();
    assert_eq!(two.plan(kept.id).await.unwrap(), Some(kept.clone()));
    assert!(two.is_spent(kept.id).await.unwrap());
    assert!(opens(&two, &sealed).await);
}

#[tokio::test]
async fn of_fifty_first_uses_at_once_all_get_the_same_key() {
    let (directory, clock) = (TempDir::new().unwrap(), Clock::system());
    let stores: Vec<_> = (0..50)
        .map(|_| Store::in_directory(directory.path(), clock).unwrap())
        .collect();
    let sealed = futures::future::join_all(stores.iter().map(sealed_by)).await;
    let keys: BTreeSet<_> = sealed.iter().collect();
    assert_eq!(keys.len(), 1);
}

#[tokio::test]
async fn no_other_user_can_read_what_is_kept() {
    let (directory, clock) = (TempDir::new().unwrap(), Clock::system());
    let root = directory.path().join("made/here");
    let store = Store::in_directory(&root, clock).unwrap();
    let kept = plan(in_ten_minutes(clock));
    store.keep_plan(kept.clone()).await.unwrap();
    store.spend(kept.id, kept.expires_at).await.unwrap();
    store.keys().await.unwrap();
    let found = everything_below(&root);
    assert!(found.len() > 6, "{found:?}");
    for path in found {
        let expected = if path.is_dir() { 0o700 } else { 0o600 };
        assert_eq!(mode(&path), expected, "{}", path.display());
    }
}

#[test]
fn a_directory_that_others_may_write_to_is_refused_and_one_that_they_may_look_into_is_closed() {
    let made = |mode: u32| {
        let directory = TempDir::new().unwrap();
        std::fs::set_permissions(directory.path(), PermissionsExt::from_mode(mode)).unwrap();
        directory
    };
    for mode in [0o777, 0o770, 0o702] {
        let directory = made(mode);
        let refused = Store::in_directory(directory.path(), Clock::system()).unwrap_err();
        let said = refused.to_string();
        let why =
            format!("other users of this machine may read it or write to it (mode {mode:04o})");
        assert!(said.contains(&why), "{said}");
        assert!(said.contains("Run `chmod g-w,o-rwx` on it"), "{said}");
        let made = everything_below(directory.path()).len();
        assert_eq!(made, 1, "and nothing was made in it");
    }
    for (mode, after) in [(0o755, 0o750), (0o750, 0o750), (0o705, 0o700)] {
        let directory = made(mode);
        Store::in_directory(directory.path(), Clock::system()).unwrap();
        let now = std::fs::metadata(directory.path()).unwrap().permissions();
        assert_eq!(now.mode() & 0o777, after);
    }
}

#[tokio::test]
async fn keys_that_others_may_read_or_write_are_refused() {
    let (directory, clock) = (TempDir::new().unwrap(), Clock::system());
    let store = Store::in_directory(directory.path(), clock).unwrap();
    store.keys().await.unwrap();
    for mode in [0o644, 0o602, 0o620] {
        let keys = directory.path().join("keys.json");
        std::fs::set_permissions(&keys, PermissionsExt::from_mode(mode)).unwrap();
        let said = Store::in_directory(directory.path(), clock)
            .unwrap_err()
            .to_string();
        assert!(said.contains("keys.json"), "{said}");
        assert!(said.contains(&format!("mode {mode:04o}")), "{said}");
    }
}

#[tokio::test]
async fn a_damaged_file_is_refused_and_left_as_it_is() {
    let (directory, clock) = (TempDir::new().unwrap(), Clock::system());
    let store = Store::in_directory(directory.path(), clock).unwrap();
    for name in ["keys.json", "spent.json"] {
        std::fs::write(directory.path().join(name), "{\"half").unwrap();
    }
    assert!(matches!(
        store.keys().await,
        Err(StoreError::Corrupt { .. })
    ));
    let spent = store.spend(PlanId::random(), in_ten_minutes(clock)).await;
    let said = spent.unwrap_err().to_string();
    assert!(
        said.contains("spent.json") && said.contains("Move it away"),
        "{said}"
    );
    for name in ["keys.json", "spent.json"] {
        assert_eq!(
            std::fs::read_to_string(directory.path().join(name)).unwrap(),
            "{\"half"
        );
    }
}

#[tokio::test]
async fn what_a_crash_left_half_written_is_not_read() {
    let (directory, clock) = (TempDir::new().unwrap(), Clock::system());
    let store = Store::in_directory(directory.path(), clock).unwrap();
    let id = PlanId::random();
    store.spend(id, in_ten_minutes(clock)).await.unwrap();
    std::fs::write(directory.path().join("spent.json.new"), "{\"half").unwrap();
    assert!(store.is_spent(id).await.unwrap());
    assert!(!store.spend(id, in_ten_minutes(clock)).await.unwrap());
}

#[test]
fn a_plans_name_survives_being_written_down() {
    let id = PlanId::random();
    assert_eq!(id.to_string().parse(), Ok(id));
    for wrong in [
        "",
        "abc",
        "../../../../etc/passwd",
        &"g".repeat(32),
        &"a".repeat(33),
    ] {
        assert!(wrong.parse::<PlanId>().is_err(), "{wrong}");
    }
}

#[tokio::test]
async fn keys_do_not_print() {
    let directory = TempDir::new().unwrap();
    let store = Store::in_directory(directory.path(), Clock::system()).unwrap();
    let ring = store.keys().await.unwrap();
    let kept = std::fs::read(directory.path().join("keys.json")).unwrap();
    let kept: serde_json::Value = serde_json::from_slice(&kept).unwrap();
    let key = kept[0]["key"].as_str().unwrap();
    assert_eq!(key.len(), 64);
    assert!(!format!("{ring:?} {store:?}").contains(key));
}
