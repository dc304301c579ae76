"""Whatever is sent to /api/v1, right or wrong, is answered as its description says; nothing breaks it."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.config import SchemathesisConfig

from motcua.api.routes import api
from motcua.dossiers import models
from world import World

# What is well-formed may still be refused by the law or by the tables (422), or be somebody else's (404, 409).
EXPECTED = {"positive_data_acceptance": {"expected-statuses": ["2xx", 401, 403, 404, 409, 413, 422]}}


OPERATIONS = [
    (path, method) for path, methods in api.get_openapi_schema()["paths"].items() for method in sorted(methods)
]
BOUNDED = settings(
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
)


@pytest.fixture
def described(db: None, as_: Callable[..., Any], world: World) -> Iterator[Any]:
    """The interface as it describes itself, in this process, called as the centre (which may do most)."""
    del db
    # A server gives its connection back after each request; here it is the test's own, with its transaction.
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    world.received()
    token = as_("centre").token
    # In this process nobody unpacks a compressed answer before it is looked at.
    headers = {"Authorization": f"Bearer {token}", "Accept-Encoding": "identity"}
    config = SchemathesisConfig.from_dict({"checks": EXPECTED, "headers": headers})
    yield schemathesis.openapi.from_wsgi("/api/v1/openapi.json", WSGIHandler(), config=config)
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def test_the_description_is_openapi_3_1(described: Any) -> None:
    assert described.raw_schema["openapi"].startswith("3.1")
    assert all("401" in one["responses"] for path in described.raw_schema["paths"].values() for one in path.values())


@pytest.mark.parametrize(("path", "method"), OPERATIONS)
def test_every_operation_answers_as_described(described: Any, path: str, method: str) -> None:
    @settings(BOUNDED, max_examples=10)
    @given(case=described[path][method].as_strategy(generation_mode=GenerationMode.POSITIVE))
    def right(case: "schemathesis.Case[Any]") -> None:
        case.call_and_validate()

    @settings(BOUNDED, max_examples=10)
    @given(case=described[path][method].as_strategy(generation_mode=GenerationMode.NEGATIVE))
    def wrong(case: "schemathesis.Case[Any]") -> None:
        case.call_and_validate()

    right()
    if _takes_anything(path, method):
        wrong()


@pytest.mark.parametrize(("path", "method"), [one for one in OPERATIONS if "/dossiers/{code}" in one[0]])
def test_every_operation_on_a_real_dossier_answers_as_described(described: Any, path: str, method: str) -> None:
    known = models.Dossier.objects.get().code

    @settings(BOUNDED, max_examples=6)
    @given(case=described[path][method].as_strategy(generation_mode=GenerationMode.POSITIVE))
    def right(case: "schemathesis.Case[Any]") -> None:
        case.path_parameters["code"] = known
        if "act" in case.path_parameters:
            case.path_parameters["act"] = "forward"
        case.call_and_validate()

    right()


def _takes_anything(path: str, method: str) -> bool:
    operation = api.get_openapi_schema()["paths"][path][method]
    return bool(operation.get("parameters") or operation.get("requestBody"))
