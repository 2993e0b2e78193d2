//! `token`: the tokens of HTTP callers.

use super::args::{Common, Token};
use super::{output, setup};
use crate::caller::{Scope, Scopes};
use crate::clock::Clock;
use crate::transport::http::{NewToken, TokenFile, lifetime};

pub(super) fn run(common: &Common, command: Token) -> Result<(), String> {
    let file = TokenFile::at(&setup::at_the_server(common)?.http.tokens_file);
    let now = Clock::system().now();
    match command {
        Token::New {
            name,
            scopes,
            expires,
        } => {
            let new = NewToken {
                name,
                scopes: parse(&scopes)?,
                lifetime: lifetime(&expires)?,
            };
            let made = file.make(new, now).map_err(|error| error.to_string())?;
            output::aside(&format!(
                "Good until {}. It is shown this once; `{}` keeps a hash of it. Clients send it as `Authorization: Bearer …`.",
                made.expires,
                file.path().display()
            ));
            // Alone on standard output, so that it can be piped into a secret store.
            output::line(&made.token);
        }
        Token::List => {
            let tokens = file.list().map_err(|error| error.to_string())?;
            if tokens.is_empty() {
                output::say(
                    "There is no token. Make one: status-roster token new --name chatops --scopes read",
                );
            }
            for token in tokens {
                let scopes: Vec<&str> = token.scopes.iter().map(|scope| scope.word()).collect();
                let end = if token.expires <= now {
                    "expired"
                } else {
                    "until"
                };
                output::line(&format!(
                    "{:<24} {:<24} {end} {}",
                    token.name,
                    scopes.join(","),
                    token.expires
                ));
            }
        }
        Token::Revoke { name } => {
            file.revoke(&name).map_err(|error| error.to_string())?;
            output::line(&format!("`{name}` is revoked."));
        }
    }
    Ok(())
}

fn parse(words: &[String]) -> Result<Scopes, String> {
    words
        .iter()
        .map(|word| {
            Scope::named(word.trim()).ok_or_else(|| {
                format!(
                    "`{word}` is not a scope; the scopes are `read`, `write`, `remove`, `publish` and `admin`"
                )
            })
        })
        .collect()
}
