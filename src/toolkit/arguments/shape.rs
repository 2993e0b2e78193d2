//! A tool's input schema, in the form that arguments are read by.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::{ITEMS, TEXT};
use crate::roster::Thing;
use crate::roster::ids::NAMES;
use crate::toolkit::names::Place;

/// Marks a text that may be given as a list too, whose JSON it then is: `#[schemars(extend("x-list-too" = true))]`. Clients are
/// not sent the mark.
pub(in crate::toolkit) const LIST_TOO: &str = "x-list-too";

/// The shape that a value must have.
pub(super) enum Shape {
    Text(Text),
    Number {
        whole: bool,
    },
    Switch,
    List {
        items: Box<Shape>,
        most: usize,
    },
    Object(Fields),
    /// The schema does not say: whoever takes it judges it.
    Any,
}

/// A text, and what it may be.
pub(super) struct Text {
    /// Characters at most.
    pub most: usize,
    /// One of these; empty: any text.
    pub words: Vec<String>,
    /// True when a list is accepted, as its JSON.
    pub list_too: bool,
    /// The kind of thing whose id it is, where such things have names.
    pub names: Option<Thing>,
}

/// The fields of an object. It has no others, whatever its schema says of that: a field that nobody reads is a wish that nobody
/// carries out.
pub(super) struct Fields(BTreeMap<String, Field>);

pub(super) struct Field {
    pub shape: Shape,
    pub required: bool,
}

impl Fields {
    pub(super) fn of(schema: &Map<String, Value>) -> Self {
        let required = schema.get("required").and_then(Value::as_array);
        let is_required = |name: &str| {
            let mut names = required.into_iter().flatten();
            names.any(|required| required == name)
        };
        let properties = schema.get("properties").and_then(Value::as_object);
        let field = |(name, schema): (&String, &Value)| {
            let field = Field {
                shape: Shape::of(schema),
                required: is_required(name),
            };
            (name.clone(), field)
        };
        Self(properties.into_iter().flatten().map(field).collect())
    }

    pub(super) fn knows(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    pub(super) fn get(&self, name: &str) -> Option<&Field> {
        self.0.get(name)
    }

    /// Finds the places in these arguments where a name can stand for an id.
    pub(super) fn places(&self, given: &Map<String, Value>, at: &str, found: &mut Vec<Place>) {
        for (name, value) in given {
            if let Some(field) = self.get(name) {
                let at = format!("{at}/{}", name.replace('~', "~0").replace('/', "~1"));
                field.shape.places(value, at, found);
            }
        }
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    pub(super) fn required(&self) -> impl Iterator<Item = &str> {
        let required = self.0.iter().filter(|(_, field)| field.required);
        required.map(|(name, _)| name.as_str())
    }
}

impl Shape {
    fn places(&self, value: &Value, at: String, found: &mut Vec<Place>) {
        match (self, value) {
            (
                Self::Text(Text {
                    names: Some(thing), ..
                }),
                Value::String(_),
            ) => {
                found.push(Place { at, thing: *thing });
            }
            (Self::List { items, .. }, Value::Array(values)) => {
                for (index, value) in values.iter().enumerate() {
                    items.places(value, format!("{at}/{index}"), found);
                }
            }
            (Self::Object(fields), Value::Object(given)) => fields.places(given, &at, found),
            _ => {}
        }
    }

    fn of(schema: &Value) -> Self {
        let most = |key: &str, default: usize| {
            let most = schema.get(key).and_then(Value::as_u64);
            most.and_then(|most| usize::try_from(most).ok())
                .unwrap_or(default)
        };
        match schema.get("type").and_then(Value::as_str) {
            Some("string") => {
                let words = schema.get("enum").and_then(Value::as_array);
                let words = words.into_iter().flatten().filter_map(Value::as_str);
                Self::Text(Text {
                    most: most("maxLength", TEXT),
                    words: words.map(str::to_owned).collect(),
                    list_too: schema.get(LIST_TOO).is_some(),
                    names: schema
                        .get(NAMES)
                        .and_then(Value::as_str)
                        .and_then(Thing::from_word),
                })
            }
            Some("integer") => Self::Number { whole: true },
            Some("number") => Self::Number { whole: false },
            Some("boolean") => Self::Switch,
            Some("array") => Self::List {
                items: Box::new(schema.get("items").map_or(Self::Any, Self::of)),
                most: most("maxItems", ITEMS),
            },
            Some("object") => match schema.as_object() {
                Some(schema) if schema.contains_key("properties") => {
                    Self::Object(Fields::of(schema))
                }
                _ => Self::Any,
            },
            _ => Self::Any,
        }
    }
}
