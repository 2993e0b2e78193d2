//! The command line: parse, wire once, run one command, say how it ended.

mod again;
mod approve;
mod args;
mod arguments;
mod ask;
mod audit;
mod call;
mod check;
mod columns;
mod demo;
mod end;
mod help;
mod output;
mod people;
mod present;
mod progress;
mod sandbox;
mod screen;
mod serve;
mod session;
mod setup;
mod table;
mod token;
mod tools;
#[cfg(feature = "otel")]
mod traces;

use std::process::ExitCode;

use clap::Parser as _;

use args::{Args, Command};
use end::{End, Fail};

/// Runs the program with the process's arguments.
#[must_use]
pub fn run() -> ExitCode {
    let args = Args::parse();
    // One thread for requests: a call is mostly waiting, and further ones cost memory and hand-overs. The flavor is the one that can go on
    // beside what computes for long (see `offload`).
    let runtime = match tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime,
        Err(error) => {
            return output::failed(&format!("the program could not start: {error}").into());
        }
    };
    let code = match runtime.block_on(command(args)) {
        Ok(end) => end.into(),
        Err(fail) => output::failed(&fail),
    };
    // A terminal or a socket is read on a thread that nothing can wake: the program does not wait for it.
    runtime.shutdown_background();
    #[cfg(feature = "otel")]
    traces::finish();
    code
}

async fn command(args: Args) -> Result<End, Fail> {
    let Args { common, command } = args;
    let common = &common;
    match command {
        Command::Find(find) => people::find(common, find).await,
        Command::Export(export) => people::export(common, export).await,
        Command::Review(review) => people::review(common, review).await,
        Command::Offboard(offboard) => people::offboard(common, offboard).await,
        Command::AddViewer(add) => people::add_viewer(common, add).await,
        Command::Permissions(wanted) => people::permissions(common, wanted).await,
        Command::Sync(sync) => people::sync(common, sync).await,
        Command::Call(call) => call::run(common, &call).await,
        Command::Tools(tools) => tools::run(common, &tools),
        Command::Probe { url } => probe(&url).await,
        Command::Completions { shell } => help::completions(shell),
        Command::Man { command, out } => help::man(command.as_deref(), out.as_deref()),
        Command::Audit(audit) => audit::run(common, &audit),
        Command::Sandbox(sandbox) => sandbox::run(common, sandbox).await,
        Command::Serve(serve) => done(serve::run(common, serve.http).await),
        Command::Demo => done(demo::run().await),
        Command::Check => done(check::run(common).await),
        Command::Token(token) => done(token::run(common, token)),
        Command::Plans => done(approve::plans(common).await),
        Command::Approve(named) => done(approve::approve(common, &named).await),
        Command::Deny(named) => done(approve::deny(common, &named).await),
    }
}

/// Reads no configuration, so that a health check needs no key.
async fn probe(url: &url::Url) -> Result<End, Fail> {
    const LONGEST: usize = 1 << 20;
    let answer = crate::upstream::fetch_public(url, LONGEST).await;
    answer
        .map(|_| End::Done)
        .map_err(|why| format!("`{url}`: {why}").into())
}

/// A command that is done where it did not fail.
fn done(ran: Result<(), String>) -> Result<End, Fail> {
    Ok(ran.map(|()| End::Done)?)
}
