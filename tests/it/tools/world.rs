//! A server and its sandbox in one process.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use jiff::ToSpan as _;
use jiff::tz::TimeZone;
use serde_json::{Map, Value};
use status_roster::access::{Person, Silent};
use status_roster::app::App;
use status_roster::caller::Caller;
use status_roster::clock::Clock;
use status_roster::config::{Config, Flags, Sources};
use status_roster::roster::System;
use status_roster::sandbox::{self, Running};
use status_roster::toolkit::{Answer, Incoming, Patience};
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

use super::fits;

/// A world to ask questions in. Everything in it is gone when it is dropped.
pub(crate) struct World {
    pub(crate) app: App,
    pub(crate) config: Config,
    pub(crate) sandbox: Running,
    pub(crate) state: TempDir,
    settings: String,
    clock: Clock,
}

/// How a world is made.
pub(crate) struct Make {
    /// The sandbox. Its budget is wide, so that tests of other things do not wait.
    pub(crate) sandbox: sandbox::Settings,
    /// More of the configuration file: tables and keys.
    pub(crate) more: String,
    /// Keys of `[server]`, besides the state directory.
    pub(crate) server: String,
    /// Keys of `[statuspage]`, besides the connection.
    pub(crate) statuspage: String,
    /// The systems that are configured.
    pub(crate) systems: Vec<System>,
    /// Keys of `[atlassian_scim]`, besides the connection.
    pub(crate) atlassian_scim: String,
    /// Keys of `[statusapp]`, besides the connection.
    pub(crate) statusapp: String,
    /// The keys of the two, where they are not the right ones of the sandbox.
    pub(crate) scim_key: Option<String>,
    pub(crate) statusapp_key: Option<String>,
    /// What time it is for the servers. The sandbox follows tokio's time, which a test can pause.
    pub(crate) clock: Clock,
}

impl Default for Make {
    fn default() -> Self {
        let sandbox = sandbox::Settings {
            requests_per_window: 5_000,
            window: Duration::from_secs(1),
            ..sandbox::Settings::default()
        };
        Self {
            sandbox,
            more: String::new(),
            server: "mode = \"write\"".to_owned(),
            statuspage: String::new(),
            systems: vec![System::Statuspage],
            atlassian_scim: String::new(),
            statusapp: String::new(),
            scim_key: None,
            statusapp_key: None,
            clock: Clock::system(),
        }
    }
}

impl Make {
    pub(crate) async fn world(self) -> World {
        let running = sandbox::start(self.sandbox.clone()).await.unwrap();
        let mut settings = format!("[server]\n{}\n", self.server);
        for system in &self.systems {
            settings += &self.table(*system, &running);
        }
        settings += &self.more;
        let state = tempfile::tempdir().unwrap();
        let (app, config) = build(&settings, &state, self.clock).await;
        World {
            app,
            config,
            sandbox: running,
            state,
            settings,
            clock: self.clock,
        }
    }
}

impl Make {
    /// All three systems.
    pub(crate) fn everything() -> Self {
        Self {
            systems: System::ALL.to_vec(),
            ..Self::default()
        }
    }

    fn table(&self, system: System, running: &Running) -> String {
        match system {
            System::Statuspage => format!(
                "[statuspage]\norganization_id = \"{}\"\napi_key = \"{}\"\nbase_url = \"{}\"\nrequests_per_window = {}\nwindow_seconds = {}\n{}\n",
                running.organization_id,
                running.api_key,
                running.statuspage_url(),
                self.sandbox.requests_per_window,
                self.sandbox.window.as_secs().max(1),
                self.statuspage,
            ),
            System::AtlassianScim => format!(
                "[atlassian_scim]\ndirectory_id = \"{}\"\napi_key = \"{}\"\nbase_url = \"{}\"\n{}\n",
                running.directory_id,
                self.scim_key.as_ref().unwrap_or(&running.scim_api_key),
                running.scim_url(),
                self.atlassian_scim,
            ),
            System::Statusapp => format!(
                "[statusapp]\napi_key = \"{}\"\nbase_url = \"{}\"\n{}\n",
                self.statusapp_key
                    .as_ref()
                    .unwrap_or(&running.statusapp_api_key),
                running.statusapp_url(),
                self.statusapp,
            ),
        }
    }
}

async fn build(settings: &str, state: &TempDir, clock: Clock) -> (App, Config) {
    let file = state.path().join("config.toml");
    std::fs::write(&file, settings).unwrap();
    let catalogue = status_roster::tools::catalogue(status_roster::toolkit::Limits::default());
    let names: Vec<_> = catalogue.specs().map(|spec| spec.name).collect();
    let sources = Sources {
        file: Some(file),
        environment: BTreeMap::new(),
        flags: Flags {
            state_dir: Some(state.path().join("state")),
            ..Flags::default()
        },
        tools: &names,
        at_the_server: false,
    };
    let config = Config::load(&sources).unwrap();
    (App::build_at(&config, false, clock).await.unwrap(), config)
}

/// Lists that a DELETE without its body would empty.
const WHOLE: [&str; 9] = [
    "components",
    "metrics",
    "page_access_users",
    "page_access_groups",
    "subscribers",
    "users",
    "Users",
    "Groups",
    "members",
];

/// Whatever a test did here: no DELETE had a body, which can get lost on the way, and none was sent to a whole list.
impl Drop for World {
    fn drop(&mut self) {
        if std::thread::panicking() {
            return;
        }
        for request in self.sandbox.requests() {
            if request.method != "DELETE" {
                continue;
            }
            assert_eq!(request.body, "", "DELETE {}", request.target);
            let path = request.target.split('?').next().unwrap_or_default();
            let last = path.rsplit('/').next().unwrap_or_default();
            assert!(!WHOLE.contains(&last), "it removes everything: {path}");
        }
    }
}

impl World {
    /// A world with writes on and a wide budget.
    pub(crate) async fn new() -> Self {
        Make::default().world().await
    }

    /// Another server on the same state and the same sandbox: after a restart, or beside the first.
    pub(crate) async fn another(&self) -> App {
        build(&self.settings, &self.state, self.clock).await.0
    }

    /// Another server like [`World::another`], whose configuration says more.
    pub(crate) async fn another_with(&self, more: &str) -> App {
        let settings = format!("{}{more}", self.settings);
        build(&settings, &self.state, self.clock).await.0
    }

    /// Asks a tool, as the local caller.
    pub(crate) async fn ask(&self, tool: &str, arguments: Value) -> Answer {
        self.ask_as("local", tool, arguments).await
    }

    /// Asks a tool, as somebody.
    pub(crate) async fn ask_as(&self, who: &str, tool: &str, arguments: Value) -> Answer {
        ask(&self.app, who, tool, arguments).await
    }

    /// Asks a tool and takes its result.
    pub(crate) async fn result(&self, tool: &str, arguments: Value) -> Value {
        let answer = self.ask(tool, arguments).await;
        assert!(!answer.is_error, "{tool}: {}", answer.text);
        answer.structured().unwrap()
    }

    /// Asks a tool and takes its refusal.
    pub(crate) async fn refusal(&self, tool: &str, arguments: Value) -> String {
        let answer = self.ask(tool, arguments).await;
        assert!(answer.is_error, "{tool} was not refused: {}", answer.text);
        assert!(
            answer.structured().is_none(),
            "a refusal carries words alone"
        );
        answer.text
    }

    /// Requests that change something, as `METHOD PATH`.
    pub(crate) fn writes(&self) -> Vec<String> {
        let all = self.sandbox.requests();
        all.iter()
            .filter(|request| request.method != "GET")
            .map(|request| format!("{} {}", request.method, request.target))
            .collect()
    }

    /// A page as the sandbox holds it.
    pub(crate) fn stored_page(&self, id: &str) -> Value {
        self.stored("pages", id)
    }

    /// A team member as the sandbox holds them; null for one who is not there.
    pub(crate) fn stored_member(&self, id: &str) -> Value {
        self.stored("users", id)
    }

    fn stored(&self, what: &str, id: &str) -> Value {
        let world = self.sandbox.world();
        let rows = world["statuspage"][what].as_array().unwrap();
        rows.iter()
            .find(|row| row["id"] == id)
            .cloned()
            .unwrap_or_default()
    }

    /// The audit file's lines.
    pub(crate) fn audit(&self) -> Vec<Value> {
        let text = std::fs::read_to_string(self.state.path().join("state/audit.jsonl"))
            .unwrap_or_default();
        text.lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    }
}

/// Asks a tool of any server, and holds the answer to the tool's schemas.
pub(crate) async fn ask(app: &App, who: &str, tool: &str, arguments: Value) -> Answer {
    let arguments: Map<String, Value> = arguments.as_object().cloned().unwrap();
    let caller = Caller {
        name: who.to_owned(),
        ..Caller::local(Some("test 1.0".to_owned()))
    };
    let incoming = Incoming {
        caller,
        name: tool.to_owned(),
        arguments,
        person: Person::OutOfReach,
        cancel: CancellationToken::new(),
        progress: Arc::new(Silent),
        patience: Patience::Waits,
    };
    let answer = app.catalogue.call(&app.access, incoming).await;
    fits::check(tool, &answer);
    answer
}

/// A day, as the configuration writes it.
pub(crate) fn in_days(days: i32) -> String {
    let today = Clock::system()
        .now()
        .to_zoned_datetime(TimeZone::UTC)
        .date();
    today.checked_add(days.days()).unwrap().to_string()
}

/// Addresses of viewers of the audience-specific page, without those who are known by name.
pub(crate) fn customers(world: &World, number: usize) -> Vec<String> {
    let page = world.stored_page(status_roster::sandbox::known::AUDIENCE_PAGE);
    let rows = page["viewers"].as_array().unwrap().iter();
    let emails = rows.filter_map(|row| row["email"].as_str());
    let fine = emails.filter(|email| {
        email.is_ascii()
            && !email.ends_with("@example.com")
            && email.parse::<status_roster::roster::Email>().is_ok()
    });
    fine.take(number).map(str::to_owned).collect()
}
