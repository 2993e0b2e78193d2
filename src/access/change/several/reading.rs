//! The answer where the time of a call was over before everything was read for several people.

use crate::access::change::report::{ChangeReport, Status};
use crate::access::{Access, Ask, Refusal};

/// The time of a call was over.
pub(super) fn reading(done: usize, all: usize, why: &Refusal) -> ChangeReport {
    let mut report = ChangeReport::new(
        Status::Reading,
        format!(
            "Planning: {done} of {all} people are looked at so far ({}). Nothing was changed.",
            why.without_ending()
        ),
    );
    report.next = Some("Call again, when that time is over, with the same arguments (and the same `confirmation_token`, if there was one): it goes on where it stopped.".to_owned());
    report
}

impl Access {
    /// The answer of a call for several people whose time was over before everything was read, instead of a refusal: the same call
    /// goes on.
    pub(in crate::access) fn goes_on(
        &self,
        ask: &Ask,
        token: Option<&str>,
        all: usize,
        ended: Result<ChangeReport, Refusal>,
    ) -> Result<ChangeReport, Refusal> {
        match ended {
            Err(refusal) if refusal.waits() => {
                let begun = self.plannings.get(&self.key_of_call(ask, token));
                let done = begun.map_or(0, |begun| begun.plans.len());
                Ok(reading(done, all, &refusal))
            }
            ended => ended,
        }
    }
}
