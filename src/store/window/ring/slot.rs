//! One slot of a ring, and its short spelling: a ring of 5,000 slots is read and written for every request.

use std::fmt;

use serde::de::{self, Deserializer, SeqAccess, Visitor};
use serde::{Deserialize, Serialize, Serializer};

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Slot {
    /// Finds it again when its answer arrives; not kept after that.
    pub(super) id: u64,
    /// When the answer arrived; while it has not, the latest instant at which it can.
    pub(super) at: u64,
    pub(super) answered: bool,
}

/// `at`, or `[at, id]` without an answer.
impl Serialize for Slot {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        if self.answered {
            to.serialize_u64(self.at)
        } else {
            (self.at, self.id).serialize(to)
        }
    }
}

impl<'de> Deserialize<'de> for Slot {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(Spelling)
    }
}

struct Spelling;

impl<'de> Visitor<'de> for Spelling {
    type Value = Slot;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a time, or a time and an id")
    }

    fn visit_u64<E: de::Error>(self, at: u64) -> Result<Slot, E> {
        Ok(Slot {
            id: 0,
            at,
            answered: true,
        })
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut from: A) -> Result<Slot, A::Error> {
        let missing = || de::Error::custom("a slot without an answer is a time and an id");
        let at = from.next_element()?.ok_or_else(missing)?;
        let id = from.next_element()?.ok_or_else(missing)?;
        Ok(Slot {
            id,
            at,
            answered: false,
        })
    }
}
