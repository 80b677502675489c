#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Ashlar as a part of a project built by CMake: packaging_test.py SOURCE BUILD"""
import os
import shutil
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tools"))
from cases import Skip, case, command, run  # noqa: E402

SOURCE, BUILD = sys.argv[1:3]
SCRATCH = os.path.join(os.path.abspath(BUILD), "packaging")
PROGRAM = os.path.join(os.path.abspath(SOURCE), "examples", "in_memory.cpp")
HEAD = "cmake_minimum_required(VERSION 3.20)\nproject(consumer CXX)\n"
PROGRAM_LINES = f"add_executable(page {PROGRAM})\ntarget_link_libraries(page {{target}})\n"


def project(name, lines):
    if not shutil.which("cmake"):
        raise Skip("no cmake")
    folder = os.path.join(SCRATCH, name)
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    with open(os.path.join(folder, "CMakeLists.txt"), "w", encoding="utf-8") as out:
        out.write(HEAD + lines)
    return folder


def build_and_run(folder, *options):
    built = os.path.join(folder, "b")
    command(["cmake", "-S", folder, "-B", built, *options])
    command(["cmake", "--build", built, "-j2"], timeout=1800)
    out = command([os.path.join(built, "page")])
    assert "hello from the client" in out, out


for cxx in ("g++", "clang++"):
    for kind in ("Debug", "Release", "MinSizeRel", ""):
        @case(f"cmake ({cxx}, {kind or 'no build type'}): add_subdirectory")
        def _(cxx=cxx, kind=kind):
            if not shutil.which(cxx):
                raise Skip(f"no {cxx}")
            folder = project(f"subdirectory-{cxx}-{kind}", f"add_subdirectory({os.path.abspath(SOURCE)} ashlar)\n" +
                             PROGRAM_LINES.format(target="ashlar::ashlar"))
            build_and_run(folder, f"-DCMAKE_CXX_COMPILER={cxx}", f"-DCMAKE_BUILD_TYPE={kind}")


@case("cmake: FetchContent")
def _():
    folder = project("fetch", "include(FetchContent)\n"
                     f"FetchContent_Declare(ashlar SOURCE_DIR {os.path.abspath(SOURCE)})\n"
                     "FetchContent_MakeAvailable(ashlar)\n" + PROGRAM_LINES.format(target="ashlar::tls"))
    build_and_run(folder, "-DCMAKE_BUILD_TYPE=Release")


@case("cmake: what CMake installs is found, and a component that is not there is named")
def _():
    built, prefix = os.path.join(SCRATCH, "top"), os.path.join(SCRATCH, "prefix")
    if not shutil.which("cmake"):
        raise Skip("no cmake")
    command(["cmake", "-S", SOURCE, "-B", built, f"-DCMAKE_INSTALL_PREFIX={prefix}"])
    command(["cmake", "--build", built, "-j2"], timeout=1800)
    command(["cmake", "--install", built])
    folder = project("installed", "find_package(ashlar 0.1 REQUIRED COMPONENTS tls)\n" +
                     PROGRAM_LINES.format(target="ashlar::tls"))
    build_and_run(folder, f"-DCMAKE_PREFIX_PATH={prefix}")
    folder = project("unknown", "find_package(ashlar REQUIRED COMPONENTS dtls)\n")
    done = subprocess.run(["cmake", "-S", folder, "-B", os.path.join(folder, "b"), f"-DCMAKE_PREFIX_PATH={prefix}"],
                          capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode != 0 and "no component dtls" in done.stderr, done.stderr


@case("cmake: the list of sources is the one that Meson's files make")
def _():
    command([sys.executable, os.path.join(SOURCE, "tests", "tools", "cmake_sources.py"), "--check"])


run()
