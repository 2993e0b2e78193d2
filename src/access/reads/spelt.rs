//! Rows that are written as JSON once, however often they are answered: an agent's questions come in bursts about the same list.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;
use std::marker::PhantomData;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::ser::{Error as _, Serialize, Serializer};
use serde_json::value::{RawValue, to_raw_value};

use crate::access::reads::size::{End, Size};

/// The bytes of rows that a read keeps as JSON, some fifteen pieces where callers name no limit. Quoted as well, they take twice as much
/// and a quarter. A piece for which there is no space left replaces all others.
const MOST: usize = 256 * 1024;

/// Rows as JSON.
#[derive(Debug)]
pub struct Spelling {
    plain: Box<RawValue>,
    quoted: OnceLock<String>,
}

impl Spelling {
    /// The rows: an array.
    #[must_use]
    pub fn plain(&self) -> &str {
        self.plain.get()
    }

    /// Returns the rows as they stand inside a JSON text, without the quotation marks around them.
    pub fn quoted(&self) -> &str {
        self.quoted.get_or_init(|| quoted(self.plain()))
    }
}

/// A text as it stands inside a JSON text, without the quotation marks around it.
#[must_use]
pub fn quoted(text: &str) -> String {
    // A text is always JSON.
    let whole = serde_json::to_string(text).unwrap_or_default();
    let inner = whole
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'));
    inner.unwrap_or_default().to_owned()
}

/// Rows of `T` that are written already. Cheap to clone.
pub struct Spelt<T> {
    rows: Result<Arc<Spelling>, Arc<str>>,
    of: PhantomData<fn() -> T>,
}

impl<T> Spelt<T> {
    /// Writes them. What cannot be written is told where it is answered.
    pub(in crate::access) fn of(rows: &[T]) -> Self
    where
        T: Serialize,
    {
        let rows = to_raw_value(rows)
            .map(|plain| {
                Arc::new(Spelling {
                    plain,
                    quoted: OnceLock::new(),
                })
            })
            .map_err(|error| error.to_string().into());
        Self {
            rows,
            of: PhantomData,
        }
    }

    /// Rows that were written before, for the same question.
    pub(in crate::access) fn again(rows: Arc<Spelling>) -> Self {
        Self {
            rows: Ok(rows),
            of: PhantomData,
        }
    }

    /// Returns the rows as JSON.
    #[must_use]
    pub fn spelling(&self) -> Option<&Arc<Spelling>> {
        self.rows.as_ref().ok()
    }
}

impl<T> Clone for Spelt<T> {
    fn clone(&self) -> Self {
        Self {
            rows: self.rows.clone(),
            of: PhantomData,
        }
    }
}

impl<T> fmt::Debug for Spelt<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.rows.fmt(f)
    }
}

impl<T> Serialize for Spelt<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.rows {
            Ok(rows) => rows.plain.serialize(serializer),
            Err(why) => Err(S::Error::custom(why)),
        }
    }
}

impl<T: JsonSchema> JsonSchema for Spelt<T> {
    fn schema_name() -> Cow<'static, str> {
        Vec::<T>::schema_name()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        Vec::<T>::json_schema(generator)
    }

    fn inline_schema() -> bool {
        Vec::<T>::inline_schema()
    }
}

/// Identifies a piece of a read: the tool, its query, and where the piece begins and ends.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(in crate::access) struct Which {
    pub tool: &'static str,
    pub query: String,
    pub from: usize,
    pub size: Size,
}

/// A piece of a read that came to its end.
#[derive(Debug, Clone)]
pub(in crate::access) struct Kept {
    /// The rows of any tool: the key that they are kept under says what they are.
    pub rows: Arc<Spelling>,
    pub end: End,
}

/// The pieces that are in writing.
#[derive(Debug, Default)]
pub(in crate::access) struct Pieces(Mutex<Held>);

#[derive(Debug, Default)]
struct Held {
    pieces: HashMap<Which, Kept>,
    bytes: usize,
}

impl Pieces {
    pub(in crate::access) fn get(&self, which: &Which) -> Option<Kept> {
        self.held().pieces.get(which).cloned()
    }

    pub(in crate::access) fn keep(&self, which: Which, piece: Kept) {
        let bytes = piece.rows.plain().len();
        if bytes > MOST {
            return;
        }
        let mut cache = self.held();
        if cache.bytes + bytes > MOST {
            *cache = Held::default();
        }
        cache.bytes += bytes;
        cache.pieces.insert(which, piece);
    }

    /// Returns the bytes that they take, quoted as well.
    pub(in crate::access) fn bytes(&self) -> usize {
        let bytes = self.held().bytes;
        bytes * 9 / 4
    }

    /// For a read that is answered no more, but for its cursors.
    pub(in crate::access) fn forget(&self) {
        *self.held() = Held::default();
    }

    fn held(&self) -> MutexGuard<'_, Held> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
