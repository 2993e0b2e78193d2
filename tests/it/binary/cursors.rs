//! A place in a list is good in the next process on the same state directory, and asks for nothing again.

use std::fs::DirEntry;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use status_roster::sandbox::{self, known};

use super::session::Session;
use super::{at, run};

#[tokio::test]
async fn a_cursor_goes_on_in_the_next_process_without_a_request() {
    let sandbox = sandbox::start(sandbox::Settings::default()).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let page = format!("page_id={}", known::AUDIENCE_PAGE);
    let first = run(at(&sandbox, folder.path()).args([
        "call",
        "list_page_access_users",
        &page,
        "limit=200",
    ]))
    .await;
    let first: Value = serde_json::from_str(&first.out).unwrap();
    let sent = sandbox.report().requests;
    let cursor = first["next_cursor"].as_str().unwrap();
    assert!(
        cursor.len() <= 16,
        "a model copies it out by hand: {cursor}"
    );
    let cursor = format!("cursor={cursor}");
    let second = run(at(&sandbox, folder.path()).args([
        "call",
        "list_page_access_users",
        &page,
        "limit=200",
        &cursor,
    ]))
    .await;
    let second: Value =
        serde_json::from_str(&second.out).unwrap_or_else(|_| panic!("{}", second.err));
    assert_eq!(second["as_of"], first["as_of"], "it is the same read");
    let ids = |piece: &Value| -> Vec<String> {
        let rows = piece["records"].as_array().unwrap().iter();
        rows.map(|row| row["id"].as_str().unwrap().to_owned())
            .collect()
    };
    assert!(ids(&first).iter().all(|id| !ids(&second).contains(id)));
    let whole = run(at(&sandbox, folder.path()).args([
        "call",
        "list_page_access_users",
        &page,
        "--all",
        "limit=200",
    ]))
    .await;
    let whole: Value = serde_json::from_str(&whole.out).unwrap();
    assert_eq!(ids(&whole)[..400], [ids(&first), ids(&second)].concat());
    let asked_again = sandbox.requests()[sent as usize..]
        .iter()
        .filter(|request| request.target.contains("page=1&"))
        .count();
    assert!(asked_again <= 1, "only the whole list was read anew");
}

#[tokio::test]
async fn an_export_is_read_as_a_whole_by_the_next_process() {
    let sandbox = sandbox::start(sandbox::Settings::default()).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let mut server = Session::open(at(&sandbox, folder.path())).await;
    let arguments = json!({"what": "viewers", "page_id": known::AUDIENCE_PAGE, "format": "csv", "columns": "application_roster"});
    let first = server.call("export_roster", arguments).await;
    let id = first["structuredContent"]["export_id"]
        .as_str()
        .unwrap()
        .to_owned();
    assert_eq!(first["structuredContent"]["complete"], true, "{first}");
    assert!(server.close().await.success());
    let sent = sandbox.report().requests;
    let mut next = Session::open(at(&sandbox, folder.path())).await;
    let read = next
        .ask(
            "resources/read",
            json!({"uri": format!("roster://exports/{id}")}),
        )
        .await;
    let contents = read["result"]["contents"]
        .as_array()
        .unwrap_or_else(|| panic!("{read:#}"));
    let text = contents.last().unwrap()["text"].as_str().unwrap();
    let rows = first["structuredContent"]["matched"].as_u64().unwrap();
    assert_eq!(
        text.lines().count() as u64,
        rows + 1,
        "a header and every row"
    );
    assert_eq!(
        sandbox.report().requests,
        sent,
        "nothing is asked for again"
    );
    assert!(next.close().await.success());
}

/// The files of reads, with their permissions.
fn written_down(folder: &Path) -> Vec<(PathBuf, u32)> {
    let files = std::fs::read_dir(folder.join("state/reads"));
    let files = files.into_iter().flatten().flatten();
    let mode = |file: &DirEntry| file.metadata().unwrap().permissions().mode() & 0o777;
    files.map(|file| (file.path(), mode(&file))).collect()
}

#[tokio::test]
async fn a_read_of_another_process_answers_its_cursor_alone() {
    let sandbox = sandbox::start(sandbox::Settings::default()).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let wanted = json!({"page_id": known::AUDIENCE_PAGE, "limit": 200});
    let mut first = Session::open(at(&sandbox, folder.path())).await;
    let begun = first.call("list_page_access_users", wanted.clone()).await;
    let begun = &begun["structuredContent"];
    assert!(first.close().await.success());

    let mut next = Session::open(at(&sandbox, folder.path())).await;
    let mut further = wanted.clone();
    further["cursor"] = begun["next_cursor"].clone();
    let piece = next.call("list_page_access_users", further).await;
    assert_eq!(piece["structuredContent"]["as_of"], begun["as_of"]);
    let anew = next.call("list_page_access_users", wanted).await;
    let anew = &anew["structuredContent"];
    assert_ne!(
        anew["as_of"], begun["as_of"],
        "who asks now is answered with what is so now"
    );
    assert_eq!(anew["records"].as_array().unwrap().len(), 200);
    assert!(next.close().await.success());
}

#[tokio::test]
async fn what_is_written_down_is_for_its_owner_and_for_an_hour() {
    let sandbox = sandbox::start(sandbox::Settings::default()).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let call = |words: &[&str]| {
        let mut command = at(&sandbox, folder.path());
        command.args(["call"]).args(words);
        command
    };
    let whole = run(&mut call(&["list_org_users", "name=jane"])).await;
    assert_eq!(whole.code, Some(0), "{}", whole.err);
    assert_eq!(
        written_down(folder.path()),
        [],
        "nobody can ask for more of it"
    );
    let page = format!("page_id={}", known::AUDIENCE_PAGE);
    let cut = run(&mut call(&["list_page_access_users", &page])).await;
    assert_eq!(cut.code, Some(4));
    let files = written_down(folder.path());
    assert!(!files.is_empty() && files.iter().all(|(_, mode)| *mode == 0o600));
    let folder_mode = std::fs::metadata(folder.path().join("state/reads"));
    assert_eq!(folder_mode.unwrap().permissions().mode() & 0o777, 0o700);
    for (path, _) in &files {
        let file = std::fs::File::options().append(true).open(path).unwrap();
        file.set_modified(std::time::SystemTime::UNIX_EPOCH)
            .unwrap();
    }
    let cut: Value = serde_json::from_str(&cut.out).unwrap();
    let cursor = format!("cursor={}", cut["next_cursor"].as_str().unwrap());
    let late = run(&mut call(&["list_page_access_users", &page, &cursor])).await;
    assert_eq!(late.code, Some(1), "{}", late.out);
    assert!(
        late.err.contains("Leave it out to start over"),
        "{}",
        late.err
    );
    assert_eq!(written_down(folder.path()), [], "what is old is deleted");
}

#[tokio::test]
async fn a_cursor_of_other_systems_is_refused() {
    let (one, other) = (
        sandbox::start(sandbox::Settings::default()).await.unwrap(),
        sandbox::start(sandbox::Settings::default()).await.unwrap(),
    );
    let folder = tempfile::tempdir().unwrap();
    let page = format!("page_id={}", known::AUDIENCE_PAGE);
    let words = ["call", "list_page_access_users", &page];
    let cut = run(at(&one, folder.path()).args(words)).await;
    let cut: Value = serde_json::from_str(&cut.out).unwrap();
    let cursor = format!("cursor={}", cut["next_cursor"].as_str().unwrap());
    let there = run(at(&other, folder.path()).args(words).arg(cursor)).await;
    assert_eq!(there.code, Some(1), "{}", there.out);
    assert!(there.err.contains("another list"), "{}", there.err);
    assert_eq!(other.report().requests, 0);
}
