//! One line that is drawn again and again: what is being done, and what it waits for until when.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use crate::access::{Access, Progress};

/// The last progress message of a call.
#[derive(Debug, Default)]
pub(super) struct Line(Mutex<String>);

impl Progress for Line {
    fn tell(&self, done: u64, total: Option<u64>, message: &str) {
        let text = match total {
            Some(total) => format!("{done} of {total} · {message}"),
            None => message.to_owned(),
        };
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = text;
    }
}

impl Line {
    /// The line as it is now, as wide as the terminal at most.
    pub(super) async fn text(&self, access: &Access, width: usize) -> String {
        let message = self
            .0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        let message = if message.is_empty() {
            "asking".to_owned()
        } else {
            message
        };
        let waits = access
            .waits_for()
            .await
            .map_or_else(String::new, |(system, wait, limit)| {
                format!(
                    " · waits until {} for a free request to {system} ({limit} a window)",
                    at(access, wait)
                )
            });
        let text = format!("{message}{waits}");
        match text.char_indices().nth(width.saturating_sub(1)) {
            Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default().trim_end()),
            None => text,
        }
    }
}

/// The time of day after so long.
fn at(access: &Access, wait: Duration) -> String {
    let then = access.clock().now().checked_add(wait);
    then.map_or_else(|_| String::new(), time_of_day)
}

/// `14:02:35`, where this machine is.
pub(super) fn time_of_day(at: jiff::Timestamp) -> String {
    at.to_zoned_datetime(jiff::tz::TimeZone::system())
        .strftime("%H:%M:%S")
        .to_string()
}
