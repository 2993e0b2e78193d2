//! The built-in sandbox behind a server.

use std::time::Duration;

use url::Url;

use crate::access::Key;
use crate::config::{self, Config};
use crate::roster::{DirectoryId, OrganizationId, System};
use crate::sandbox;
use crate::secret::Secret;
use crate::store::window::Limits;

/// Returns the folder in which the world of `--sandbox` is kept.
pub(in crate::cli) fn sandbox_folder(config: &Config) -> std::path::PathBuf {
    config.server.state_dir.join("sandbox")
}

pub(super) async fn sandbox(config: &Config) -> Result<sandbox::Running, String> {
    let folder = sandbox_folder(config);
    let kept = sandbox::start_in(sandbox::Settings::default(), &folder).await;
    let running = match kept {
        Ok(running) => Ok(running),
        Err(error) => {
            tracing::warn!(%error, folder = %folder.display(), "the sandbox's world ends with this process");
            sandbox::start(sandbox::Settings::default()).await
        }
    };
    running.map_err(|error| format!("the sandbox could not start: {error}"))
}

/// All three systems; a key that the operator wrote something down of is not the sandbox's.
pub(super) fn point_at(config: &mut Config, sandbox: &sandbox::Running) -> Result<(), String> {
    let system = |system: System, base_url: &str, key: &str, limits: Limits| {
        let base_url = Url::parse(base_url)
            .map_err(|error| format!("the sandbox has no usable address: {error}"))?;
        Ok::<_, String>(config::System {
            base_url,
            api_key: Secret::new(key),
            limits,
            key: Key {
                name: format!("the sandbox's {system} key"),
                system,
                created: None,
                expires: None,
                creator: None,
                own: true,
            },
        })
    };
    let limits = |requests, seconds| Limits::new(requests, Duration::from_secs(seconds));
    config.statuspage = Some(config::Statuspage {
        system: system(
            System::Statuspage,
            &sandbox.statuspage_url(),
            &sandbox.api_key,
            Limits {
                reserve: 5,
                ..limits(60, 60)
            },
        )?,
        organization_id: OrganizationId::parse(&sandbox.organization_id)
            .map_err(|error| error.to_string())?,
        owner: None,
        audience_specific_pages: std::collections::BTreeSet::new(),
    });
    config.atlassian_scim = Some(config::AtlassianScim {
        system: system(
            System::AtlassianScim,
            &sandbox.scim_url(),
            &sandbox.scim_api_key,
            limits(120, 60),
        )?,
        directory_id: DirectoryId::parse(&sandbox.directory_id)
            .map_err(|error| error.to_string())?,
    });
    config.statusapp = Some(config::StatusApp {
        system: system(
            System::Statusapp,
            &sandbox.statusapp_url(),
            &sandbox.statusapp_api_key,
            limits(1_000, 3_600),
        )?,
    });
    Ok(())
}
