//! `submit_metric_data`: points go in and never come out.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::access::{Access, Ask, ChangeReport, Refusal};
use crate::policy::Toolset;
use crate::providers::statuspage::Point;
use crate::roster::{MetricId, PageId, System};
use crate::toolkit::{Effect, Tool};

/// Send points to a metric.
pub(super) struct SubmitMetricData;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Input {
    /// E.g. `kctbh9vrtdwd`.
    page_id: PageId,
    /// From `list_metrics`. E.g. `fxpr5cl9ys7v`.
    metric_id: MetricId,
    /// E.g. `[{"timestamp": 1767225600, "value": 12.5}]`.
    #[schemars(extend("maxItems" = 500))]
    points: Vec<Given>,
    /// Only where a plan asked for one.
    confirmation_token: Option<String>,
}

/// A point.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(inline)]
pub(super) struct Given {
    /// Seconds since 1970.
    timestamp: i64,
    /// Its value.
    value: f64,
}

impl Given {
    fn point(&self) -> Point {
        Point {
            timestamp: self.timestamp,
            value: self.value,
        }
    }
}

impl Tool for SubmitMetricData {
    const NAME: &'static str = "submit_metric_data";
    const TITLE: &'static str = "Send points to a metric";
    const ABOUT: &'static str = include_str!("submit_metric_data.md");
    const EFFECT: Effect = Effect::Add;
    const TOOLSET: Toolset = Toolset::Operations;
    const NEEDS: Option<System> = Some(System::Statuspage);
    type Input = Input;
    type Output = ChangeReport;

    async fn call(access: Arc<Access>, ask: Ask, input: Input) -> Result<Self::Output, Refusal> {
        let points: Vec<Point> = input.points.iter().map(Given::point).collect();
        let token = input.confirmation_token.as_deref();
        access
            .submit_metric_data(&ask, &input.page_id, &input.metric_id, &points, token)
            .await
    }
}
