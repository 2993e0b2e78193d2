//! Tools and answers in the protocol's types.

use std::sync::Arc;

use rmcp::model::{CallToolResult, ContentBlock, Tool, ToolAnnotations};

use super::exports;
use crate::toolkit::{Answer, ToolSpec};

pub(super) fn tool(spec: &ToolSpec) -> Tool {
    let hints = spec.effect.hints();
    let annotations = ToolAnnotations::new()
        .read_only(hints.read_only)
        .destructive(hints.destructive)
        .idempotent(hints.idempotent)
        .open_world(hints.open_world);
    Tool::new(spec.name, spec.about, Arc::new(spec.input.clone()))
        .with_title(spec.title)
        .with_raw_output_schema(Arc::new(spec.output.clone()))
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
