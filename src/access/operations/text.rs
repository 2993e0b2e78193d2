//! Texts that are to be published: checked before anything is planned, and shown word for word. They are data of whoever wrote them.

use crate::access::Refusal;
use crate::providers::statuspage::LONGEST_BODY;
use crate::roster::text::unpublishable;

/// Characters of a title at most.
const LONGEST_NAME: usize = 255;

/// A title or a name: one line.
pub(in crate::access) fn name(field: &str, given: &str) -> Result<String, Refusal> {
    let name = given.trim();
    if name.is_empty() {
        return Err(Refusal::arguments(format!("`{field}` is empty")));
    }
    if name.contains('\n') {
        return Err(Refusal::arguments(format!("`{field}` must be one line")));
    }
    checked(field, name, LONGEST_NAME)
}

/// The words of an update, a postmortem or a description: Markdown, several lines.
pub(in crate::access) fn body(field: &str, given: &str) -> Result<String, Refusal> {
    let body = given.replace("\r\n", "\n");
    if body.trim().is_empty() {
        return Err(Refusal::arguments(format!("`{field}` is empty")));
    }
    checked(field, body.trim_end(), LONGEST_BODY)
}

fn checked(field: &str, text: &str, most: usize) -> Result<String, Refusal> {
    if let Some(hidden) = unpublishable(text) {
        return Err(Refusal::arguments(format!(
            "`{field}` holds a character that nobody sees (U+{:04X}); what is published is shown word for word, so write it without",
            u32::from(hidden)
        )));
    }
    let length = text.chars().count();
    if length > most {
        return Err(Refusal::arguments(format!(
            "`{field}` has {length} characters, and Statuspage takes {most} at most"
        )));
    }
    Ok(text.to_owned())
}

/// Returns whether a text that was read back is the one that was sent: Statuspage may store line ends and spaces otherwise.
pub(in crate::access) fn same(sent: &str, read: Option<&str>) -> bool {
    let plain = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    read.is_some_and(|read| plain(read) == plain(sent))
}
