"""Holds the Kubernetes resources in the given files against the published schemas of their kinds, unknown keys included,
and prints a JSON list of findings. Argo CD's own resources are another checker's."""

import json
import sys

import kubernetes_validate
import yaml

GROUP = "argoproj.io/"


def main(paths):
    findings = [{"file": path, "text": text} for path in paths for text in check(path)]
    json.dump(findings, sys.stdout)


def check(path):
    with open(path, encoding="utf-8") as file:
        try:
            resources = list(yaml.safe_load_all(file))
        except yaml.YAMLError as error:
            return [" ".join(str(error).split())]
    return [text for resource in resources for text in problems(resource)]


def problems(resource):
    if not isinstance(resource, dict) or not {"apiVersion", "kind"} <= resource.keys():
        yield "a manifest has an apiVersion and a kind"
    elif not str(resource["apiVersion"]).startswith(GROUP):
        version = kubernetes_validate.latest_version()
        try:
            kubernetes_validate.validate(resource, version, strict=True)
        except kubernetes_validate.ValidationError as error:
            yield f"{'.'.join(map(str, error.path))}: {error.message}"
        except kubernetes_validate.SchemaNotFoundError as error:
            yield error.message


main(sys.argv[1:])
