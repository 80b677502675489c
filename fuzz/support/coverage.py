#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs fuzz targets over their seeds in a build for coverage, and prints which lines and branches they reach.

usage: coverage.py BUILD NAME…

One line per file of the libraries, and one per folder. What the goals are for stands first: asn1/, x509/,
tls/message, tls/extension, tls/record and tls/tls12, at least 95 % of lines and 85 % of branches of each file.
"""
import json
import os
import shutil
import subprocess
import sys

ROOT = os.path.normpath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))
GOALS = ("asn1/", "x509/", "tls/message/", "tls/extension/", "tls/record/", "tls/tls12/")
LINES, BRANCHES = 95.0, 85.0


def tool(name):
    """LLVM's tool, of the clang that compiled: its data has that version's form."""
    version = subprocess.run(["clang++", "-dumpversion"], capture_output=True, text=True, check=True).stdout.split(".")[0]
    return shutil.which(f"{name}-{version}") or shutil.which(name) or sys.exit(f"coverage: no {name}")


def run_targets(build, names):
    profiles = []
    for name in names:
        profile = os.path.join(build, f"{name}.profraw")
        done = subprocess.run([os.path.join(build, "fuzz", f"fuzz-{name}"), os.path.join(ROOT, "fuzz", "corpus", name)],
                              env={**os.environ, "LLVM_PROFILE_FILE": profile}, stdout=subprocess.DEVNULL, check=False)
        if done.returncode != 0:
            sys.exit(f"coverage: fuzz-{name} does not hold on its seeds")
        profiles.append(profile)
    merged = os.path.join(build, "fuzz.profdata")
    subprocess.run([tool("llvm-profdata"), "merge", "-sparse", "-o", merged] + profiles, check=True)
    return merged


def measure(build, names, merged):
    programs = [os.path.join(build, "fuzz", f"fuzz-{name}") for name in names]
    arguments = [tool("llvm-cov"), "export", "-summary-only", f"-instr-profile={merged}", programs[0]]
    for program in programs[1:]:
        arguments += ["-object", program]
    exported = json.loads(subprocess.run(arguments, capture_output=True, text=True, check=True).stdout)
    found = {}
    for file in exported["data"][0]["files"]:
        path = os.path.relpath(file["filename"], ROOT)
        if path.split("/")[0] in ("base", "crypto", "asn1", "x509", "tls", "posix"):
            summary = file["summary"]
            found[path] = [(summary[kind]["covered"], summary[kind]["count"]) for kind in ("lines", "branches")]
    return found


def percent(covered, count):
    return 100.0 if count == 0 else 100.0 * covered / count


def show(what, counts, judged):
    lines, branches = (percent(*pair) for pair in counts)
    below = judged and (lines < LINES or branches < BRANCHES)
    print(f"{what:60} {lines:6.1f} % of {counts[0][1]:5} lines {branches:6.1f} % of {counts[1][1]:5} branches"
          + ("  below the goal" if below else ""))
    return below


def main():
    build, names = sys.argv[1], sys.argv[2:]
    found = measure(build, names, run_targets(build, names))
    below = 0
    for judged in (True, False):
        folders = {}
        for path in sorted(found):
            if path.startswith(GOALS) != judged:
                continue
            below += show(path, found[path], judged)
            total = folders.setdefault(os.path.dirname(path), [(0, 0), (0, 0)])
            for kind in (0, 1):
                total[kind] = tuple(a + b for a, b in zip(total[kind], found[path][kind]))
        for folder, counts in sorted(folders.items()):
            show(folder + "/", counts, False)
    print(f"COVERAGE: {below} files below {LINES:.0f} % of lines or {BRANCHES:.0f} % of branches")


if __name__ == "__main__":
    main()
