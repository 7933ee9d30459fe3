//! Arguments, the error chain, the exit code.

use clap::Parser;
use inquiryd::cli::{self, Cli};
use std::process::ExitCode;

const BLOCKING_THREADS: usize = 6;

fn main() -> ExitCode {
    let cli = Cli::parse();
    cli::log_to_stderr(&cli);
    // Reading files and understanding mail are the blocking work: a few threads do it, each with caches of its own.
    let runtime =
        tokio::runtime::Builder::new_multi_thread().max_blocking_threads(BLOCKING_THREADS).enable_all().build();
    let runtime = match runtime {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("inquiryd: the system gives no threads: {error}");
            return ExitCode::FAILURE;
        }
    };
    match runtime.block_on(cli::run(cli)) {
        Ok(code) => code,
        Err(error) => cli::report(&error),
    }
}
