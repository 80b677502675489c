#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs BoringSSL's test runner against Ashlar and counts: bogo.py RUNNER SHIM CHECKOUT OUTPUT [RUNNER-ARGUMENTS…]"""
import json
import os
import re
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
# Seconds that the runner waits for the other side. A stalled connection is a failure.
PATIENCE = 5


def main(*arguments):
    runner, shim, checkout, output = map(os.path.abspath, arguments[:4])
    arguments = arguments[4:]
    results = os.path.join(output, "results.json")
    if os.path.exists(results):
        os.remove(results)
    command = [runner, "-test.run", "TestAll", "-test.timeout", "1h", "-shim-path", shim,
               "-shim-config", os.path.join(HERE, "config.json"), "-pipe=false", "-num-workers", "2",
               "-idle-timeout", f"{PATIENCE}s", "-json-output", results, *arguments]
    # The runner reads files beside its sources.
    run = subprocess.run(command, cwd=os.path.join(checkout, "ssl/test/runner"), stdout=subprocess.PIPE,
                         stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL)
    log = run.stdout.decode(errors="replace")
    with open(os.path.join(output, "log.txt"), "w", encoding="utf-8") as file:
        file.write(log)
    if not os.path.exists(results):
        print(log)
        sys.exit("bogo: the runner did not come to its end")
    with open(results, encoding="utf-8") as file:
        tests = json.load(file)["tests"]
    by_result = {}
    for name, test in sorted(tests.items()):
        by_result.setdefault(test["actual"], []).append(name)
    for name in by_result.get("FAIL", []):
        error = tests[name].get("error", "")
        print(f"FAILED {name}\n" + "".join(f"    {line}\n" for line in error.splitlines() if line.strip()))
    for name in by_result.get("SKIP", []):
        print(f"NOT IMPLEMENTED {name}")
    # The last line of the runner's progress ends in the number of all tests.
    progress = re.findall(r"\d+/\d+/\d+/\d+/(\d+)", log)
    left_out = int(progress[-1]) - len(tests) if progress else 0
    counts = {key: len(by_result.get(key, [])) for key in ("PASS", "FAIL", "SKIP")}
    print(f"bogo: {counts['PASS']} passed, {counts['FAIL']} failed, {counts['SKIP']} not implemented, "
          f"{left_out} disabled or not asked for")
    sys.exit(1 if counts["FAIL"] or ("SKIP" in by_result and "-allow-unimplemented" not in arguments) else 0)


if __name__ == "__main__":
    main(*sys.argv[1:])
