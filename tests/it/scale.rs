//! Pages with tens of thousands of viewers, at the real rate of requests, in paused time.

mod lists;
mod memory;
mod patience;
mod people;
mod place;
mod sync;
