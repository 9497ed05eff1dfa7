use std::fmt;

/// What a caller wants to invoke: `arn:aws:execute-api:<region>:<account>:<api>/<stage>/<method>/<path>`, or
/// `.../<stage>/$connect` for a WebSocket.
///
/// <https://docs.aws.amazon.com/apigateway/latest/developerguide/arn-format-reference.html>
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct MethodArn {
    /// Everything before the stage, its slash included.
    api: String,
    stage: String,
    method: String,
    path: String,
}

impl MethodArn {
    /// Reads an ARN from an authorizer's event. The path may hold anything, `:` and `/` among it.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let mut parts = text.splitn(6, ':');
        let (arn, partition, service) = (parts.next()?, parts.next()?, parts.next()?);
        let (region, account, resource) = (parts.next()?, parts.next()?, parts.next()?);
        if arn != "arn" || service != "execute-api" || [partition, region, account].iter().any(|part| part.is_empty()) {
            return None;
        }
        let mut resource = resource.splitn(4, '/');
        let (api, stage, method) = (resource.next()?, resource.next()?, resource.next()?);
        if [api, stage, method].iter().any(|part| part.is_empty() || part.contains(['*', '?'])) {
            return None;
        }
        let path = resource.next().unwrap_or_default();
        Some(Self {
            api: format!("arn:{partition}:execute-api:{region}:{account}:{api}/"),
            stage: stage.to_owned(),
            method: method.to_owned(),
            path: format!("/{path}"),
        })
    }

    /// `GET` and so on, or `$connect`.
    pub(crate) fn method(&self) -> &str {
        &self.method
    }

    /// The path the client called, with its first slash.
    pub(crate) fn path(&self) -> &str {
        &self.path
    }

    /// Everything of this API and stage.
    pub(crate) fn whole_stage(&self) -> String {
        self.in_stage("*")
    }

    /// A resource of this API and stage.
    pub(crate) fn in_stage(&self, resource: &str) -> String {
        format!("{}{}/{resource}", self.api, self.stage)
    }

    /// The ARN as a resource that stands for itself alone; `None` if the client put a wildcard, or the beginning of an
    /// IAM policy variable, into its path.
    pub(crate) fn exactly(&self) -> Option<String> {
        let plain = !self.path.contains(['*', '?']) && !self.path.contains("${");
        plain.then(|| self.to_string())
    }
}

impl fmt::Display for MethodArn {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = if self.method == "$connect" { "" } else { self.path.as_str() };
        write!(formatter, "{}{}/{}{path}", self.api, self.stage, self.method)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_what_names_no_method_of_an_api() {
        let refused = [
            "",
            "arn:aws:lambda:eu-west-1:111122223333:function:x",
            "arn:aws:execute-api:eu-west-1:111122223333:api",
            "arn:aws:execute-api:eu-west-1:111122223333:api/v1",
            "arn:aws:execute-api:eu-west-1:111122223333:api/*/GET/x",
            "arn:aws:execute-api:eu-west-1:111122223333:api/v1/*/x",
            "arn:aws:execute-api::111122223333:api/v1/GET/x",
        ];
        for text in refused {
            assert_eq!(MethodArn::parse(text), None, "{text}");
        }
    }

    #[test]
    fn keeps_whatever_is_in_the_path_and_writes_itself_back() {
        let prefix = "arn:aws-us-gov:execute-api:us-gov-west-1:111122223333:api/$default";
        for (rest, method, path) in [
            ("GET/", "GET", "/"),
            ("GET/a:b//c/", "GET", "/a:b//c/"),
            ("POST/projects/4711", "POST", "/projects/4711"),
            ("$connect", "$connect", "/"),
        ] {
            let arn = MethodArn::parse(&format!("{prefix}/{rest}")).unwrap();
            assert_eq!((arn.method(), arn.path(), arn.to_string()), (method, path, format!("{prefix}/{rest}")));
        }
    }

    #[test]
    fn a_wildcard_from_the_client_never_becomes_a_resource() {
        for path in ["*", "a/*", "a?", "${aws:username}"] {
            let arn =
                MethodArn::parse(&format!("arn:aws:execute-api:eu-west-1:111122223333:api/v1/GET/{path}")).unwrap();
            assert_eq!(arn.exactly(), None, "{path}");
        }
    }
}
