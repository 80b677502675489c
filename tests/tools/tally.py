#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Adds up test logs of Meson: tally.py [--no-skip] TITLE=testlog.json … ; the last line is the sum.

A Catch2 executable counts its own cases (tests/support/main.cpp prints them). Any other test is one case. If the
log of a title does not exist, its build failed. That counts as one failed case.
"""
import json
import re
import sys

CASES = re.compile(r"^CASES: (\d+) passed, (\d+) failed, (\d+) skipped$", re.M)


def main(arguments):
    no_skip = "--no-skip" in arguments
    passed, failures, skips = 0, [], []
    for argument in arguments:
        if argument == "--no-skip":
            continue
        title, log = argument.split("=", 1)
        try:
            with open(log, encoding="utf-8") as lines:
                tests = [json.loads(line) for line in lines]
        except OSError:
            failures.append((title, log if log.startswith("the ") else "no test ran", ""))
            continue
        for test in tests:
            out = test.get("stdout", "")
            name, result = test["name"].split(" / ")[-1], test["result"]
            failed_here = 0
            counts = CASES.findall(out)
            if counts:
                passed += sum(int(c[0]) for c in counts)
                for case in re.findall(r"^FAILED: (.*)$", out, re.M):
                    failures.append((title, f"{name}: {case}", out))
                    failed_here += 1
                skips += [(title, case) for case in re.findall(r"^SKIPPED: (.*)$", out, re.M)]
            elif result == "OK":
                passed += 1
            elif result == "SKIP":
                words = out.strip().splitlines()
                skips.append((title, f"{name}: {words[-1] if words else 'no reason given'}"))
            if result not in ("OK", "SKIP", "EXPECTEDFAIL") and not failed_here:
                what = f"{name}: {result.lower()}, exit status {test.get('returncode')}"
                failures.append((title, what, out + test.get("stderr", "")))

    shown = set()
    for title, what, out in failures:
        if out and out not in shown:
            shown.add(out)
            print(f"---- {title}: {what}")
            print("\n".join(out.splitlines()[-60:]))
    for title, what in skips:
        print(f"skipped: {title}: {what}")
    for title, what, _ in failures:
        print(f"failed: {title}: {what}")
    failed, skipped = len(failures), len(skips)
    if no_skip:
        failed, skipped = failed + skipped, 0
    print(f"{passed} passed, {failed} failed, {skipped} skipped")
    return 1 if failed or not passed else 0


sys.exit(main(sys.argv[1:]))
