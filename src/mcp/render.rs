//! Cards and answers in the protocol's types.

use std::sync::Arc;

use rmcp::model::{CallToolResult, ContentBlock, Tool, ToolAnnotations};

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

/// An error carries words alone: clients validate structured content against the output schema and would hide them.
pub(super) fn result(answer: Answer) -> CallToolResult {
    let words = vec![ContentBlock::text(answer.text)];
    let mut result = if answer.is_error {
        CallToolResult::error(words)
    } else {
        CallToolResult::success(words)
    };
    result.structured_content = answer.structured;
    result
}
