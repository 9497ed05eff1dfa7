"""Other settings for deployed functions, for the length of a test."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from local.aws import administrator, client
from local.deployment import Deployment

Variables = dict[str, str]


def credentials_function_with(deployment: Deployment, **variables: str):
    """Starts the credentials function anew with further environment variables, and once more without them."""
    return _function_with(deployment, lambda usual: "TOKEN_USE_TABLE" in usual, variables)


def reports_authorizer_with(deployment: Deployment, **variables: str):
    """The same of the authorizer before the example's REST API, which looks at the role mappings."""
    return _function_with(deployment, lambda usual: usual.get("API_NAME") == "reports", variables)


def own_authorizer_with(deployment: Deployment, **variables: str):
    """The same of the authorizer before Brevet's own routes, which admits every job and asks no AWS service."""
    return _function_with(deployment, lambda usual: usual.get("ROUTE_POLICY") == "authenticated", variables)


@contextmanager
def _function_with(deployment: Deployment, is_it: Callable[[Variables], bool], variables: Variables) -> Iterator[None]:
    functions = client(deployment.site, "lambda", administrator(deployment.site))
    [function] = [
        function
        for function in functions.list_functions()["Functions"]
        if is_it(function.get("Environment", {}).get("Variables", {}))
    ]
    name, usual = function["FunctionName"], function["Environment"]["Variables"]
    functions.update_function_configuration(FunctionName=name, Environment={"Variables": {**usual, **variables}})
    try:
        yield
    finally:
        functions.update_function_configuration(FunctionName=name, Environment={"Variables": usual})
