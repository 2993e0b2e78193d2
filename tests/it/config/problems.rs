//! Every problem in its own words.

use super::House;

/// What is written in the file, and the one problem that it makes.
const TABLE: &[(&str, &str)] = &[
    (
        "[server]\nmode = \"readwrite\"",
        "c.toml:2: `server.mode` must be `read` or `write`, not `readwrite`",
    ),
    (
        "[server]\nmode = true",
        "c.toml:2: `server.mode` must be text in quotes, not a yes or no",
    ),
    (
        "[server]\nmax_wait_seconds = 0",
        "c.toml:2: `server.max_wait_seconds` must be a whole number from 1 to 3600, not 0; the default is 45",
    ),
    (
        "[server]\nmax_wait_seconds = 1.5",
        "c.toml:2: `server.max_wait_seconds` must be a whole number from 1 to 3600, not a fraction; the default is 45",
    ),
    (
        "[server]\nmax_concurrent_calls = -1",
        "c.toml:2: `server.max_concurrent_calls` must be a whole number from 1 to 1024, not -1; the default is 16",
    ),
    (
        "[server]\nstate_dir = \"\"",
        "c.toml:2: `server.state_dir` is empty; give it a value or remove it",
    ),
    (
        "[server]\nmod = \"read\"",
        "c.toml:2: there is no key `mod` in `[server]`; did you mean `mode`?",
    ),
    (
        "[server]\nconfirm = false",
        "c.toml:2: there is no key `confirm` in `[server]`",
    ),
    (
        "[statuspag]\nbase_url = \"https://a.example\"\nreserve = 1",
        "c.toml:2: there is no table `[statuspag]`; did you mean `[statuspage]`?",
    ),
    (
        "organization_id = \"o\"",
        "c.toml:1: `organization_id` stands above every table; move it under `[statuspage]`",
    ),
    (
        "colour = \"red\"",
        "c.toml:1: `colour` stands above every table, and no table has such a key",
    ),
    (
        "server = 1",
        "c.toml:1: `server` is a table; write `[server]` on a line of its own",
    ),
    (
        "[server.mode]\nx = 1",
        "c.toml:2: there is no key `mode.x` in `[server]`",
    ),
    (
        "[statuspage]\nbase_url = \"http://status.example.com\"",
        "c.toml:2: `statuspage.base_url`: the base address of `statuspage` must use https: plain http to `status.example.com` would show the key to the network; the default is `https://api.statuspage.io/v1`",
    ),
    (
        "[statuspage]\nbase_url = \"http://127.0.0.1.example.com\"",
        "c.toml:2: `statuspage.base_url`: the base address of `statuspage` must use https: plain http to `127.0.0.1.example.com` would show the key to the network; the default is `https://api.statuspage.io/v1`",
    ),
    (
        "[statuspage]\nbase_url = \"https://me:pw@status.example.com\"",
        "c.toml:2: `statuspage.base_url`: the base address of `statuspage` must be an address only, without a user, a password, `?` or `#`; the default is `https://api.statuspage.io/v1`",
    ),
    (
        "[statuspage]\nbase_url = \"https://a.example/?api_key=k\"",
        "c.toml:2: `statuspage.base_url`: the base address of `statuspage` must be an address only, without a user, a password, `?` or `#`; the default is `https://api.statuspage.io/v1`",
    ),
    (
        "[statuspage]\nbase_url = \"api.example.com\"",
        "c.toml:2: `statuspage.base_url`: it is not an address (relative URL without a base); the default is `https://api.statuspage.io/v1`",
    ),
    (
        "[statuspage]\nrequests_per_window = 10\nreserve = 6",
        "c.toml:3: `statuspage.reserve` must be a whole number from 0 to 5, not 6; the default is 4",
    ),
    (
        "[statuspage]\naudience_specific_pages = \"abc\"",
        "c.toml:2: `statuspage.audience_specific_pages` must be a list, as `[\"…\", \"…\"]`, not text",
    ),
    (
        "[statuspage]\naudience_specific_pages = [\"abc\", \"a/b\"]",
        "c.toml:2: `statuspage.audience_specific_pages`, entry 2: `a/b` is not an id: an id is 1 to 64 letters, digits, `_` or `-`",
    ),
    (
        "[policy]\ntools = [\"list_org_user\", 7]",
        "c.toml:2: `policy.tools`, entry 1: there is no tool `list_org_user`; did you mean `list_org_users`?\n  c.toml:2: `policy.tools`, entry 2: must be text in quotes, not a whole number",
    ),
    (
        "[policy]\nwithout_tools = [\"delete_everything\"]",
        "c.toml:2: `policy.without_tools`, entry 1: there is no tool `delete_everything`; `status-roster tools` lists them",
    ),
    (
        "[policy]\nemail_domains = [\"@example.com\"]",
        "c.toml:2: `policy.email_domains`, entry 1: `@example.com` is not a domain: did you mean `example.com`?",
    ),
    (
        "[policy]\nprotected_people = [\"jane\"]",
        "c.toml:2: `policy.protected_people`, entry 1: `jane` has 0 `@`; an address has exactly one",
    ),
    (
        "[policy]\nprotected_people = [\"mailto:jane@x.com\"]",
        "c.toml:2: `policy.protected_people`, entry 1: `mailto:jane@x.com` is not one bare address: did you mean `jane@x.com`?",
    ),
    (
        "[statuspage]\nowner = \"Jane <jane@x.com>\"",
        "c.toml:2: `statuspage.owner`: `Jane <jane@x.com>` is not one bare address: did you mean `jane@x.com`?",
    ),
    (
        "[confirmation]\nrequire = \"none\"",
        "c.toml:2: `confirmation.require` must be `token` or `human` or `operator`, not `none`",
    ),
    (
        "[log]\nformat = \"xml\"",
        "c.toml:2: `log.format` must be `text` or `json`, not `xml`",
    ),
    (
        "[log]\nfilter = \"a=b=c\"",
        "c.toml:2: `log.filter` is not a filter (error parsing level filter: expected one of \"off\", \"error\", \"warn\", \"info\", \"debug\", \"trace\", or a number 0-5); the default is `warn,status_roster=info`",
    ),
];

#[test]
fn each_problem_says_where_it_is_and_what_to_write() {
    for (file, expected) in TABLE {
        let problems = House::new(file).with_statuspage().problems();
        let (head, told) = problems.split_once("\n  ").unwrap();
        assert_eq!(told, *expected, "for\n{file}");
        assert!(head.ends_with("in the configuration; the server does not start"));
    }
}

#[test]
fn every_problem_is_told_at_once_in_the_order_of_the_sources() {
    let file = "[server]\nmode = \"x\"\nmax_wait_seconds = \"y\"\n\n[polcy]\ntools = []\n";
    let house = House::new(file)
        .with("STATUS_ROSTER_STATEDIR", "/tmp")
        .with("STATUSPAGE_API_KEY", "two words");
    insta::assert_snapshot!(house.problems(), @"
    6 problems in the configuration; the server does not start
      c.toml:2: `server.mode` must be `read` or `write`, not `x`
      c.toml:3: `server.max_wait_seconds` must be a whole number from 1 to 3600, not text; the default is 45
      c.toml:6: there is no table `[polcy]`; did you mean `[policy]`?
      environment variable `STATUSPAGE_API_KEY`: the key holds a space, a line break or a character outside ASCII; it must be the key alone
      environment variable `STATUS_ROSTER_STATEDIR`: there is no such setting; did you mean `STATUS_ROSTER_STATE_DIR`?
      not set: `statuspage.organization_id` is missing; write it or set `STATUSPAGE_ORGANIZATION_ID`: it stands at the foot of the API info screen, under the page ids
    ");
}

#[test]
fn nothing_configured_names_the_two_ways_on() {
    insta::assert_snapshot!(House::new("").problems(), @"
    1 problem in the configuration; the server does not start
      not set: no system is configured; set `STATUSPAGE_API_KEY` and `STATUSPAGE_ORGANIZATION_ID`, or add `--sandbox` to try the server without a key
    ");
}

#[test]
fn an_organization_without_a_key_names_every_way_to_give_one() {
    let house = House::new("[statuspage]\norganization_id = \"o\"");
    insta::assert_snapshot!(house.problems(), @"
    1 problem in the configuration; the server does not start
      not set: `statuspage.api_key` is missing; set `STATUSPAGE_API_KEY` or `STATUSPAGE_API_KEY_FILE`, or write `statuspage.api_key_file` or `statuspage.api_key_command`
    ");
}

#[test]
fn a_file_that_is_not_toml_is_told_with_its_lines_and_without_its_text() {
    let house = House::new("[statuspage]\napi_key = sk-canary-1\norganization_id = \"o\n")
        .with_statuspage();
    let problems = house.problems();
    assert!(
        problems.contains("c.toml:2: this is not TOML: "),
        "{problems}"
    );
    assert!(
        problems.contains("c.toml:3: this is not TOML: "),
        "{problems}"
    );
    assert!(!problems.contains("canary"), "{problems}");
}

#[test]
fn a_named_file_that_is_missing_is_a_problem() {
    let house = House::new("").with_statuspage();
    let missing = house.path("other.toml");
    let problems = house.load_from(Some(&missing)).unwrap_err().to_string();
    assert!(
        problems.contains("other.toml:1: the configuration file cannot be read: "),
        "{problems}"
    );
}

#[test]
fn without_a_home_the_state_folder_must_be_named() {
    let mut house = House::new("").with_statuspage();
    house.environment.remove("HOME");
    insta::assert_snapshot!(house.problems(), @"
    1 problem in the configuration; the server does not start
      not set: `server.state_dir` is missing and neither `XDG_STATE_HOME` nor `HOME` says where it could be; set `STATUS_ROSTER_STATE_DIR`
    ");
}

#[test]
fn what_only_another_build_can_do_is_refused_with_the_way_to_build_it() {
    let endpoint = "[traces]\nendpoint = \"http://127.0.0.1:4318/v1/traces\"";
    insta::assert_snapshot!(House::new(endpoint).with_statuspage().problems(), @"
    1 problem in the configuration; the server does not start
      c.toml:2: `traces.endpoint`: this program was built without traces; build it with `cargo build --release --features otel`, or remove the setting
    ");
}

#[test]
fn an_address_of_redis_is_refused_without_showing_it() {
    let told = |lines: &str| {
        let house = House::new(&format!("[store]\n{lines}")).with_statuspage();
        let problems = house.problems();
        assert!(!problems.contains("canary"), "{problems}");
        problems
    };
    assert!(
        told("redis_url = \"canary\"").contains(
            "c.toml:2: the address of Redis cannot be used: it is not an address such as"
        )
    );
    assert!(told("redis_url = \"http://canary\"").contains("it must begin with `rediss://`"));
    let two = told("redis_url = \"redis://canary\"\nredis_url_file = \"canary\"");
    assert!(
        two.contains("only one of `store.redis_url`, `store.redis_url_file`"),
        "{two}"
    );
    let prefix = told("redis_url = \"redis://canary\"\nredis_prefix = \"a b\"");
    assert!(
        prefix.contains("`store.redis_prefix`: it must be 1 to 64 letters"),
        "{prefix}"
    );
    let none = told("redis_url_command = [\"true\"]");
    assert!(none.contains("the address is empty"), "{none}");
}

#[test]
fn a_misspelt_variable_of_any_system_is_refused_and_strangers_are_left_alone() {
    for (wrong, right) in [
        ("STATUSAPP_APIKEY", "STATUSAPP_API_KEY"),
        ("STATUSPAGE_APIKEY_FILE", "STATUSPAGE_API_KEY_FILE"),
        ("ATLASSIAN_SCIM_DIRECTORYID", "ATLASSIAN_SCIM_DIRECTORY_ID"),
        ("STATUS_PAGE_API_KEY", "STATUSPAGE_API_KEY"),
        ("ATLASIAN_SCIM_API_KEY", "ATLASSIAN_SCIM_API_KEY"),
    ] {
        let problems = House::new("")
            .with_statuspage()
            .with(wrong, "sk-canary")
            .problems();
        let meant = format!("`{wrong}`: there is no such setting; did you mean `{right}`?");
        assert!(problems.contains(&meant), "{problems}");
        assert!(!problems.contains("canary"), "{problems}");
    }
    let others = [
        "STATUSPAGE_PAGE_ID",
        "STATUSPAGE_TOKEN",
        "STATUSAPP_SERVICE_HOST",
        "ATLASSIAN_API_TOKEN",
    ];
    let house = others
        .iter()
        .fold(House::new("").with_statuspage(), |house, name| {
            house.with(name, "x")
        });
    assert!(house.load().is_ok());
}
