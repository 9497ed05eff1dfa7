//! A record of the stream.
//!
//! <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_Record.html>

use brevet_policy::Row;
use serde_json::Value;

use crate::image::row_from_image;

/// What happened to a row, and when and where the stream says so.
pub(crate) struct Record {
    pub(crate) images: Images,
    pub(crate) origin: Origin,
}

/// A row before and after: it never lacks both.
pub(crate) enum Images {
    Created { new: Row },
    Changed { old: Row, new: Row },
    Removed { old: Row },
}

/// What a record says about itself, as far as it can be read: all that there is of a record that cannot.
#[derive(Default, serde::Serialize)]
pub(crate) struct Origin {
    /// Partition key of the row.
    pub(crate) scope: Option<String>,
    /// Sort key of the row.
    pub(crate) name: Option<String>,
    pub(crate) event_id: Option<String>,
    pub(crate) sequence_number: Option<String>,
    /// Seconds since the epoch, rounded by DynamoDB.
    #[serde(skip)]
    pub(crate) changed_at: Option<u64>,
    /// Who, where DynamoDB itself did it: `dynamodb.amazonaws.com` if a row's time to live was over.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) principal: Option<String>,
}

/// A record that is not one of a role-mapping table's stream of both images. Trying again would not change it.
#[derive(serde::Serialize)]
pub(crate) struct Poison {
    pub(crate) why: &'static str,
    #[serde(flatten)]
    pub(crate) origin: Origin,
}

impl Record {
    pub(crate) fn read(record: &Value) -> Result<Self, Box<Poison>> {
        let origin = Origin::read(record);
        match images(record, &origin) {
            Ok(images) => Ok(Self { images, origin }),
            Err(why) => Err(Box::new(Poison { why, origin })),
        }
    }
}

impl Origin {
    pub(crate) fn read(record: &Value) -> Self {
        let text = |pointer: &str| record.pointer(pointer).and_then(Value::as_str).map(str::to_owned);
        Self {
            scope: text("/dynamodb/Keys/scope/S"),
            name: text("/dynamodb/Keys/name/S"),
            event_id: text("/eventID"),
            sequence_number: text("/dynamodb/SequenceNumber"),
            changed_at: record.pointer("/dynamodb/ApproximateCreationDateTime").and_then(whole_seconds),
            principal: text("/userIdentity/principalId"),
        }
    }
}

impl Images {
    pub(crate) fn before(&self) -> Option<&Row> {
        match self {
            Self::Created { .. } => None,
            Self::Changed { old, .. } | Self::Removed { old } => Some(old),
        }
    }

    pub(crate) fn after(&self) -> Option<&Row> {
        match self {
            Self::Created { new } | Self::Changed { new, .. } => Some(new),
            Self::Removed { .. } => None,
        }
    }

    pub(crate) fn word(&self) -> &'static str {
        match self {
            Self::Created { .. } => "created",
            Self::Changed { .. } => "changed",
            Self::Removed { .. } => "removed",
        }
    }
}

fn images(record: &Value, origin: &Origin) -> Result<Images, &'static str> {
    if origin.scope.is_none() || origin.name.is_none() {
        return Err("the keys are not the texts `scope` and `name`");
    }
    let image = |name| record.get("dynamodb").and_then(|change| change.get(name)).and_then(row_from_image);
    let old = || image("OldImage").ok_or("the image before the change is missing or no item");
    let new = || image("NewImage").ok_or("the image after the change is missing or no item");
    match record.get("eventName").and_then(Value::as_str) {
        Some("INSERT") => Ok(Images::Created { new: new()? }),
        Some("MODIFY") => Ok(Images::Changed { old: old()?, new: new()? }),
        Some("REMOVE") => Ok(Images::Removed { old: old()? }),
        _ => Err("`eventName` is not one of INSERT, MODIFY and REMOVE"),
    }
}

/// Lambda writes the time as a number of seconds, whole or not.
fn whole_seconds(number: &Value) -> Option<u64> {
    number.as_u64().or_else(|| {
        let seconds = number.as_f64().filter(|seconds| (0.0..1e12).contains(seconds))?;
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the range was checked")]
        Some(seconds as u64)
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn record() -> Value {
        let item = json!({"scope": {"S": "gitlab.example.com"}, "name": {"S": "deploy"}});
        json!({
            "eventID": "e1", "eventName": "MODIFY",
            "dynamodb": {"Keys": item, "OldImage": item, "NewImage": item, "SequenceNumber": "100", "ApproximateCreationDateTime": 1_790_000_000.5},
        })
    }

    fn why(record: &Value) -> &'static str {
        Record::read(record).err().map_or("", |poison| poison.why)
    }

    #[test]
    fn finds_what_is_wrong_with_a_record_and_keeps_its_number() {
        for (pointer, value, says) in [
            ("/eventName", json!("TRUNCATE"), "eventName"),
            ("/eventName", json!(null), "eventName"),
            ("/dynamodb/Keys/scope", json!({"N": "5"}), "keys"),
            ("/dynamodb/Keys", json!({}), "keys"),
            ("/dynamodb/OldImage", json!(null), "before"),
            ("/dynamodb/NewImage", json!({"scope": "x"}), "after"),
        ] {
            let mut record = record();
            *record.pointer_mut(pointer).unwrap() = value;
            assert!(why(&record).contains(says), "{record}");
            assert_eq!(Origin::read(&record).sequence_number.as_deref(), Some("100"));
        }
    }

    #[test]
    fn survives_what_is_no_record_at_all() {
        for record in [json!(null), json!(5), json!([]), json!({}), json!({"dynamodb": []})] {
            assert!(why(&record).contains("keys"), "{record}");
        }
    }

    #[test]
    fn reads_the_time_of_a_change_in_whole_seconds() {
        assert_eq!(Origin::read(&record()).changed_at, Some(1_790_000_000));
        for (written, read) in [(json!(1_790_000_000), Some(1_790_000_000)), (json!("soon"), None), (json!(-1), None)] {
            assert_eq!(whole_seconds(&written), read, "{written}");
        }
    }
}
