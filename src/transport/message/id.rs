//! The `id` of a message that cannot be read as a whole: too long, not UTF-8, cut off, or JSON that no program reads.
//!
//! A client waits for an answer that names its request. This reads the text byte by byte and keeps nothing of it but the member
//! that it is in, so that a message of any length costs a few hundred bytes.

use rmcp::model::RequestId;

/// The longest member that is looked at: an id, or the name of a member.
const LONGEST: usize = 256;

/// The state of a scan for the id of one message.
#[derive(Debug, Default)]
pub(crate) struct IdScan {
    /// The first byte that is no white space.
    first: Option<u8>,
    depth: usize,
    quoted: bool,
    escaped: bool,
    /// The name or the value that is being read, of the outermost object.
    token: Vec<u8>,
    name: Vec<u8>,
    id: Option<RequestId>,
}

impl IdScan {
    /// The id in a text that is there as a whole.
    pub(crate) fn of(text: &[u8]) -> Option<RequestId> {
        let mut scan = Self::default();
        scan.read(text);
        scan.id()
    }

    /// The id, as far as the message was read. The last one counts, as for most programs that read JSON.
    pub(crate) fn id(self) -> Option<RequestId> {
        self.id
    }

    /// The next bytes of the message.
    pub(crate) fn read(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.byte(*byte);
        }
    }

    fn byte(&mut self, byte: u8) {
        if self.quoted {
            self.keep(byte);
            match byte {
                _ if self.escaped => self.escaped = false,
                b'\\' => self.escaped = true,
                b'"' => self.quoted = false,
                _ => {}
            }
            return;
        }
        if !byte.is_ascii_whitespace() {
            self.first.get_or_insert(byte);
        }
        match byte {
            b'{' | b'[' => self.depth = self.depth.saturating_add(1),
            b'}' | b']' => {
                if self.depth == 1 {
                    self.member();
                }
                self.depth = self.depth.saturating_sub(1);
            }
            b':' if self.depth == 1 => self.name = std::mem::take(&mut self.token),
            b',' if self.depth == 1 => self.member(),
            b'"' => {
                self.quoted = true;
                self.keep(byte);
            }
            _ => self.keep(byte),
        }
    }

    fn keep(&mut self, byte: u8) {
        if self.depth == 1 && self.token.len() < LONGEST {
            self.token.push(byte);
        }
    }

    /// The end of a member of the outermost object.
    fn member(&mut self) {
        if self.first == Some(b'{') && self.name.trim_ascii() == b"\"id\"" {
            // One that was cut at the longest does not read, and is none.
            self.id = serde_json::from_slice(&self.token).ok();
        }
        self.token.clear();
        self.name.clear();
    }
}
