use std::hint::black_box;

use anyhow::ensure;
use brevet_mapping_store::{item_from_row, row_from_item};
use brevet_policy::{Reading, read};

use super::rows::{deployment, object};
use crate::counted::counted;
use crate::world::{HOST, World};

/// From DynamoDB's attribute values to a mapping.
pub(crate) fn item(_world: &World) -> anyhow::Result<()> {
    let item = item_from_row(&object(deployment(HOST, "deploy"))?);
    counted(|_| {
        let reading = read(&row_from_item(black_box(&item)));
        ensure!(matches!(reading, Reading::Valid(_)), "the row cannot be read: {:?}", reading.invalid());
        Ok(())
    })
}
