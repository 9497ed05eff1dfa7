use serde_json::{Map, Value, json};

use crate::clock::unix_now;

/// One line in CloudWatch's embedded metric format: CloudWatch makes metrics of it without an API call.
///
/// <https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html>
pub struct MetricLine {
    namespace: String,
    members: Map<String, Value>,
    directives: Vec<Value>,
}

/// The units used here.
#[derive(Clone, Copy, Debug)]
pub enum Unit {
    /// How many.
    Count,
    /// How long.
    Milliseconds,
    /// Of a limit.
    Percent,
}

impl MetricLine {
    /// A line without metrics yet. Every metric has the dimension `Function`.
    pub fn new(namespace: &str, function: &str) -> Self {
        let mut members = Map::new();
        members.insert("kind".to_owned(), json!("metrics"));
        members.insert("Function".to_owned(), json!(function));
        Self { namespace: namespace.to_owned(), members, directives: Vec::new() }
    }

    /// Adds a value of a metric.
    #[must_use]
    pub fn with(self, name: &str, unit: Unit, value: f64) -> Self {
        self.add(name, unit, value, json!(["Function"]))
    }

    /// Adds a value of a metric that is also counted by a dimension of its own.
    #[must_use]
    pub fn with_dimension(mut self, name: &str, unit: Unit, value: f64, dimension: (&str, &str)) -> Self {
        self.members.insert(dimension.0.to_owned(), json!(dimension.1));
        self.add(name, unit, value, json!(["Function", dimension.0]))
    }

    fn add(mut self, name: &str, unit: Unit, value: f64, dimensions: Value) -> Self {
        let unit = match unit {
            Unit::Count => "Count",
            Unit::Milliseconds => "Milliseconds",
            Unit::Percent => "Percent",
        };
        self.members.insert(name.to_owned(), json!(value));
        self.directives.push(json!({
            "Namespace": self.namespace,
            "Dimensions": [dimensions],
            "Metrics": [{"Name": name, "Unit": unit}],
        }));
        self
    }
}

impl serde::Serialize for MetricLine {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut line = self.members.clone();
        line.insert("_aws".to_owned(), json!({"Timestamp": unix_now() * 1_000, "CloudWatchMetrics": self.directives}));
        line.serialize(serializer)
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
}
