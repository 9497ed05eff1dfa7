/// The partition of AWS that a region is in, by the patterns that the SDKs know; `None` for a region that none of them
/// fits, so that a partition to come is not taken for another one.
pub(super) fn partition_of(region: &str) -> Option<&'static str> {
    let mut parts = region.split('-');
    match (parts.next()?, parts.next()?) {
        ("cn", _) => Some("aws-cn"),
        ("eusc", _) => Some("aws-eusc"),
        ("us", "gov") => Some("aws-us-gov"),
        ("us", "iso") => Some("aws-iso"),
        ("us", "isob") => Some("aws-iso-b"),
        ("us", "isof") => Some("aws-iso-f"),
        ("eu", "isoe") => Some("aws-iso-e"),
        ("us" | "eu" | "ap" | "sa" | "ca" | "me" | "af" | "il" | "mx", direction) => {
            ["north", "south", "east", "west", "central"]
                .iter()
                .any(|point| direction.starts_with(point))
                .then_some("aws")
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_partitions_by_their_regions_and_admits_what_it_does_not_know() {
        let cases = [
            ("eu-central-1", Some("aws")),
            ("us-east-1", Some("aws")),
            ("ap-southeast-2", Some("aws")),
            ("cn-north-1", Some("aws-cn")),
            ("us-gov-west-1", Some("aws-us-gov")),
            ("us-iso-east-1", Some("aws-iso")),
            ("us-isob-east-1", Some("aws-iso-b")),
            ("us-isof-south-1", Some("aws-iso-f")),
            ("eu-isoe-west-1", Some("aws-iso-e")),
            ("eusc-de-east-1", Some("aws-eusc")),
            ("us-isoz-east-1", None),
            ("xx-north-1", None),
            ("local", None),
            ("", None),
        ];
        for (region, partition) in cases {
            assert_eq!(partition_of(region), partition, "{region}");
        }
    }
}
