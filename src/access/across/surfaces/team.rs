//! Team members: the list has no filter, so it is read whole and shared with whoever else wants it.

use std::sync::Arc;

use futures::future::BoxFuture;

use super::is_of;
use crate::access::PagePermission;
use crate::access::account::Account;
use crate::access::across::surface::{Depth, Held, Looked, Phase, Removal, Surface};
use crate::access::acts::{delete_member::DeleteMember, put_permissions::PutPermissions};
use crate::access::reads::journey::Failures;
use crate::access::reads::scan::Scan;
use crate::access::statuspage::team::pages_of;
use crate::access::words::who;
use crate::policy::Rules;
use crate::providers::ProviderError;
use crate::providers::statuspage::Statuspage;
use crate::roster::{Change, Email, PageGrant, Permissions, Record, System, UserId};
use crate::upstream::Cx;

/// The team.
pub(super) struct Team {
    pub statuspage: Statuspage,
    pub scan: Arc<Scan<Record>>,
    pub failures: Failures,
    pub depth: Depth,
    /// The operator's rules, as far as they concern pages: the others are judged elsewhere.
    pub rules: Rules,
}

impl Surface for Team {
    fn system(&self) -> System {
        System::Statuspage
    }

    fn what(&self) -> String {
        "the team members".to_owned()
    }

    fn find<'a>(
        &'a self,
        cx: &'a Cx,
        person: &'a [Email],
    ) -> BoxFuture<'a, Result<Looked, ProviderError>> {
        Box::pin(async move {
            let (mut at, mut mine) = (0, Vec::new());
            while let Some(rows) = self.scan.after(at, cx).await {
                let rows = rows?;
                at += rows.len();
                mine.extend(rows.into_iter().filter(|record| is_of(record, person)));
            }
            let mut looked = Looked {
                held: Vec::new(),
                gap: self.scan.reach().await.why,
                unproved: false,
                took: (0, 0),
            };
            let mut left = at;
            for record in mine {
                let found = self.held(cx, record, (at, left)).await?;
                left -= 1;
                // Without the roles, it is not known which steps take them.
                let unread = found.account.unread.first().cloned();
                looked.gap = looked.gap.or(unread);
                looked.held.push(found);
            }
            Ok(looked)
        })
    }
}

impl Team {
    /// `left`: how many are in the team when those before this one are gone.
    async fn held(
        &self,
        cx: &Cx,
        record: Record,
        (team, left): (usize, usize),
    ) -> Result<Held, ProviderError> {
        let mut account = Account::of(record.clone());
        let user = record.user_id().filter(|_| self.depth != Depth::Names);
        let Some(user) = user else {
            return Ok(Held {
                account,
                removal: Vec::new(),
                forbidden: None,
            });
        };
        let mut further = 0;
        let permissions = match self.statuspage.permissions(cx, &user).await {
            Ok(held) => {
                let (shown, more) = PagePermission::shown(&held, &self.rules);
                further = more;
                account.page_roles = Some(shown);
                if further > 0 {
                    account.unread.push(format!("the page roles on {further} further pages, which `policy.pages` does not allow: they are not shown, and they and the team member stay until an operator removes them"));
                }
                Some(held)
            }
            Err(error) if error.is_not_found() => None,
            // A read that failed in passing is tried again; one that fails all the same does not hide the account.
            Err(error) if self.failures.look_again(&error) => return Err(error),
            Err(error) => {
                account.unread.push(format!("page roles: {error}"));
                None
            }
        };
        let forbidden = (left == 1).then(|| {
            format!(
                "{} is the only team member{}: without one nobody can run the status pages. Add another first.",
                who(&record),
                if team == 1 { "" } else { " who would be left" }
            )
        });
        let mut removal = Vec::new();
        removal.extend(self.without_roles(&record, &user, permissions.as_ref()));
        // To remove a team member is to change every page that they reach.
        if further == 0 {
            removal.push(Removal {
                phase: Phase::Team,
                must: true,
                place: self.what(),
                act: Arc::new(DeleteMember {
                    statuspage: self.statuspage.clone(),
                    user,
                    record,
                    permissions,
                    pages: pages_of(team),
                }),
            });
        }
        Ok(Held {
            account,
            removal,
            forbidden,
        })
    }

    /// Page roles go first: where the team member itself cannot be removed by this API, at least they are gone.
    fn without_roles(
        &self,
        record: &Record,
        user: &UserId,
        held: Option<&Permissions>,
    ) -> Option<Removal> {
        let before = held.filter(|held| !held.pages.is_empty())?.clone();
        let every = before.pages.keys().filter(|page| self.rules.shows(page));
        let every = every.map(|page| PageGrant {
            page_id: page.clone(),
            roles: std::collections::BTreeSet::new(),
        });
        let change = Change {
            revoke: every.collect(),
            ..Change::default()
        };
        let merged = before.merge(&change).ok()?;
        if merged.lost.is_empty() {
            return None;
        }
        Some(Removal {
            phase: Phase::Permissions,
            must: false,
            place: self.what(),
            act: Arc::new(PutPermissions {
                statuspage: self.statuspage.clone(),
                user: user.clone(),
                record: record.clone(),
                before,
                merged,
            }),
        })
    }
}
