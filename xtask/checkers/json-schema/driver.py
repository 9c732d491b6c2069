"""Holds JSON files against a JSON Schema and reports each difference.

Usage: driver.py SCHEMA FILE...
"""

import json
import sys

import jsonschema


def main(schema_path, *paths):
    schema = load(schema_path)
    validator_class = jsonschema.validators.validator_for(schema, default=None)
    if validator_class is None:
        sys.exit(f"{schema_path} names no version of JSON Schema")
    validator_class.check_schema(schema)
    validator = validator_class(schema)
    findings = [
        {"file": path, "text": f"{error.json_path}: {shorten(error.message)}"}
        for path in paths
        for error in sorted(validator.iter_errors(load(path)), key=lambda error: error.json_path)
    ]
    json.dump(findings, sys.stdout)


def load(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file, object_pairs_hook=unique)


def unique(pairs):
    loaded = dict(pairs)
    if len(loaded) != len(pairs):
        sys.exit(f"a key stands twice in one object: {sorted(key for key, _ in pairs)}")
    return loaded


def shorten(message):
    return message if len(message) < 400 else f"{message[:200]} … {message[-200:]}"


main(*sys.argv[1:])
