"""Writes fixtures/calendar/google-parameters.json from Google's discovery document of the Calendar API, as google-api-python-client
brings it along: of each method that the tests' stand-in has, its path, parameters, scopes and bodies, and the fields of these.

    pip install google-api-python-client
    python tests/calendar/google_parameters.py >fixtures/calendar/google-parameters.json
"""

import json
import pathlib
import sys

import googleapiclient

METHODS = [
    "calendarList.list",
    "channels.stop",
    "events.delete",
    "events.get",
    "events.insert",
    "events.list",
    "events.patch",
    "events.watch",
]
SCOPE = "https://www.googleapis.com/auth/"

document = json.loads(
    (pathlib.Path(googleapiclient.__file__).parent / "discovery_cache/documents/calendar.v3.json").read_text()
)
needed, schemas = [], {}


def fields(schema):
    """The fields of a schema; the name of one that is referred to; or its type."""
    if "$ref" in schema:
        needed.append(schema["$ref"])
        return schema["$ref"]
    if schema["type"] == "array":
        return fields(schema["items"])
    if schema["type"] != "object":
        return schema["type"]
    properties = {name: fields(known) for name, known in schema.get("properties", {}).items()}
    if "additionalProperties" in schema:
        properties["*"] = fields(schema["additionalProperties"])
    return properties


def method(name):
    resource, verb = name.split(".")
    known = document["resources"][resource]["methods"][verb]
    parameters = known.get("parameters", {})
    bodies = {kind: known[kind]["$ref"] for kind in ("request", "response") if kind in known}
    needed.extend(bodies.values())
    return {
        "method": known["httpMethod"],
        "path": known["path"],
        "query": sorted(name for name, parameter in parameters.items() if parameter["location"] == "query"),
        "scopes": [scope.removeprefix(SCOPE) for scope in known["scopes"] if scope.startswith(SCOPE)],
        **bodies,
    }


methods = {name: method(name) for name in METHODS}
while needed:
    name = needed.pop()
    if name not in schemas:
        schemas[name] = fields(document["schemas"][name])

json.dump(
    {
        "revision": document["revision"],
        "query": sorted(document["parameters"]),
        "methods": methods,
        "schemas": schemas,
    },
    sys.stdout,
    indent=1,
    sort_keys=True,
)
print()
