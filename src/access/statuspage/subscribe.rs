//! Subscribes an address to a page. Statuspage writes to it, so an outsider's is confirmed first.

use crate::access::acts::{
    self, create_subscriber::CreateSubscriber, resend_confirmation::ResendConfirmation,
    widen_subscription::WidenSubscription,
};
use crate::access::change::plan::Plan;
use crate::access::look::search::{SubscribersOf, ViewersOf};
use crate::access::look::subscription::{covers_all, stable_subscriber, unconfirmed};
use crate::access::{Access, Ask, ChangeReport, Refusal};
use crate::caller::Scope;
use crate::providers::statuspage::{NewSubscriber, Notify};
use crate::roster::{ComponentId, Email, Mode, PageId, Record, Status, Subscriber, ViewerId};
use crate::upstream::{self, Cx};

/// Somebody to be told about incidents of a page by e-mail.
#[derive(Debug, Clone)]
pub struct NewSubscription {
    /// Of which page.
    pub page_id: PageId,
    /// The address.
    pub email: Email,
    /// About which components; none means all of them.
    pub component_ids: Vec<ComponentId>,
    /// Whether the address is subscribed without being asked to confirm.
    pub skip_confirmation: bool,
    /// Whether one that is there and unconfirmed is sent the request to confirm again.
    pub resend: bool,
}

impl Access {
    /// Subscribes an address; one that is subscribed keeps its subscription, and gets the components that it lacks.
    ///
    /// # Errors
    /// A [`Refusal`] when nothing was sent.
    pub async fn add_subscriber(
        &self,
        ask: &Ask,
        new: NewSubscription,
        token: Option<&str>,
    ) -> Result<ChangeReport, Refusal> {
        let (page, email) = (&new.page_id, &new.email);
        if new.resend && new.skip_confirmation {
            return Err(Refusal::arguments(
                "`resend` asks for the confirmation message and `skip_confirmation` for none: give one of them",
            ));
        }
        self.permit(ask, Scope::Write, std::slice::from_ref(page), &[], &[])?;
        let items = if new.component_ids.is_empty() {
            crate::access::statuspage::items::Items::default()
        } else {
            self.known_items(ask, page, new.component_ids.iter(), [].iter())
                .await?
        };
        let statuspage = self.statuspage()?.clone();
        let cx = ask.interactive();
        let place = SubscribersOf::every(&statuspage, page);
        let searched = self.seen_at(ask, &place, email).await?;
        let mut held = searched.found;
        held.retain(|row| row.mode == Mode::Email);
        let viewer = self.viewer_behind(ask, page, email).await?;

        let mut plan = Plan::to(
            format!("{email} will be told about incidents of page {page} by mail."),
            format!("{email} was subscribed to page {page} by mail."),
        );
        plan.pages.push(page.clone());
        plan.state = held.iter().map(stable_subscriber).collect();
        let words = match new.component_ids.as_slice() {
            [] => "all components".to_owned(),
            some => some
                .iter()
                .map(|id| items.component(id))
                .collect::<Vec<_>>()
                .join(", "),
        };
        match held.as_slice() {
            [] => {
                plan.warnings.extend(searched.gap.map(|why| {
                    format!(
                        "whether this address is subscribed in another spelling is not known: {why}"
                    )
                }));
                plan.warnings.push(if new.skip_confirmation {
                    "the address is subscribed without being asked, where the page's plan allows that; from then on it gets mail about incidents"
                } else {
                    "Statuspage sends a mail to this address and asks it to confirm"
                }.to_owned());
                plan.acts.push(Box::new(CreateSubscriber {
                    statuspage,
                    page: page.clone(),
                    words,
                    new: NewSubscriber {
                        email: email.clone(),
                        component_ids: new.component_ids,
                        viewer_id: viewer,
                        confirmation: if new.skip_confirmation {
                            Notify::No
                        } else {
                            Notify::Yes
                        },
                    },
                }));
            }
            [one] => {
                plan.warnings.extend(state_words(one));
                let lacking = if new.component_ids.is_empty() {
                    let all = covers_all(&statuspage, &cx, page, one).await?;
                    (!all).then(Vec::new)
                } else {
                    lacking(one, &new.component_ids)
                };
                match (lacking, one.record.subscriber_id()) {
                    (Some(wanted), Some(id)) => {
                        let shown = acts::subscription(one);
                        plan.say(
                            format!("The {shown} will be widened to {words}."),
                            format!("The {shown} was widened to {words}."),
                        );
                        plan.acts.push(Box::new(WidenSubscription {
                            statuspage,
                            page: page.clone(),
                            id,
                            subscriber: one.clone(),
                            wanted,
                            words,
                        }));
                    }
                    _ => {
                        plan.say_so(format!("The {} is there already.", acts::subscription(one)));
                    }
                }
                if new.resend {
                    self.ask_again(&cx, page, email, one, &mut plan).await?;
                }
            }
            several => {
                let names: Vec<String> = several.iter().map(acts::subscription).collect();
                return Err(Refusal::Ambiguous(format!(
                    "page {page} has several subscriptions by mail with this address: {}. `remove_user` ends one by `user_id`",
                    names.join("; ")
                )));
            }
        }
        self.carry_out(ask, token, plan).await
    }

    /// Adds the step that sends the confirmation message again, or says why nothing is sent.
    async fn ask_again(
        &self,
        cx: &Cx,
        page: &PageId,
        email: &Email,
        held: &Subscriber,
        plan: &mut Plan,
    ) -> Result<(), Refusal> {
        if held.record.status == Some(Status::Quarantined) {
            plan.besides(
                " No confirmation message is sent: it is quarantined.",
                " No confirmation message was sent: it is quarantined.",
            );
            return Ok(());
        }
        let statuspage = self.statuspage()?.clone();
        let waiting = match held.record.subscriber_id() {
            Some(id) => unconfirmed(&statuspage, cx, page, email, &id)
                .await?
                .map(|row| (id, row)),
            None => None,
        };
        let Some((id, subscriber)) = waiting else {
            plan.besides(
                " No confirmation message is sent: Statuspage does not list it as unconfirmed.",
                " No confirmation message was sent: Statuspage does not list it as unconfirmed.",
            );
            return Ok(());
        };
        plan.besides(
            " Statuspage will send its confirmation message again.",
            " Statuspage was asked to send its confirmation message again.",
        );
        plan.warnings.push(
            "Statuspage sends a mail to this address and asks it to confirm; each call with `resend` sends one more"
                .to_owned(),
        );
        plan.acts.push(Box::new(ResendConfirmation {
            statuspage,
            page: page.clone(),
            id,
            email: email.clone(),
            subscriber,
        }));
        Ok(())
    }

    /// The page access user that a subscription of this address belongs to. A page of another type has none, and may refuse
    /// to be asked.
    async fn viewer_behind(
        &self,
        ask: &Ask,
        page: &PageId,
        email: &Email,
    ) -> Result<Option<ViewerId>, Refusal> {
        let place = ViewersOf {
            statuspage: self.statuspage()?.clone(),
            page: page.clone(),
        };
        match self.seen_at(ask, &place, email).await {
            Ok(searched) => Ok(searched.found.first().and_then(Record::viewer_id)),
            Err(Refusal::Upstream(error))
                if matches!(error.upstream(), Some(upstream::Error::Forbidden { .. })) =>
            {
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }
}

/// What the subscription must hold, where it lacks a component that is wanted. None held means all components.
fn lacking(held: &Subscriber, wanted: &[ComponentId]) -> Option<Vec<ComponentId>> {
    // Of a subscription that does not say what it covers nothing can be concluded, and nothing is changed.
    let held = held.component_ids.as_ref().filter(|ids| !ids.is_empty())?;
    let missing: Vec<_> = wanted
        .iter()
        .filter(|id| !held.contains(id))
        .cloned()
        .collect();
    (!missing.is_empty()).then(|| [held.clone(), missing].concat())
}

fn state_words(held: &Subscriber) -> Option<String> {
    (held.record.status == Some(Status::Quarantined)).then(|| {
        "this subscription is quarantined: messages did not arrive, so none are sent; it can be reactivated in Statuspage (Subscribers)".to_owned()
    })
}
