//! Arguments that several tools of the toolset `operations` share.

use std::collections::BTreeMap;

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::access::Refusal;
use crate::roster::{ComponentId, ComponentStatus, MetricId, PageId};

/// A metric that ends, or whose points do.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct EndOfMetric {
    /// E.g. `kctbh9vrtdwd`.
    pub page_id: PageId,
    /// From `list_metrics`. E.g. `fxpr5cl9ys7v`.
    pub metric_id: MetricId,
    /// From the plan.
    pub confirmation_token: Option<String>,
}

/// A component, and how it is.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(inline)]
pub(super) struct ComponentChange {
    /// The component.
    component_id: ComponentId,
    /// Its new status.
    status: ComponentStatus,
}

/// By component; one that is named twice with two statuses is refused.
pub(super) fn components(
    given: Vec<ComponentChange>,
) -> Result<BTreeMap<ComponentId, ComponentStatus>, Refusal> {
    let mut all = BTreeMap::new();
    for ComponentChange {
        component_id,
        status,
    } in given
    {
        let before = all.insert(component_id.clone(), status);
        if before.is_some_and(|it| it != status) {
            return Err(Refusal::arguments(format!(
                "component {component_id} is named twice, with two statuses"
            )));
        }
    }
    Ok(all)
}

/// A day.
pub(super) fn day(field: &str, given: Option<&str>) -> Result<Option<Date>, Refusal> {
    let parsed = given.map(|it| it.trim().parse::<Date>()).transpose();
    parsed.map_err(|_| Refusal::arguments(format!("`{field}` is a day such as `2026-01-31`")))
}
