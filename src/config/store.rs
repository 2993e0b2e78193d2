//! `[store]`: where what several machines share is kept. Without it, it is kept in the state directory.

use super::credential::{self, Names};
use super::reader::Reader;
use crate::store::{Address, Prefix};

/// `[store]`.
#[derive(Debug, Clone)]
pub struct Redis {
    /// The address of Redis, with the user and password to log in.
    pub address: Address,
    /// The text that every key begins with.
    pub prefix: Prefix,
}

const REDIS: Names = Names {
    noun: "address",
    key: "store.redis_url",
    file: "store.redis_url_file",
    command: "store.redis_url_command",
};

const PREFIX: &str = "store.redis_prefix";

/// `None` where nothing names a Redis (or on the sandbox, which shares nothing).
pub(super) fn redis(from: &mut Reader, look: bool) -> Option<Redis> {
    let url = credential::read(from, &REDIS, look);
    let prefix = match from.text(PREFIX) {
        None => Prefix::default(),
        Some((text, origin)) => match Prefix::parse(&text) {
            Ok(prefix) => prefix,
            Err(why) => {
                from.problem(origin, format!("`{PREFIX}`: {why}"));
                return None;
            }
        },
    };
    let (secret, origin) = url?;
    match Address::parse(&secret) {
        Ok(address) => Some(Redis { address, prefix }),
        Err(why) => {
            from.problem(
                origin,
                format!("the address of Redis cannot be used: {why}"),
            );
            None
        }
    }
}
