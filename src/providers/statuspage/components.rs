//! Components of a page: what a viewer or a group can be let see.

use serde::Deserialize;

use super::{Scan, Statuspage, of_page, page_path, wire};
use crate::{
    roster::{Component, ComponentId, PageId},
    upstream::{List, Path, Row},
};

#[derive(Deserialize)]
pub(super) struct WireComponent {
    #[serde(deserialize_with = "wire::id")]
    id: ComponentId,
    #[serde(default, deserialize_with = "wire::optional_id")]
    group_id: Option<ComponentId>,
    #[serde(default, deserialize_with = "wire::lenient_bool")]
    group: Option<bool>,
    #[serde(default, deserialize_with = "wire::lenient_text")]
    name: Option<String>,
    #[serde(default, deserialize_with = "wire::lenient_text")]
    description: Option<String>,
    #[serde(default, deserialize_with = "wire::lenient_text")]
    position: Option<String>,
    #[serde(default, deserialize_with = "wire::lenient_text")]
    status: Option<String>,
}

impl Row for WireComponent {
    fn row_id(&self) -> &str {
        self.id.as_str()
    }
}

impl WireComponent {
    fn component(self, page: &PageId) -> Component {
        let mut altered = false;
        let name = wire::clean(self.name.as_deref(), &mut altered);
        let status = wire::clean(self.status.as_deref(), &mut altered);
        Component {
            id: self.id,
            page_id: page.clone(),
            group_id: self.group_id,
            is_group: self.group == Some(true),
            name,
            // Neither is shown among the rows, so it is no text of theirs that was altered.
            description: wire::clean(self.description.as_deref(), &mut false),
            position: wire::clean(self.position.as_deref(), &mut false),
            status,
            text_altered: altered,
        }
    }
}

impl Statuspage {
    /// The components of a page, component groups among them.
    pub fn components(&self, page: &PageId) -> Scan<Component> {
        of_page(self.component_list(page, page_path(page).push("components")))
    }

    /// Any list of components, wherever it is.
    pub(super) fn component_list(&self, page: &PageId, path: Path) -> Scan<Component> {
        let page = page.clone();
        self.scan(List::new(path), move |row: WireComponent, _| {
            row.component(&page)
        })
    }
}
