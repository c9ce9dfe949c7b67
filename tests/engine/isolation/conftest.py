"""The marker that ties a test to its rows of the page on isolation."""

import pytest


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers", "row(name, ...): the rows of site/isolation.md that the test shows to be true"
    )
