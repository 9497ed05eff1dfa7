//! Where a refused caller reads on.

use brevet_function_kit::Reader;

/// The page of Brevet's own documents; a deployment that publishes it somewhere says so in `HELP_URL`.
const OWN_PAGE: &str = "docs/pipelines.md";

/// The page that explains each code below a heading of its name.
#[derive(Clone, Debug)]
pub struct HelpPage(String);

impl HelpPage {
    /// Reads `HELP_URL`.
    pub(crate) fn read(reader: &mut Reader<'_>) -> Self {
        let page = reader.optional("HELP_URL").unwrap_or_else(|| OWN_PAGE.to_owned());
        if page != OWN_PAGE && !is_an_address(&page) {
            reader.fault("HELP_URL must be an https address without a fragment: the code is put behind it");
        }
        Self(page)
    }

    /// The place for one code.
    pub fn of(&self, code: &str) -> String {
        format!("{}#{code}", self.0)
    }
}

fn is_an_address(page: &str) -> bool {
    let harmless = page.bytes().all(|byte| byte.is_ascii_graphic() && !b"\"\\#<>".contains(&byte));
    harmless && page.strip_prefix("https://").is_some_and(|rest| !rest.is_empty())
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use brevet_function_kit::Environment;

    use super::*;

    fn read(url: Option<&str>) -> Result<HelpPage, Vec<String>> {
        let variables: HashMap<_, _> = url.map(|url| ("HELP_URL".to_owned(), url.to_owned())).into_iter().collect();
        let environment = Environment::from(variables);
        let mut reader = Reader::new(&environment);
        let page = HelpPage::read(&mut reader);
        reader.finish(Some(page)).map_err(|faults| faults.0)
    }

    #[test]
    fn refuses_pages_that_are_no_plain_https_address() {
        let pages =
            ["http://docs.example.com", "https://", "docs", "https://x/#codes", "https://x/\"y", "https://x/a b"];
        for page in pages {
            assert_eq!(read(Some(page)).unwrap_err().len(), 1, "{page}");
        }
    }

    #[test]
    fn points_to_the_heading_of_the_code() {
        let here = read(Some("https://wiki.example.com/brevet")).unwrap();
        assert_eq!(here.of("no_mapping"), "https://wiki.example.com/brevet#no_mapping");
        assert_eq!(read(None).unwrap().of("no_mapping"), "docs/pipelines.md#no_mapping");
    }
}
