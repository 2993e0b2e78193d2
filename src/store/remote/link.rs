//! The connection to Redis: made when it is needed, given up when it breaks, made again by whoever asks next.
//!
//! Guarantees: no password in any error; whoever asks has an answer or an error within some seconds, however many ask at once;
//! what the connection lost on the way is asked once more, so every request must be one that does nothing twice. The
//! library's own manager would keep a refused reconnection (a changed password, too many clients) for ever.

use std::time::Duration;

use redis::aio::MultiplexedConnection;
use redis::{
    AsyncConnectionConfig, Cmd, ErrorKind, FromRedisValue, RedisError, RedisResult, Script,
    ServerErrorKind, cmd,
};
use tokio::sync::Mutex;
use tokio_util::task::TaskTracker;

use super::{Address, Prefix};
use crate::clock::Clock;

/// The longest that a connection or an answer takes. Redis answers in less than a millisecond; a call waits at most 45 s in all.
const PATIENCE: Duration = Duration::from_secs(2);

/// Redis does not answer, or not so that it can be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "the Redis at `{at}`, which keeps the shared state, cannot be used: {why}; ask again when it can"
)]
pub struct Unavailable {
    /// Host and port, or the socket's path.
    pub at: String,
    /// The reason.
    pub why: String,
}

#[derive(Debug)]
pub(in crate::store) struct Link {
    address: Address,
    prefix: Prefix,
    client: redis::Client,
    clock: Clock,
    state: Mutex<State>,
    /// The requests that are completed although nobody waits for them.
    tasks: TaskTracker,
}

#[derive(Default)]
struct State {
    connection: Option<MultiplexedConnection>,
    /// Counts the connections: a late error of an old one does not take the new one away.
    made: u64,
    failed: Option<(Duration, Unavailable)>,
}

impl std::fmt::Debug for State {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "State({})", self.made)
    }
}

impl Link {
    /// The clock that its patience is measured by.
    pub(in crate::store) fn clock(&self) -> Clock {
        self.clock
    }

    pub(super) fn new(address: Address, prefix: Prefix, clock: Clock) -> Result<Self, Unavailable> {
        let client = address.client().map_err(|_| Unavailable {
            at: address.to_string(),
            why: "its address cannot be used".to_owned(),
        })?;
        Ok(Self {
            address,
            prefix,
            client,
            clock,
            state: Mutex::default(),
            tasks: TaskTracker::new(),
        })
    }

    pub(super) fn address(&self) -> &Address {
        &self.address
    }

    /// The key of these parts, behind the prefix.
    pub(in crate::store) fn name(&self, parts: &[&str]) -> String {
        self.prefix.name(parts)
    }

    pub(in crate::store) fn tasks(&self) -> &TaskTracker {
        &self.tasks
    }

    /// Until everything that nobody waits for is done; some seconds at most, because a change that hangs keeps its turn.
    pub(in crate::store) async fn at_rest(&self) {
        self.tasks.close();
        tokio::select! {
            biased;
            () = self.tasks.wait() => {}
            () = self.clock.sleep(PATIENCE * 2) => {}
        }
    }

    /// One command that may be sent twice.
    pub(in crate::store) async fn command<T: FromRedisValue + Send>(
        &self,
        command: &Cmd,
    ) -> Result<T, Unavailable> {
        self.twice(|mut connection| async move { command.query_async(&mut connection).await })
            .await
    }

    /// One script that may be run twice.
    pub(in crate::store) async fn script<T: FromRedisValue + Send>(
        &self,
        script: &Script,
        keys: &[String],
        arguments: &[String],
    ) -> Result<T, Unavailable> {
        self.twice(|mut connection| async move {
            script
                .prepare_invoke()
                .key(keys)
                .arg(arguments)
                .invoke_async(&mut connection)
                .await
        })
        .await
    }

    /// Puts `value` where nothing is, for so many milliseconds. `true`: it is there because of this call, also where the call
    /// was sent twice. Two callers must not give the same value.
    pub(in crate::store) async fn claim(
        &self,
        key: &str,
        value: &str,
        milliseconds: i64,
    ) -> Result<bool, Unavailable> {
        let mut set = cmd("SET");
        set.arg(key).arg(value).arg("NX").arg("GET");
        let before: Option<String> = self.command(set.arg("PX").arg(milliseconds)).await?;
        Ok(before.is_none_or(|it| it == value))
    }

    /// An error of this Redis in our words.
    pub(in crate::store) fn unavailable(&self, why: &str) -> Unavailable {
        Unavailable {
            at: self.address.to_string(),
            why: why.to_owned(),
        }
    }

    async fn twice<T, F>(&self, send: impl Fn(MultiplexedConnection) -> F) -> Result<T, Unavailable>
    where
        F: Future<Output = RedisResult<T>>,
    {
        let mut again = true;
        loop {
            let (number, connection) = self.connection().await?;
            let error = match send(connection).await {
                Ok(answer) => return Ok(answer),
                Err(error) => error,
            };
            let broken = error.is_io_error() || error.is_unrecoverable_error();
            // A replica that was the primary a moment ago: the name may lead to another machine by now.
            let demoted = error.kind() == ErrorKind::Server(ServerErrorKind::ReadOnly);
            if broken || demoted {
                self.give_up(number).await;
            }
            if !(again && (broken || demoted)) || error.is_timeout() {
                return Err(self.in_words(&error));
            }
            again = false;
        }
    }

    async fn connection(&self) -> Result<(u64, MultiplexedConnection), Unavailable> {
        let asked = self.clock.monotonic();
        let mut state = self.state.lock().await;
        if let Some(connection) = &state.connection {
            return Ok((state.made, connection.clone()));
        }
        // Whoever stood behind an attempt that failed does not make the next one stand behind a further two seconds.
        if let Some((at, failure)) = &state.failed
            && *at >= asked
        {
            return Err(failure.clone());
        }
        let settings = AsyncConnectionConfig::new()
            .set_connection_timeout(Some(PATIENCE))
            .set_response_timeout(Some(PATIENCE));
        let made = self
            .client
            .get_multiplexed_async_connection_with_config(&settings)
            .await;
        match made {
            Ok(connection) => {
                state.made += 1;
                state.connection = Some(connection.clone());
                Ok((state.made, connection))
            }
            Err(error) => {
                let failure = self.in_words(&error);
                state.failed = Some((self.clock.monotonic(), failure.clone()));
                Err(failure)
            }
        }
    }

    async fn give_up(&self, number: u64) {
        let mut state = self.state.lock().await;
        if state.made == number {
            state.connection = None;
        }
    }

    /// Redis repeats what it does not understand, and that may be the password: of its words only the first is shown.
    fn in_words(&self, error: &RedisError) -> Unavailable {
        let why = match error.kind() {
            _ if error.is_timeout() => format!("no answer within {} s", PATIENCE.as_secs()),
            ErrorKind::Io => error.to_string(),
            ErrorKind::AuthenticationFailed => {
                "it does not accept the user name or the password".to_owned()
            }
            ErrorKind::Server(ServerErrorKind::BusyLoading) => {
                "it is still loading its data".to_owned()
            }
            ErrorKind::Server(ServerErrorKind::ReadOnly) => {
                "it is a replica, which takes no writes".to_owned()
            }
            _ => match error.code() {
                Some("NOAUTH") => "it wants a password".to_owned(),
                Some("WRONGPASS") => "it does not accept the user name or the password".to_owned(),
                Some("NOPERM") => {
                    "its user may not do all that is needed (docs/operations.md has the list)"
                        .to_owned()
                }
                Some("OOM") => "its memory is full".to_owned(),
                Some("MISCONF") => "it cannot save its data and refuses writes".to_owned(),
                Some(code) => format!("it answers {code}"),
                None => "its answer is none that Redis gives".to_owned(),
            },
        };
        self.unavailable(&why)
    }
}
