//! Checks whether a Redis can keep what is asked of it.

use std::collections::HashMap;

use redis::cmd;

use super::{Link, Unavailable};

/// The oldest that the tests run against, and the first whose `SET` takes `NX` and `GET` together.
const OLDEST: u32 = 7;

/// A Redis that can be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Health {
    /// Host and port, or the socket's path.
    pub at: String,
    /// The version that it reports.
    pub version: String,
    /// The risks that were found, each in a sentence without a full stop.
    pub warnings: Vec<String>,
}

pub(super) async fn look(link: &Link) -> Result<Health, Unavailable> {
    let text: String = link.command(&cmd("INFO")).await?;
    let says: HashMap<&str, &str> = text
        .lines()
        .filter_map(|line| line.trim().split_once(':'))
        .collect();
    let at = link.address().to_string();
    let value = |name: &str| says.get(name).copied().unwrap_or_default();
    let refused = |why: String| Unavailable {
        at: at.clone(),
        why,
    };
    let version = value("redis_version");
    let major: Option<u32> = version.split('.').next().and_then(|it| it.parse().ok());
    if major.is_none_or(|major| major < OLDEST) {
        let found = version.chars().take(20).collect::<String>();
        return Err(refused(format!(
            "it is version `{found}`, and {OLDEST}.0 or newer is needed"
        )));
    }
    if value("cluster_enabled") == "1" {
        return Err(refused(
            "it is a Redis Cluster, whose nodes cannot keep this state together; a single Redis is needed".to_owned(),
        ));
    }
    let mut warnings = Vec::new();
    let policy = value("maxmemory_policy");
    if policy != "noeviction" {
        warnings.push(format!(
            "maxmemory-policy is `{}`: short of memory it would forget spent confirmations, which could then be used again; set it to `noeviction`",
            policy.chars().take(20).collect::<String>()
        ));
    }
    if value("aof_enabled") != "1" {
        warnings.push(
            "appendonly is off: after a restart it may have forgotten spent confirmations and pending plans".to_owned(),
        );
    }
    if link.address().in_clear() {
        warnings.push(
            "the connection is not encrypted, and plans with their names and addresses cross it; use `rediss://`".to_owned(),
        );
    }
    Ok(Health {
        version: version.to_owned(),
        at,
        warnings,
    })
}
