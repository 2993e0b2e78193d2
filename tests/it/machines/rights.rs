//! What the user of Redis must be allowed, whose password is shown nowhere, and which Redis is refused.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::Path;
use std::time::Duration;

use status_roster::clock::Clock;
use status_roster::secret::Secret;
use status_roster::store::window::{Key, Lane, Limits, Take};
use status_roster::store::{Address, Decision, Prefix, Store};

use super::server::Server;
use super::state::plan;

const CANARY: &str = "canary-pass-5f1c";

pub(super) async fn use_everything(store: &Store) {
    store.keys().await.unwrap();
    let kept = plan();
    store.keep_plan(kept.clone()).await.unwrap();
    store.plans().await.unwrap();
    let decision = Decision {
        approved: true,
        by: "uid 0".to_owned(),
        at: Clock::system().now(),
    };
    assert!(store.decide(kept.id, decision).await.unwrap());
    assert!(store.spend(kept.id, kept.expires_at).await.unwrap());
    assert!(store.is_spent(kept.id).await.unwrap());
    drop(store.turn("jane's page roles").await.unwrap());
    let (window, key) = (store.window(), Key::new("statuspage", "0123456789ab"));
    let limits = Limits {
        answer_within: Duration::from_millis(10),
        ..Limits::new(3, Duration::from_millis(20))
    };
    super::until("a slot", async || {
        let take = window.try_take(&key, &limits, Lane::Bulk).await.unwrap();
        if let Take::Taken(ticket) = take {
            window.answered(&key, &limits, ticket).await.unwrap();
            window.withdraw(&key, &limits, ticket).await.unwrap();
        }
        matches!(take, Take::Taken(_))
    })
    .await;
    let moment = Duration::from_secs(2);
    window.pause(&key, &limits, moment).await.unwrap();
    window.rejected(&key, &limits, moment).await.unwrap();
    let _ = window.try_take(&key, &limits, Lane::Bulk).await.unwrap();
    let ahead = window.forecast(&key, &limits, Lane::Bulk, 5).await.unwrap();
    assert!(ahead > Duration::from_secs(1));
    let usage = window.usage(&key, &limits).await.unwrap();
    assert!(usage.paced && usage.paused_for.is_some());
}

/// The line of docs/operations.md that makes the user.
fn documented() -> Vec<String> {
    let docs = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/operations.md");
    let text = std::fs::read_to_string(docs).unwrap();
    // Without the line there are no words, and the test fails.
    let line = text.lines().find(|it| it.starts_with("ACL SETUSER "));
    let line = line.unwrap_or_default();
    line.split_whitespace()
        .map(|word| word.replace("PASSWORD", CANARY))
        .collect()
}

#[tokio::test]
async fn the_rights_in_the_documentation_are_enough_and_each_is_needed() {
    let redis = Server::start(&[]).await;
    let words = documented();
    redis::cmd(&words[0])
        .arg(&words[1..])
        .exec(&mut redis.look())
        .unwrap();
    let user = &words[2];
    let url = format!("{}?user={user}&pass={CANARY}", redis.url());
    let store = redis.try_store(&url, Clock::system()).await.unwrap();
    use_everything(&store).await;
    // Nothing outside the prefix, and none of what an administrator may.
    let mut connection = redis::Client::open(url).unwrap().get_connection().unwrap();
    for refused in [
        vec!["GET", "other"],
        vec!["FLUSHALL"],
        vec!["CONFIG", "GET", "*"],
    ] {
        let answer = redis::cmd(refused[0])
            .arg(&refused[1..])
            .exec(&mut connection);
        assert!(answer.is_err(), "{refused:?}");
    }
    let granted: Vec<&str> = words
        .iter()
        .filter_map(|word| word.strip_prefix('+'))
        .collect();
    assert!(granted.len() > 10, "{granted:?}");
    let used = commands_used(&redis);
    for command in granted {
        assert!(
            used.iter().any(|it| it == command),
            "`{command}` is granted and never used: {used:?}"
        );
    }
}

/// What was called, as `INFO commandstats` has it.
fn commands_used(redis: &Server) -> Vec<String> {
    let stats: String = redis::cmd("INFO")
        .arg("commandstats")
        .query(&mut redis.look())
        .unwrap();
    let names = stats.lines().filter_map(|line| {
        let (name, _) = line.strip_prefix("cmdstat_")?.split_once(':')?;
        Some(name.to_owned())
    });
    names.collect()
}

#[tokio::test]
async fn a_wrong_password_is_told_and_not_shown() {
    let redis = Server::start(&["--requirepass", "the-right-canary-word"]).await;
    let url = format!("{}?pass={CANARY}", redis.url());
    let refused = redis.try_store(&url, Clock::system()).await.unwrap_err();
    let told = format!("{refused} {refused:?}");
    assert!(
        told.contains("it does not accept the user name or the password"),
        "{told}"
    );
    assert!(!told.contains("canary"), "{told}");
    let without = redis.try_store(&redis.url(), Clock::system()).await;
    let told = without.unwrap_err().to_string();
    assert!(told.contains("it wants a password"), "{told}");
    let right = format!("{}?pass=the-right-canary-word", redis.url());
    let store = redis.try_store(&right, Clock::system()).await.unwrap();
    let address = Address::parse(&Secret::new(&right)).unwrap();
    let told = format!("{store:?} {address:?} {address}");
    assert!(!told.contains("canary"), "{told}");
}

#[test]
fn an_address_is_checked_and_shown_without_its_password() {
    let parse = |text: &str| Address::parse(&Secret::new(text));
    let address = parse("rediss://roster:canary%40@redis.example.com:6380/3").unwrap();
    assert_eq!(address.to_string(), "redis.example.com:6380");
    assert_eq!(format!("{address:?}"), "Address(redis.example.com:6380)");
    assert!(!address.in_clear());
    assert!(parse("redis://redis.example.com").unwrap().in_clear());
    assert!(!parse("redis://127.0.0.1:1").unwrap().in_clear());
    for (wrong, why) in [
        ("canary", "it is not an address such as"),
        ("http://canary.example", "it must begin with"),
        (
            "rediss://canary.example/#insecure",
            "a certificate is always checked",
        ),
        (
            "redis://canary.example/?protocol=resp3",
            "nothing may stand behind a `?`",
        ),
        (
            "redis://canary.example/canary",
            "only the number of a database",
        ),
    ] {
        let said = parse(wrong).unwrap_err().to_string();
        assert!(said.contains(why), "{wrong}: {said}");
        assert!(!said.contains("canary"), "{said}");
    }
    assert!(Prefix::parse("team-a:roster").is_ok());
    for wrong in ["", "a b", "*", "{a}"] {
        assert!(Prefix::parse(wrong).is_err(), "{wrong}");
    }
}

/// Answers `INFO` with `says`, and everything else with OK.
fn played(socket: &Path, says: &'static str) {
    let listener = UnixListener::bind(socket).unwrap();
    let answer = move |stream: UnixStream| -> std::io::Result<()> {
        let mut to = stream.try_clone()?;
        let mut from = BufReader::new(stream);
        loop {
            let mut line = String::new();
            if from.read_line(&mut line)? == 0 {
                return Ok(());
            }
            let words: usize = line.trim().trim_start_matches('*').parse().unwrap();
            let mut first = String::new();
            for at in 0..words {
                let mut length = String::new();
                from.read_line(&mut length)?;
                let length: usize = length.trim().trim_start_matches('$').parse().unwrap();
                let mut word = vec![0; length + 2];
                from.read_exact(&mut word)?;
                if at == 0 {
                    first = String::from_utf8_lossy(&word).trim().to_owned();
                }
            }
            if first == "INFO" {
                write!(to, "${}\r\n{says}\r\n", says.len())?;
            } else {
                write!(to, "+OK\r\n")?;
            }
        }
    };
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let _ = answer(stream.unwrap());
        }
    });
}

#[tokio::test]
async fn a_redis_that_cannot_do_it_is_refused_with_the_reason() {
    let folder = tempfile::tempdir().unwrap();
    for (name, says, why) in [
        (
            "old",
            "redis_version:6.2.14\r\n",
            "it is version `6.2.14`, and 7.0 or newer is needed",
        ),
        (
            "cluster",
            "redis_version:7.2.4\r\ncluster_enabled:1\r\n",
            "it is a Redis Cluster",
        ),
        ("other", "hello", "it is version ``"),
    ] {
        let socket = folder.path().join(name);
        played(&socket, says);
        let url = format!("redis+unix://{}", socket.display());
        let address = Address::parse(&Secret::new(&url)).unwrap();
        let refused = Store::in_redis(address, Prefix::default(), Clock::system()).await;
        let told = refused.unwrap_err().to_string();
        assert!(told.contains(why), "{told}");
    }
}

#[tokio::test]
async fn what_can_go_wrong_with_a_redis_is_a_warning() {
    let redis = Server::start(&["--maxmemory", "50mb", "--maxmemory-policy", "allkeys-lru"]).await;
    let health = redis.store().await.health().await.unwrap().unwrap();
    let warnings = health.warnings.join("\n");
    assert!(
        warnings.contains("maxmemory-policy is `allkeys-lru`"),
        "{warnings}"
    );
    assert!(warnings.contains("appendonly is off"), "{warnings}");
    let redis = Server::start(&["--appendonly", "yes"]).await;
    let health = redis.store().await.health().await.unwrap().unwrap();
    assert_eq!(health.warnings, Vec::<String>::new());
}
