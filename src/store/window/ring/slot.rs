//! One slot of a ring, and its short spelling: a ring of thousands of slots is read and written for every request.

/// A slot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Slot {
    /// Finds it again when its answer arrives.
    pub(super) id: u64,
    /// When the answer arrived; while it has not, the latest instant at which it can.
    pub(super) at: u64,
    pub(super) answered: bool,
}

impl Slot {
    /// Bytes of a slot: id and time, least first, and 1 for an answered one.
    pub(super) const LENGTH: usize = 17;

    pub(super) fn write(&self, to: &mut Vec<u8>) {
        to.extend_from_slice(&self.id.to_le_bytes());
        to.extend_from_slice(&self.at.to_le_bytes());
        to.push(u8::from(self.answered));
    }

    /// `None`: these bytes are no slot.
    pub(super) fn read(bytes: &[u8]) -> Option<Self> {
        let (id, rest) = bytes.split_first_chunk()?;
        let (at, rest) = rest.split_first_chunk()?;
        let answered = match rest {
            [0] => false,
            [1] => true,
            _ => return None,
        };
        Some(Self {
            id: u64::from_le_bytes(*id),
            at: u64::from_le_bytes(*at),
            answered,
        })
    }
}
