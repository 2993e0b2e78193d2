//! The one picture of the server: inside the answer, so that no client fetches anything for it.
//!
//! Tools carry none: twenty times the same picture would be a third of the list that every model reads.

use rmcp::model::Icon;

/// A person before a page, on a square of 24.
const PICTURE: &str = "data:image/svg+xml;base64,PHN2ZyB4bWxucz0iaHR0cDovL3d3dy53My5vcmcvMjAwMC9zdmciIHZpZXdCb3g9IjAgMCAyNCAyNCIgZmlsbD0ibm9uZSIgc3Ryb2tlPSIjMjU2M2ViIiBzdHJva2Utd2lkdGg9IjIiPjxyZWN0IHg9IjMiIHk9IjMiIHdpZHRoPSIxOCIgaGVpZ2h0PSIxOCIgcng9IjMiLz48Y2lyY2xlIGN4PSIxMiIgY3k9IjEwIiByPSIzIi8+PHBhdGggZD0iTTYuNSAxOS41YzEtMyAzLTQuNSA1LjUtNC41czQuNSAxLjUgNS41IDQuNSIvPjwvc3ZnPg==";

/// As the protocol wants it.
pub(super) fn all() -> Vec<Icon> {
    vec![
        Icon::new(PICTURE)
            .with_mime_type("image/svg+xml")
            .with_sizes(vec!["any".to_owned()]),
    ]
}
