//! Several processes, one record.

use status_roster::audit::verify;
use tempfile::TempDir;

use super::{changed, opened, record};

#[tokio::test]
async fn what_several_write_at_once_is_one_chain() {
    let directory = TempDir::new().unwrap();
    let path = record(&directory);
    let logs = [
        opened(&path).await,
        opened(&path).await,
        opened(&path).await,
    ];
    let names: Vec<_> = (0..60).map(|n| format!("u{n}")).collect();
    let changes = names
        .iter()
        .zip(logs.iter().cycle())
        .map(|(name, log)| changed(log, name));
    futures::future::join_all(changes).await;
    let verified = verify(&path).unwrap();
    assert_eq!(verified.lines, 120);
    assert!(verified.unfinished.is_empty());
}

#[tokio::test]
async fn a_record_is_verified_while_it_is_written() {
    let directory = TempDir::new().unwrap();
    let path = record(&directory);
    let log = opened(&path).await;
    let changes = futures::future::join_all((0..20).map(|_| changed(&log, "u1")));
    let verifying = tokio::task::spawn_blocking({
        let path = path.clone();
        move || (0..50).all(|_| verify(&path).is_ok())
    });
    let (_, whole) = tokio::join!(changes, verifying);
    assert!(whole.unwrap());
}
