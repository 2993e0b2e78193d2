//! The command line: parse, wire once, run one command, say how it ended.

mod approve;
mod args;
mod ask;
mod audit;
mod call;
mod check;
mod demo;
mod output;
mod sandbox;
mod serve;
mod setup;
mod token;
mod tools;
#[cfg(feature = "otel")]
mod traces;

use std::process::ExitCode;

use clap::Parser as _;

use args::{Args, Command};

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
        Err(error) => return output::failed(&format!("the program could not start: {error}")),
    };
    let code = runtime.block_on(async {
        let Args { common, command } = args;
        let done = match command {
            Command::Serve(serve) => serve::run(&common, serve.http).await,
            Command::Call(call) => call::run(&common, call).await,
            Command::Tools(tools) => tools::run(&common, &tools).await,
            Command::Demo => demo::run().await,
            Command::Check => check::run(&common).await,
            Command::Sandbox(sandbox) => sandbox::run(sandbox).await,
            Command::Token(token) => token::run(&common, token),
            Command::Plans => approve::plans(&common).await,
            Command::Approve(named) => approve::approve(&common, &named).await,
            Command::Deny(named) => approve::deny(&common, &named).await,
            Command::Audit(audit) => audit::run(&common, &audit),
        };
        match done {
            Ok(code) => code,
            Err(sentence) => output::failed(&sentence),
        }
    });
    // A terminal or a socket is read on a thread that nothing can wake: the program does not wait for it.
    runtime.shutdown_background();
    #[cfg(feature = "otel")]
    traces::finish();
    code
}
