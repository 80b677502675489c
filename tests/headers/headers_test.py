#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Each public header compiles alone, with both compilers and all warnings; the C headers also as C.

headers_test.py SOURCE BUILD
"""
import concurrent.futures
import os
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tools"))
from cases import Skip, case, run  # noqa: E402
from consumer import COMPILERS  # noqa: E402
import shutil  # noqa: E402

SOURCE = sys.argv[1]
WARNINGS = ["-Wall", "-Wextra", "-Wconversion", "-Wsign-conversion", "-Wshadow", "-Werror"]
# Options for C++ only.
CXX_WARNINGS = ["-Wold-style-cast", "-Wzero-as-null-pointer-constant", "-Wnon-virtual-dtor", "-Woverloaded-virtual"]
MODULES = ("base", "crypto", "asn1", "x509", "tls", "posix")


def headers(extensions):
    for module in MODULES:
        top = os.path.join(SOURCE, module, "include")
        for folder, _, names in os.walk(top):
            for name in sorted(names):
                if name.endswith(extensions):
                    yield os.path.relpath(os.path.join(folder, name), top)


def compile_each(compiler, language, names):
    includes = ["-I" + os.path.join(SOURCE, module, "include") for module in MODULES]

    def one(name):
        # Twice: the include guard works.
        done = subprocess.run([compiler, *language, "-fsyntax-only", *WARNINGS, *includes, "-"],
                              input=f"#include <{name}>\n#include <{name}>\n", text=True, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, timeout=300, check=False)
        return f"{name}:\n{done.stdout}" if done.returncode else None

    names = list(names)
    assert len(names) > 1, names
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        bad = [what for what in pool.map(one, names) if what]
    print(f"{compiler} {language[-1]}: {len(names)} headers")
    assert not bad, "\n".join(bad)


def told_of_the_language(compiler):
    """Each header, compiled as C++17, gives one error that says what is needed."""
    includes = ["-I" + os.path.join(SOURCE, module, "include") for module in MODULES]

    def one(name):
        done = subprocess.run([compiler, "-xc++", "-std=c++17", "-fsyntax-only", *includes, "-"], input=f"#include <{name}>\n",
                              text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=300, check=False)
        errors = [line for line in done.stdout.splitlines() if "error:" in line]
        return None if len(errors) == 1 and "Ashlar needs C++20" in errors[0] else f"{name}:\n{done.stdout}"

    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        bad = [what for what in pool.map(one, headers(".hpp")) if what]
    assert not bad, "\n".join(bad)


def register(cxx, cc):
    @case(f"headers ({cxx}): each compiles alone, under the warnings that careful programs turn on")
    def _():
        if not shutil.which(cxx):
            raise Skip(f"no {cxx}")
        compile_each(cxx, ["-xc++", *CXX_WARNINGS, "-std=c++20"], headers((".hpp", ".h")))

    @case(f"headers ({cxx}): as C++17 each says in one line that Ashlar needs C++20")
    def _():
        if not shutil.which(cxx):
            raise Skip(f"no {cxx}")
        told_of_the_language(cxx)

    @case(f"headers ({cc}): the common subset of C and C++ compiles as C")
    def _():
        if not shutil.which(cc):
            raise Skip(f"no {cc}")
        compile_each(cc, ["-xc", "-std=c11"], headers("_core.h"))


for each_cxx, each_cc in COMPILERS.items():
    register(each_cxx, each_cc)
run()
