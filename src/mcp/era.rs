//! The differences between the protocol's revisions, for one request.

use rmcp::model::ProtocolVersion;
use rmcp::service::{RequestContext, RoleServer};

/// Returns whether questions go back as the answer of the call, to be answered by the next one.
pub(super) fn asks_by_answer(context: &RequestContext<RoleServer>) -> bool {
    since(context, &ProtocolVersion::V_2026_07_28)
}

/// Returns whether a result may hold links: clients before 2025-06-18 refuse what they do not know.
pub(super) fn knows_links(context: &RequestContext<RoleServer>) -> bool {
    since(context, &ProtocolVersion::V_2025_06_18)
}

fn since(context: &RequestContext<RoleServer>, first: &ProtocolVersion) -> bool {
    context
        .protocol_version()
        .is_some_and(|version| version >= *first)
}
