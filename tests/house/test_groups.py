"""Tests that share servers or a long preparation run on one worker."""

import os

import pytest


@pytest.mark.xdist_group("same worker")
def test_a_group_is_known_to_whoever_shares_out_the_tests(request):
    """xdist reads the group from the end of the name; when it cannot, two workers eat from one queue."""
    alone = "PYTEST_XDIST_WORKER" not in os.environ or request.config.getoption("loadgroup", None) is not True
    assert alone or request.node.nodeid.endswith("@same worker")
