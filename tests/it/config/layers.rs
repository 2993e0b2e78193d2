//! What stands when nothing is said, and which source wins.

use std::time::Duration;

use status_roster::config::{LogFormat, Mode, VARIABLES};
use status_roster::roster::Email;

use super::House;

#[test]
fn the_server_is_read_only_unless_told() {
    let mut house = House::new("").with_statuspage();
    assert_eq!(house.load().unwrap().server.mode, Mode::Read);
    house.flags.allow_writes = true;
    assert_eq!(house.load().unwrap().server.mode, Mode::Write);
    let house = House::new("[server]\nmode = \"write\"").with_statuspage();
    assert_eq!(house.load().unwrap().server.mode, Mode::Write);
}

#[test]
fn the_defaults_are_the_documented_ones() {
    let house = House::new("").with_statuspage();
    let config = house.load().unwrap();
    let state = house.path(".local/state/status-roster");
    assert_eq!(config.server.state_dir, state);
    assert_eq!(config.audit.path, state.join("audit.jsonl"));
    assert_eq!(config.server.max_wait, Duration::from_secs(45));
    assert_eq!(config.server.max_concurrent_calls, 16);
    assert_eq!(config.confirmation.ttl, Duration::from_secs(600));
    assert_eq!(config.log.format, LogFormat::Text);
    assert!(config.policy.tools.is_none() && config.policy.pages.is_none());
    let system = config.statuspage.unwrap().system;
    assert_eq!(system.base_url.as_str(), "https://api.statuspage.io/v1");
    assert_eq!((system.limits.requests, system.limits.reserve), (60, 4));
    assert_eq!(system.limits.window, Duration::from_secs(60));
    assert!(config.atlassian_scim.is_none() && config.statusapp.is_none());
}

#[test]
fn flags_win_over_the_environment_and_the_environment_over_the_file() {
    let house = House::new("[server]\nstate_dir = \"in-file\"").with_statuspage();
    assert_eq!(
        house.load().unwrap().server.state_dir,
        house.path("in-file")
    );
    let mut house = house.with("STATUS_ROSTER_STATE_DIR", "/from/environment");
    assert_eq!(
        house.load().unwrap().server.state_dir.to_str(),
        Some("/from/environment")
    );
    house.flags.state_dir = Some("/from/flag".into());
    assert_eq!(
        house.load().unwrap().server.state_dir.to_str(),
        Some("/from/flag")
    );
}

#[test]
fn what_is_given_narrows_and_what_is_not_does_not() {
    let file = "[policy]\ntools = [\"get_permissions\"]\npages = []\nemail_domains = [\"Example.COM\"]\nprotected_people = [\" Owner@example.com\"]";
    let policy = House::new(file).with_statuspage().load().unwrap().policy;
    assert_eq!(policy.tools, Some(["get_permissions".to_owned()].into()));
    assert_eq!(
        policy.pages,
        Some([].into()),
        "an empty list allows no page"
    );
    assert_eq!(
        policy.email_domains,
        Some(["example.com".to_owned()].into())
    );
    assert!(
        policy
            .protected_people
            .contains(&Email::parse("owner@EXAMPLE.com").unwrap())
    );
    assert!(policy.without_tools.is_empty());
}

#[test]
fn the_variable_names_the_file_and_the_flag_wins_over_it() {
    let house = House::new("[server]\nmode = \"write\"").with_statuspage();
    std::fs::write(house.path("d.toml"), "").unwrap();
    let d = house.path("d.toml").to_string_lossy().into_owned();
    let house = house.with("STATUS_ROSTER_CONFIG", &d);
    assert_eq!(
        house.load_from(None).unwrap().file,
        Some(house.path("d.toml"))
    );
    assert_eq!(house.load().unwrap().server.mode, Mode::Write);
}

#[test]
fn the_default_place_is_read_when_there_is_a_file_and_no_problem_when_there_is_none() {
    let house = House::new("").with_statuspage();
    assert_eq!(house.load_from(None).unwrap().file, None);
    let place = house.path(".config/status-roster");
    std::fs::create_dir_all(&place).unwrap();
    std::fs::write(place.join("config.toml"), "[log]\nformat = \"json\"").unwrap();
    assert_eq!(house.load_from(None).unwrap().log.format, LogFormat::Json);
}

#[test]
fn the_sandbox_keeps_its_state_apart_and_asks_for_no_key() {
    let mut house = House::new("");
    house.flags.sandbox = true;
    let config = house.load().unwrap();
    assert_eq!(
        config.server.state_dir,
        house.path(".local/state/status-roster/sandbox")
    );
}

#[test]
fn every_variable_gives_a_setting_that_exists() {
    for (name, key) in VARIABLES {
        let house = House::new("").with_statuspage().with(name, "x");
        let told = house
            .load()
            .map_or_else(|problems| problems.to_string(), |_| String::new());
        assert!(
            !told.contains("there is no setting"),
            "`{name}` gives `{key}`, which nothing reads: {told}"
        );
    }
}

#[test]
fn all_three_systems_can_be_configured() {
    let file = "[atlassian_scim]\ndirectory_id = \"0-1\"\napi_key = \"a\"\n[statusapp]\napi_key = \"b\"\nrequests_per_window = 5000";
    let config = House::new(file).load().unwrap();
    assert!(config.statuspage.is_none());
    assert_eq!(config.atlassian_scim.unwrap().directory_id.as_str(), "0-1");
    let limits = config.statusapp.unwrap().system.limits;
    assert_eq!(
        (limits.requests, limits.window),
        (5000, Duration::from_secs(3600))
    );
}

#[test]
fn variables_that_kubernetes_sets_for_a_service_of_our_name_are_left_alone() {
    let house = House::new("")
        .with_statuspage()
        .with("STATUS_ROSTER_SERVICE_HOST", "10.0.0.1")
        .with("STATUS_ROSTER_PORT", "tcp://10.0.0.1:80")
        .with("STATUS_ROSTER_PORT_80_TCP_ADDR", "10.0.0.1");
    assert!(house.load().is_ok());
}
