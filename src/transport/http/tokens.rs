//! Static bearer tokens: a file of hashes, each with a name, scopes and an end.
//!
//! Guarantees: the file holds no token, so that who reads it can call nothing; a token is 32 random bytes, which no search
//! finds, and is therefore hashed once with SHA-256; a token that was made or revoked counts within a second, without a
//! restart; a file that cannot be read lets nobody in.

use std::path::{Path, PathBuf};

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

use crate::caller::{Caller, Scope, Scopes};
use crate::store::disk;

/// The prefix of every token, so that a scanner finds one that was committed by mistake.
const PREFIX: &str = "srt_";

/// A file longer than this is no token file.
const LONGEST_FILE: u64 = 4 * 1024 * 1024;

/// A token, as the file keeps it.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Token {
    /// The name that it stands for; cursors, plans and audit lines are this name's.
    pub name: String,
    /// SHA-256 of the token, in hex.
    pub hash: String,
    /// The rights of its bearer.
    pub scopes: Scopes,
    /// When it was made.
    pub created: Timestamp,
    /// When it ends.
    pub expires: Timestamp,
}

/// The properties of a new token.
#[derive(Debug, Clone)]
pub struct NewToken {
    /// 1 to 64 characters of `A-Z a-z 0-9 . _ -`.
    pub name: String,
    /// At least one.
    pub scopes: Scopes,
    /// The time for which it is valid.
    pub lifetime: SignedDuration,
}

/// A token that was just made. The one moment at which it can be read.
pub struct Made {
    /// The token to give to the client.
    pub token: String,
    /// When it ends.
    pub expires: Timestamp,
}

/// The file of tokens.
#[derive(Debug, Clone)]
pub struct TokenFile(PathBuf);

/// The reasons why the file of tokens cannot be used, or not so.
#[derive(Debug, thiserror::Error)]
pub enum TokenFileError {
    /// The machine refused.
    #[error("the token file `{path}` cannot be used: {source}")]
    Io {
        /// The path of the file.
        path: PathBuf,
        /// The machine's reason.
        source: std::io::Error,
    },
    /// It is something else.
    #[error("`{path}` is not a token file: {why}. Name another with `http.tokens_file`")]
    Corrupt {
        /// The path of the file.
        path: PathBuf,
        /// The reason.
        why: String,
    },
    /// Two tokens of one name would share cursors and plans.
    #[error(
        "there is a token `{0}` already; revoke it first, or take another name. Nothing was changed."
    )]
    NameTaken(String),
    /// No token has the name.
    #[error("there is no token `{0}`; `status-roster token list` shows them. Nothing was changed.")]
    NoSuchName(String),
    /// A name, scope or lifetime that makes no sense.
    #[error("{0}. Nothing was changed.")]
    Wrong(String),
}

#[derive(Serialize, Deserialize, Default)]
#[serde(deny_unknown_fields)]
struct Content {
    tokens: Vec<Token>,
}

impl TokenFile {
    /// The file at a path. Nothing is read yet.
    #[must_use]
    pub fn at(path: &Path) -> Self {
        Self(path.to_owned())
    }

    /// Returns the path of the token file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// Every token, those that have ended too. A file that is not there holds none.
    ///
    /// # Errors
    /// It is there and cannot be read.
    pub fn list(&self) -> Result<Vec<Token>, TokenFileError> {
        let io = |source| TokenFileError::Io {
            path: self.0.clone(),
            source,
        };
        let text = match std::fs::metadata(&self.0) {
            Ok(about) if about.len() > LONGEST_FILE => {
                return Err(self.corrupt("it is too long"));
            }
            Ok(_) => std::fs::read(&self.0).map_err(io)?,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(io(error)),
        };
        let content: Content =
            serde_json::from_slice(&text).map_err(|error| self.corrupt(&error.to_string()))?;
        Ok(content.tokens)
    }

    /// Makes a token.
    ///
    /// # Errors
    /// The name is taken or makes no sense, or the file cannot be written.
    pub fn make(&self, new: NewToken, now: Timestamp) -> Result<Made, TokenFileError> {
        check(&new)?;
        let token = format!("{PREFIX}{}", hex::encode(rand::random::<[u8; 32]>()));
        let expires = now
            .checked_add(new.lifetime)
            .map_err(|error| TokenFileError::Wrong(error.to_string()))?;
        self.change(|tokens| {
            if tokens.iter().any(|it| it.name == new.name) {
                return Err(TokenFileError::NameTaken(new.name.clone()));
            }
            tokens.push(Token {
                name: new.name,
                hash: hash(&token),
                scopes: new.scopes,
                created: now,
                expires,
            });
            Ok(())
        })?;
        Ok(Made { token, expires })
    }

    /// Takes a token away.
    ///
    /// # Errors
    /// There is none of the name, or the file cannot be written.
    pub fn revoke(&self, name: &str) -> Result<(), TokenFileError> {
        self.change(|tokens| {
            let before = tokens.len();
            tokens.retain(|token| token.name != name);
            if tokens.len() == before {
                return Err(TokenFileError::NoSuchName(name.to_owned()));
            }
            Ok(())
        })
    }

    fn change(
        &self,
        change: impl FnOnce(&mut Vec<Token>) -> Result<(), TokenFileError>,
    ) -> Result<(), TokenFileError> {
        let io = |source| TokenFileError::Io {
            path: self.0.clone(),
            source,
        };
        if let Some(folder) = self.0.parent() {
            disk::make_directory(folder).map_err(io)?;
        }
        let mut beside = self.0.clone().into_os_string();
        beside.push(".lock");
        let _held = disk::lock(Path::new(&beside)).map_err(io)?;
        let mut tokens = self.list()?;
        change(&mut tokens)?;
        let text = serde_json::to_vec_pretty(&Content { tokens })
            .map_err(|error| self.corrupt(&error.to_string()))?;
        disk::replace(&self.0, &text).map_err(io)
    }

    fn corrupt(&self, why: &str) -> TokenFileError {
        TokenFileError::Corrupt {
            path: self.0.clone(),
            why: why.to_owned(),
        }
    }
}

impl Token {
    /// Returns the caller that it stands for. The prefix keeps its name apart from an identity provider's and from `local`.
    pub(super) fn caller(&self) -> Caller {
        Caller {
            name: format!("token:{}", self.name),
            client: None,
            scopes: self.scopes.clone(),
            only: None,
        }
    }
}

/// The one of these whose token was presented. All are compared, each in the same time whatever it holds.
pub(super) fn matching<'a>(tokens: &'a [Token], presented: &str) -> Option<&'a Token> {
    let presented = hash(presented);
    let mut found = None;
    for token in tokens {
        if bool::from(token.hash.as_bytes().ct_eq(presented.as_bytes())) {
            found = Some(token);
        }
    }
    found
}

fn hash(token: &str) -> String {
    hex::encode(Sha256::digest(token))
}

/// `90d`, `12h`, `30m`: from a minute to two years.
///
/// # Errors
/// Says how to write it.
pub fn lifetime(text: &str) -> Result<SignedDuration, String> {
    let wrong = || {
        format!(
            "`{text}` is not a length of time; write for example `90d` or `12h`, at most `730d`"
        )
    };
    let digits = text.trim_end_matches(|it: char| it.is_ascii_alphabetic());
    let number: i64 = digits.parse().map_err(|_| wrong())?;
    let unit = match text.strip_prefix(digits).unwrap_or_default() {
        "d" => 1_440,
        "h" => 60,
        "m" => 1,
        _ => return Err(wrong()),
    };
    match number.checked_mul(unit) {
        Some(minutes @ 1..=1_051_200) => Ok(SignedDuration::from_mins(minutes)),
        _ => Err(wrong()),
    }
}

fn check(new: &NewToken) -> Result<(), TokenFileError> {
    let plain = |it: char| it.is_ascii_alphanumeric() || matches!(it, '.' | '_' | '-');
    if new.name.is_empty() || new.name.len() > 64 || !new.name.chars().all(plain) {
        return Err(TokenFileError::Wrong(format!(
            "`{}` cannot name a token: take 1 to 64 letters, digits, dots, dashes and underscores",
            crate::roster::text::clean(&new.name, 80).text
        )));
    }
    if !new.scopes.contains(&Scope::Read) {
        return Err(TokenFileError::Wrong(
            "a token without `read` can do nothing; add it to `--scopes`".to_owned(),
        ));
    }
    Ok(())
}
