//! The protocol over HTTP: one endpoint, `/mcp`, for every revision of it, and beside it what operators look at.
//!
//! Guarantees: every call carries a caller that this module vouches for; without a token file or an identity provider it
//! listens on loopback only; foreign Hosts and Origins, bodies without end, headers without end and callers without
//! measure are refused before anything below hears of them; a session and its streams belong to the caller that opened
//! it; a stop lets what runs finish. Does not: encrypt. TLS belongs to a proxy in front.

mod body;
mod connections;
mod cors;
mod direct;
mod gate;
mod held;
mod identity;
mod limits;
mod metadata;
mod metrics;
mod narrow;
mod oauth;
mod operations;
mod origin;
mod pass;
mod refusal;
mod server;
mod sessions;
mod settings;
mod standing;
mod tokens;

pub use oauth::OAuth;
pub use server::{Facts, HttpError, Server};
pub use settings::Settings;
pub use tokens::{Made, NewToken, Token, TokenFile, TokenFileError, lifetime};

/// The one endpoint of the protocol.
pub const ENDPOINT: &str = "/mcp";
