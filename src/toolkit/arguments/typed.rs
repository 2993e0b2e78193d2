//! Arguments as the tool's own type, or every value that is none.

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use serde_path_to_error::{Path, Segment};

use super::Mistakes;
use crate::roster::text;

/// The tool's input.
///
/// # Errors
/// Every mistake: a value that does not fit is taken out and the rest is read again, so that a list with three bad addresses
/// is mended in one go.
pub(in crate::toolkit) fn typed<T: DeserializeOwned>(
    mut arguments: Map<String, Value>,
) -> Result<T, String> {
    let mut mistakes = Mistakes::default();
    let mut taken = Taken::default();
    loop {
        let whole = Value::Object(arguments);
        let error = match serde_path_to_error::deserialize(&whole) {
            Ok(input) => return mistakes.none().map(|()| input),
            Err(error) => error,
        };
        let why = text::clean(&error.inner().to_string(), 4_000).text;
        arguments = match whole {
            Value::Object(arguments) => arguments,
            _ => Map::new(),
        };
        match taken.out(&mut arguments, error.path()) {
            Some(at) => mistakes.add(format!("`{}`: {why}", text::clean(&at, 80).text)),
            // A required field that was taken out is missing now, and named already.
            None if mistakes.is_empty() => return Err(why),
            None => return Err(mistakes.words()),
        }
        if mistakes.are_full() {
            return Err(mistakes.words());
        }
    }
}

/// Items that were taken out of lists, by field: their first places, in order.
#[derive(Default)]
struct Taken(BTreeMap<String, Vec<usize>>);

impl Taken {
    /// Takes the value at `path` out, or the item or field that it is a part of, and says where it was.
    fn out(&mut self, arguments: &mut Map<String, Value>, path: &Path) -> Option<String> {
        let mut segments = path.iter();
        let Some(Segment::Map { key }) = segments.next() else {
            return None;
        };
        let items = arguments.get_mut(key).and_then(Value::as_array_mut);
        let Some((Segment::Seq { index }, items)) = segments.next().zip(items) else {
            arguments.remove(key)?;
            return Some(path.to_string());
        };
        if *index >= items.len() {
            return None;
        }
        items.remove(*index);
        let before = self.0.entry(key.clone()).or_default();
        // Items that were taken out before this one have moved it.
        let first = before.iter().fold(
            *index,
            |place, taken| {
                if *taken <= place { place + 1 } else { place }
            },
        );
        before.push(first);
        before.sort_unstable();
        let rest: String = segments
            .map(|segment| match segment {
                Segment::Seq { index } => format!("[{index}]"),
                other => format!(".{other}"),
            })
            .collect();
        Some(format!("{key}[{first}]{rest}"))
    }
}
