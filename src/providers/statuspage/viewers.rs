//! Page access users: who may look at an audience-specific page. One record per person and page.
//!
//! Creating one may mail a password to the address and may cost a seat (Statuspage help, "Manage audience-specific groups and
//! users"). On a page of another type every one of these calls succeeds and does nothing.

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{Cx, Path, Result, Scan, Statuspage, of_page, page_path, wire};
use crate::{
    audit::Intent,
    providers::ProviderError,
    roster::{Email, GroupId, Kind, PageId, Record, RecordScope, System, ViewerId},
    upstream::{List, Row, Single, Write},
};

/// The identity that somebody signs in to a page with: an address, the identity provider's id for them, or both.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SignIn {
    /// The address.
    pub email: Option<Email>,
    /// The id that the identity provider knows the person by.
    pub external_login: Option<String>,
}

impl SignIn {
    /// The field that Statuspage knows somebody who signs in so by.
    fn named_by(&self) -> &'static [&'static str] {
        if self.email.is_some() {
            &["email"]
        } else {
            &["external_login"]
        }
    }
}

impl std::fmt::Display for SignIn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match (&self.email, &self.external_login) {
            (Some(email), _) => write!(f, "{email}"),
            (None, Some(login)) => write!(f, "the external login {login}"),
            (None, None) => write!(f, "nobody"),
        }
    }
}

/// Somebody who shall see a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewViewer {
    /// The identity that the person signs in with.
    pub sign_in: SignIn,
    /// Groups to be in from the start.
    pub group_ids: Vec<GroupId>,
    /// True to subscribe the person to incidents of everything that they can see.
    pub subscribe: bool,
}

/// The changes to a viewer. Absent fields stay.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ViewerChange {
    /// Another address.
    pub email: Option<Email>,
    /// Another id in the identity provider.
    pub external_login: Option<String>,
    /// Exactly these groups; empty leaves all of them.
    pub group_ids: Option<Vec<GroupId>>,
}

#[derive(Deserialize)]
struct WireViewer {
    #[serde(deserialize_with = "wire::id")]
    id: ViewerId,
    #[serde(default, deserialize_with = "wire::lenient_text")]
    email: Option<String>,
    #[serde(default, deserialize_with = "wire::lenient_text")]
    external_login: Option<String>,
    #[serde(default, deserialize_with = "wire::ids")]
    page_access_group_ids: Option<Vec<GroupId>>,
    #[serde(default, deserialize_with = "wire::lenient_time")]
    created_at: Option<Timestamp>,
    #[serde(default, deserialize_with = "wire::lenient_time")]
    updated_at: Option<Timestamp>,
}

impl Row for WireViewer {
    fn row_id(&self) -> &str {
        self.id.as_str()
    }
}

impl Single for WireViewer {}

impl WireViewer {
    fn record(self, page: &PageId, as_of: Timestamp) -> Record {
        let mut record = Record::new(
            System::Statuspage,
            Kind::PageAccessUser,
            self.id,
            RecordScope::page(page),
            as_of,
        );
        record.take_email(self.email.as_deref());
        record.external_id = record.take_text(self.external_login.as_deref());
        // `page_access_group_id` is a leftover that names one group of several: taken for the list, it would lose the others.
        record.groups = self.page_access_group_ids;
        record.active_date = self.created_at;
        record.updated_at = self.updated_at;
        record
    }
}

impl Statuspage {
    /// Every page access user of a page.
    pub fn viewers(&self, page: &PageId) -> Scan<Record> {
        let list = List::new(viewers_path(page));
        let (page, statuspage) = (page.clone(), self.clone());
        of_page(self.scan(list, move |row: WireViewer, as_of| {
            let record = row.record(&page, as_of);
            statuspage.0.viewer_search.saw_row(&page, &record);
            record
        }))
    }

    /// Lists the page access users that Statuspage finds for this form of an address. How it compares is not documented, so rows with
    /// another address are left out here. Nobody found is no proof of absence while [`Statuspage::viewer_search`] has not learned that the
    /// search ignores case.
    pub fn viewers_by(&self, page: &PageId, email: &Email, spelling: &str) -> Scan<Record> {
        let list = List::new(viewers_path(page)).filter("email", spelling);
        let (page, email, spelling) = (page.clone(), email.clone(), spelling.to_owned());
        let statuspage = self.clone();
        let rows = self.scan(list, move |row: WireViewer, as_of| {
            let record = row.record(&page, as_of);
            statuspage
                .0
                .viewer_search
                .saw(record.email.as_ref(), &spelling);
            record
        });
        of_page(rows).keep(move |record| record.goes_by(&email))
    }

    /// One page access user. One request.
    ///
    /// # Errors
    /// Returns `ProviderError::Upstream` when the request fails.
    pub async fn viewer(&self, cx: &Cx, page: &PageId, viewer: &ViewerId) -> Result<Record> {
        let row: WireViewer = self.0.client.get(cx, viewer_path(page, viewer)).await?;
        Ok(row.record(page, self.now()))
    }

    /// Lets somebody see a page. One request, never sent twice. The answer is not read: look the person up by address.
    ///
    /// # Errors
    /// [`ProviderError::AlreadyExists`] for an address or external login that is taken, else `ProviderError::Upstream`.
    pub async fn create_viewer(
        &self,
        cx: &Cx,
        intent: &Intent,
        page: &PageId,
        person: &NewViewer,
    ) -> Result<()> {
        let mut fields = Map::new();
        if let Some(email) = &person.sign_in.email {
            fields.insert("email".to_owned(), json!(email));
        }
        if let Some(login) = &person.sign_in.external_login {
            fields.insert("external_login".to_owned(), json!(login));
        }
        if !person.group_ids.is_empty() {
            fields.insert("page_access_group_ids".to_owned(), json!(person.group_ids));
        }
        if person.subscribe {
            fields.insert("subscribe_to_components".to_owned(), Value::Bool(true));
        }
        let write = Write::post(viewers_path(page), json!({ "page_access_user": fields }));
        match self.0.client.write(cx, intent, write).await {
            Ok(_) => Ok(()),
            Err(error) if super::taken(&error, person.sign_in.named_by()) => {
                Err(ProviderError::AlreadyExists {
                    what: "page access user",
                    name: person.sign_in.to_string(),
                })
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Changes a page access user. Sent as PUT, which Statuspage treats as PATCH (fields that are not sent stay) and which may be sent
    /// again when its answer is lost.
    ///
    /// # Errors
    /// [`ProviderError::AlreadyExists`] for an address or external login of another account, else `ProviderError::Upstream`.
    pub async fn update_viewer(
        &self,
        cx: &Cx,
        intent: &Intent,
        page: &PageId,
        viewer: &ViewerId,
        change: &ViewerChange,
    ) -> Result<()> {
        let mut fields = Map::new();
        if let Some(email) = &change.email {
            fields.insert("email".to_owned(), json!(email));
        }
        if let Some(login) = &change.external_login {
            fields.insert("external_login".to_owned(), json!(login));
        }
        if let Some(groups) = &change.group_ids {
            fields.insert("page_access_group_ids".to_owned(), json!(groups));
        }
        let write = Write::put(
            viewer_path(page, viewer),
            json!({ "page_access_user": fields }),
        );
        let sign_in = SignIn {
            email: change.email.clone(),
            external_login: change.external_login.clone(),
        };
        match self.0.client.write(cx, intent, write).await {
            Ok(_) => Ok(()),
            Err(error) if super::taken(&error, sign_in.named_by()) => {
                Err(ProviderError::AlreadyExists {
                    what: "page access user",
                    name: sign_in.to_string(),
                })
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Takes a page from somebody. One request; sent again when its answer is lost, so "not found" can mean that the first one did it.
    ///
    /// # Errors
    /// Returns `ProviderError::Upstream` when the request fails.
    pub async fn delete_viewer(
        &self,
        cx: &Cx,
        intent: &Intent,
        page: &PageId,
        viewer: &ViewerId,
    ) -> Result<()> {
        self.0
            .client
            .write(cx, intent, Write::delete(viewer_path(page, viewer)))
            .await?;
        Ok(())
    }
}

fn viewers_path(page: &PageId) -> Path {
    page_path(page).push("page_access_users")
}

pub(super) fn viewer_path(page: &PageId, viewer: &ViewerId) -> Path {
    viewers_path(page).push(viewer)
}
