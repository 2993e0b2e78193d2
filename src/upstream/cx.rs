//! What a call allows its requests: a lane, an end, and a way to stop.

use std::sync::Arc;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use crate::store::Transcript;
use crate::store::window::Lane;

/// Travels with a call through every request that it causes. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Cx {
    /// Who goes first.
    pub lane: Lane,
    /// Stops before the next request. A request under way is finished: a write cut in the middle would be of unknown effect.
    pub cancel: CancellationToken,
    /// The instant, on [`crate::clock::Clock::monotonic`], after which no request begins and no read goes on.
    pub deadline: Option<Duration>,
    /// Where the answers of a read are written down, and given once more to whoever goes on with it.
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

    /// The same call in another lane.
    #[must_use]
    pub fn in_lane(&self, lane: Lane) -> Self {
        Self {
            lane,
            ..self.clone()
        }
    }

    /// The same call, with its reads written down there; where that is nowhere, as before.
    #[must_use]
    pub fn written_down(&self, transcript: Option<Arc<Transcript>>) -> Self {
        Self {
            transcript: transcript.or_else(|| self.transcript.clone()),
            ..self.clone()
        }
    }

    /// The same call, over at `deadline`.
    #[must_use]
    pub fn until(&self, deadline: Duration) -> Self {
        Self {
            deadline: Some(deadline),
            ..self.clone()
        }
    }
}
