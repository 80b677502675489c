#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The reference of all public names, made by Doxygen from the headers: reference.py FOLDER

Fails if a public name has no comment. Constructors, destructors and operators need none. Members that every container has
need none either. For a field, an enumerator and a call that only reads a value (a const function without parameters), the
comment of their type is enough.
"""
import os
import re
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
INCLUDES = [f"{module}/include" for module in ("base", "crypto", "asn1", "x509", "tls", "posix")]
FILTER = "python3 docs/reference/filter.py"

# What every container has.
CONTAINER = ("begin", "end", "size", "capacity", "clear", "pop", "span", "empty", "data")
# Macros of the tables in .inc files, and parts of other macros.
INTERNAL_MACRO = re.compile(r"Member (ASHLAR_(ERROR|PLACE|ALERT|CONCAT)\w*|ASHLAR_\w+_)\(.*macro definition")

CONFIG = """
PROJECT_NAME = Ashlar
PROJECT_BRIEF = "TLS from bare arithmetic up"
INPUT = docs/reference/main.md {includes}
USE_MDFILE_AS_MAINPAGE = docs/reference/main.md
INCLUDE_PATH = {includes}
FULL_PATH_NAMES = YES
STRIP_FROM_PATH = {includes}
STRIP_FROM_INC_PATH = {includes}
RECURSIVE = YES
FILE_PATTERNS = *.hpp *.h
FILTER_PATTERNS = *.hpp="{filter}" *.h="{filter}"
JAVADOC_AUTOBRIEF = YES
MULTILINE_CPP_IS_BRIEF = NO
HIDE_FRIEND_COMPOUNDS = YES
EXCLUDE_SYMBOLS = *_detail *_detail::* ashlar::std *_core *::Impl
MACRO_EXPANSION = YES
WARN_IF_UNDOCUMENTED = YES
WARN_LOGFILE = {folder}/warnings
GENERATE_LATEX = NO
HAVE_DOT = NO
WARN_IF_INCOMPLETE_DOC = NO
HTML_TIMESTAMP = NO
OUTPUT_DIRECTORY = {folder}
QUIET = YES
"""


def needs_none(warning):
    """Whether a name may go without a comment of its own."""
    if INTERNAL_MACRO.search(warning):
        return True
    found = re.search(r"Member (.*) \((\w+(?: \w+)?)\) of (class|struct|namespace|file|union) (\S+)", warning)
    if not found:
        return False
    name, kind, owner_kind, owner = found.groups()
    if re.match(r"operator\W|operator ", name) or name.startswith("~"):
        return True
    if kind == "function" and re.split(r"[(<]", name)[0] == owner.split("::")[-1]:
        return True
    if kind == "function" and re.split(r"[(<]", name)[0] in CONTAINER:
        return True
    if kind == "enumvalue" or kind == "variable" and owner_kind in ("class", "struct", "union"):
        return True
    return kind == "function" and "() const" in name


def main(folder):
    folder = os.path.abspath(folder)
    os.makedirs(folder, exist_ok=True)
    config = CONFIG.format(includes=" ".join(INCLUDES), filter=FILTER, folder=folder)
    subprocess.run(["doxygen", "-"], input=config, text=True, cwd=ROOT, check=True)
    with open(os.path.join(folder, "warnings"), encoding="utf-8") as told:
        warnings = [line.rstrip("\n").replace(ROOT + "/", "") for line in told if ": warning: " in line]
    wrong = sorted({line for line in warnings if not needs_none(line)})
    for line in wrong:
        print(line)
    print(f"{len(wrong)} public names without a comment, or with one that Doxygen does not understand")
    return 1 if wrong else 0


sys.exit(main(*sys.argv[1:]))
