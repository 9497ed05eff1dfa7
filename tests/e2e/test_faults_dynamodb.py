"""DynamoDB fails, while the deployed functions run: rows `table-*` and `ledger-*` of docs/faults.md."""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from conftest import Brevet, assert_refused
from functions import credentials_function_with, reports_authorizer_with
from local.deployment import Deployment
from tests.faults.aws import aws_with_faults
from tests.faults.dynamodb import BY_SCOPE, LEDGER, ROWS, UNAVAILABLE
from tests.faults.fault import CANNOT_TELL, GRANTED, Fault
from tests.faults.server import Behaviour, FaultServer
from under_fault import ask_credentials, ask_route, assert_said, every_variant, first_variant, open_again


@pytest.fixture(scope="module")
def dynamodb(deployment: Deployment) -> Iterator[FaultServer]:
    with aws_with_faults(deployment.site) as server, ExitStack() as functions:
        for function_with in (credentials_function_with, reports_authorizer_with):
            functions.enter_context(function_with(deployment, AWS_ENDPOINT_URL_DYNAMODB=server.url))
        assert open_again(Brevet(deployment))
        yield server


@pytest.fixture(autouse=True)
def mended(dynamodb: FaultServer) -> Iterator[None]:
    yield
    dynamodb.mend()


@pytest.mark.parametrize(("fault", "behaviour", "variant"), every_variant(ROWS))
def test_the_table_fails(
    brevet: Brevet, dynamodb: FaultServer, fault: Fault, behaviour: Behaviour, variant: str
) -> None:
    dynamodb.behave("BatchGetItem", behaviour)
    assert_said(ask_credentials(brevet), fault.job, brevet, fault.logged.format(variant))
    dynamodb.behave("BatchGetItem", behaviour)
    assert_said(ask_route(brevet), fault.route, brevet, fault.logged.format(variant))
    dynamodb.mend()
    assert open_again(brevet)


@pytest.mark.parametrize(
    ("fault", "behaviour", "variant"), first_variant(fault for fault in ROWS if fault.variants in BY_SCOPE)
)
def test_the_table_fails_a_job_that_names_no_role(
    brevet: Brevet, dynamodb: FaultServer, fault: Fault, behaviour: Behaviour, variant: str
) -> None:
    dynamodb.behave("Query", behaviour)
    assert_said(ask_credentials(brevet, path=""), fault.job, brevet, fault.logged.format(variant))


@pytest.mark.parametrize(("fault", "behaviour", "variant"), every_variant(LEDGER))
def test_the_ledger_fails(
    brevet: Brevet, dynamodb: FaultServer, fault: Fault, behaviour: Behaviour, variant: str
) -> None:
    brevet.row("once", max_uses_per_token=1)
    token = brevet.token()
    dynamodb.behave("UpdateItem", behaviour)
    assert_said(ask_credentials(brevet, "?role=once", token), fault.job, brevet, fault.logged.format(variant))
    dynamodb.mend()
    if fault.job != GRANTED:
        assert brevet.credentials("once", token).status == 200, "a use that opened nothing is none"
    assert_refused(brevet.credentials("once", token), 403, "token_already_used")


def test_no_answer_of_the_table_at_all_is_no_verdict(brevet: Brevet, dynamodb: FaultServer) -> None:
    dynamodb.refuse()
    try:
        assert_said(ask_credentials(brevet), UNAVAILABLE, brevet, "the table could not be asked")
        assert_said(ask_route(brevet), CANNOT_TELL, brevet, "the table could not be asked")
    finally:
        dynamodb.listen()
    assert open_again(brevet)
