"""The description of the interface as a page: made from the OpenAPI document itself, readable without the network."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from motcua.api.routes import api


@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """Show every operation with its parameters, body and answers."""
    document = api.get_openapi_schema()
    shapes = document["components"]["schemas"]
    operations = [
        _operation(path, method, one, shapes)
        for path, methods in document["paths"].items()
        for method, one in methods.items()
    ]
    context = {"title": document["info"]["title"], "about": document["info"]["description"], "operations": operations}
    return render(request, "api/description.html", context)


def _operation(path: str, method: str, one: Mapping[str, Any], shapes: Mapping[str, Any]) -> dict[str, object]:
    body = one.get("requestBody", {}).get("content", {})
    return {
        "path": path,
        "method": method.upper(),
        "id": one["operationId"],
        "about": one.get("description", ""),
        "parameters": [
            {"name": each["name"], "place": each["in"], "kind": _kind(each["schema"]), "required": each.get("required")}
            for each in one.get("parameters", ())
        ],
        "fields": [line for content in body.values() for line in _fields(content["schema"], shapes)],
        "answers": sorted(str(status) for status in one["responses"]),
    }


def _fields(schema: Mapping[str, Any], shapes: Mapping[str, Any]) -> list[dict[str, object]]:
    named = shapes[schema["$ref"].rsplit("/", 1)[1]] if "$ref" in schema else schema
    needed = set(named.get("required", ()))
    return [
        {"name": name, "kind": _kind(each), "required": name in needed}
        for name, each in named.get("properties", {}).items()
    ]


def _kind(schema: Mapping[str, Any]) -> str:
    if "$ref" in schema:
        return str(schema["$ref"]).rsplit("/", 1)[1]
    if "anyOf" in schema:
        return " | ".join(_kind(one) for one in schema["anyOf"])
    if schema.get("type") == "array":
        return f"[{_kind(schema['items'])}]"
    return str(schema.get("format") or schema.get("type", ""))
