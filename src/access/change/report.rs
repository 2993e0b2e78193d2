//! The answer of a call that changes something.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::access::change::plan::Unread;
use crate::access::change::publication::Publication;
use crate::access::reads::scan::Reach;
use crate::audit;
use crate::policy::Rules;
use crate::roster::PageId;

/// The outcome of a change, or of one step of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum Status {
    /// Made, and seen afterwards by reading it back; of a message that was sent, accepted by the system, as `detail` says.
    Applied,
    /// Accepted by the system, which acts on it later; nothing can show that it did.
    Accepted,
    /// It was so before; nothing was sent.
    Already,
    /// The system accepted the request and nothing changed.
    NoEffect,
    /// Not made; `detail` says why.
    Failed,
    /// Sent, but neither an answer nor a read afterwards shows whether it was made.
    Unknown,
    /// Not begun, because an earlier step did not succeed.
    NotAttempted,
    /// Nothing was changed yet: what a plan rests on is not read to its end. See `next`.
    Reading,
    /// A part took effect: `detail` says which, or the rest waits for the next call. See `next`.
    Partial,
    /// The system refuses this step whoever asks again: a person does it where `detail` says. As a whole: everything else is done.
    Residual,
    /// All steps are done, but a place that matters could not be read, or more was found than was confirmed: not all is known to be done.
    Incomplete,
    /// Nothing was changed yet: show `steps` and `losses` to the person, then call again with `confirmation_token`.
    ConfirmationRequired,
}

impl Status {
    /// Converts the status for the audit file, which knows only of steps that were begun.
    pub(in crate::access) fn on_record(self) -> audit::Status {
        match self {
            // An accepted step is recorded as applied: the request was sent and the system took it.
            Self::Applied | Self::Accepted => audit::Status::Applied,
            Self::Already => audit::Status::Already,
            Self::NoEffect => audit::Status::NoEffect,
            Self::Failed | Self::Residual => audit::Status::Failed,
            Self::Unknown
            | Self::NotAttempted
            | Self::Reading
            | Self::Partial
            | Self::Incomplete
            | Self::ConfirmationRequired => audit::Status::Unknown,
        }
    }
}

/// The outcome for one person in a change for several people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(inline)]
pub struct PersonOutcome {
    /// The address that was given, or the addresses of one person.
    pub person: String,
    /// The outcome: `failed` in a plan means that nothing is planned for them, for the reason in `summary`.
    pub status: Status,
    /// In a sentence.
    pub summary: String,
    /// The steps that were to be made and are not.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub left: Vec<String>,
}

/// One step of a change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(inline)]
pub struct StepReport {
    /// The person whose step it is, in a change for several people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<String>,
    /// The action, in words.
    pub action: String,
    /// The person or thing: name or address, and id.
    pub target: String,
    /// The outcome; absent in a plan.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<Status>,
    /// The observed result, or the reason of a failure.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// In a plan: how it is, of what changes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<serde_json::Value>,
    /// In a plan how it will be; else how it is now, as read back: roles by page, access, record. Absent where nothing is left.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<serde_json::Value>,
}

/// The cost of a change in the upstream's request budget.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(inline)]
pub struct Cost {
    /// Requests, at the least.
    pub requests: u32,
    /// Seconds that they take at the allowed rate, at the least.
    pub seconds: u64,
}

/// The progress of a change of several steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(inline)]
pub struct Progress {
    /// Steps made, or found to be so already.
    pub done: usize,
    /// Steps of the plan.
    pub total: usize,
}

/// Counts of what an answer leaves out, so that it stays readable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(inline)]
pub struct NotShown {
    /// Steps.
    pub steps: usize,
    /// Losses.
    pub losses: usize,
}

/// Steps that an answer shows; of a longer plan it shows those that went wrong and the first of the others.
const STEPS: usize = 100;
/// Losses that an answer shows. A hundred of each are some 30 KB, which every client takes (the least of them cuts at 100 KB).
const LOSSES: usize = 100;

/// The answer of every tool that changes something.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ChangeReport {
    /// The outcome as a whole.
    pub status: Status,
    /// One sentence for a person.
    pub summary: String,
    /// The next step to take.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
    /// `state_changed`: a step is new or another one than the token was for. `could_not_read`: nothing of the plan could be looked at,
    /// and the token stays good.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refused: Option<String>,
    /// Warnings that a person should read besides.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<String>,
    /// The progress of a change of several steps.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub progress: Option<Progress>,
    /// The text that readers of the page will see, word for word, and the people who are told. Only in a plan.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub publication: Option<Publication>,
    /// The cost of carrying it out. Only in a plan.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cost: Option<Cost>,
    /// Names the plan in the audit file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub plan_id: Option<String>,
    /// Proves that this plan was shown. Send it with the same arguments to carry out exactly this plan, and again where `next` says so,
    /// to finish it: no step is made twice.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-sent-back" = true))]
    pub confirmation_token: Option<String>,
    /// When the token ends.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<String>,
    /// With `refused`: how this plan differs from the one that the token was for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub difference: Vec<String>,
    /// Steps and losses of a long plan that are not shown here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub not_shown: Option<NotShown>,
    /// The access that people lose by it; empty where nothing is taken away. Absent after a confirmation: the plan said it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub losses: Option<Vec<String>>,
    /// A change for several people: how it stands with each.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub people: Vec<PersonOutcome>,
    /// The steps that are planned or were made, in order.
    pub steps: Vec<StepReport>,
    /// Places that matter and that no call could read, for those who answer in their own words.
    #[serde(skip)]
    pub(in crate::access) unread: Vec<Unread>,
}

/// Returns a sentence on the steps that were made in part.
pub(in crate::access) fn in_part(steps: &[StepReport], aim: &str) -> String {
    let parts = steps
        .iter()
        .filter(|step| step.status == Some(Status::Partial));
    let parts: Vec<String> = parts.filter_map(|step| step.detail.clone()).collect();
    format!("Made in part: {}. The aim was: {aim}", parts.join("; "))
}

/// Characters of what is now that an answer shows of one step: all of it is in the audit file.
const AFTER: usize = 4_000;

/// Returns the state that was read back, as an answer shows it.
pub(in crate::access) fn shown(
    mut after: serde_json::Value,
    rules: &Rules,
) -> Option<serde_json::Value> {
    if let Some(pages) = after.get_mut("pages").and_then(|it| it.as_object_mut()) {
        pages.retain(|page, _| PageId::parse(page).is_ok_and(|page| rules.shows(&page)));
    }
    if after.is_null() {
        return None;
    }
    count_ids(&mut after);
    let length = after.to_string().len();
    Some(if length <= AFTER {
        after
    } else {
        serde_json::Value::String(format!(
            "too long to show ({length} characters): list it, or see the audit file"
        ))
    })
}

/// Ids of one kind that an answer shows of one step; of more, how many there are: a group that was renamed has hundreds of members.
const IDS: usize = 20;

fn count_ids(after: &mut serde_json::Value) {
    for value in after
        .as_object_mut()
        .into_iter()
        .flat_map(|it| it.values_mut())
    {
        let long = value.as_array().map(Vec::len).filter(|ids| *ids > IDS);
        if let Some(ids) = long {
            *value = serde_json::Value::String(format!("{ids} ids"));
        }
    }
}

impl ChangeReport {
    /// A plan to remove one account each of several people, for whom it is not looked what else they have: of one person it is.
    #[must_use]
    pub fn without_others(mut self) -> Self {
        if self.status == Status::ConfirmationRequired {
            self.warnings.push("other accounts of these people were not looked for, and stay: `offboard_person` with `people` finds and plans all of them".to_owned());
        }
        self
    }

    pub(in crate::access) fn new(status: Status, summary: impl Into<String>) -> Self {
        Self {
            status,
            summary: summary.into(),
            steps: Vec::new(),
            losses: Some(Vec::new()),
            people: Vec::new(),
            not_shown: None,
            progress: None,
            publication: None,
            cost: None,
            plan_id: None,
            confirmation_token: None,
            expires_at: None,
            refused: None,
            difference: Vec::new(),
            warnings: Vec::new(),
            next: None,
            unread: Vec::new(),
        }
    }
    /// A read that goes on with the next call.
    pub(in crate::access) fn reading(what: &str, reach: &Reach) -> Self {
        let (rows, why) = (reach.rows, reach.why.as_deref().unwrap_or_default());
        let mut report = Self::new(
            Status::Reading,
            format!("Reading {what}: {rows} are read so far ({why}). Nothing was changed."),
        );
        report.next = Some(format!(
            "Call again{} with the same arguments (and the same `confirmation_token`, if there was one): the reading goes on where it stopped.",
            reach.when()
        ));
        report
    }

    /// Puts steps and losses in, of a long plan as many as a person reads.
    pub(in crate::access) fn show(&mut self, mut steps: Vec<StepReport>, mut losses: Vec<String>) {
        let wrong = |step: &StepReport| {
            let fine = matches!(
                step.status,
                None | Some(
                    Status::Applied | Status::Accepted | Status::Already | Status::NotAttempted
                )
            );
            usize::from(fine)
        };
        let left_out = NotShown {
            steps: steps.len().saturating_sub(STEPS),
            losses: losses.len().saturating_sub(LOSSES),
        };
        if left_out.steps > 0 {
            steps.sort_by_key(wrong);
            steps.truncate(STEPS);
        }
        losses.truncate(LOSSES);
        self.not_shown = (left_out.steps + left_out.losses > 0).then_some(left_out);
        self.steps = steps;
        self.losses = Some(losses);
    }
}
