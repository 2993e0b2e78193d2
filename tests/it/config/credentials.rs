//! Where a key may come from, and that it shows nowhere.

use std::os::unix::fs::PermissionsExt;

use super::House;

const CANARY: &str = "sk-canary-7c1f";

fn key_of(house: &House) -> String {
    let config = house.load().unwrap();
    config
        .statuspage
        .unwrap()
        .system
        .api_key
        .expose()
        .to_owned()
}

/// A file that this user alone may read.
fn private(path: std::path::PathBuf, content: impl AsRef<[u8]>) -> std::io::Result<()> {
    std::fs::write(&path, content)?;
    std::fs::set_permissions(path, PermissionsExt::from_mode(0o600))
}

fn statuspage(lines: &str) -> House {
    House::new(&format!("[statuspage]\norganization_id = \"o\"\n{lines}\n"))
}

#[test]
fn a_key_file_is_read_and_trimmed() {
    let house = statuspage("api_key_file = \"keys/k\"");
    std::fs::create_dir(house.path("keys")).unwrap();
    private(house.path("keys/k"), format!("{CANARY}\n")).unwrap();
    assert_eq!(
        key_of(&house),
        CANARY,
        "a relative path starts in the file's own folder"
    );
}

#[test]
fn a_variable_may_name_a_key_file() {
    let house = statuspage("");
    private(house.path("k"), CANARY).unwrap();
    let path = house.path("k").to_string_lossy().into_owned();
    assert_eq!(
        key_of(&house.with("STATUSPAGE_API_KEY_FILE", &path)),
        CANARY
    );
}

#[test]
fn a_home_path_is_taken_from_home() {
    let house = statuspage("api_key_file = \"~/k\"");
    private(house.path("k"), CANARY).unwrap();
    assert_eq!(key_of(&house), CANARY);
}

#[test]
fn a_key_command_is_run_without_a_shell() {
    let house = statuspage("api_key_command = [\"printf\", \"%s\\n\", \"a;$HOME\"]");
    assert_eq!(key_of(&house), "a;$HOME");
}

#[test]
fn the_environment_replaces_the_files_key_command_as_a_whole() {
    let house = statuspage("api_key_command = [\"false\"]").with("STATUSPAGE_API_KEY", CANARY);
    assert_eq!(key_of(&house), CANARY);
}

#[test]
fn an_empty_variable_is_not_set() {
    let house = statuspage("api_key = \"in-file\"")
        .with("STATUSPAGE_API_KEY", "")
        .with("STATUS_ROSTER_CONFIG", "");
    assert_eq!(key_of(&house), "in-file");
}

/// What is written, and the end of the one problem that it makes.
const REFUSED: &[(&str, &str)] = &[
    (
        "api_key = \"sk-canary\"\napi_key_file = \"sk-canary\"",
        "only one of `statuspage.api_key`, `statuspage.api_key_file` and `statuspage.api_key_command` may be given; remove the others",
    ),
    (
        "api_key_command = \"pass show sk-canary\"",
        "`statuspage.api_key_command` must be a list of the program and its arguments, as `[\"pass\", \"show\", \"statuspage\"]`; no shell reads it",
    ),
    (
        "api_key_command = [\"sh\", \"-c\", \"echo sk-canary; echo sk-canary >&2; exit 3\"]",
        "the key command `sh` failed (exit status: 3); run it by hand to see why, its output is not shown here",
    ),
    (
        "api_key_command = [\"/nonexistent/pass\", \"sk-canary\"]",
        "the key command `/nonexistent/pass` cannot be started: No such file or directory (os error 2)",
    ),
    (
        "api_key_command = [\"true\", \"sk-canary\"]",
        "the key is empty",
    ),
    (
        "api_key_command = [\"sh\", \"-c\", \"yes sk-canary\"]",
        "the key command `sh` printed more than 4096 bytes; it must print the key alone",
    ),
    (
        "api_key = \"sk-canary two\"",
        "the key holds a space, a line break or a character outside ASCII; it must be the key alone",
    ),
    (
        "api_key = \"${SK-CANARY}\"",
        "the key is a placeholder that nothing has filled in (it begins with `$`); the program that starts the server should have replaced it",
    ),
    (
        "api_key = 12",
        "`statuspage.api_key` must be text in quotes, not a whole number",
    ),
];

#[test]
fn a_key_that_cannot_be_had_is_refused_without_showing_anything_of_it() {
    for (lines, expected) in REFUSED {
        let problems = statuspage(lines).problems();
        assert!(
            problems.starts_with("1 problem in"),
            "for\n{lines}\n{problems}"
        );
        assert!(problems.ends_with(expected), "for\n{lines}\n{problems}");
        assert!(!problems.to_lowercase().contains("canary"), "{problems}");
    }
}

#[test]
fn a_key_that_was_read_does_not_show_in_debug() {
    let house = statuspage(&format!("api_key = \"{CANARY}\""));
    let config = house.load().unwrap();
    assert!(!format!("{config:?}").contains(CANARY));
    assert!(!format!("{config:#?}").contains("canary"));
}

#[test]
fn the_sandbox_reads_no_key_and_runs_no_command() {
    let mark = "ran";
    let lines = format!("api_key_command = [\"touch\", \"{mark}\"]");
    let mut house = statuspage(&lines).with("ATLASSIAN_SCIM_API_KEY_FILE", "/nonexistent");
    house.flags.sandbox = true;
    let config = house.load().unwrap();
    assert!(config.statuspage.is_none() && config.atlassian_scim.is_none());
    assert!(!house.path(mark).exists() && !std::path::Path::new(mark).exists());
}

#[test]
fn a_key_that_stands_where_a_path_belongs_is_not_shown() {
    for pasted in [CANARY, "sk/canary/7c1f", "/sk-canary"] {
        let problems = statuspage(&format!("api_key_file = \"{pasted}\"")).problems();
        assert!(problems.contains("A path belongs here"), "{problems}");
        assert!(!problems.contains("canary"), "{problems}");
    }
}

#[test]
fn a_key_file_that_others_may_read_or_write_is_refused() {
    for (mode, fine) in [
        (0o644, false),
        (0o602, false),
        (0o620, false),
        (0o600, true),
        (0o440, true),
    ] {
        let house = statuspage("api_key_file = \"k\"");
        private(house.path("k"), CANARY).unwrap();
        std::fs::set_permissions(house.path("k"), PermissionsExt::from_mode(mode)).unwrap();
        if fine {
            assert_eq!(key_of(&house), CANARY);
            continue;
        }
        let problems = house.problems();
        assert!(
            problems.contains("other users of this machine"),
            "{problems}"
        );
        assert!(problems.contains("chmod g-w,o-rwx"), "{problems}");
        assert!(!problems.contains("canary"), "{problems}");
    }
}
