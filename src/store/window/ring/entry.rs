//! The events of a ring, in order: its file holds them and a reader of the file repeats them.

/// One change. Instants are nanoseconds since boot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::store::window) enum Entry {
    /// The first of every file: the boot on whose clock all the others are.
    Boot([u8; 16]),
    /// A request was let go.
    Taken {
        /// The ticket.
        id: u64,
        /// The latest instant at which its answer can come.
        gives_up: u64,
        /// When it was let go.
        at: u64,
    },
    /// Its answer came.
    Answered {
        /// The ticket.
        id: u64,
        /// When.
        at: u64,
    },
    /// It was never sent.
    Withdrawn {
        /// The ticket.
        id: u64,
    },
    /// The upstream said "too many".
    Stopped {
        /// Until when nothing goes.
        paused: u64,
        /// Until when requests go one by one.
        paced: u64,
        /// When that was said.
        at: u64,
    },
    /// A request of which nobody else has told, and whose answer has come.
    Counted {
        /// The ticket; not always one of its own.
        id: u64,
        /// When the answer came.
        at: u64,
    },
    /// The times that were known from entries which a shorter file leaves out.
    Times {
        /// When a request was last let go.
        taken: u64,
        /// The latest instant that any of them named as its present.
        latest: u64,
    },
}

impl Entry {
    /// Bytes of an entry. A whole number of them fits into a page, and what a killed process wrote of one page it wrote at once.
    pub(in crate::store::window) const LENGTH: usize = 32;

    /// Kind, check sum, and three numbers, least byte first.
    pub(in crate::store::window) fn bytes(self) -> [u8; Self::LENGTH] {
        let (kind, numbers) = match self {
            Self::Boot(boot) => {
                let (low, high) = halves(boot);
                (1_u32, [low, high, 0])
            }
            Self::Taken { id, gives_up, at } => (2, [id, gives_up, at]),
            Self::Answered { id, at } => (3, [id, at, 0]),
            Self::Withdrawn { id } => (4, [id, 0, 0]),
            Self::Stopped { paused, paced, at } => (5, [paused, paced, at]),
            Self::Counted { id, at } => (6, [id, at, 0]),
            Self::Times { taken, latest } => (7, [taken, latest, 0]),
        };
        let mut bytes = [0; Self::LENGTH];
        let (head, rest) = bytes.split_at_mut(8);
        for (place, number) in rest.chunks_exact_mut(8).zip(numbers) {
            place.copy_from_slice(&number.to_le_bytes());
        }
        let sum = sum(kind, rest);
        let (kind_at, sum_at) = head.split_at_mut(4);
        kind_at.copy_from_slice(&kind.to_le_bytes());
        sum_at.copy_from_slice(&sum.to_le_bytes());
        bytes
    }

    /// `None`: these bytes are no entry.
    pub(in crate::store::window) fn read(bytes: &[u8]) -> Option<Self> {
        let (kind, rest) = bytes.split_first_chunk()?;
        let (told, rest) = rest.split_first_chunk()?;
        let kind = u32::from_le_bytes(*kind);
        if rest.len() != Self::LENGTH - 8 || sum(kind, rest) != u32::from_le_bytes(*told) {
            return None;
        }
        let (first, more) = rest.split_first_chunk()?;
        let (second, more) = more.split_first_chunk()?;
        let (third, _) = more.split_first_chunk()?;
        let [one, two, three] = [first, second, third].map(|it| u64::from_le_bytes(*it));
        Some(match kind {
            1 => Self::Boot(whole(one, two)),
            2 => Self::Taken {
                id: one,
                gives_up: two,
                at: three,
            },
            3 => Self::Answered { id: one, at: two },
            4 => Self::Withdrawn { id: one },
            5 => Self::Stopped {
                paused: one,
                paced: two,
                at: three,
            },
            6 => Self::Counted { id: one, at: two },
            7 => Self::Times {
                taken: one,
                latest: two,
            },
            _ => return None,
        })
    }
}

fn sum(kind: u32, numbers: &[u8]) -> u32 {
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(&kind.to_le_bytes());
    hasher.update(numbers);
    hasher.finalize()
}

fn halves(boot: [u8; 16]) -> (u64, u64) {
    let both = u128::from_le_bytes(boot);
    #[expect(clippy::cast_possible_truncation, reason = "the two halves")]
    let halves = (both as u64, (both >> 64) as u64);
    halves
}

fn whole(low: u64, high: u64) -> [u8; 16] {
    (u128::from(low) | (u128::from(high) << 64)).to_le_bytes()
}
