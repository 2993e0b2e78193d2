//! The exit code of a change for each thing that can go wrong on the way.

use status_roster::sandbox::{self, Fault, Faults, Next, Running, known};

use super::{Ran, at, run};

const ADD: &[&str] = &[
    "--allow-writes",
    "add-viewer",
    "new@example.org",
    "--page",
    known::AUDIENCE_PAGE,
];

async fn add(sandbox: &Running) -> Ran {
    let folder = tempfile::tempdir().unwrap();
    run(at(sandbox, folder.path()).args(ADD)).await
}

async fn under(faults: &[Next]) -> Ran {
    let sandbox = sandbox::start(sandbox::Settings::default()).await.unwrap();
    sandbox.faults(Faults {
        next: faults.to_vec(),
        ..Faults::default()
    });
    add(&sandbox).await
}

fn on(method: &str, fault: Fault, times: u32, after: u32) -> Next {
    Next {
        fault,
        times,
        after,
        method: Some(method.to_owned()),
        path: Some("page_access_users".to_owned()),
    }
}

/// How many reads of viewers come before the account is made.
async fn reads_before() -> u32 {
    let sandbox = sandbox::start(sandbox::Settings::default()).await.unwrap();
    assert_eq!(add(&sandbox).await.code, Some(0));
    let sent = sandbox.requests();
    let before = sent.iter().take_while(|it| it.method != "POST");
    let reads = before.filter(|it| it.target.contains("page_access_users"));
    u32::try_from(reads.count()).unwrap()
}

#[tokio::test]
async fn each_outcome_of_a_change_has_its_code() {
    let reads = reads_before().await;
    let unread = on("GET", Fault::Status500, 1_000, reads);
    let outcomes = [
        (
            "an answer that was lost is looked up",
            vec![on("POST", Fault::LostAnswer, 1, 0)],
            0,
        ),
        (
            "a gateway failed after it was done",
            vec![on("POST", Fault::FailedAfterHandling, 1, 0)],
            0,
        ),
        (
            "the system says no",
            vec![on("POST", Fault::Forbidden, 9, 0)],
            1,
        ),
        (
            "the key is not accepted",
            vec![on("POST", Fault::Unauthenticated, 9, 0)],
            1,
        ),
        (
            "an answer that was lost, and nothing can be read afterwards",
            vec![on("POST", Fault::LostAnswer, 1, 0), unread],
            4,
        ),
        (
            "nothing can be read before",
            vec![on("GET", Fault::Forbidden, 1_000, 0)],
            1,
        ),
    ];
    for (what, faults, code) in outcomes {
        let ran = under(&faults).await;
        assert_eq!(ran.code, Some(code), "{what}: {} {}", ran.out, ran.err);
    }
}
