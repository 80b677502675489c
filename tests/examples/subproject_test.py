#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""README's program with Ashlar as a Meson subproject, in every usual kind of build, with both compilers: it builds
without a warning and runs.

subproject_test.py SOURCE BUILD [PART-OF-A-NAME…]
"""
import os
import re
import shutil
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tools"))
from cases import Skip, case, command, run  # noqa: E402
from compilers import werror  # noqa: E402
from consumer import COMPILERS  # noqa: E402

SOURCE, BUILD = (os.path.abspath(each) for each in sys.argv[1:3])
CHOSEN = sys.argv[3:]

# No build type: Meson's default, which does not optimise.
KINDS = {"default": [], "debug": ["--buildtype=debug"], "release": ["--buildtype=release"],
         "plain": ["--buildtype=plain"], "minsize": ["--buildtype=minsize"],
         "debugoptimized": ["--buildtype=debugoptimized"], "unity": ["--buildtype=debug", "--unity=on"],
         "LTO": ["--buildtype=release", "-Db_lto=true"],
         "libc++": ["--buildtype=release", "-Dcpp_args=-stdlib=libc++", "-Dcpp_link_args=-stdlib=libc++"]}

MESON_BUILD = """project('page', 'cpp', default_options: ['cpp_std=c++20'])
executable('page', 'page.cpp', dependencies: dependency('ashlar'))
"""


def readme_program():
    with open(os.path.join(SOURCE, "README.md"), encoding="utf-8") as file:
        programs = [each for each in re.findall(r"```cpp\n(.*?)```", file.read(), re.DOTALL) if "int main(" in each]
    assert programs, "README.md has no program"
    # To a port of this machine where nobody listens: it ends with an error.
    return programs[0].replace("example.com", "localhost").replace('"443"', '"1"')


def has_libcxx(cxx):
    done = subprocess.run([cxx, "-stdlib=libc++", "-xc++", "-fsyntax-only", "-"], input="#include <version>\n", text=True,
                          capture_output=True, check=False)
    return done.returncode == 0


def project(folder):
    os.makedirs(os.path.join(folder, "subprojects"), exist_ok=True)
    link = os.path.join(folder, "subprojects", "ashlar")
    if not os.path.lexists(link):
        os.symlink(SOURCE, link)
    for name, text in (("meson.build", MESON_BUILD), ("page.cpp", readme_program())):
        with open(os.path.join(folder, name), "w", encoding="utf-8") as out:
            out.write(text)
    with open(os.path.join(folder, "subprojects", "ashlar.wrap"), "w", encoding="ascii") as out:
        out.write("[wrap-file]\ndirectory = ashlar\n\n[provide]\nashlar = ashlar_dep\n")


def register(cxx, kind):
    @case(f"subproject ({cxx}, {kind}): README's program builds and runs")
    def _():
        if not shutil.which(cxx):
            raise Skip(f"no {cxx}")
        folder = os.path.join(BUILD, "subproject")
        project(folder)
        built = os.path.join(folder, f"{cxx}-{kind}")
        shutil.rmtree(built, ignore_errors=True)
        options = list(KINDS[kind])
        if kind == "libc++" and not has_libcxx(cxx):
            raise Skip("no libc++")
        if kind == "LTO" and cxx.startswith("clang"):
            # Not every GNU ld has a plug-in for clang's objects.
            if not shutil.which("ld.lld"):
                raise Skip("no ld.lld")
            options += ["-Dcpp_link_args=-fuse-ld=lld"]
        command(["meson", "setup", built, folder, *options, "-Dashlar:werror=" + werror(cxx)],
                env=dict(os.environ, CC=COMPILERS[cxx], CXX=cxx))
        command(["ninja", "-C", built, "page"], timeout=3000)
        done = subprocess.run([os.path.join(built, "page")], stdin=subprocess.DEVNULL, capture_output=True, timeout=60,
                              check=False)
        assert done.returncode != 0 and not done.stdout, done
        shutil.rmtree(built)


for each_cxx in COMPILERS:
    for each_kind in KINDS:
        if each_kind == "libc++" and not each_cxx.startswith("clang"):
            continue
        if not CHOSEN or any(part in f"{each_cxx}-{each_kind}" for part in CHOSEN):
            register(each_cxx, each_kind)
run()
