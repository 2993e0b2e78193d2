//! The addresses of resources: `roster://…`, parsed strictly and written in one way.

use crate::roster::{Email, IncidentId, PageId};

/// The item that a resource's address names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Address {
    /// `roster://pages`: all pages, read now.
    Pages,
    /// `roster://pages/{page_id}`: one page.
    Page(PageId),
    /// `roster://incidents/{page_id}`: the incidents of a page, read now.
    Incidents(PageId),
    /// `roster://incidents/{page_id}/{incident_id}`: one incident with all that was said of it, read now.
    Incident(PageId, IncidentId),
    /// `roster://components/{page_id}`: the components and metrics of a page, read now.
    Components(PageId),
    /// `roster://people/{email}`: everything that one person can reach, read now.
    Person(Email),
    /// `roster://snapshots/{name}`: a list as it was last read, from memory. The name is `team`, or a kind and a page.
    Snapshot(String),
    /// `roster://exports/{id}`: a whole export, from memory.
    Export(String),
    /// `roster://statusapp/permissions`: what each role of the StatusApp team may do, and the seats of each plan.
    TeamRights,
    /// `roster://audit/tail`: the last lines of the record.
    Record,
}

const SCHEME: &str = "roster://";

impl Address {
    pub(super) fn parse(uri: &str) -> Option<Self> {
        let path = uri.strip_prefix(SCHEME)?;
        let parts: Vec<&str> = path.split('/').collect();
        match parts.as_slice() {
            ["pages"] => Some(Self::Pages),
            ["pages", page] => Some(Self::Page(PageId::parse(page).ok()?)),
            ["incidents", page] => Some(Self::Incidents(PageId::parse(page).ok()?)),
            ["incidents", page, incident] => Some(Self::Incident(
                PageId::parse(page).ok()?,
                IncidentId::parse(incident).ok()?,
            )),
            ["components", page] => Some(Self::Components(PageId::parse(page).ok()?)),
            ["people", email] => {
                // Clients encode what they put into a template: `%40`, `%2B`.
                let email = percent_decoded(email)?;
                Some(Self::Person(Email::parse(&email).ok()?))
            }
            ["snapshots", "team"] => Some(Self::Snapshot("team".to_owned())),
            [
                "snapshots",
                kind @ ("viewers" | "groups" | "components"),
                page,
            ] => {
                let page = PageId::parse(page).ok()?;
                Some(Self::Snapshot(format!("{kind}/{page}")))
            }
            ["exports", id] if is_id(id) => Some(Self::Export((*id).to_owned())),
            ["statusapp", "permissions"] => Some(Self::TeamRights),
            ["audit", "tail"] => Some(Self::Record),
            _ => None,
        }
    }
}

/// The address of an export.
pub(super) fn of_export(id: &str) -> String {
    format!("{SCHEME}exports/{id}")
}

fn is_id(text: &str) -> bool {
    text.len() == 32 && text.bytes().all(|it| it.is_ascii_hexdigit())
}

fn percent_decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let digit = |byte: u8| char::from(byte).to_digit(16);
            let (high, low) = (digit(rest.next()?)?, digit(rest.next()?)?);
            bytes.push(u8::try_from(high * 16 + low).ok()?);
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).ok()
}
