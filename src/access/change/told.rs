//! Reports the state of a plan under way, in the words of a result.

use crate::access::Access;
use crate::access::change::job::Job;
use crate::access::change::plan::Unread;
use crate::access::change::report::{ChangeReport, Progress, Status, in_part};
use crate::access::change::several::{LEFT_OUT, leaves_somebody};
use crate::confirmation::Require;

impl Access {
    /// Reports the state of the plan.
    pub(in crate::access) fn told(&self, job: &Job) -> ChangeReport {
        let (status, left_out) = match job.status() {
            Status::Applied | Status::Accepted | Status::Already
                if leaves_somebody(&job.people) =>
            {
                (Status::Partial, true)
            }
            status => (status, false),
        };
        let mut steps = job.reports();
        for step in &mut steps {
            job.plan.name_pages_of(step);
        }
        let unseen = job
            .lines
            .iter()
            .any(|line| !line.step.leaves_trace && line.report.status == Some(status));
        let mut report = ChangeReport::new(status, summary(job, status, unseen));
        // A person is asked anew for what is left; no model is handed a token then.
        let token = job
            .confirmed
            .as_ref()
            .filter(|_| self.gate().require() != Require::Human)
            .map(|confirmed| confirmed.token.clone());
        report.next = next(job, status, unseen, token.is_some());
        if left_out {
            report.summary.clone_from(&job.ended);
            report.next = Some(LEFT_OUT.to_owned());
        }
        if steps.len() > 1 {
            report.progress = Some(Progress {
                done: job.done(),
                total: steps.len(),
            });
        }
        report.show(steps, job.losses.clone());
        if job.confirmed.is_some() {
            // Whoever confirmed the plan was shown its losses.
            report.losses = None;
            report.not_shown = report.not_shown.filter(|it| it.steps > 0);
        }
        report.people = job.people_now();
        report.plan_id = Some(job.plan_id.clone());
        if matches!(status, Status::Partial | Status::Unknown | Status::Failed)
            && !unseen
            && !left_out
            && !job.in_part()
        {
            report.confirmation_token = token;
        }
        report.warnings.clone_from(&job.plan.warnings);
        if !job.besides.is_empty() {
            report.warnings.push(format!(
                "this was not in the plan that was confirmed, and was left alone: {}. It needs a plan of its own: call again without a token",
                job.besides.join("; ")
            ));
        }
        // The place that a step waits for is not known now, whatever was known of it before.
        report.unread.clone_from(if job.has_gaps() {
            &job.plan.unread
        } else {
            &job.unread
        });
        report
    }
}

fn summary(job: &Job, status: Status, unseen: bool) -> String {
    let (aim, ended, done, total) = (&job.summary, &job.ended, job.done(), job.lines.len());
    match status {
        Status::Applied if unseen => {
            format!("{ended} Accepted; reading back cannot show a message.")
        }
        Status::Applied => format!("{ended} Verified by reading back."),
        Status::Accepted => format!(
            "{ended} Accepted; the system acts on it later, and nothing can show that it did."
        ),
        Status::Already => {
            format!("Nothing was left to do: somebody else, or an earlier call, did it. {ended}")
        }
        Status::NoEffect if done > 0 => format!(
            "{done} of {total} steps were made; of the others, which `steps` names, the system accepted the request and changed nothing. The aim was: {aim}"
        ),
        Status::NoEffect => format!(
            "No effect: the system accepted the request and nothing changed. The aim was: {aim}"
        ),
        Status::Unknown => format!("Not known whether it was made. The aim was: {aim}"),
        Status::Partial if job.in_part() => in_part(&job.reports(), aim),
        Status::Partial if job.has_gaps() => format!(
            "{done} of {total} steps were made so far; the others could not be looked at. The aim is: {aim}"
        ),
        Status::Partial => format!(
            "{done} of {total} steps were made so far; the rest waits for your next call. The aim is: {aim}"
        ),
        Status::Residual => format!(
            "{done} of {total} steps were made, and the others the system does not let this server make: a person makes them. The aim was: {aim}"
        ),
        Status::Incomplete if job.unread.is_empty() => format!(
            "{done} of {total} steps were made, and more was found that is not in this plan. The aim was: {aim}"
        ),
        Status::Incomplete => format!(
            "{done} of {total} steps were made, but not everything is known: {} could not be read in full. The aim was: {aim}",
            Unread::words(&job.unread)
        ),
        _ => format!("{done} of {total} steps were made. The aim was: {aim}"),
    }
}

fn next(job: &Job, status: Status, unseen: bool, token: bool) -> Option<String> {
    let again = if token {
        "Call again with the same arguments and this `confirmation_token`: it looks first, goes on with what is left of this plan and nothing else, and does nothing twice."
    } else {
        "Call again with the same arguments: it looks first, and what is done is not done twice."
    };
    let words = match status {
        Status::Applied | Status::Accepted | Status::Already => return None,
        Status::Unknown if unseen => "Ask the person whether a message came before you ask for it again: each request can send one more.".to_owned(),
        Status::NoEffect => "Tell the person; asking again will not help.".to_owned(),
        Status::Residual => "Tell the person what is `residual`, and where `detail` says that it is done; asking again will not help.".to_owned(),
        Status::Partial if job.in_part() => "Read `detail` and `after` of the step. Asking for the same again plans what is missing alone.".to_owned(),
        Status::Incomplete if job.unread.is_empty() => "Call again with the same arguments and without a token, for a plan of what was found besides.".to_owned(),
        Status::Incomplete => "Call again later with the same arguments and without a token: it looks at the places in `unknown` again, and plans what it finds there. Until then do not say that all is done.".to_owned(),
        Status::Failed => format!("Read `detail` of the step that failed. {again}"),
        _ => again.to_owned(),
    };
    Some(words)
}
