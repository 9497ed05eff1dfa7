"""Other settings for a deployed function, for the length of a test."""

from collections.abc import Iterator
from contextlib import contextmanager

from local.aws import administrator, client
from local.deployment import Deployment


@contextmanager
def credentials_function_with(deployment: Deployment, **variables: str) -> Iterator[None]:
    """Starts the credentials function anew with further environment variables, and once more without them."""
    functions = client(deployment.site, "lambda", administrator(deployment.site))
    [function] = [
        function
        for function in functions.list_functions()["Functions"]
        if "TOKEN_USE_TABLE" in function["Environment"]["Variables"]
    ]
    name, usual = function["FunctionName"], function["Environment"]["Variables"]
    functions.update_function_configuration(FunctionName=name, Environment={"Variables": {**usual, **variables}})
    try:
        yield
    finally:
        functions.update_function_configuration(FunctionName=name, Environment={"Variables": usual})
