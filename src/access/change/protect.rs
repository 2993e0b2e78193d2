//! The rules about people, over everybody whom a plan touches and every name by which a system knows them.
//!
//! Every plan passes here before it is confirmed and again before its rest goes on, so no use case has to remember it.

use std::time::Duration;

use crate::access::change::plan::Plan;
use crate::access::{Access, Ask, Refusal};
use crate::caller::Scope;
use crate::policy::Why;
use crate::roster::{DirectoryUser, Email, Names};

/// The greatest age of the names of protected people.
const FRESH: Duration = Duration::from_secs(60);

impl Access {
    /// Judges a plan by the operator's rules.
    pub(in crate::access) async fn permit_plan(
        &self,
        ask: &Ask,
        needs: Scope,
        plan: &Plan,
    ) -> Result<(), Refusal> {
        self.permit(ask, needs, &plan.pages, &plan.adds(), &plan.removes())?;
        let losers = plan.losers();
        if losers.is_empty() || self.rules().protected.is_empty() {
            return Ok(());
        }
        match self.protected_as(ask, &losers).await? {
            Some(email) => Err(Why::ProtectedName { email }.into()),
            None => Ok(()),
        }
    }

    /// The protected person who has one of these names, by what the directory knows.
    async fn protected_as(&self, ask: &Ask, losers: &Names) -> Result<Option<Email>, Refusal> {
        let Ok(directory) = self.atlassian_scim() else {
            return Ok(None);
        };
        let everybody = self.directory_everybody(directory, FRESH);
        let unknown = |why: String| Refusal::from(Why::ProtectedUnknown { why });
        let reach = match everybody.drive(self, ask, usize::MAX).await {
            Ok(reach) => reach,
            Err(Refusal::Cancelled) => return Err(Refusal::Cancelled),
            Err(refusal) => return Err(unknown(refusal.without_ending())),
        };
        let protected = &self.rules().protected;
        let look = |people: &[DirectoryUser], _| {
            let mut found = std::collections::BTreeSet::new();
            for user in people {
                let Some(email) = protected.iter().find(|email| user.answers_to(email)) else {
                    continue;
                };
                found.insert(email.clone());
                if Names::of_user(user).meet(losers) {
                    return Err(email.clone());
                }
            }
            Ok(found)
        };
        match everybody.with_rows(0, look).await {
            Err(email) => Ok(Some(email)),
            // A list with gaps is enough when everybody who is protected was in it.
            Ok(found) if reach.complete || reach.ended && found.len() == protected.len() => {
                Ok(None)
            }
            Ok(_) => Err(unknown(reach.why.unwrap_or_default())),
        }
    }
}
