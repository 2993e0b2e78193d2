//! The person behind the client: whether one can be asked, what is asked, and what came of it.
//!
//! The protocol decides how a client shows a form; here are only the question and the reply.

use crate::access::Refusal;
use crate::access::change::plan::Plan;
use crate::roster::Email;

/// The person behind this one request, as far as the request itself tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Person {
    /// The client cannot show a form.
    OutOfReach,
    /// The client can show a form, and none was answered yet.
    InReach,
    /// The client showed the form of an earlier [`Question`].
    Replied {
        /// The token of that question.
        token: String,
        /// The reply to it.
        reply: Reply,
    },
}

/// The reply to a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reply {
    /// The person sent it with this in the field.
    Typed(String),
    /// The person said no.
    Declined,
    /// The person closed it.
    Dismissed,
    /// The client did not show it, or nobody answered, for this reason.
    NotAsked(String),
}

/// The question that a person is asked before access is taken away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// The plan with its losses and the word to type, for a person to read. Lines are separated by `\n`.
    pub message: String,
    /// The word to type: an address, or the name of a page or group.
    pub to_type: String,
    /// Comes back with the reply, and binds it to this plan.
    pub token: String,
    /// Until when a reply counts (RFC 3339).
    pub expires_at: String,
    /// The time from now until then.
    pub patience: std::time::Duration,
}

impl Person {
    /// The token that came with a reply.
    pub(in crate::access) fn token(&self) -> Option<&str> {
        match self {
            Self::Replied { token, .. } => Some(token),
            Self::OutOfReach | Self::InReach => None,
        }
    }
}

impl Reply {
    /// Nothing, if the person agreed to the plan that this word belongs to.
    pub(in crate::access) fn agrees(&self, to_type: &str) -> Result<(), Refusal> {
        let why = match self {
            Self::Typed(typed) if typed.trim().is_empty() => {
                "the form came back empty: to agree, the person types the word that it asks for"
            }
            Self::Typed(typed) if same(typed, to_type) => return Ok(()),
            Self::Typed(_) => "the person typed something else than what the form asked for",
            Self::Declined => {
                "the person declined. Do not ask for the same again unless they say so"
            }
            Self::Dismissed => {
                "the person closed the form without an answer. Ask in the conversation what they want before you call again"
            }
            Self::NotAsked(why) => {
                return Err(Refusal::Person(format!("nobody answered the form: {why}")));
            }
        };
        Err(Refusal::Person(why.to_owned()))
    }
}

/// White space at the ends and its amount do not matter, nor does the case of an address. Everything else does.
fn same(typed: &str, to_type: &str) -> bool {
    let plain = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let (typed, to_type) = (plain(typed), plain(to_type));
    match (Email::parse(&typed), Email::parse(&to_type)) {
        (Ok(typed), Ok(wanted)) => typed == wanted,
        _ => typed == to_type,
    }
}

/// Lines of each kind that a form shows at most, as many as an answer: a person who agrees to fifty removals has to be able to look
/// through them.
const MOST: usize = 100;

/// The text of the form. Names in it were cleaned when they were read: no line of it can be made by an outsider.
pub(in crate::access) fn message(
    plan: &Plan,
    losses: &[String],
    difference: Option<&[String]>,
    to_type: &str,
) -> String {
    let mut lines = Vec::new();
    if let Some(difference) = difference {
        lines.push("This changed since you agreed, and nothing was done yet:".to_owned());
        listed(&mut lines, difference);
        lines.push(String::new());
    }
    lines.push(plan.summary.clone());
    if let Some(publication) = &plan.publication {
        // Whole, however long: nobody agrees to words that they were not shown.
        lines.extend(publication.lines());
    }
    lines.push("Steps:".to_owned());
    listed(&mut lines, &steps(plan));
    for (title, items) in [("Lost by it:", losses), ("To agree to:", &plan.asks)] {
        if !items.is_empty() {
            lines.push(title.to_owned());
            listed(&mut lines, items);
        }
    }
    if !plan.warnings.is_empty() {
        lines.push("Note:".to_owned());
        listed(&mut lines, &plan.warnings);
    }
    lines.push(String::new());
    lines.push(format!("To agree, type: {to_type}"));
    lines.join("\n")
}

/// The steps of a plan, a line each.
pub(in crate::access) fn steps(plan: &Plan) -> Vec<String> {
    plan.steps()
        .into_iter()
        .map(|step| format!("{}: {}", step.action, step.target))
        .collect()
}

/// Returns the lines that a person at the server is shown: the text that readers will see first, then the steps.
pub(in crate::access) fn shown(plan: &Plan) -> Vec<String> {
    let publication = plan.publication.iter().flat_map(|it| it.lines());
    publication.chain(steps(plan)).collect()
}

fn listed(lines: &mut Vec<String>, items: &[String]) {
    lines.extend(items.iter().take(MOST).map(|item| format!("- {item}")));
    if let Some(more @ 1..) = items.len().checked_sub(MOST) {
        lines.push(format!("- and {more} more"));
    }
}
