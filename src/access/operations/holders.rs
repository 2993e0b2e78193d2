//! Viewers who lose a component or a metric that is deleted, and those who see nothing of the page then. Groups say what they give and
//! to whom; what was given directly no list says, so each viewer is asked: one request for each, over as many calls as that takes.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::access::change::effect::Loss;
use crate::access::operations::step::of_readers;
use crate::access::statuspage::items::named;
use crate::access::statuspage::members::Members;
use crate::access::statuspage::reach::{Groups, groups_of};
use crate::access::statuspage::sees::{Granted, Visible};
use crate::access::words::count;
use crate::access::{Access, Ask, ChangeReport, Refusal};
use crate::roster::{Audience, Page, Record, ViewerId};

/// Viewers that are asked about at most: of more the words say that they were not.
const MOST: usize = 500;

/// A viewer who loses something that is deleted.
struct Loser {
    record: Record,
    /// It was given to the viewer, and not to a group alone.
    directly: bool,
    /// It is all that the viewer sees.
    nothing_else: bool,
}

impl Loser {
    /// The viewer as one who loses it, if it is one.
    fn of(granted: &Granted, visible: &Visible, groups: &Groups) -> Option<Self> {
        let directly = granted.directly(visible);
        (directly || granted.by_group(visible, groups)).then(|| Self {
            record: granted.record.clone(),
            directly,
            nothing_else: granted.sees_only(visible, groups),
        })
    }
}

impl Access {
    /// Says what viewers lose with it, or gives a report where reading goes on in the next call.
    pub(in crate::access) async fn losers(
        &self,
        ask: &Ask,
        page: &Page,
        visible: &Visible,
        shown: &str,
    ) -> Result<Result<Vec<Loss>, Box<ChangeReport>>, Refusal> {
        let evidence = self.audience(ask, page).await?;
        match evidence.audience {
            Audience::Yes => {}
            Audience::NoEvidence => return Ok(Ok(Vec::new())),
            Audience::Unknown => {
                return Ok(Ok(vec![of_readers(format!(
                    "who loses sight of it was not looked for, because whether the page is audience-specific is not known ({})",
                    evidence.reasons.join("; ")
                ))]));
            }
        }
        let groups = Arc::new(self.groups(ask, &page.id).await?);
        let (word, _) = visible.word();
        let what = format!("who sees {word} {shown}");
        let scan = self.losers_scan(&page.id, visible, &groups, MOST, &what)?;
        let reach = scan.drive(self, ask, usize::MAX).await?;
        if !reach.ended {
            return Ok(Err(Box::new(ChangeReport::reading(&what, &reach))));
        }
        let losing = |rows: &[Granted], _| -> Vec<Loser> {
            let each = rows.iter();
            each.filter_map(|it| Loser::of(it, visible, &groups))
                .collect()
        };
        let found = scan.with_rows(0, losing).await;
        let mut losses = self
            .groups_losing(ask, page, visible, &groups, &found)
            .await?;
        let those = |test: fn(&&Loser) -> bool| -> BTreeMap<ViewerId, Record> {
            let these = found.iter().filter(test).map(|it| &it.record);
            these
                .filter_map(|it| Some((it.viewer_id()?, it.clone())))
                .collect()
        };
        for (these, words) in [
            (
                those(|it| it.directly),
                "given directly, no longer seeing it",
            ),
            (
                those(|it| it.nothing_else),
                "is all that these see of the page, so that they see nothing at all of this page then",
            ),
        ] {
            if these.is_empty() {
                continue;
            }
            let ids: Vec<ViewerId> = these.keys().cloned().collect();
            let members = Members::from(these);
            losses.push(Loss {
                who: members.known_by(&ids),
                words: format!("{word} {shown} {words}: {}", members.names(&ids)),
            });
        }
        if !reach.complete {
            losses.push(of_readers(format!(
                "the other page access users were not asked whether {word} {shown} was given to them directly, and whether they see nothing without it ({}). `list_page_access_users` with `user_id` and `detail` shows what one sees",
                reach.why.unwrap_or_default()
            )));
        }
        Ok(Ok(losses))
    }

    /// Says what the members of each group lose.
    async fn groups_losing(
        &self,
        ask: &Ask,
        page: &Page,
        visible: &Visible,
        groups: &Groups,
        found: &[Loser],
    ) -> Result<Vec<Loss>, Refusal> {
        let mut losses = Vec::new();
        for group in groups.values() {
            let shown = named(group.name.as_deref(), group.id.as_str());
            let (word, _) = visible.word();
            match visible.by(group) {
                None => losses.push(of_readers(format!(
                    "group {shown}: Statuspage did not say whether it gives the {word}"
                ))),
                Some(false) => {}
                Some(true) => {
                    let mut members: BTreeMap<ViewerId, Record> = BTreeMap::new();
                    for one in found {
                        let id = one.record.viewer_id();
                        let inside = |id: &ViewerId| {
                            groups_of(&one.record, id, groups)
                                .is_some_and(|held| held.contains(&group.id))
                        };
                        if let Some(id) = id.filter(inside) {
                            members.insert(id, one.record.clone());
                        }
                    }
                    let listed = group.member_ids.iter().flatten();
                    let others: BTreeSet<ViewerId> = listed
                        .filter(|id| !members.contains_key(id))
                        .cloned()
                        .collect();
                    let ids: BTreeSet<ViewerId> = members.keys().chain(&others).cloned().collect();
                    let mut people = Members::from(members);
                    people.extend(self.members(ask, &page.id, others).await?);
                    let size = count(ids.len(), "member", "members");
                    let names = people.names(&ids);
                    let after = if visible.gives_more(group) {
                        ""
                    } else {
                        ", and nothing else"
                    };
                    let colon = if ids.is_empty() { "" } else { ": " };
                    losses.push(Loss {
                        who: people.known_by(&ids),
                        words: format!(
                            "group {shown} with {size} no longer gives it{after}{colon}{names}"
                        ),
                    });
                }
            }
        }
        Ok(losses)
    }
}
