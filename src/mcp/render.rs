//! Tools and answers in the protocol's types.

use std::sync::Arc;

use rmcp::model::{CallToolResult, ContentBlock, Tool, ToolAnnotations};

use super::exports;
use crate::toolkit::{Answer, Card};

pub(super) fn tool(card: &Card) -> Tool {
    let hints = card.effect.hints();
    let annotations = ToolAnnotations::new()
        .read_only(hints.read_only)
        .destructive(hints.destructive)
        .idempotent(hints.idempotent)
        .open_world(hints.open_world);
    Tool::new(card.name, card.about, Arc::new(card.input.clone()))
        .with_title(card.title)
        .with_raw_output_schema(Arc::new(card.output.clone()))
        .with_annotations(annotations)
}

/// An error carries words alone: clients validate structured content against the output schema and would hide them. With `links`,
/// an export that the result names is linked to.
pub(super) fn result(answer: Answer, links: bool) -> CallToolResult {
    let structured = answer.structured();
    let linked = structured.as_ref().filter(|_| links);
    let link = linked.and_then(exports::link);
    let mut content = vec![ContentBlock::text(answer.text)];
    content.extend(link.map(ContentBlock::resource_link));
    let mut result = if answer.is_error {
        CallToolResult::error(content)
    } else {
        CallToolResult::success(content)
    };
    result.structured_content = structured;
    result
}
