//! The binary: everything it does is in the library.

use std::process::ExitCode;

/// Of the program alone: whoever uses the library chooses for itself.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    status_roster::cli::run()
}
