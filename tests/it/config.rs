//! The configuration: what it gives, what it refuses, and in which words.

mod credentials;
mod example;
mod keys;
mod layers;
mod problems;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use status_roster::config::{Config, Flags, Problems, Sources};

/// The tools that the policy of a test may name.
const TOOLS: &[&str] = &["get_permissions", "list_org_users", "remove_user"];

/// A folder with a configuration file, and an environment with a home beside it.
struct House {
    folder: tempfile::TempDir,
    environment: BTreeMap<String, String>,
    flags: Flags,
}

impl House {
    fn new(file: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("c.toml"), file).unwrap();
        let home = folder.path().to_string_lossy().into_owned();
        let environment = BTreeMap::from([("HOME".to_owned(), home)]);
        Self {
            folder,
            environment,
            flags: Flags::default(),
        }
    }

    fn with(mut self, name: &str, value: &str) -> Self {
        self.environment.insert(name.to_owned(), value.to_owned());
        self
    }

    /// A key and an organization, as most people give them.
    fn with_statuspage(self) -> Self {
        self.with("STATUSPAGE_API_KEY", "k-1")
            .with("STATUSPAGE_ORGANIZATION_ID", "org1")
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn load_from(&self, file: Option<&Path>) -> Result<Config, Problems> {
        Config::load(&Sources {
            file: file.map(Path::to_owned),
            environment: self.environment.clone(),
            flags: self.flags.clone(),
            tools: TOOLS,
            at_the_server: false,
        })
    }

    fn load(&self) -> Result<Config, Problems> {
        self.load_from(Some(&self.path("c.toml")))
    }

    /// The problems as a person reads them, without the folder's name.
    fn problems(&self) -> String {
        let problems = self.load().unwrap_err();
        let folder = format!("{}/", self.folder.path().display());
        problems.to_string().replace(&folder, "")
    }
}
