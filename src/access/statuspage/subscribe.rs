//! Subscribes an address, a telephone number, a webhook or a page access user to a page. Statuspage writes to them, so an outsider's
//! address, every number and every webhook are confirmed first.

use std::collections::BTreeSet;

use crate::access::acts::{
    self, create_subscriber::CreateSubscriber, resend_confirmation::ResendConfirmation,
    widen_subscription::WidenSubscription,
};
use crate::access::change::plan::Plan;
use crate::access::look::search::{SubscribersOf, ViewersOf};
use crate::access::look::subscription::{covers_all, of_contact, unconfirmed};
use crate::access::words::who;
use crate::access::{Access, Ask, ChangeReport, Refusal, Who};
use crate::caller::Scope;
use crate::providers::statuspage::{Contact, NewSubscriber, Notify};
use crate::roster::{
    ComponentId, Email, Mode, PageId, Record, RecordId, Status, Subscriber, ViewerId,
};
use crate::upstream::{self, Cx};

/// Somebody, or something, to be told about incidents of a page.
#[derive(Debug, Clone)]
pub struct NewSubscription {
    /// The page.
    pub page_id: PageId,
    /// The destination of messages; absent for the address of the page access user.
    pub contact: Option<Contact>,
    /// The page access user that the subscription belongs to.
    pub viewer_id: Option<ViewerId>,
    /// About which components; none means all of them.
    pub component_ids: Vec<ComponentId>,
    /// True when the address is subscribed without being asked to confirm.
    pub skip_confirmation: bool,
    /// True when an unconfirmed subscription is sent the request to confirm again.
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
        let page = &new.page_id;
        let by_mail = matches!(new.contact, None | Some(Contact::Email(_)));
        if new.resend && !by_mail {
            return Err(Refusal::arguments(
                "`resend` is for subscriptions by mail: Statuspage sends no other one the request to confirm again",
            ));
        }
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
        let (contact, viewer) = self
            .contact_meant(ask, page, new.contact, new.viewer_id)
            .await?;
        let (how, mut held, gap) = match &contact {
            Contact::Email(email) => {
                let place = SubscribersOf::every(&statuspage, page);
                let searched = self.seen_at(ask, &place, email).await?;
                ("by mail", searched.found, searched.gap)
            }
            Contact::Sms { .. } | Contact::Webhook { .. } => {
                let rows = of_contact(&statuspage, &cx, page, &contact).await?;
                let texts = matches!(contact, Contact::Sms { .. });
                let how = if texts {
                    "by text message"
                } else {
                    "by calls of it"
                };
                (how, rows, None)
            }
        };
        let known: BTreeSet<RecordId> = held.iter().map(|row| row.record.id.clone()).collect();
        held.retain(|row| {
            row.mode == contact.mode() && (row.mode == Mode::Email || contact.is_of(row))
        });

        let mut plan = Plan::to(
            format!("{contact} will be told about incidents of page {page} {how}."),
            format!("{contact} was subscribed to page {page} {how}."),
        );
        plan.pages.push(page.clone());
        plan.state = held.iter().map(|row| serde_json::json!(row)).collect();
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
                plan.warnings.extend(gap.map(|why| {
                    format!(
                        "whether this address is subscribed in another form is not known: {why}"
                    )
                }));
                plan.warnings
                    .push(sent_at_once(&contact, new.skip_confirmation));
                if let (Contact::Email(_), false) = (&contact, new.skip_confirmation) {
                    plan.besides(
                        " It waits for their confirmation then: until it comes they are told nothing.",
                        " It waits for their confirmation: until then they are told nothing.",
                    );
                }
                if let Some((ask, to_type)) = agreed_first(&contact) {
                    plan.asks.push(ask);
                    plan.to_type = Some(to_type);
                }
                plan.acts.push(Box::new(CreateSubscriber {
                    statuspage,
                    page: page.clone(),
                    words,
                    known,
                    new: NewSubscriber {
                        contact,
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
                if let (true, Some(email)) = (new.resend, contact.email()) {
                    self.ask_again(&cx, page, email, one, &mut plan).await?;
                }
            }
            several => {
                let names: Vec<String> = several.iter().map(acts::subscription).collect();
                return Err(Refusal::Ambiguous(format!(
                    "page {page} has several such subscriptions: {}. `remove_user` ends one by `user_id`",
                    names.join("; ")
                )));
            }
        }
        self.carry_out(ask, token, plan).await
    }

    /// Determines the destination of messages, and the page access user that the subscription belongs to.
    async fn contact_meant(
        &self,
        ask: &Ask,
        page: &PageId,
        contact: Option<Contact>,
        viewer: Option<ViewerId>,
    ) -> Result<(Contact, Option<ViewerId>), Refusal> {
        let Some(id) = viewer else {
            let contact = contact.ok_or_else(|| {
                Refusal::arguments(
                    "say where messages go: give `email`, `phone_number` with `phone_country`, `webhook_url` with `email`, or the `user_id` of a page access user",
                )
            })?;
            let viewer = match contact.email() {
                Some(email) => self.viewer_behind(ask, page, email).await?,
                None => None,
            };
            return Ok((contact, viewer));
        };
        let (_, record) = self.one_viewer(ask, page, &Who::Id(id.to_string())).await?;
        let own = || record.email.clone().map(Contact::Email);
        let contact = contact.or_else(own).ok_or_else(|| {
            Refusal::Preflight(format!(
                "{} has no address that mail could go to: give `phone_number` with `phone_country`, or `webhook_url` with `email`.",
                who(&record)
            ))
        })?;
        Ok((contact, Some(id)))
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

/// Returns the components that the subscription must have, where it lacks one that is wanted. None held means all components.
fn lacking(held: &Subscriber, wanted: &[ComponentId]) -> Option<Vec<ComponentId>> {
    // A subscription that does not say what it covers allows no conclusion, and nothing is changed.
    let covered = held.component_ids.as_ref().filter(|ids| !ids.is_empty())?;
    let missing: Vec<_> = wanted
        .iter()
        .filter(|id| !covered.contains(id))
        .cloned()
        .collect();
    (!missing.is_empty()).then(|| [covered.clone(), missing].concat())
}

/// Describes the messages that a new subscription triggers.
fn sent_at_once(contact: &Contact, skip_confirmation: bool) -> String {
    match (contact, skip_confirmation) {
        (Contact::Email(_), true) => "the address is subscribed without being asked, where the page's plan allows that; from then on it gets mail about incidents",
        (Contact::Email(_), false) => "Statuspage sends a mail to this address and asks it to confirm",
        (Contact::Sms { .. }, _) => "Statuspage sends a text message to this number at every update of an incident that is told to subscribers, and whether it sends one at once is not documented; no API tells whose number it is",
        (Contact::Webhook { .. }, _) => "Statuspage calls this address with what readers see: at every update of an incident that is told to subscribers, and at once when a component's status changes, which nothing prevents. It writes to the contact address, at once to confirm and when calls fail",
    }
    .to_owned()
}

/// Returns the point that a person agrees to before anything but mail is sent, and the word that they type.
fn agreed_first(contact: &Contact) -> Option<(String, String)> {
    match contact {
        Contact::Email(_) => None,
        Contact::Sms { number, .. } => Some((
            format!("sending text messages to {contact} from now on"),
            number.clone(),
        )),
        Contact::Webhook { email, .. } => {
            Some((format!("calling {contact} from now on"), email.to_string()))
        }
    }
}

fn state_words(held: &Subscriber) -> Option<String> {
    (held.record.status == Some(Status::Quarantined)).then(|| {
        "this subscription is quarantined: messages did not arrive, so none are sent; it can be reactivated in Statuspage (Subscribers)".to_owned()
    })
}
