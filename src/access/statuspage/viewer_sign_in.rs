//! The identity that a page access user signs in with: an address, an external login or both; finds who has it already, and changes it.

use crate::access::acts::set_viewer_sign_in::SetViewerSignIn;
use crate::access::change::plan::Plan;
use crate::access::look::search::{ViewersOf, search};
use crate::access::look::viewer::signs_in_with;
use crate::access::reads::scan::Feed;
use crate::access::words::who;
use crate::access::{Access, Ask, Refusal};
use crate::providers::statuspage::SignIn;
use crate::roster::{Email, PageId, Record, ViewerId};

impl Access {
    /// An account without an address cannot be held against `policy.email_domains`, so it is not made where that is set.
    pub(in crate::access) fn known_to_the_rules(&self, sign_in: &SignIn) -> Result<(), Refusal> {
        match (&sign_in.email, &sign_in.external_login) {
            (None, None) => Err(Refusal::arguments(
                "give `email`, `external_login` or both: one of them is what the person signs in with",
            )),
            (None, Some(login))
                if self.rules().domains.is_some() && Email::inside(login).is_none() =>
            {
                Err(Refusal::Preflight(
                    "`external_login` alone has no address that `policy.email_domains` could be compared with: give `email` too, or let the operator change the rule.".to_owned(),
                ))
            }
            _ => Ok(()),
        }
    }

    /// The accounts of a page that sign in so: by the address where there is one, else by the external login.
    pub(in crate::access) async fn held_by(
        &self,
        ask: &Ask,
        page: &PageId,
        sign_in: &SignIn,
    ) -> Result<Vec<Record>, Refusal> {
        let statuspage = self.statuspage()?;
        let Some(email) = &sign_in.email else {
            let login = sign_in.external_login.as_deref().unwrap_or_default();
            return self.signing_in_with(ask, page, login).await;
        };
        let place = ViewersOf {
            statuspage: statuspage.clone(),
            page: page.clone(),
        };
        let lists = self.lists(std::time::Duration::ZERO)?;
        let person = std::slice::from_ref(email);
        // If somebody has the address in another form, Statuspage itself refuses a second account.
        let mut viewers = search(&place, &lists, &ask.interactive(), person, &[])
            .await?
            .found;
        viewers.retain(|record| record.has_email(email));
        Ok(viewers)
    }

    /// The accounts that the identity provider knows by this text. Statuspage does not search for it, so the whole list is read; what a
    /// call did not get to, the next one reads.
    async fn signing_in_with(
        &self,
        ask: &Ask,
        page: &PageId,
        login: &str,
    ) -> Result<Vec<Record>, Refusal> {
        let statuspage = self.statuspage()?;
        let what = format!("the page access users of page {page}");
        let feed = || -> Box<dyn Feed<Record>> { Box::new(statuspage.viewers(page)) };
        let key = format!("sign-ins/{page}");
        let scan = self
            .reads
            .unfinished_or_new(self.clock(), &key, &what, feed);
        let reach = scan.drive(self, ask, usize::MAX).await?;
        if reach.complete {
            let mine = |rows: &[Record], _| -> Vec<Record> {
                let mine = rows.iter().filter(|row| signs_in_with(row, login));
                mine.cloned().collect()
            };
            let mine = scan.with_rows(0, mine).await;
            scan.supersede();
            return Ok(mine);
        }
        let next = if reach.ended {
            "Look at the rows named, in Statuspage itself, and ask again."
        } else {
            "Ask again: the read goes on where it stopped."
        };
        Err(Refusal::Incomplete {
            what,
            why: reach.why.unwrap_or_default(),
            next: next.to_owned(),
        })
    }

    /// Adds the step that gives an account what it is to sign in with, and refuses what somebody else on the page signs in with.
    pub(in crate::access) async fn plan_sign_in(
        &self,
        ask: &Ask,
        plan: &mut Plan,
        page: &PageId,
        (viewer, record): (&ViewerId, &Record),
        wanted: &SignIn,
    ) -> Result<(), Refusal> {
        let email = wanted.email.clone().filter(|email| {
            let stored = record.email.as_ref().map(Email::as_str);
            stored != Some(email.as_str())
        });
        let login = wanted.external_login.clone();
        let login = login.filter(|login| record.external_id.as_deref() != Some(login));
        let new = SignIn {
            email,
            external_login: login,
        };
        if new == SignIn::default() {
            return Ok(());
        }
        if new.email.is_none() && record.email.is_none() {
            self.known_to_the_rules(&new)?;
        }
        let alone = [
            new.email.clone().map(|email| SignIn {
                email: Some(email),
                external_login: None,
            }),
            new.external_login.clone().map(|login| SignIn {
                email: None,
                external_login: Some(login),
            }),
        ];
        for one in alone.into_iter().flatten() {
            let viewers = self.held_by(ask, page, &one).await?;
            if let Some(other) = viewers.iter().find(|other| other.id != record.id) {
                return Err(Refusal::Preflight(format!(
                    "{} of page {page} signs in with {one} already, and two accounts cannot share it. Remove that account first (`remove_user`), or give this one another.",
                    who(other)
                )));
            }
        }
        plan.state = serde_json::json!([plan.state, record]);
        if new.email.is_some() {
            plan.warnings.push("the person signs in with the new address from then on; whether Statuspage writes to it is not documented".to_owned());
            let stay = self.subscriptions_stay(ask, page, std::slice::from_ref(record));
            plan.warnings.push(stay.await);
        }
        plan.acts.push(Box::new(SetViewerSignIn {
            statuspage: self.statuspage()?.clone(),
            page: page.clone(),
            viewer: viewer.clone(),
            record: record.clone(),
            new,
        }));
        Ok(())
    }
}
