//! The form of every tool, and the single path that every call takes.
//!
//! A tool declares its name, words, effect, input, output and one function. From these come its specification (with schemas and
//! annotations), the policy question, the time limit, the audit line of a refusal and the answer's form: a tool author has no guard to
//! remember.

mod answer;
mod arguments;
mod catalogue;
mod counting;
mod effect;
mod names;
mod places;
mod run;
mod schema;
mod spec;
mod tally;
mod tool;

pub use answer::{Answer, Refused};
pub use catalogue::{Catalogue, Incoming, Limits, Patience};
pub use effect::Effect;
pub use spec::{Hints, ToolSpec};
pub use tally::{Count, Ended, Tally};
pub use tool::Tool;
