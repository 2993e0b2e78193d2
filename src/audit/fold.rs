//! How many refusals of one caller are written down: a caller who goes on after being refused must not fill the disk.

use std::collections::BTreeMap;
use std::time::Duration;

/// Refusals of one caller that are written in one [`SPAN`].
const MOST: u32 = 20;

/// How long a caller's refusals are counted together.
const SPAN: Duration = Duration::from_secs(60);

/// What is known of callers who were refused lately.
#[derive(Debug, Default)]
pub(super) struct Fold(BTreeMap<String, Lately>);

#[derive(Debug)]
struct Lately {
    began: Duration,
    written: u32,
    left_out: u64,
}

impl Fold {
    /// Counts one refusal. The number of earlier ones that were left out, if this one is to be written.
    pub(super) fn next(&mut self, caller: &str, now: Duration) -> Option<u64> {
        self.0.retain(|name, it| {
            let over = now.saturating_sub(it.began) >= SPAN;
            !over || it.left_out > 0 || name == caller
        });
        let lately = self.0.entry(caller.to_owned()).or_insert(Lately {
            began: now,
            written: 0,
            left_out: 0,
        });
        if now.saturating_sub(lately.began) >= SPAN {
            lately.began = now;
            lately.written = 0;
        }
        if lately.written >= MOST {
            lately.left_out += 1;
            return None;
        }
        lately.written += 1;
        Some(std::mem::take(&mut lately.left_out))
    }
}
