//! Repeatable randomness: `SplitMix64`, whose numbers are the same in every version of every library.

/// A generator. Cloning repeats what follows.
#[derive(Debug, Clone)]
pub(super) struct Random(u64);

impl Random {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(super) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `bound`; zero when `bound` is zero.
    pub(super) fn below(&mut self, bound: usize) -> usize {
        let bound = u64::try_from(bound).unwrap_or(u64::MAX).max(1);
        usize::try_from(self.next() % bound).unwrap_or(0)
    }

    /// True once in `n` times.
    pub(super) fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }

    /// True with the given probability.
    pub(super) fn happens(&mut self, rate: f64) -> bool {
        // 2^53 steps: what a double resolves.
        #[expect(clippy::cast_precision_loss, reason = "53 bits fit")]
        let dice = (self.next() >> 11) as f64 / 9_007_199_254_740_992.0;
        dice < rate
    }

    /// One of the given.
    pub(super) fn pick<'a, T: ?Sized>(&mut self, from: &[&'a T], otherwise: &'a T) -> &'a T {
        from.get(self.below(from.len()))
            .copied()
            .unwrap_or(otherwise)
    }

    /// An id as Statuspage makes them: 12 lower-case letters and digits.
    pub(super) fn id(&mut self) -> String {
        const LETTERS: &[u8] = b"0123456789abcdefghjkmnpqrstvwxyz";
        (0..12)
            .filter_map(|_| {
                LETTERS
                    .get(self.below(LETTERS.len()))
                    .map(|b| char::from(*b))
            })
            .collect()
    }

    /// An id as Atlassian's directory makes them.
    pub(super) fn uuid(&mut self) -> String {
        let (high, low) = (self.next(), self.next());
        let (a, b, c) = (high >> 32, (high >> 16) & 0xffff, high & 0xfff);
        format!(
            "{a:08x}-{b:04x}-4{c:03x}-{:04x}-{:012x}",
            (low >> 48) & 0x3fff | 0x8000,
            low & 0xffff_ffff_ffff
        )
    }

    /// A date between 2019 and the middle of 2026, as the API prints it.
    pub(super) fn date(&mut self) -> String {
        let (year, month) = (2019 + self.below(7), 1 + self.below(12));
        let (day, hour, minute, second) = (
            1 + self.below(28),
            self.below(24),
            self.below(60),
            self.below(60),
        );
        format!(
            "{year}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{:03}Z",
            self.below(1000)
        )
    }
}
