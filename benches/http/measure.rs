//! Asking in turns, and what came of it.

use std::time::{Duration, Instant};

use status_roster::sandbox::Running;
use tokio::runtime::Runtime;

use crate::caller::{Caller, Question};
use crate::server::Server;

/// Where the callers run.
pub(crate) struct Load(Runtime);

/// What one server did, over all of its turns.
#[derive(Default)]
pub(crate) struct Found {
    each: Vec<Duration>,
    /// Calls per second, turn by turn.
    rates: Vec<f64>,
    /// What the server itself computed.
    worked: Duration,
}

impl Found {
    pub(crate) fn p50(&self) -> Duration {
        self.at(0.5)
    }

    fn at(&self, part: f64) -> Duration {
        let mut sorted = self.each.clone();
        sorted.sort_unstable();
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            clippy::cast_precision_loss,
            reason = "an index into some ten thousand"
        )]
        let index = ((sorted.len() - 1) as f64 * part) as usize;
        sorted[index]
    }

    /// The server's own time for a call, on whatever core.
    fn work(&self) -> Duration {
        let calls = u32::try_from(self.each.len()).unwrap();
        self.worked / calls.max(1)
    }

    fn rate(&self) -> f64 {
        middle(&self.rates)
    }
}

fn middle(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted[sorted.len() / 2]
}

impl Load {
    pub(crate) fn new() -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build();
        Self(runtime.unwrap())
    }

    /// Bytes of one answer, its head included.
    pub(crate) fn length(&self, server: &Server, question: &Question) -> usize {
        self.0
            .block_on(async { Caller::of(server, question).await.ask().await })
    }

    fn turn(&self, found: &mut Found, callers: &mut [Caller], turn: Duration) {
        let from = Instant::now();
        let asking = callers.iter_mut().map(|caller| async {
            let mut each = Vec::new();
            while from.elapsed() < turn {
                let from = Instant::now();
                caller.ask().await;
                each.push(from.elapsed());
            }
            each
        });
        let all: Vec<Duration> = self.0.block_on(futures::future::join_all(asking)).concat();
        #[expect(clippy::cast_precision_loss, reason = "some ten thousand")]
        let rate = all.len() as f64 / from.elapsed().as_secs_f64();
        found.rates.push(rate);
        found.each.extend(all);
    }
}

/// Both servers, in turns, each with so many callers.
pub(crate) fn turns(
    load: &Load,
    sides: [(&Server, &Question); 2],
    callers: usize,
    turn: Duration,
    times: usize,
) -> [Found; 2] {
    let mut sides = sides.map(|(server, question)| {
        let connect = (0..callers).map(|_| Caller::of(server, question));
        let callers = load.0.block_on(futures::future::join_all(connect));
        (server, callers, Found::default())
    });
    for (_, callers, _) in &mut sides {
        // Nobody counts the first calls: connections, caches and snapshots are made by them.
        load.turn(&mut Found::default(), callers, turn / 4);
    }
    for _ in 0..times {
        for (server, callers, found) in &mut sides {
            let before = server.worked();
            load.turn(found, callers, turn);
            found.worked += server.worked() - before;
        }
    }
    sides.map(|(.., found)| found)
}

/// The same request straight to the sandbox: what neither server can save.
pub(crate) fn direct(load: &Load, sandbox: &Running, path: &str, turn: Duration) -> Duration {
    let base: url::Url = sandbox.statuspage_url().parse().unwrap();
    let address = format!("{}:{}", base.host_str().unwrap(), base.port().unwrap());
    let path = format!("{}{path}", base.path().trim_end_matches('/'));
    let request = format!(
        "GET {path} HTTP/1.1\r\nhost: {address}\r\nauthorization: OAuth {}\r\naccept: application/json\r\n\r\n",
        sandbox.api_key
    );
    let connect = Caller::connect(&address, request.into_bytes(), "email");
    let mut caller = [load.0.block_on(connect)];
    let mut found = Found::default();
    load.turn(&mut Found::default(), &mut caller, turn / 4);
    load.turn(&mut found, &mut caller, turn);
    found.p50()
}

/// One line: both, and their ratio, which is the middle of the ratios of the turns.
pub(crate) fn row(callers: usize, us: &Found, them: &Found) {
    let pairs = us.rates.iter().zip(&them.rates);
    let ratios: Vec<f64> = pairs.map(|(us, them)| us / them).collect();
    let one = |it: &Found| {
        format!(
            "{:>6.0} calls/s  p50 {:>7.1?}  p99 {:>7.1?}  work {:>5.0?}",
            it.rate(),
            it.at(0.5),
            it.at(0.99),
            it.work()
        )
    };
    println!(
        "{callers:>4} callers: {}   plain {}   ratio {:.2}",
        one(us),
        one(them),
        middle(&ratios)
    );
}
