//! The requests that README.md says one can type, each carried out on the sandbox as an agent would.

use serde_json::{Value, json};

/// The words of README.md, the call that they lead to, and what it answers.
fn requests() -> [(&'static str, &'static str, Value, &'static str, Value); 6] {
    [
        (
            "What access does jane.doe@example.com have to our status pages?",
            "find_person",
            json!({"email": "jane.doe@example.com"}),
            "/verdict",
            json!("found"),
        ),
        (
            "Lena has left: lena.leaver@example.com. Take away everything she has, and tell me what I must do by hand.",
            "offboard_person",
            json!({"email": "lena.leaver@example.com"}),
            "/status",
            json!("confirmation_required"),
        ),
        (
            "Add ada@customer.example to the group Enterprise Americas of the page Example Customers.",
            "add_page_viewer",
            json!({"page_id": "customerpage", "email": "ada@customer.example", "group_ids": ["groupamerica"]}),
            "/access/groups/0/name",
            json!("Enterprise Americas"),
        ),
        (
            "Let Jane Doe announce maintenances on the page Example Customers.",
            "set_permissions",
            json!({"email": "jane.doe@example.com", "grant": [{"page_id": "customerpage", "roles": ["maintenance_manager"]}]}),
            "/status",
            json!("applied"),
        ),
        (
            "Make the viewers of Example Customers equal the list in customers.csv, and show me who would lose access.",
            "sync_page_viewers",
            json!({"page_id": "customerpage", "desired": "email\nada@customer.example", "removal_cap": 2000}),
            "/status",
            json!("confirmation_required"),
        ),
        (
            "Review who has access and tell me the three worst things.",
            "review_access",
            json!({"profile": "hygiene"}),
            "/complete",
            json!(true),
        ),
    ]
}

#[tokio::test]
async fn each_request_of_readme_can_be_carried_out() {
    let readme = std::fs::read_to_string("README.md").unwrap();
    for (words, tool, arguments, place, wanted) in requests() {
        assert!(
            readme.contains(&format!("- “{words}”")),
            "README.md does not have: {words}"
        );
        let home = tempfile::tempdir().unwrap();
        let mut command = tokio::process::Command::new(env!("CARGO_BIN_EXE_status-roster"));
        command.args(["--sandbox", "--allow-writes", "call", tool]);
        for (name, value) in arguments.as_object().unwrap() {
            let value = value
                .as_str()
                .map_or_else(|| value.to_string(), str::to_owned);
            command.arg(format!("{name}={value}"));
        }
        let output = command
            .env_clear()
            .env("HOME", home.path())
            .output()
            .await
            .unwrap();
        let printed = String::from_utf8_lossy(&output.stdout);
        let answer: Value = serde_json::from_str(&printed)
            .unwrap_or_else(|_| panic!("{words}: {}", String::from_utf8_lossy(&output.stderr)));
        assert_eq!(answer.pointer(place), Some(&wanted), "{words}: {answer}");
    }
    let listed = readme
        .lines()
        .filter(|line| line.starts_with("- “"))
        .count();
    assert_eq!(
        listed,
        requests().len(),
        "README.md has a request that is not tried"
    );
}
