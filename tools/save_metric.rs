//! `save_metric`: the page's own metrics.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::access::{Access, Ask, ChangeReport, MetricEdit, Refusal};
use crate::policy::Toolset;
use crate::providers::statuspage::NewMetric;
use crate::roster::{MetricId, PageId, System};
use crate::toolkit::{Effect, Tool};

/// Make or rename a metric.
pub(super) struct SaveMetric;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Input {
    /// E.g. `kctbh9vrtdwd`.
    page_id: PageId,
    /// Left out: a new one. E.g. `fxpr5cl9ys7v`.
    metric_id: Option<MetricId>,
    /// Its name, or its new one. E.g. `Response time`.
    name: String,
    /// Its unit. E.g. `ms`.
    suffix: Option<String>,
    /// True to show it on the page; left out: it is shown.
    display: Option<bool>,
    /// Digits after the point. E.g. `1`.
    decimal_places: Option<u8>,
    /// The lower end of the axis. E.g. `0`.
    y_axis_min: Option<f64>,
    /// Its upper end. E.g. `500`.
    y_axis_max: Option<f64>,
    /// Leave the axis out.
    y_axis_hidden: Option<bool>,
    /// The text that readers see beside it.
    tooltip_description: Option<String>,
    /// Only where a plan asked for one.
    confirmation_token: Option<String>,
}

impl Tool for SaveMetric {
    const NAME: &'static str = "save_metric";
    const TITLE: &'static str = "Make or rename a metric";
    const ABOUT: &'static str = include_str!("save_metric.md");
    const EFFECT: Effect = Effect::Add;
    const TOOLSET: Toolset = Toolset::Operations;
    const NEEDS: Option<System> = Some(System::Statuspage);
    type Input = Input;
    type Output = ChangeReport;

    async fn call(access: Arc<Access>, ask: Ask, input: Input) -> Result<Self::Output, Refusal> {
        let edit = MetricEdit {
            metric_id: input.metric_id,
            new: NewMetric {
                name: input.name,
                suffix: input.suffix,
                display: input.display,
                decimal_places: input.decimal_places,
                y_axis_min: input.y_axis_min,
                y_axis_max: input.y_axis_max,
                y_axis_hidden: input.y_axis_hidden,
                tooltip_description: input.tooltip_description,
            },
        };
        let token = input.confirmation_token.as_deref();
        access.save_metric(&ask, &input.page_id, &edit, token).await
    }
}
