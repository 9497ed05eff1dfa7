use serde::ser::{Serialize, SerializeMap as _, Serializer};

use crate::clock::unix_now;

/// One line in CloudWatch's embedded metric format: CloudWatch makes metrics of it without an API call.
///
/// <https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html>
pub struct MetricLine<'a> {
    namespace: &'a str,
    function: &'a str,
    metrics: Vec<Metric<'a>>,
}

/// The units used here.
#[derive(Clone, Copy, Debug, serde::Serialize)]
pub enum Unit {
    /// How many.
    Count,
    /// How long.
    Milliseconds,
    /// Of a limit.
    Percent,
}

struct Metric<'a> {
    name: &'a str,
    unit: Unit,
    value: f64,
    /// Name and value of a dimension of its own.
    dimension: Option<(&'a str, &'a str)>,
}

impl<'a> MetricLine<'a> {
    /// A line without metrics yet. Every metric has the dimension `Function`.
    pub fn new(namespace: &'a str, function: &'a str) -> Self {
        Self { namespace, function, metrics: Vec::new() }
    }

    /// Adds a value of a metric.
    #[must_use]
    pub fn with(mut self, name: &'a str, unit: Unit, value: f64) -> Self {
        self.metrics.push(Metric { name, unit, value, dimension: None });
        self
    }

    /// Adds a value of a metric that is also counted by a dimension of its own.
    #[must_use]
    pub fn with_dimension(mut self, name: &'a str, unit: Unit, value: f64, dimension: (&'a str, &'a str)) -> Self {
        self.metrics.push(Metric { name, unit, value, dimension: Some(dimension) });
        self
    }
}

impl Serialize for MetricLine<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut line = serializer.serialize_map(None)?;
        line.serialize_entry("kind", "metrics")?;
        line.serialize_entry("Function", self.function)?;
        let mut written = Vec::new();
        let mut is_new = |name| {
            !written.contains(&name) && {
                written.push(name);
                true
            }
        };
        for metric in &self.metrics {
            if let Some((name, value)) = metric.dimension.filter(|(name, _)| is_new(*name)) {
                line.serialize_entry(name, value)?;
            }
            if is_new(metric.name) {
                line.serialize_entry(metric.name, &metric.value)?;
            }
        }
        let directives = self.metrics.iter().map(|metric| Directive::of(self.namespace, metric)).collect();
        line.serialize_entry("_aws", &Metadata { timestamp: unix_now() * 1_000, cloud_watch_metrics: directives })?;
        line.end()
    }
}

/// Tells CloudWatch which members of the line are metrics.
#[derive(serde::Serialize)]
#[serde(rename_all = "PascalCase")]
struct Metadata<'a> {
    timestamp: u64,
    cloud_watch_metrics: Vec<Directive<'a>>,
}

#[derive(serde::Serialize)]
#[serde(rename_all = "PascalCase")]
struct Directive<'a> {
    namespace: &'a str,
    dimensions: [Vec<&'a str>; 1],
    metrics: [Definition<'a>; 1],
}

#[derive(serde::Serialize)]
#[serde(rename_all = "PascalCase")]
struct Definition<'a> {
    name: &'a str,
    unit: Unit,
}

impl<'a> Directive<'a> {
    fn of(namespace: &'a str, metric: &Metric<'a>) -> Self {
        let own = metric.dimension.map(|(name, _)| name);
        let dimensions = [["Function"].into_iter().chain(own).collect()];
        Self { namespace, dimensions, metrics: [Definition { name: metric.name, unit: metric.unit }] }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_metric_and_dimension_named_has_a_value_in_the_line() {
        let line = MetricLine::new("Brevet", "credentials")
            .with("MappingsLatency", Unit::Milliseconds, 4.5)
            .with_dimension("Decisions", Unit::Count, 1.0, ("Code", "no_mapping"));
        let line = serde_json::to_value(&line).unwrap();
        for directive in line["_aws"]["CloudWatchMetrics"].as_array().unwrap() {
            assert_eq!(directive["Namespace"], "Brevet");
            let metric = directive["Metrics"][0]["Name"].as_str().unwrap();
            assert!(line[metric].is_number(), "{metric}");
            for dimension in directive["Dimensions"][0].as_array().unwrap() {
                assert!(line[dimension.as_str().unwrap()].is_string(), "{dimension}");
            }
        }
        assert_eq!(line["Code"], "no_mapping");
    }

    #[test]
    fn a_metric_with_and_without_a_dimension_has_its_value_once() {
        let line = MetricLine::new("Brevet", "mapping-auditor")
            .with("MappingsChanged", Unit::Count, 1.0)
            .with_dimension("MappingsChanged", Unit::Count, 1.0, ("Change", "added"));
        let text = serde_json::to_string(&line).unwrap();
        assert_eq!(text.matches(r#""MappingsChanged":1.0"#).count(), 1, "{text}");
        assert_eq!(text.matches(r#""Name":"MappingsChanged""#).count(), 2, "{text}");
    }
}
