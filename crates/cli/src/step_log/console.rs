//! Where a person reads a log stream: a link into the AWS console.

/// The stream in the console of the region's partition.
pub(super) fn console_url(region: &str, group: &str, stream: &str) -> String {
    let console = match region.split('-').next() {
        Some("cn") => "console.amazonaws.cn",
        Some("eusc") => "console.amazonaws-eusc.eu",
        _ if region.starts_with("us-gov-") => "console.amazonaws-us-gov.com",
        _ => "console.aws.amazon.com",
    };
    let (group, stream) = (twice_encoded(group), twice_encoded(stream));
    format!(
        "https://{region}.{console}/cloudwatch/home?region={region}#logsV2:log-groups/log-group/{group}/log-events/{stream}"
    )
}

/// The console reads names from the fragment percent-encoded twice, with `$` where the outer encoding has `%`.
fn twice_encoded(name: &str) -> String {
    let once = |byte: u8| match byte {
        b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' => char::from(byte).to_string(),
        _ => format!("$25{byte:02X}"),
    };
    name.bytes().map(once).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_has_both_names_encoded_twice() {
        assert_eq!(
            console_url("eu-west-1", "/brevet/pipelines#a", "4711/990231/5550142"),
            "https://eu-west-1.console.aws.amazon.com/cloudwatch/home?region=eu-west-1\
             #logsV2:log-groups/log-group/$252Fbrevet$252Fpipelines$2523a/log-events/4711$252F990231$252F5550142"
        );
    }

    #[test]
    fn each_partition_has_its_own_console() {
        for (region, host) in [
            ("cn-north-1", "https://cn-north-1.console.amazonaws.cn/"),
            ("us-gov-west-1", "https://us-gov-west-1.console.amazonaws-us-gov.com/"),
            ("eusc-de-east-1", "https://eusc-de-east-1.console.amazonaws-eusc.eu/"),
            ("us-east-1", "https://us-east-1.console.aws.amazon.com/"),
        ] {
            let url = console_url(region, "g", "s");
            assert!(url.starts_with(host), "{url}");
        }
    }
}
