"""Tests talk to this machine only."""

import socket

import pytest


def test_a_test_cannot_reach_another_machine() -> None:
    # pytest-socket warns before it refuses, and warnings are errors here.
    with pytest.raises(Warning, match=r"192\.0\.2\.1"):
        socket.create_connection(("192.0.2.1", 80), timeout=1)


def test_a_test_can_talk_to_itself() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        socket.create_connection(server.getsockname(), timeout=1) as client,
    ):
        assert client.getpeername() == server.getsockname()
