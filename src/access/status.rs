//! What the server is set up to do, what is off, and what would turn it on.

use schemars::JsonSchema;
use serde::Serialize;

use super::{Access, Ask, Rate};
use crate::policy::Rules;

/// The state of the server, without a secret in it.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ServerStatus {
    /// This server's version.
    pub version: String,
    /// `read` or `write`.
    pub mode: String,
    /// Whether the systems behind it are the built-in sandbox: nothing here is real then.
    pub sandbox: bool,
    /// Who the server takes the caller for.
    pub caller: String,
    /// The systems it can speak with.
    pub systems: Vec<SystemStatus>,
    /// Tools that this caller cannot use now, and what would turn them on.
    pub tools_off: Vec<ToolOff>,
    /// What the operator's rules narrow, in words.
    pub rules: Vec<String>,
    /// `writable`, or why no change can be recorded and therefore none is made.
    pub audit: String,
    /// What the last start found, such as changes that have no outcome on record.
    pub notices: Vec<String>,
    /// The server's time (RFC 3339).
    pub now: String,
}

/// One system.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[schemars(inline)]
pub struct SystemStatus {
    /// Its name in roster records.
    pub system: String,
    /// Whether it is configured.
    pub configured: bool,
    /// What would configure it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub needs: Option<String>,
    /// The organization or directory.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scope: Option<String>,
    /// Twelve digits that tell keys apart and give none away.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key_fingerprint: Option<String>,
    /// The key's request budget, shared by everything that uses it from this machine.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rate: Option<Rate>,
}

/// A tool that cannot be used now.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[schemars(inline)]
pub struct ToolOff {
    /// Its name.
    pub tool: String,
    /// Which setting decides, and what would change it.
    pub why: String,
}

impl Access {
    /// The state of the server. No request is sent.
    pub async fn server_status(
        &self,
        ask: &Ask,
        tools: &[(&'static str, crate::caller::Scope)],
    ) -> ServerStatus {
        let statuspage = self.statuspage();
        let rate = self.rate().await;
        let system = match &statuspage {
            Ok(system) => SystemStatus {
                system: "statuspage".to_owned(),
                configured: true,
                needs: None,
                scope: Some(system.organization().to_string()),
                key_fingerprint: Some(system.client().fingerprint().to_owned()),
                rate,
            },
            Err(refusal) => SystemStatus {
                system: "statuspage".to_owned(),
                configured: false,
                needs: Some(refusal.without_ending()),
                scope: None,
                key_fingerprint: None,
                rate: None,
            },
        };
        let tools_off = tools
            .iter()
            .filter_map(|(tool, needs)| {
                let refusal = self.permit_tool(&ask.caller, tool, *needs).err()?;
                Some(ToolOff {
                    tool: (*tool).to_owned(),
                    why: refusal.without_ending(),
                })
            })
            .collect();
        ServerStatus {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            mode: if self.rules().writes { "write" } else { "read" }.to_owned(),
            sandbox: self.settings().sandbox,
            caller: ask.caller.name.clone(),
            systems: vec![system],
            tools_off,
            rules: rules_in_words(self.rules()),
            audit: self.log_state().map_or_else(
                |why| format!("not writable, so changes are refused: {why}"),
                |_| "writable".to_owned(),
            ),
            notices: self.settings().notices.clone(),
            now: self.clock().now().to_string(),
        }
    }
}

fn rules_in_words(rules: &Rules) -> Vec<String> {
    let list = |items: Vec<String>| {
        if items.is_empty() {
            "none".to_owned()
        } else {
            items.join(", ")
        }
    };
    let mut words = Vec::new();
    if let Some(pages) = &rules.pages {
        words.push(format!(
            "`policy.pages`: only these pages: {}",
            list(pages.iter().map(ToString::to_string).collect())
        ));
    }
    if let Some(domains) = &rules.domains {
        words.push(format!(
            "`policy.email_domains`: only addresses of these domains are added: {}",
            list(domains.iter().cloned().collect())
        ));
    }
    if !rules.protected.is_empty() {
        words.push(format!(
            "`policy.protected_people`: nothing is taken from {} people",
            rules.protected.len()
        ));
    }
    words
}

impl Access {
    /// Reaches every configured system once and looks at the record, for `check`. Each finding is words, good or bad.
    pub async fn check(&self) -> Vec<(String, Result<String, String>)> {
        let mut found = Vec::new();
        let audit = self
            .log_state()
            .map(|_| "writable".to_owned())
            .map_err(str::to_owned);
        found.push(("audit file".to_owned(), audit));
        if let Ok(statuspage) = self.statuspage() {
            let cx = crate::upstream::Cx::interactive(tokio_util::sync::CancellationToken::new());
            let pages = super::team::read_all(statuspage.pages(), &cx, "pages").await;
            let pages = pages
                .map(|pages| format!("the key works; {} pages", pages.len()))
                .map_err(|error| error.to_string());
            let sound = pages.is_ok();
            found.push(("statuspage".to_owned(), pages));
            if sound {
                let team = match statuspage.team_members().next(&cx).await {
                    Some(Ok(first)) => Ok(format!(
                        "organization {} answers; {} team members on the first page",
                        statuspage.organization(),
                        first.records.len()
                    )),
                    None => Err(format!(
                        "organization {} has no team members, which no real one has: check `statuspage.organization_id`",
                        statuspage.organization()
                    )),
                    Some(Err(error)) => Err(error.to_string()),
                };
                found.push(("team members".to_owned(), team));
            }
        }
        found
    }
}
