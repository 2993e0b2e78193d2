//! The metrics of one scrape, and their text.

use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, NoLabelSet, prometheus_text};
use prometheus_client::metrics::MetricType;
use prometheus_client::registry::Registry;

/// The labels of one value, each a name and a value.
pub(super) type Labels = Vec<(&'static str, &'static str)>;

#[derive(Debug, Clone, Copy)]
pub(super) enum Number {
    Whole(u64),
    Real(f64),
}

impl From<usize> for Number {
    fn from(count: usize) -> Self {
        Self::Whole(count as u64)
    }
}

/// One metric, with a value for each set of labels. The format adds `_total` to the name of a counter.
#[derive(Debug)]
struct Metric {
    name: &'static str,
    kind: MetricType,
    help: &'static str,
    values: Vec<(Labels, Number)>,
}

/// The metrics of one scrape.
#[derive(Debug, Default)]
pub(super) struct Page(Vec<Metric>);

impl Page {
    pub(super) fn add(
        &mut self,
        name: &'static str,
        kind: MetricType,
        help: &'static str,
        values: impl IntoIterator<Item = (Labels, Number)>,
    ) {
        self.0.push(Metric {
            name,
            kind,
            help,
            values: values.into_iter().collect(),
        });
    }

    pub(super) fn one(
        &mut self,
        name: &'static str,
        kind: MetricType,
        help: &'static str,
        value: impl Into<Number>,
    ) {
        self.add(name, kind, help, [(Labels::new(), value.into())]);
    }

    /// Writes the metrics, each under a name that begins with `status_roster_`.
    pub(super) fn text(self) -> String {
        let mut registry = Registry::with_prefix("status_roster");
        registry.register_collector(Box::new(self));
        let mut text = String::with_capacity(8 * 1024);
        // Writing to a string cannot fail.
        let _ = prometheus_text::encode(&mut text, &registry);
        text
    }
}

impl Collector for Page {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> std::fmt::Result {
        for metric in &self.0 {
            let mut descriptor =
                encoder.encode_descriptor(metric.name, metric.help, None, metric.kind)?;
            for (labels, value) in &metric.values {
                let mut line = descriptor.encode_family(labels)?;
                match (metric.kind, value) {
                    (MetricType::Counter, Number::Whole(value)) => {
                        line.encode_counter::<NoLabelSet, _, u64>(value, None)?;
                    }
                    (MetricType::Counter, Number::Real(value)) => {
                        line.encode_counter::<NoLabelSet, _, u64>(value, None)?;
                    }
                    (_, Number::Whole(value)) => line.encode_gauge(value)?,
                    (_, Number::Real(value)) => line.encode_gauge(value)?,
                }
            }
        }
        Ok(())
    }
}
