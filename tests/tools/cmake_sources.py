#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes packaging/cmake/sources.cmake from the libraries' meson.build files. With --check: says whether it is up
to date, and changes nothing."""
import os
import re
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
LISTED = os.path.join(ROOT, "packaging", "cmake", "sources.cmake")
LIBRARIES = ("crypto", "asn1", "x509", "tls")


def sources(library, folder):
    """The files(...) of a library, from its folder and those that its meson.build names by subdir."""
    with open(os.path.join(ROOT, folder, "meson.build"), encoding="utf-8") as text:
        code = re.sub(r"#[^\n]*", "", text.read())
    for listed in re.findall(library + r"_src \+?= files\((.*?)\)", code, re.S):
        for name in re.findall(r"'([^']+)'", listed):
            yield f"{folder}/{name}"
    for inside in re.findall(r"subdir\('([^']+)'\)", code):
        yield from sources(library, f"{folder}/{inside}")


def text():
    lines = ["# SPDX-License-Identifier: Apache-2.0", "# Made by tests/tools/cmake_sources.py from the meson.build files. Do not edit."]
    for library in LIBRARIES:
        lines.append(f"set(ASHLAR_{library.upper()}_SOURCES")
        lines += [f"  {name}" for name in sorted(sources(library, library))]
        lines.append(")")
    return "\n".join(lines) + "\n"


def in_step():
    try:
        with open(LISTED, encoding="utf-8") as written:
            return written.read() == text()
    except FileNotFoundError:
        return False


if __name__ == "__main__":
    if "--check" in sys.argv[1:]:
        sys.exit(0 if in_step() else 1)
    with open(LISTED, "w", encoding="utf-8") as out:
        out.write(text())
