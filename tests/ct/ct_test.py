#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs every constant-time case, built by a compiler, under valgrind:
ct_test.py SOURCE BUILD COMPILER COMPILER-OF-WHICH-BUILD-IS-A-RELEASE [TRACER]

What is watched is the release that people link. Only two kinds of files are compiled again, and come before it: those that
declassify, which have to tell valgrind of it, and those that divide, where every division branches on its operands
(assembler/as). This test or the single-step tracer must watch each row of a table of implementations that this machine
can run.
"""
import functools
import glob
import os
import re
import shutil
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tools"))
from cases import Skip, case, command, run  # noqa: E402
from consumer import Consumer  # noqa: E402
import marked  # noqa: E402

SOURCE, BUILD = (os.path.abspath(a) for a in sys.argv[1:3])
COMPILER, RELEASE = sys.argv[3:5]
TRACER = sys.argv[5] if len(sys.argv) > 5 and not sys.argv[5].startswith("--") else None
CAUGHT = 99


def build(cxx):
    if not shutil.which("valgrind"):
        raise Skip("no valgrind")
    if not os.path.exists("/usr/include/valgrind/memcheck.h"):
        raise Skip("no valgrind/memcheck.h")
    if not shutil.which(cxx):
        raise Skip(f"no {cxx}")
    folder = os.path.join(BUILD, "ct-" + cxx)
    consumer = Consumer(SOURCE, BUILD, cxx, RELEASE).make()
    archive = os.path.join(consumer.libdir, "libashlar.a")
    sources = sorted(marked.declassifying(SOURCE) | marked.dividing(SOURCE, archive))
    assert len(sources) > 20, sources
    options = [f"-Dct_archive={archive}", "-Dct_marked=" + ",".join(sources)]
    env = dict(os.environ, CC=consumer.cc, CXX=cxx, CCACHE_DISABLE="1")
    if os.path.exists(os.path.join(folder, "build.ninja")):
        command(["meson", "configure", folder, *options])
    else:
        arguments = ["-gdwarf-4", "-g1", "-B" + os.path.join(SOURCE, "tests", "ct", "assembler")]
        if cxx.startswith("clang"):
            # Valgrind 3.19 reads only DWARF 4 from clang 14.
            arguments += ["-fno-integrated-as", "-Wno-unused-command-line-argument"]
        command(["meson", "setup", folder, SOURCE, *options, "-Dtests=enabled", "-Dcli=disabled",
                 "-Dbench=disabled", "-Dexamples=false", "-Dcpp_args=" + " ".join(arguments)], env=env)
    command(["ninja", "-C", folder, "tests/ct/ct-cases"], timeout=1500, env=env)
    return os.path.join(folder, "tests", "ct", "ct-cases")


@functools.lru_cache(maxsize=None)
def valgrind(program, name, kernels):
    done = subprocess.run(["valgrind", "-q", f"--error-exitcode={CAUGHT}", "--error-limit=no", program, name, kernels],
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          timeout=1500, check=False)
    return done.returncode, done.stdout


def leaks(program, name, kernels):
    """Valgrind's exit status and output. Nearly always no case leaks, which one process shows of all of them in half the
    time: valgrind starts once, and translates once what they share. Only else each is asked by itself."""
    if "--only" in sys.argv:
        return valgrind(program, name, kernels)
    status, out = valgrind(program, "all", kernels)
    return (0, "") if status == 0 and f"case: {name}" in out.splitlines() else valgrind(program, name, kernels)


def rows_of(text):
    return set(re.findall(r"^row: (.*)$", text, re.MULTILINE))


def unlisted():
    """Tables and hashes that a header declares but tests/crypto/tables.hpp does not know."""
    with open(os.path.join(SOURCE, "tests", "crypto", "tables.hpp"), encoding="utf-8") as file:
        known = set(re.findall(r"\w+", file.read()))
    found = set()
    for path in glob.glob(os.path.join(SOURCE, "crypto", "**", "*.hpp"), recursive=True):
        with open(path, encoding="utf-8") as file:
            text = file.read()
        found |= set(re.findall(r"^std::span<const \w+> (\w+)\(\);", text, re.MULTILINE))
        found |= set(re.findall(r"^extern const Hash(?:Algorithm|Many) (\w+);", text, re.MULTILINE))
    assert len(found) > 15, found
    return sorted(found - known)


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
            for kernels in ("native",) if kind == "rows" else ("portable", "native"):
                status, out = (valgrind if kind == "leak" else leaks)(program, name, kernels)
                expected = CAUGHT if kind == "leak" else 0
                assert status == expected, f"{kernels} kernels, exit status {status}:\n" + "\n".join(out.splitlines()[:60])

    @case(f"ct ({cxx}): every table of implementations is known")
    def _():
        assert not unlisted(), f"not in tests/crypto/tables.hpp: {', '.join(unlisted())}"

    @case(f"ct ({cxx}): every row that this machine can run is watched by valgrind or the tracer")
    def _():
        here = {name for where, name in (line.split("\t", 1) for line in command([program, "tables"]).splitlines())
                if where == "here"}
        status, out = valgrind(program, "all", "native")
        watched = rows_of(out)
        if status != 0:  # it may have ended early
            watched = {row for kind, name in listed if kind == "rows" for row in rows_of(valgrind(program, name, "native")[1])}
        print(f"rows under valgrind: {', '.join(sorted(watched))}")
        if TRACER:
            traced = rows_of(command([TRACER], env=dict(os.environ, ASHLAR_TRACE_LIST="1")))
            print(f"rows under the tracer: {', '.join(sorted(traced))}")
            watched |= traced
        assert here <= watched, f"no net covers {', '.join(sorted(here - watched))}"
        assert watched <= here, f"rows of no table: {', '.join(sorted(watched - here))}"


@case(f"ct ({COMPILER}): C01 every place where a secret becomes public is counted in declassified.txt, with the reason")
def _():
    found = {}
    for library in ("base", "crypto", "asn1", "x509", "tls"):
        for folder, _, leaves in os.walk(os.path.join(SOURCE, library)):
            for leaf in leaves:
                path = os.path.relpath(os.path.join(folder, leaf), SOURCE)
                if leaf.endswith((".cpp", ".hpp", ".h", ".inc")) and path != "base/include/ashlar/base/ct.hpp":
                    with open(os.path.join(SOURCE, path), encoding="utf-8") as lines:
                        calls = sum(line.split("//")[0].count("declassify(") for line in lines)
                    if calls:
                        found[path] = calls
    listed = {}
    with open(os.path.join(SOURCE, "tests", "ct", "declassified.txt"), encoding="utf-8") as lines:
        for line in lines:
            if line.strip() and not line.startswith("#"):
                path, calls, reason = line.split(maxsplit=2)
                assert reason.strip(), path
                listed[path] = int(calls)
    print(f"{sum(found.values())} places in {len(found)} files")
    differ = [f"{path}: {found.get(path, 0)} calls, {listed.get(path, 0)} in the list"
              for path in sorted(found | listed) if found.get(path) != listed.get(path)]
    assert not differ, "review these, then set tests/ct/declassified.txt right\n" + "\n".join(differ)


register(COMPILER)
run()
