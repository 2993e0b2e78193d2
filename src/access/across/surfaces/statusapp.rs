//! The StatusApp team: members, and invitations that can still be accepted.

use std::sync::Arc;

use futures::future::BoxFuture;

use super::{is_of, whole};
use crate::access::account::Account;
use crate::access::across::surface::{Held, Looked, Phase, Removal, Surface};
use crate::access::acts::remove_team_member::RemoveTeamMember;
use crate::access::reads::scan::Scan;
use crate::access::statusapp::team::{BY_HAND, keeps_an_owner, may};
use crate::providers::ProviderError;
use crate::providers::statusapp::StatusApp;
use crate::roster::{Email, Invitation, Record, Status, System, TeamAction, TeamRole};
use crate::upstream::Cx;

/// The members.
pub(super) struct Members {
    pub statusapp: StatusApp,
    pub scan: Arc<Scan<Record>>,
    /// The person whose key this server has, where that is on record.
    pub key_creator: Option<Email>,
}

impl Surface for Members {
    fn system(&self) -> System {
        System::Statusapp
    }

    fn what(&self) -> String {
        "the StatusApp team".to_owned()
    }

    fn find<'a>(
        &'a self,
        cx: &'a Cx,
        person: &'a [Email],
    ) -> BoxFuture<'a, Result<Looked, ProviderError>> {
        Box::pin(async move {
            let (team, gap) = whole(&self.scan, cx).await?;
            let mine: Vec<&Record> = team.iter().filter(|record| is_of(record, person)).collect();
            // All owners do not go because each of them may: those before are gone.
            let (mut left, mut held) = (team.clone(), Vec::new());
            for record in mine {
                held.push(self.held(&left, record));
                left.retain(|other| other.id != record.id);
            }
            Ok(Looked {
                held,
                gap,
                unproved: false,
                took: (0, 0),
            })
        })
    }
}

impl Members {
    fn held(&self, team: &[Record], record: &Record) -> Held {
        let touched: Vec<TeamRole> = record.team_role().into_iter().collect();
        let allowed = keeps_an_owner(team, record).and_then(|()| {
            may(
                self.key_creator.as_ref(),
                team,
                TeamAction::Remove,
                &touched,
            )
        });
        let act = RemoveTeamMember::new(self.statusapp.clone(), record.clone());
        let removal = act.ok().map(|act| Removal {
            phase: Phase::Statusapp,
            must: true,
            place: self.what(),
            act: Arc::new(act),
        });
        Held {
            account: Account::of(record.clone()),
            removal: removal.into_iter().collect(),
            forbidden: allowed.err().map(|refusal| refusal.without_ending() + "."),
        }
    }
}

/// The invitations.
pub(super) struct Invitations {
    pub scan: Arc<Scan<Invitation>>,
}

impl Surface for Invitations {
    fn system(&self) -> System {
        System::Statusapp
    }

    fn what(&self) -> String {
        "the invitations to the StatusApp team".to_owned()
    }

    fn find<'a>(
        &'a self,
        cx: &'a Cx,
        person: &'a [Email],
    ) -> BoxFuture<'a, Result<Looked, ProviderError>> {
        Box::pin(async move {
            let (all, gap) = whole(&self.scan, cx).await?;
            let open = all.into_iter().filter(|invitation| {
                invitation.record.status == Some(Status::Invited)
                    && is_of(&invitation.record, person)
            });
            let accounts = open.map(|invitation| {
                let mut account = Account::of(invitation.record);
                account.note = Some(BY_HAND.to_owned());
                Held {
                    account,
                    removal: Vec::new(),
                    forbidden: None,
                }
            });
            Ok(Looked {
                held: accounts.collect(),
                gap,
                unproved: false,
                took: (0, 0),
            })
        })
    }
}
