//! A call for several people, which goes on in the next one with the same arguments where its time ended.

use std::time::Duration;

use crate::access::change::report::{ChangeReport, Status};
use crate::access::change::several::each_once;
use crate::access::{Access, Ask, Refusal};
use crate::roster::Email;

/// The answer where the time of a call was over.
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
    /// Does `work` for each of several people once, given when it began. A token whose plan is under way goes on with that instead, and
    /// where the time of the call ends before everything is read, the same call goes on.
    ///
    /// # Errors
    /// When nobody or too many are named, and those of `work`.
    pub(in crate::access) async fn for_several<F>(
        &self,
        ask: &Ask,
        token: Option<&str>,
        emails: &[Email],
        work: impl FnOnce(Vec<Email>, Duration) -> F + Send,
    ) -> Result<ChangeReport, Refusal>
    where
        F: Future<Output = Result<ChangeReport, Refusal>> + Send,
    {
        let emails = each_once(emails)?;
        if let Some(report) = self.go_on(ask, token).await? {
            return Ok(report);
        }
        let all = emails.len();
        match work(emails, self.clock().monotonic()).await {
            Err(refusal) if refusal.waits() => {
                let begun = self.plannings.get(&self.key_of_call(ask, token));
                let done = begun.map_or(0, |begun| begun.plans.len());
                Ok(reading(done, all, &refusal))
            }
            ended => ended,
        }
    }
}
