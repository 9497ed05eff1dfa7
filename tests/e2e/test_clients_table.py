"""docs/clients.md is what the tests saw."""

import pytest

from tests.clients.observations import Observations
from tests.clients.table import FILE, render


def test_the_table_in_the_docs_is_what_was_seen(observations: Observations, pytestconfig: pytest.Config) -> None:
    seen = render(observations)
    if pytestconfig.getoption("--write-clients-table"):
        FILE.write_text(seen)
    assert FILE.read_text() == seen, "the clients do something else than docs/clients.md says: run `make clients-table`"
