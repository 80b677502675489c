#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Builds with an option off are complete: all other parts build, and their tests pass.

options_test.py SOURCE BUILD
"""
import os
import re
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tools"))
from cases import case, command, run  # noqa: E402
from compilers import werror  # noqa: E402

SOURCE, BUILD = sys.argv[1:3]


@case("options: without the server, tool, examples, benchmarks and fuzz targets build, and the tests pass")
def _():
    folder = os.path.join(os.path.abspath(BUILD), "no-server")
    if not os.path.exists(os.path.join(folder, "build.ninja")):
        command(["meson", "setup", folder, SOURCE, "-Dserver=false", "-Dtests=enabled", "-Dcli=enabled",
                 "-Dbench=enabled", "-Dfuzz=true", "-Doptimization=2", "-Dwerror=" + werror("g++")],
                env=dict(os.environ, CC="gcc", CXX="g++"))
    command(["ninja", "-C", folder], timeout=1800)
    tool = os.path.join(folder, "cli", "ashlar")
    assert not re.search(r"^ *server\b", command([tool, "--help"]), re.MULTILINE), "the tool has a server"
    command(["meson", "test", "-C", folder, "--no-rebuild", "--timeout-multiplier", "3", "--suite", "unit",
             "--suite", "cli", "--suite", "corpus", "--suite", "interop"], timeout=1800)


@case("options: without the server and x86 kernels, tool, examples and benchmarks build")
def _():
    folder = os.path.join(os.path.abspath(BUILD), "no-server-no-kernels")
    if not os.path.exists(os.path.join(folder, "build.ninja")):
        command(["meson", "setup", folder, SOURCE, "-Dserver=false", "-Dx86_kernels=false", "-Dtests=disabled",
                 "-Dcli=enabled", "-Dbench=enabled", "-Doptimization=0", "-Dwerror=" + werror("clang++")],
                env=dict(os.environ, CC="clang", CXX="clang++"))
    command(["ninja", "-C", folder], timeout=1800)
    command([os.path.join(folder, "cli", "ashlar"), "doctor"])


run()
