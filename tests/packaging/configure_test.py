#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The summary of `meson setup`: what is built, which packages are missing for the rest, and who may install.

configure_test.py SOURCE BUILD
"""
import os
import re
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tools"))
from cases import Skip, case, run  # noqa: E402

SOURCE = os.path.abspath(sys.argv[1])
LIBRARIES_ALONE = ("-Dtests=disabled", "-Dcli=disabled", "-Dbench=disabled", "-Dexamples=false")


def configure(folder, *options, env=None, user=None):
    done = subprocess.run(["meson", "setup", os.path.join(folder, "b"), SOURCE, *options], stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=300, check=False, cwd=folder,
                          env={**os.environ, "CC": "gcc", "CXX": "g++", "HOME": folder, **(env or {})}, user=user)
    assert done.returncode == 0, done.stdout
    return done.stdout


@case("configure: without CMake and without what tool, tests and benchmarks need, and says so")
def _():
    with tempfile.TemporaryDirectory() as folder:
        # No package is found, and there is no CMake.
        for name in ("cmake", "pkg-config"):
            with open(os.path.join(folder, name), "w", encoding="ascii") as out:
                out.write("#!/bin/sh\nexit 1\n")
            os.chmod(os.path.join(folder, name), 0o755)
        told = configure(folder, "-Dtests=auto", "-Dbench=auto", env={"PATH": folder + ":" + os.environ["PATH"]})
        assert "libraries" in told and "for want of Google Benchmark" in told and "for want of Catch2" in told, told
        assert os.path.exists(os.path.join(folder, "b", "ashlarConfig.cmake"))
        assert os.path.exists(os.path.join(folder, "b", "ashlarConfigVersion.cmake"))


@case("configure: with unity builds on, no file is joined with others but those of tests that always are")
def _():
    with tempfile.TemporaryDirectory() as folder:
        configure(folder, "--unity=on", "-Dfuzz=true")
        with open(os.path.join(folder, "b", "build.ninja"), encoding="utf-8") as text:
            joined = sorted(set(re.findall(r"\S+-unity\d+\.cpp\.o", text.read())))
        joined = [each for each in joined if not re.match(r"tests/(test-(base|asn1|crypto|public-key|x509|tls)|cli/test-cli|wycheproof/wycheproof-(crypto|x509))\.p/", each)]
        # A target with one file may be joined with nothing.
        sizes = {}
        for each in joined:
            source = os.path.join(folder, "b", re.sub(r"\.o$", "", each).replace("meson-generated_", ""))
            if os.path.exists(source):
                with open(source, encoding="utf-8") as text:
                    sizes[each] = text.read().count("#include")
        assert all(size == 1 for size in sizes.values()), sizes


@case("configure: one who may not write to the prefix is told what to do, one who may is told the command")
def _():
    if os.geteuid() != 0:
        raise Skip("not root: nobody to be instead")
    if not shutil.which("meson", path="/usr/bin:/usr/local/bin") or not os.access(SOURCE, os.R_OK):
        raise Skip("no meson for everybody")
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o777)
        probe = subprocess.run(["test", "-r", os.path.join(SOURCE, "meson.build")], user=65534, check=False)
        if probe.returncode != 0:
            raise Skip("the source is for root alone")
        told = configure(folder, *LIBRARIES_ALONE, "--prefix=/usr/local", user=65534)
        assert "not yours to write" in told and "meson configure --prefix=$HOME" in told, told
    with tempfile.TemporaryDirectory() as folder:
        told = configure(folder, *LIBRARIES_ALONE, "--prefix=" + os.path.join(folder, "new"))
        assert "not yours to write" not in told and "meson install -C" in told, told


run()
