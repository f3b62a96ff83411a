#!/usr/bin/env python3
"""Reads docs/cluster/kubernetes-indexed-job.yaml for kubernetes.sh.

  kubernetes_manifest.py FILE validate        checks every object with the schema of Kubernetes, if it is installed
  kubernetes_manifest.py FILE settings        prints the values that the test needs as shell assignments
  kubernetes_manifest.py FILE action CODE     prints what podFailurePolicy says about an exit status

Exits with 77 without PyYAML, and for `validate` without kubernetes-validate.
"""
import shlex
import sys

try:
    import yaml
except ImportError:
    sys.exit(77)


def validate(objects):
    try:
        import kubernetes_validate
    except ImportError:
        sys.exit(77)
    # The oldest version with all fields, and the newest that the package knows.
    for version in ("1.33", kubernetes_validate.latest_version()):
        for found in objects:
            kubernetes_validate.validate(found, version, strict=True)
            print(f"{found['kind']} {found['metadata']['name']} is valid in {version}")


def settings(restore, merge):
    pod = restore["template"]["spec"]
    container = pod["containers"][0]
    user = pod["securityContext"]
    assert container["securityContext"]["readOnlyRootFilesystem"] and user["runAsNonRoot"]
    values = {
        "completions": [restore["completions"]],
        "user": [user["runAsUser"]],
        "group": [user["fsGroup"]],
        "mount_path": [container["volumeMounts"][0]["mountPath"]],
        "restore_command": container["command"] + container["args"],
        "merge_command": merge["template"]["spec"]["containers"][0]["command"],
    }
    for name, words in values.items():
        print(f"{name}=({' '.join(shlex.quote(str(word)) for word in words)})")


def action(restore, code):
    for rule in restore["podFailurePolicy"]["rules"]:
        if code in rule.get("onExitCodes", {}).get("values", []):
            return rule["action"]
    return "Count"


def main():
    path, task, *rest = sys.argv[1:]
    with open(path) as file:
        objects = list(yaml.safe_load_all(file))
    specs = {found["metadata"]["name"]: found["spec"] for found in objects}
    restore, merge = specs["promptir-restore"], specs["promptir-merge"]
    if task == "validate":
        validate(objects)
    elif task == "settings":
        settings(restore, merge)
    else:
        print(action(restore, int(rest[0])))


main()
