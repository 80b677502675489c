#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs every constant-time case under valgrind, as a compiler builds it: ct_test.py SOURCE BUILD g++|clang++

The build is one of its own, in which ct::classify tells valgrind what is secret and every division branches on its
operands (assembler/as).
"""
import os
import shutil
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tools"))
from cases import Skip, case, command, run  # noqa: E402
from consumer import COMPILERS  # noqa: E402

SOURCE, BUILD = (os.path.abspath(a) for a in sys.argv[1:3])
COMPILER = sys.argv[3]
CAUGHT = 99


def build(cxx):
    if not shutil.which("valgrind"):
        raise Skip("no valgrind")
    if not os.path.exists("/usr/include/valgrind/memcheck.h"):
        raise Skip("no valgrind/memcheck.h")
    if not shutil.which(cxx):
        raise Skip(f"no {cxx}")
    folder = os.path.join(BUILD, "ct-" + cxx)
    env = dict(os.environ, CC=COMPILERS[cxx], CXX=cxx, CCACHE_DISABLE="1")
    if not os.path.exists(os.path.join(folder, "build.ninja")):
        arguments = ["-gdwarf-4", "-B" + os.path.join(SOURCE, "tests", "ct", "assembler")]
        if cxx == "clang++":
            # Of clang 14 valgrind 3.19 reads DWARF 4 only.
            arguments += ["-fno-integrated-as", "-Wno-unused-command-line-argument"]
        command(["meson", "setup", folder, SOURCE, "-Dct_check=true", "-Dtests=enabled", "-Dcli=disabled",
                 "-Dbench=disabled", "-Dexamples=false", "-Ddebug=true", "-Dcpp_args=" + " ".join(arguments)], env=env)
    command(["ninja", "-C", folder, "tests/ct/ct-cases"], timeout=1500, env=env)
    return os.path.join(folder, "tests", "ct", "ct-cases")


def valgrind(program, name, kernels):
    done = subprocess.run(["valgrind", "-q", f"--error-exitcode={CAUGHT}", "--error-limit=no", program, name, kernels],
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          timeout=900, check=False)
    return done.returncode, done.stdout


def register(cxx):
    try:
        program = build(cxx)
        listed = [line.split("\t", 1) for line in command([program, "list"]).splitlines()]
    except (Skip, AssertionError) as error:
        problem = error

        @case(f"ct ({cxx}): every case builds")
        def _():
            raise problem
        return

    for kind, name in listed:
        @case(f"ct ({cxx}): {name}" + (" is caught" if kind == "leak" else " leaks nothing"))
        def _(kind=kind, name=name):
            for kernels in ("portable", "native"):
                status, out = valgrind(program, name, kernels)
                expected = CAUGHT if kind == "leak" else 0
                assert status == expected, f"{kernels} kernels, exit status {status}:\n" + "\n".join(out.splitlines()[:60])


register(COMPILER)
run()
