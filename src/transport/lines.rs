//! Lets only lines through that are JSON and not too long, and says what became of the others.

use bytes::Bytes;
use futures::{Stream, StreamExt as _};
use rmcp::model::ErrorData;
use serde::de::IgnoredAny;
use tokio::io::AsyncRead;
use tokio::sync::mpsc::UnboundedSender;
use tokio_util::codec::{FramedRead, LinesCodec, LinesCodecError};
use tokio_util::io::StreamReader;

/// The longest message, in bytes. A desired roster of 20,000 addresses fits; a runaway client does not fill the memory.
pub(super) const LONGEST: usize = 4 * 1024 * 1024;

/// `input`, without the lines that cannot be a message; each of those is told to `refuse`.
pub(super) fn readable(
    input: impl AsyncRead + Send + Unpin + 'static,
    refuse: UnboundedSender<ErrorData>,
) -> impl AsyncRead + Send + Unpin {
    StreamReader::new(Box::pin(lines(input, refuse)))
}

fn lines(
    input: impl AsyncRead + Send + Unpin + 'static,
    refuse: UnboundedSender<ErrorData>,
) -> impl Stream<Item = std::io::Result<Bytes>> + Send {
    let framed = FramedRead::new(input, LinesCodec::new_with_max_length(LONGEST));
    futures::stream::unfold(
        (framed, refuse, false),
        |(mut framed, refuse, mut after_error)| async move {
            loop {
                match framed.next().await {
                    Some(Ok(line)) if line.trim().is_empty() => {}
                    Some(Ok(mut line)) => match serde_json::from_str::<IgnoredAny>(&line) {
                        Ok(_) => {
                            line.push('\n');
                            return Some((Ok(Bytes::from(line)), (framed, refuse, false)));
                        }
                        Err(error) => {
                            tell(
                                &refuse,
                                ErrorData::parse_error(
                                    format!("the line is not JSON: {error}. Nothing was changed."),
                                    None,
                                ),
                            );
                        }
                    },
                    Some(Err(LinesCodecError::MaxLineLengthExceeded)) => {
                        after_error = true;
                        tell(
                            &refuse,
                            ErrorData::invalid_request(
                                format!("a message may have {LONGEST} bytes. Nothing was changed."),
                                None,
                            ),
                        );
                        continue;
                    }
                    Some(Err(LinesCodecError::Io(error)))
                        if error.kind() == std::io::ErrorKind::InvalidData =>
                    {
                        after_error = true;
                        tell(
                            &refuse,
                            ErrorData::parse_error(
                                "the line is not UTF-8. Nothing was changed.",
                                None,
                            ),
                        );
                        continue;
                    }
                    Some(Err(LinesCodecError::Io(error))) => {
                        return Some((Err(error), (framed, refuse, false)));
                    }
                    // The framing pauses once after an error, and goes on with the next line.
                    None if after_error => {}
                    None => return None,
                }
                after_error = false;
            }
        },
    )
}

fn tell(refuse: &UnboundedSender<ErrorData>, error: ErrorData) {
    // The receiver lives as long as the transport that reads this.
    let _ = refuse.send(error);
}
