"""Puts examples into the schema: real answers of an invented newsroom, kept in examples.json.

tests/test_api_examples.py records them, and holds them to the schema and to what is answered today.
"""

import json
from functools import cache
from pathlib import Path
from typing import Any

from drf_spectacular.generators import SchemaGenerator
from rest_framework.request import Request

PREFIX = "#/components/examples/"


@cache
def kept() -> dict[str, Any]:
    return json.loads(Path(__file__).with_name("examples.json").read_text())


def with_examples(result: dict, generator: SchemaGenerator, request: Request | None, public: bool) -> dict:
    """Give every answer, refusal and event its examples. Refusals are kept once and named wherever they may come."""
    for item in result["paths"].values():
        for operation in item.values():
            _operation(operation)
    for name, item in result["webhooks"].items():
        (content,) = item["post"]["requestBody"]["content"].values()
        if sent := kept()["events"].get(name):
            content["examples"] = {"sent": {"summary": f"{name} as it is sent.", "value": sent}}
    result["components"]["examples"] = {
        name: {"summary": problem["summary"], "value": problem["value"]} for name, problem in kept()["problems"].items()
    }
    return result


def _operation(operation: dict) -> None:
    answer = kept()["answers"].get(operation["operationId"])
    for status, response in operation["responses"].items():
        for content in response.get("content", {}).values():
            if not status.startswith("2"):
                content["examples"] = {name: {"$ref": PREFIX + name} for name in refusals(operation, int(status))}
            elif answer:
                content["examples"] = {"answered": {"summary": answer["request"], "value": answer["value"]}}
    for parameter in operation.get("parameters", ()) if answer else ():
        if parameter["name"] in answer["parameters"]:
            parameter["example"] = answer["parameters"][parameter["name"]]


def refusals(operation: dict, status: int) -> list[str]:
    """Return the names of the problems that an operation may answer under this status."""
    return [
        name
        for name, problem in kept()["problems"].items()
        if problem["value"]["status"] == status
        and problem["writing"] == bool(operation["security"])
        and operation["operationId"] in (problem["operations"] or [operation["operationId"]])
    ]
