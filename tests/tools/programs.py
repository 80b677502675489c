#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The programs of these suites' tests, as Ninja targets, one per line: programs.py BUILD SUITE…"""
import json
import os
import subprocess
import sys


def introspect(build, what):
    return json.loads(subprocess.run(["meson", "introspect", what, build], stdout=subprocess.PIPE, check=True).stdout)


def main(build, *suites):
    wanted = {target for test in introspect(build, "--tests") for target in test["depends"]
              if any(suite.split(":")[-1] in suites for suite in test["suite"])}
    for target in introspect(build, "--targets"):
        if target["id"] in wanted:
            for path in target["filename"]:
                print(os.path.relpath(path, os.path.realpath(build)))


main(*sys.argv[1:])
