//! The context of a call: the lane, deadline and cancellation of its requests.

use std::sync::Arc;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use crate::store::Transcript;
use crate::store::window::Lane;

/// Travels with a call through every request that it causes. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Cx {
    /// The lane, which decides whose requests go first.
    pub lane: Lane,
    /// Stops before the next request. A request under way is finished: a write cut in the middle would be of unknown effect.
    pub cancel: CancellationToken,
    /// The instant, on [`crate::clock::Clock::monotonic`], after which no request begins and no read goes on.
    pub deadline: Option<Duration>,
    /// The transcript that records the answers of a read, and returns them again to a call that continues it.
    pub transcript: Option<Arc<Transcript>>,
}

impl Cx {
    /// Somebody waits; no deadline.
    #[must_use]
    pub fn interactive(cancel: CancellationToken) -> Self {
        Self {
            lane: Lane::Interactive,
            cancel,
            deadline: None,
            transcript: None,
        }
    }

    /// A scan; no deadline.
    #[must_use]
    pub fn bulk(cancel: CancellationToken) -> Self {
        Self {
            lane: Lane::Bulk,
            cancel,
            deadline: None,
            transcript: None,
        }
    }

    /// Returns the same call in another lane.
    #[must_use]
    pub fn in_lane(&self, lane: Lane) -> Self {
        Self {
            lane,
            ..self.clone()
        }
    }

    /// Returns the same call with its reads recorded in `transcript`; with `None` the transcript stays as it was.
    #[must_use]
    pub fn written_down(&self, transcript: Option<Arc<Transcript>>) -> Self {
        Self {
            transcript: transcript.or_else(|| self.transcript.clone()),
            ..self.clone()
        }
    }

    /// Returns the same call with its end at `deadline`.
    #[must_use]
    pub fn until(&self, deadline: Duration) -> Self {
        Self {
            deadline: Some(deadline),
            ..self.clone()
        }
    }
}
