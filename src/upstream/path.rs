//! A path below the base address: segments, each encoded as one.

use std::fmt::Write as _;

use super::Error;

/// A path of whole segments: a slash, a percent sign or a question mark inside one stays inside it.
///
/// ```
/// use status_roster::upstream::Path;
/// assert_eq!(Path::new().push("pages").push("a/b %2F").to_string(), "pages/a%2Fb%20%252F");
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Path {
    segments: Vec<String>,
}

impl Path {
    /// The base address itself.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// One more segment.
    #[must_use]
    pub fn push(mut self, segment: impl std::fmt::Display) -> Self {
        self.segments.push(segment.to_string());
        self
    }

    /// `base` with this path under it.
    ///
    /// # Errors
    /// A segment is empty, `.` or `..`: every URL parser drops those, encoded or not, and the request would go to the
    /// collection instead of its member.
    pub(super) fn under(&self, base: &url::Url) -> Result<url::Url, Error> {
        if let Some(bad) = self
            .segments
            .iter()
            .find(|segment| matches!(segment.as_str(), "" | "." | ".."))
        {
            return Err(Error::Unsendable {
                why: format!("`{bad}` cannot be a part of an address"),
            });
        }
        let mut url = base.clone();
        url.set_path(&format!("{}/{self}", base.path().trim_end_matches('/')));
        Ok(url)
    }

    /// For logs: a segment that could be an address of a person is left out.
    pub(super) fn for_log(&self) -> String {
        let shown = |segment: &String| {
            if segment.contains('@') {
                "…".to_owned()
            } else {
                encoded(segment)
            }
        };
        self.segments
            .iter()
            .map(shown)
            .collect::<Vec<_>>()
            .join("/")
    }
}

/// Encoded, as it is sent.
impl std::fmt::Display for Path {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let encoded: Vec<String> = self
            .segments
            .iter()
            .map(|segment| encoded(segment))
            .collect();
        f.write_str(&encoded.join("/"))
    }
}

/// RFC 3986 "unreserved" stays, everything else is encoded: what a server does with `;` or `+` in a path varies.
fn encoded(segment: &str) -> String {
    let mut out = String::with_capacity(segment.len());
    for byte in segment.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                out.push(char::from(byte))
            }
            _ => {
                let _ = write!(out, "%{byte:02X}");
            }
        }
    }
    out
}
