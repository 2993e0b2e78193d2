//! Spans out of the bytes of OTLP, by hand: the numbers are those of `opentelemetry/proto/trace/v1/trace.proto`.

/// What is looked at of a span.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Span {
    pub(super) trace: Vec<u8>,
    pub(super) id: Vec<u8>,
    /// Empty at the root.
    pub(super) parent: Vec<u8>,
    pub(super) name: String,
    /// Those that are text, by name; of others only the name.
    pub(super) fields: Vec<(String, String)>,
}

/// Request → resource (1) → scope (2) → span (2).
pub(super) fn spans(request: &[u8]) -> Vec<Span> {
    let scopes = all(request, 1).flat_map(|resource| all(resource, 2));
    scopes
        .flat_map(|scope| all(scope, 2))
        .map(|span| {
            let one = |field| first(span, field).to_vec();
            Span {
                trace: one(1),
                id: one(2),
                parent: one(4),
                name: text(first(span, 5)),
                fields: all(span, 9)
                    .map(|field| (text(first(field, 1)), text(first(first(field, 2), 1))))
                    .collect(),
            }
        })
        .collect()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

fn first(message: &[u8], wanted: u64) -> &[u8] {
    all(message, wanted).next().unwrap_or_default()
}

/// The values of one field that has a length, in order.
fn all(message: &[u8], wanted: u64) -> impl Iterator<Item = &[u8]> {
    let mut rest = message;
    std::iter::from_fn(move || {
        while !rest.is_empty() {
            let tag = number(&mut rest);
            let value = match tag & 7 {
                0 => {
                    number(&mut rest);
                    continue;
                }
                1 => cut(&mut rest, 8),
                5 => cut(&mut rest, 4),
                _ => {
                    let length = usize::try_from(number(&mut rest)).unwrap();
                    cut(&mut rest, length)
                }
            };
            if tag >> 3 == wanted && tag & 7 == 2 {
                return Some(value);
            }
        }
        None
    })
}

fn cut<'a>(rest: &mut &'a [u8], length: usize) -> &'a [u8] {
    let (value, after) = rest.split_at(length);
    *rest = after;
    value
}

/// Seven bits a byte, the lowest first.
fn number(rest: &mut &[u8]) -> u64 {
    let mut value = 0;
    for place in 0.. {
        let byte = cut(rest, 1).first().copied().unwrap_or_default();
        value |= u64::from(byte & 0x7f) << (7 * place);
        if byte & 0x80 == 0 {
            break;
        }
    }
    value
}
