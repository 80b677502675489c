#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What BoGo's configuration says, and the shim's exit codes: config_test.py SHIM ERROR_TABLE"""
import json
import os
import re
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "tools"))
from cases import case, run  # noqa: E402

SHIM, ERROR_TABLE = sys.argv[1:3]


def once(pairs):
    """An object of JSON; each of its names stands there once."""
    names = [name for name, _ in pairs]
    twice = sorted({name for name in names if names.count(name) > 1})
    assert not twice, f"twice in config.json: {twice}"
    return dict(pairs)


def config():
    with open(os.path.join(HERE, "config.json"), encoding="utf-8") as file:
        return json.load(file, object_pairs_hook=once)


def shim(*flags):
    done = subprocess.run([SHIM, *flags], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          encoding="utf-8", timeout=60, check=False)
    return done.returncode, done.stdout.strip(), done.stderr.strip().splitlines()


@case("bogo: each disabled test has a reason")
def _():
    bare = [pattern for pattern, reason in config()["DisabledTests"].items() if len(reason) < 10]
    assert not bare, f"no reason: {bare}"


@case("bogo: each error in the map is one of ours")
def _():
    with open(ERROR_TABLE, encoding="utf-8") as file:
        known = set(re.findall(r"^ASHLAR_ERROR\(\d+, (\w+),", file.read(), re.M))
    assert len(known) > 100, "the table of errors has another form"
    for theirs, ours in config()["ErrorMap"].items():
        assert ours, f"{theirs} has no error of ours"
        for each in ours:
            name = re.match(r":(\w+):", each)
            assert name and name.group(1) in known, f"{theirs}: there is no error {each}"


@case("bogo: the shim says what it has not, and what failed")
def _():
    assert shim("-is-handshaker-supported") == (0, "No", ["--- DONE ---"])
    assert shim("-no-such-flag") == (89, "", ["not there: no flag -no-such-flag", "--- DONE ---"])
    code, _, told = shim("-max-version", "769")
    assert (code, told[-1]) == (89, "--- DONE ---"), told
    # Nobody listens there.
    code, _, told = shim("-port", "1", "-shim-id", "1")
    assert (code, told[-1]) == (1, "--- DONE ---") and ":system_call_failed:" in told[0], told


run()
