"""Reads each file with a YAML 1.1 parser and a YAML 1.2 parser and reports where they disagree."""

import json
import sys

import ruamel.yaml
import yaml


def main(paths):
    findings = [{"file": path, "text": text} for path in paths for text in check(path)]
    json.dump(findings, sys.stdout)


def check(path):
    with open(path, encoding="utf-8") as file:
        text = file.read()
    try:
        old = list(yaml.safe_load_all(text))
        new = list(ruamel.yaml.YAML(typ="safe", pure=True).load_all(text))
    except (yaml.YAMLError, ruamel.yaml.error.YAMLError) as error:
        return [" ".join(str(error).split())]
    if not old or old == [None]:
        return ["nothing in it"]
    # A workflow's key `on` is the boolean true in YAML 1.1; GitHub reads it as text, and so do all its editors.
    for document in old:
        if isinstance(document, dict) and True in document:
            document["on"] = document.pop(True)
    return list(differences(old, new, ""))


def differences(old, new, place):
    if type(old) is not type(new):
        yield f"{place}: {old!r} in YAML 1.1, {new!r} in YAML 1.2"
    elif isinstance(old, dict):
        # By text, as a key may have another type in the other reading; `1` and `True` are one key to Python.
        if sorted(map(repr, old)) != sorted(map(repr, new)):
            yield f"{place}: keys {list(old)!r} in YAML 1.1, {list(new)!r} in YAML 1.2"
        else:
            for key in old:
                yield from differences(old[key], new[key], f"{place}/{key}")
    elif isinstance(old, list):
        if len(old) != len(new):
            yield f"{place}: {len(old)} items in YAML 1.1, {len(new)} in YAML 1.2"
        for index, (left, right) in enumerate(zip(old, new)):
            yield from differences(left, right, f"{place}/{index}")
    elif old != new:
        yield f"{place}: {old!r} in YAML 1.1, {new!r} in YAML 1.2"


main(sys.argv[1:])
