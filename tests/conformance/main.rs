//! The server with what the conformance suite asks for beside its own tools: same transport, same handler, same toolkit.
//!
//! `cargo run --example conformance [ADDR]` prints its address and serves until it is stopped.
#![expect(
    deprecated,
    reason = "the suite still asks for logging, sampling and roots; the product does not"
)]
#![expect(
    clippy::indexing_slicing,
    reason = "JSON of our own file and of the suite: what is missing is null"
)]

mod doing;
mod fixtures;
mod handler;
mod jobs;
mod rounds;
mod words;

use std::collections::BTreeMap;
use std::error::Error;
use std::time::Duration;

use status_roster::app::{self, App};
use status_roster::config::{Config, Flags, Sources};
use status_roster::mcp::tasks::Bounds;
use status_roster::sandbox;
use status_roster::toolkit::Limits;
use status_roster::transport::http::{Facts, Server};
use tokio_util::sync::CancellationToken;

use handler::Fixtures;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let address = std::env::args().nth(1);
    let address = address.as_deref().unwrap_or("127.0.0.1:0").parse()?;
    let sandbox = sandbox::start(sandbox::Settings::default()).await?;
    let state = tempfile::tempdir()?;
    let app = App::build(&configuration(&sandbox, state.path())?, true).await?;
    let mut settings = app::http(&configuration(&sandbox, state.path())?);
    // The suite asks as fast as it can.
    settings.requests_per_minute = 100_000;
    settings.total_requests_per_minute = 100_000;
    let facts = Facts {
        access: app.access.clone(),
        catalogue: app.catalogue.clone(),
        last_words: Duration::from_secs(5),
    };
    // Whatever can be a task is one, and the suite leaves many behind.
    let bounds = Bounds {
        at_once: Duration::ZERO,
        each: 200,
        ..Bounds::default()
    };
    let handler = Fixtures::around(app.handler().with_tasks(bounds))?;
    let server = Server::bind(address, settings, handler, facts).await?;
    announce(&format!("http://{}/mcp", server.address()));
    let stop = CancellationToken::new();
    tokio::select! {
        () = server.run(stop.clone()) => {}
        stopped = tokio::signal::ctrl_c() => stopped?,
    }
    Ok(())
}

#[expect(clippy::print_stdout, reason = "how the script learns the address")]
fn announce(address: &str) {
    println!("{address}");
}

fn configuration(
    sandbox: &sandbox::Running,
    state: &std::path::Path,
) -> Result<Config, Box<dyn Error>> {
    let catalogue = status_roster::tools::catalogue(Limits::default());
    let names: Vec<&str> = catalogue.specs().map(|spec| spec.name).collect();
    let file = state.join("config.toml");
    let text = format!(
        "[statuspage]\nbase_url = \"{}\"\norganization_id = \"{}\"\napi_key = \"{}\"\n",
        sandbox.statuspage_url(),
        sandbox.organization_id,
        sandbox.api_key
    );
    std::fs::write(&file, text)?;
    let sources = Sources {
        file: Some(file),
        environment: BTreeMap::new(),
        flags: Flags {
            state_dir: Some(state.join("state")),
            ..Flags::default()
        },
        tools: &names,
        at_the_server: false,
    };
    Ok(Config::load(&sources)?)
}
