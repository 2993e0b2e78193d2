//! The one reader of arguments: what clients really send, read as the tool's schema means it.
//!
//! Every call passes it before anything else looks at its arguments, and a confirmation is bound to what it reads, so the same
//! call in another encoding is the same call. It reads an optional field that is null or blank as absent, a string that is
//! exactly the JSON of the wanted list, number or switch as that, a whole float as the integer, and a number where text is
//! wanted as its digits. Everything else that the schema does not describe is refused, all of it in one answer.
//!
//! Limits hold for every text and every list: those of the schema (`maxLength`, `maxItems`), else [`TEXT`] and [`ITEMS`].

mod shape;
mod typed;
mod value;

use serde_json::{Map, Value};

use self::shape::Fields;
pub(super) use self::shape::LIST_TOO;
pub(super) use self::typed::typed;
use super::names::Place;

/// Characters of a text whose schema names no `maxLength`.
const TEXT: usize = 1_000;
/// Items of a list whose schema names no `maxItems`.
const ITEMS: usize = 10_000;
/// Bytes of all names and texts of a call together.
const WHOLE: usize = 4 * 1024 * 1024;
/// Mistakes that one refusal names.
const MOST_NAMED: usize = 10;

/// One client adds this to every call.
const DROPPED: &str = "wait_for_previous";

/// Reads the arguments of one tool.
pub(super) struct Reader {
    tool: &'static str,
    fields: Fields,
}

impl Reader {
    /// The reader for a tool with this input schema, in full.
    pub(super) fn of(tool: &'static str, schema: &Map<String, Value>) -> Self {
        Self {
            tool,
            fields: Fields::of(schema),
        }
    }

    /// The arguments in the one form that everything after this knows.
    ///
    /// # Errors
    /// Every mistake, as one sentence for whoever made the call.
    pub(super) fn read(
        &self,
        mut arguments: Map<String, Value>,
    ) -> Result<Map<String, Value>, String> {
        let size = bytes_of(&arguments);
        if size > WHOLE {
            return Err(format!(
                "the arguments hold {size} bytes of text; a call holds at most {WHOLE}"
            ));
        }
        if !self.fields.knows(DROPPED) {
            arguments.remove(DROPPED);
        }
        let mut mistakes = Mistakes::default();
        let about = format!("`{}`", self.tool);
        let read = value::fields(&self.fields, arguments, "", &about, &mut mistakes);
        mistakes.none().map(|()| read)
    }
}

impl Reader {
    /// Finds the places in the read arguments where a name can stand for an id.
    pub(super) fn places(&self, arguments: &Map<String, Value>) -> Vec<Place> {
        let mut found = Vec::new();
        self.fields.places(arguments, "", &mut found);
        found
    }
}

fn bytes_of(fields: &Map<String, Value>) -> usize {
    let each = fields
        .iter()
        .map(|(name, value)| name.len() + bytes_in(value));
    each.sum()
}

fn bytes_in(value: &Value) -> usize {
    match value {
        Value::String(text) => text.len(),
        Value::Array(items) => items.iter().map(|item| 1 + bytes_in(item)).sum(),
        Value::Object(fields) => bytes_of(fields),
        _ => 1,
    }
}

/// The mistakes in the arguments of one call.
#[derive(Default)]
pub(super) struct Mistakes {
    named: Vec<String>,
    more: usize,
}

impl Mistakes {
    fn add(&mut self, mistake: String) {
        if self.named.len() < MOST_NAMED {
            self.named.push(mistake);
        } else {
            self.more += 1;
        }
    }

    fn are_full(&self) -> bool {
        self.named.len() >= MOST_NAMED
    }

    fn is_empty(&self) -> bool {
        self.named.is_empty()
    }

    fn words(self) -> String {
        let mut words = self.named.join("; ");
        if self.more > 0 {
            words += &format!("; and {} more", self.more);
        }
        words
    }

    fn none(self) -> Result<(), String> {
        if self.is_empty() {
            Ok(())
        } else {
            Err(self.words())
        }
    }
}
