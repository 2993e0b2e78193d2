//! Short texts that a model copies out by hand: cursors, tokens, and the names of reads.

/// 32 characters that are not taken for each other: neither `i`, `l`, `o` nor `u`. Crockford's base 32, in lower case.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// Returns a text of `N` characters that nobody guesses: five random bits each.
#[must_use]
pub fn random<const N: usize>() -> String {
    from_bytes(&rand::random::<[u8; N]>())
}

/// Returns one character for each byte, made of its lowest five bits.
#[must_use]
pub fn from_bytes(bytes: &[u8]) -> String {
    let character = |byte: &u8| ALPHABET.get(usize::from(byte & 31)).copied();
    bytes.iter().filter_map(character).map(char::from).collect()
}

/// Returns a number in as few characters as it takes, at least one.
#[must_use]
pub fn from_number(number: usize) -> String {
    let mut digits = Vec::new();
    let mut left = number;
    loop {
        digits.push(u8::try_from(left & 31).unwrap_or_default());
        left >>= 5;
        if left == 0 {
            break;
        }
    }
    digits.reverse();
    from_bytes(&digits)
}

/// Returns the number that [`from_number`] wrote. `None` for any other text.
#[must_use]
pub fn to_number(text: &str) -> Option<usize> {
    let mut number = 0_usize;
    for byte in text.bytes() {
        let digit = ALPHABET.iter().position(|known| *known == byte)?;
        number = number.checked_mul(32)?.checked_add(digit)?;
    }
    (from_number(number) == text).then_some(number)
}

/// Returns whether every character is one that [`from_bytes`] writes.
#[must_use]
pub fn is_short(text: &str) -> bool {
    text.bytes().all(|byte| ALPHABET.contains(&byte))
}
