//! The set-up of the server: the tools that are on, those that are off, and what would turn them on.

use schemars::JsonSchema;
use serde::Serialize;

use crate::access::{Access, Ask, KeyAge, Needs, Rate, Refusal};
use crate::confirmation::Require;
use crate::policy::{Rules, Toolset};
use crate::roster::System;

/// The state of the server, without a secret in it.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ServerStatus {
    /// This server's version.
    pub version: String,
    /// `read` or `write`.
    pub mode: String,
    /// True when the systems behind it are the built-in sandbox: nothing here is real then.
    pub sandbox: bool,
    /// The caller, as the server identified them.
    pub caller: String,
    /// The systems it can speak with.
    pub systems: Vec<SystemStatus>,
    /// API keys, as far as the operator wrote down when they were made and when they end: no system tells.
    pub keys: Vec<KeyAge>,
    /// Groups of tools, and what would turn those on that are off.
    pub toolsets: Vec<ToolsetStatus>,
    /// Tools that this caller cannot use now, and what would turn them on.
    pub tools_off: Vec<ToolOff>,
    /// The limits that the operator's rules set, in words.
    pub rules: Vec<String>,
    /// `writable`, or why no change can be recorded and therefore none is made.
    pub audit: String,
    /// Findings of the last start, such as changes that have no outcome on record.
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
    /// True when it is configured.
    pub configured: bool,
    /// The setting that would configure it.
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

/// A group of tools.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[schemars(inline)]
pub struct ToolsetStatus {
    /// `access` or `operations`.
    pub toolset: String,
    /// True when the operator turned it on.
    pub on: bool,
    /// The setting that would turn it on, where it is off.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub needs: Option<String>,
}

/// A tool that cannot be used now.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[schemars(inline)]
pub struct ToolOff {
    /// Its name.
    pub tool: String,
    /// The setting that decides, and the value that would change it.
    pub why: String,
}

impl Access {
    /// The state of the server. No request is sent.
    pub async fn server_status(&self, ask: &Ask, tools: &[Needs]) -> ServerStatus {
        let mut systems = Vec::new();
        for system in System::ALL {
            systems.push(self.system_status(*system).await);
        }
        let keys = self.key_ages();
        let unfinished = self.unfinished().await;
        let mut notices: Vec<String> = unfinished
            .iter()
            .map(|change| format!("a change was begun and its outcome is not on record: {change}. The same call again looks at it and settles it; or look at the target yourself"))
            .collect();
        notices.extend(keys.iter().filter_map(|key| key.warning.clone()));
        let tools_off = tools
            .iter()
            // A tool of a group that is off is not listed: the group says once what would turn it on.
            .filter(|needs| self.has_toolset(needs.toolset))
            .filter_map(|needs| {
                let refusal = self.permit_tool(&ask.caller, needs).err()?;
                Some(ToolOff {
                    tool: needs.tool.to_owned(),
                    why: refusal.without_ending(),
                })
            })
            .collect();
        let record = match self.log_state() {
            Ok(log) => log.check().await.map_err(|why| why.to_string()),
            Err(why) => Err(why.to_owned()),
        };
        let audit = record.map_or_else(
            |why| format!("not writable, so changes are refused: {why}"),
            |()| "writable".to_owned(),
        );
        ServerStatus {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            mode: if self.rules().writes { "write" } else { "read" }.to_owned(),
            sandbox: self.settings().sandbox,
            caller: ask.caller.name.clone(),
            systems,
            keys,
            toolsets: Toolset::ALL.map(|it| self.toolset_status(it)).into(),
            tools_off,
            rules: rules_in_words(self.rules(), self.gate().require()),
            audit,
            notices,
            now: self.clock().now().to_string(),
        }
    }
}

impl Access {
    /// Returns whether the operator turned this group of tools on.
    #[must_use]
    pub fn has_toolset(&self, toolset: Toolset) -> bool {
        self.rules().toolsets.has(toolset)
    }

    fn toolset_status(&self, toolset: Toolset) -> ToolsetStatus {
        let (word, on) = (toolset.word(), self.has_toolset(toolset));
        let about = match toolset {
            Toolset::Access => "who has access",
            Toolset::Operations => {
                "incidents, maintenances, components, metrics and page settings; what it publishes needs the scope `publish`"
            }
        };
        ToolsetStatus {
            toolset: word.to_owned(),
            on,
            needs: (!on).then(|| {
                format!("{about}. An operator turns it on by adding \"{word}\" to `[toolsets] enabled` or `--toolsets`, and restarts the server")
            }),
        }
    }

    async fn system_status(&self, system: System) -> SystemStatus {
        let client = self.client(system);
        let scope = match system {
            System::Statuspage => self
                .statuspage()
                .ok()
                .map(|it| it.organization().to_string()),
            System::AtlassianScim => self
                .atlassian_scim()
                .ok()
                .map(|it| it.directory().to_string()),
            System::Statusapp => None,
        };
        SystemStatus {
            system: system.to_string(),
            configured: client.is_ok(),
            needs: client.as_ref().err().map(Refusal::without_ending),
            scope,
            key_fingerprint: client.ok().map(|it| it.fingerprint().to_owned()),
            rate: self.rate_of(system).await,
        }
    }
}

fn rules_in_words(rules: &Rules, require: Require) -> Vec<String> {
    let list = |items: Vec<String>| {
        if items.is_empty() {
            "none".to_owned()
        } else {
            items.join(", ")
        }
    };
    let mut words = Vec::new();
    match require {
        Require::Token => {}
        Require::Human => words.push("`confirmation.require` is `human`: what takes something away is confirmed by the person before the client, in a form; clients without forms are refused".to_owned()),
        Require::Operator => words.push("`confirmation.require` is `operator`: what takes something away waits for a person at the server (`status-roster approve PLAN`)".to_owned()),
    }
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
