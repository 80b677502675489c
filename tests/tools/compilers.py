#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Compilers whose warnings stop our builds: compilers.py CXX prints true or false, for -Dwerror.

A new warning of another compiler version must not stop anybody. The versions named here were run and give no warnings.
"""
import subprocess
import sys

CLEAN = {"g++": ("12", "14"), "clang++": ("14", "19")}


def werror(cxx):
    kind = "clang++" if "clang" in cxx else "g++"
    version = subprocess.run([cxx, "-dumpversion"], capture_output=True, text=True, check=False).stdout
    return "true" if version.strip().split(".")[0] in CLEAN[kind] else "false"


if __name__ == "__main__":
    print(werror(sys.argv[1]))
