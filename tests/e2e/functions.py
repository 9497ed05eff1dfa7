"""Other settings for deployed functions, for the length of a test."""

import contextlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from local.aws import administrator, client
from local.deployment import Deployment

Variables = dict[str, str]


def credentials_function_with(deployment: Deployment, **variables: str):
    """Starts the credentials function anew with further environment variables, and once more without them."""
    return _function_with(deployment, lambda usual: "TOKEN_USE_TABLE" in usual, variables)


def reports_authorizer_with(deployment: Deployment, **variables: str):
    """The same of the authorizer before the example's REST API, which looks at the role mappings."""
    return _function_with(deployment, lambda usual: usual.get("API_NAME") == "reports", variables)


def process_of(deployment: Deployment, function_name: str) -> int:
    """The process that a running function is."""
    for environ in Path("/proc").glob("[0-9]*/environ"):
        with contextlib.suppress(OSError):
            variables = environ.read_bytes().split(b"\0")
            own = {f"AWS_LAMBDA_FUNCTION_NAME={function_name}", f"AWS_ENDPOINT_URL={deployment.site.aws_url}"}
            if own <= {variable.decode(errors="replace") for variable in variables}:
                return int(environ.parent.name)
    raise AssertionError(f"no process runs {function_name}")


@contextmanager
def _function_with(deployment: Deployment, is_it: Callable[[Variables], bool], variables: Variables) -> Iterator[str]:
    """Yields the function's name."""
    functions = client(deployment.site, "lambda", administrator(deployment.site))
    [function] = [
        function
        for function in functions.list_functions()["Functions"]
        if is_it(function.get("Environment", {}).get("Variables", {}))
    ]
    name, usual = function["FunctionName"], function["Environment"]["Variables"]
    functions.update_function_configuration(FunctionName=name, Environment={"Variables": {**usual, **variables}})
    try:
        yield name
    finally:
        functions.update_function_configuration(FunctionName=name, Environment={"Variables": usual})
