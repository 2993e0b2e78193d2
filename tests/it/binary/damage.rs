//! Messages as clients send them, and what becomes of them on a bad day. The same in every run.

use serde_json::json;

/// Small, and the same for every run.
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    pub(crate) fn roll(&mut self, sides: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % sides
    }
}

/// A message as clients send them, with this id.
pub(crate) fn fine(id: u64, dice: &mut Dice) -> Vec<u8> {
    let (method, params) = match dice.roll(8) {
        0 => (
            "tools/call",
            json!({"name": "find_person", "arguments": {"email": "two@@example.org"}}),
        ),
        1 => (
            "tools/call",
            json!({"name": "no_such_tool", "arguments": {"a": [1, 2, {"b": null}]}}),
        ),
        2 => ("prompts/get", json!({"name": "nothing"})),
        3 => ("resources/read", json!({"uri": "roster://nothing"})),
        4 => ("initialize", json!({"protocolVersion": "2025-06-18"})),
        5 => ("no/such/method", json!({"text": "\u{e9}\u{1f600}"})),
        _ => ("ping", json!({})),
    };
    json!({"jsonrpc": "2.0", "id": id, "method": method, "params": params})
        .to_string()
        .into_bytes()
}

/// The same, damaged in one or two ways.
pub(crate) fn damaged(mut line: Vec<u8>, dice: &mut Dice) -> Vec<u8> {
    let nested = "[".repeat(300);
    let pieces: [&[u8]; 10] = [
        b"\xff",
        b"\"\\ud800\"",
        b"1e999",
        nested.as_bytes(),
        b"{",
        b"}",
        b"\"",
        b",",
        b"null",
        b"\xed\xa0\x80",
    ];
    for _ in 0..=dice.roll(2) {
        let at = dice.roll(line.len().max(1));
        match dice.roll(5) {
            0 => line.truncate(at),
            1 => {
                line.splice(at..at, pieces[dice.roll(pieces.len())].iter().copied());
            }
            2 if !line.is_empty() => {
                line.remove(at);
            }
            3 if !line.is_empty() => line[at] ^= 1 << dice.roll(8),
            _ => line = [b"[".as_slice(), &line, b"]"].concat(),
        }
    }
    line.retain(|byte| *byte != b'\n' && *byte != b'\r');
    line
}
