//! The window in a file: processes that come, go, crash and restart with the machine.

use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use status_roster::clock::Clock;
use status_roster::store::window::{Key, Lane, Limits, Take, Window};

use super::{MINUTE, frozen};

const LIMITS: Limits = Limits {
    requests: 3,
    window: MINUTE,
    reserve: 0,
    answer_within: Duration::from_secs(30),
};

fn key() -> Key {
    Key::new("statuspage", "0123456789ab")
}

fn file(directory: &Path) -> PathBuf {
    directory.join("window.statuspage.0123456789ab.ring")
}

/// Bytes of an entry.
const ENTRY: usize = 32;

async fn take_all(window: &Window) {
    for _ in 0..LIMITS.requests {
        let Take::Taken(ticket) = window
            .try_take(&key(), &LIMITS, Lane::Interactive)
            .await
            .unwrap()
        else {
            unreachable!("a fresh window has room");
        };
        window.answered(&key(), &LIMITS, ticket).await.unwrap();
    }
}

async fn wait(window: &Window) -> Duration {
    window
        .forecast(&key(), &LIMITS, Lane::Interactive, 0)
        .await
        .unwrap()
}

#[tokio::test(start_paused = true)]
async fn a_window_survives_the_process_and_is_private() {
    let clock = frozen();
    let directory = tempfile::tempdir().unwrap();
    take_all(&Window::in_directory(directory.path(), clock)).await;
    clock.sleep(Duration::from_secs(20)).await;
    let restarted = Window::in_directory(directory.path(), clock);
    assert_eq!(wait(&restarted).await, Duration::from_secs(40));
    let usage = restarted.usage(&key(), &LIMITS).await.unwrap();
    assert_eq!(
        (usage.used, usage.limit, usage.resets_in),
        (3, 3, Duration::from_secs(40))
    );
    let mode = std::fs::metadata(file(directory.path()))
        .unwrap()
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[tokio::test(start_paused = true)]
async fn a_slot_whose_process_died_comes_free_when_its_answer_can_no_longer_come() {
    let clock = frozen();
    let directory = tempfile::tempdir().unwrap();
    let dying = Window::in_directory(directory.path(), clock);
    for _ in 0..LIMITS.requests {
        let _ = dying
            .try_take(&key(), &LIMITS, Lane::Interactive)
            .await
            .unwrap();
    }
    drop(dying);
    let heir = Window::in_directory(directory.path(), clock);
    clock.sleep(Duration::from_secs(89)).await;
    assert!(!wait(&heir).await.is_zero());
    clock.sleep(Duration::from_secs(1)).await;
    assert!(wait(&heir).await.is_zero());
}

#[tokio::test(start_paused = true)]
async fn after_a_restart_of_the_machine_the_window_counts_from_the_boot() {
    let clock = frozen();
    let directory = tempfile::tempdir().unwrap();
    clock.sleep(MINUTE * 100).await;
    let window = Window::in_directory(directory.path(), clock);
    take_all(&window).await;
    window.pause(&key(), &LIMITS, MINUTE * 2).await.unwrap();
    let mut kept = std::fs::read(file(directory.path())).unwrap();
    // The first entry names the boot: a kind, a check sum, and three numbers.
    kept[8] ^= 1;
    let summed = [&kept[..4], &kept[8..ENTRY]].concat();
    kept[4..8].copy_from_slice(&crc32fast::hash(&summed).to_le_bytes());
    std::fs::write(file(directory.path()), kept).unwrap();
    // This boot's clock begins at zero again.
    let clock = frozen();
    clock.sleep(Duration::from_secs(1)).await;
    let window = Window::in_directory(directory.path(), clock);
    let usage = window.usage(&key(), &LIMITS).await.unwrap();
    assert_eq!(usage.used, 3);
    assert_eq!(usage.resets_in, Duration::from_secs(59));
    assert_eq!(
        usage.paused_for,
        Some(Duration::from_secs(119)),
        "the pause had two minutes left"
    );
}

#[tokio::test(start_paused = true)]
async fn an_unreadable_window_counts_as_used_up() {
    let clock = frozen();
    let directory = tempfile::tempdir().unwrap();
    let window = Window::in_directory(directory.path(), clock);
    for damage in ["{", "null", "{\"boot\":1}", "\u{0}\u{0}", "[]"] {
        std::fs::write(file(directory.path()), damage).unwrap();
        assert_eq!(wait(&window).await, MINUTE, "{damage}");
        clock.sleep(MINUTE).await;
        assert!(wait(&window).await.is_zero(), "{damage}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_window_of_which_any_byte_is_another_counts_as_used_up() {
    let directory = tempfile::tempdir().unwrap();
    let window = Window::in_directory(directory.path(), frozen());
    let Take::Taken(_) = window
        .try_take(&key(), &LIMITS, Lane::Interactive)
        .await
        .unwrap()
    else {
        unreachable!("a fresh window has room");
    };
    let kept = std::fs::read(file(directory.path())).unwrap();
    assert_eq!(kept.len(), 2 * ENTRY);
    let used = async |bytes: &[u8]| {
        std::fs::write(file(directory.path()), bytes).unwrap();
        let window = Window::in_directory(directory.path(), frozen());
        window.usage(&key(), &LIMITS).await.unwrap().used
    };
    assert_eq!(used(&kept).await, 1);
    for at in 0..kept.len() {
        let mut torn = kept.clone();
        torn[at] ^= 1;
        assert_eq!(used(&torn).await, LIMITS.requests, "byte {at}");
    }
    // Cut off in the middle of an entry.
    assert_eq!(used(&kept[..kept.len() - 1]).await, LIMITS.requests);
}

#[tokio::test(start_paused = true)]
async fn a_file_does_not_grow_with_the_requests_of_a_day() {
    let clock = frozen();
    let directory = tempfile::tempdir().unwrap();
    let [one, other] = [(); 2].map(|()| Window::in_directory(directory.path(), clock));
    let mut longest = 0;
    for round in 0..500 {
        let window = if round % 3 == 0 { &other } else { &one };
        take_all(window).await;
        for window in [&one, &other] {
            assert_eq!(
                wait(window).await,
                MINUTE,
                "both know of all, round {round}"
            );
        }
        longest = longest.max(std::fs::metadata(file(directory.path())).unwrap().len());
        clock.sleep(MINUTE).await;
    }
    assert!(longest < 10_000, "{longest} bytes");
    let left: Vec<_> = std::fs::read_dir(directory.path()).unwrap().collect();
    assert_eq!(left.len(), 1, "{left:?}");
}

#[tokio::test(start_paused = true)]
async fn an_answer_to_a_request_that_the_file_forgot_still_counts() {
    let clock = frozen();
    let directory = tempfile::tempdir().unwrap();
    let window = Window::in_directory(directory.path(), clock);
    let Take::Taken(ticket) = window
        .try_take(&key(), &LIMITS, Lane::Interactive)
        .await
        .unwrap()
    else {
        unreachable!("a fresh window has room");
    };
    std::fs::remove_file(file(directory.path())).unwrap();
    window.answered(&key(), &LIMITS, ticket).await.unwrap();
    assert_eq!(window.usage(&key(), &LIMITS).await.unwrap().used, 1);
}

#[tokio::test(start_paused = true)]
async fn a_time_from_the_future_does_not_stop_the_key_for_ever() {
    let clock = frozen();
    let directory = tempfile::tempdir().unwrap();
    clock.sleep(MINUTE * 60 * 24).await;
    take_all(&Window::in_directory(directory.path(), clock)).await;
    let earlier = Window::in_directory(directory.path(), frozen());
    assert_eq!(wait(&earlier).await, MINUTE);
}

#[tokio::test(start_paused = true)]
async fn a_directory_that_is_gone_is_made_again_and_its_windows_count_as_used_up() {
    let directory = tempfile::tempdir().unwrap();
    let windows = directory.path().join("windows");
    std::fs::create_dir(&windows).unwrap();
    let clock = frozen();
    let window = Window::in_directory(&windows, clock);
    take_all(&window).await;
    std::fs::remove_dir_all(&windows).unwrap();
    assert_eq!(
        wait(&window).await,
        MINUTE,
        "what was sent is not known any more"
    );
    clock.sleep(MINUTE).await;
    take_all(&window).await;
}

#[tokio::test(start_paused = true)]
async fn a_directory_that_cannot_be_made_is_an_error_and_not_a_free_slot() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("file");
    std::fs::write(&file, "").unwrap();
    let window = Window::in_directory(&file.join("nowhere"), frozen());
    let error = window
        .try_take(&key(), &LIMITS, Lane::Interactive)
        .await
        .unwrap_err()
        .to_string();
    assert!(
        error.starts_with("cannot use the shared request window `"),
        "{error}"
    );
}

#[test]
fn a_key_cannot_leave_the_directory() {
    assert_eq!(Key::new("a/../b", "\u{0}..").as_str(), "a-..-b.-..");
}

const HUNDRED: Limits = Limits {
    requests: 100,
    ..LIMITS
};

/// Real threads, real locks, real time: what eight processes that start together do.
#[test]
fn eight_processes_that_start_together_take_one_window() {
    let directory = tempfile::tempdir().unwrap();
    let one = |path: PathBuf| {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        runtime.block_on(async {
            let window = Window::in_directory(&path, Clock::system());
            let mut taken = 0;
            while let Take::Taken(ticket) = window
                .try_take(&key(), &HUNDRED, Lane::Interactive)
                .await
                .unwrap()
            {
                window.answered(&key(), &HUNDRED, ticket).await.unwrap();
                taken += 1;
            }
            taken
        })
    };
    let threads: Vec<_> = (0..8)
        .map(|_| {
            let path = directory.path().to_owned();
            std::thread::spawn(move || one(path))
        })
        .collect();
    let taken: u32 = threads
        .into_iter()
        .map(|thread| thread.join().unwrap())
        .sum();
    assert_eq!(taken, 100);
}

#[tokio::test(start_paused = true)]
async fn without_room_for_a_second_file_the_first_grows_on() {
    let clock = frozen();
    let directory = tempfile::tempdir().unwrap();
    let window = Window::in_directory(directory.path(), clock);
    let second = directory
        .path()
        .join("window.statuspage.0123456789ab.ring.new");
    // Nothing can be written under this name.
    std::fs::create_dir(&second).unwrap();
    let length = || std::fs::metadata(file(directory.path())).unwrap().len();
    for _ in 0..100 {
        take_all(&window).await;
        assert_eq!(wait(&window).await, MINUTE);
        clock.sleep(MINUTE).await;
    }
    let grown = length();
    assert!(grown > 15_000, "{grown} bytes");
    std::fs::remove_dir(&second).unwrap();
    take_all(&window).await;
    assert_eq!(wait(&window).await, MINUTE);
    assert!(length() < 1_000, "{} bytes", length());
}
