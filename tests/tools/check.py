#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks that no compiler does: formatting, the layers, licence lines, what libraries may use, links in documents.

Prints each finding as file:line: text. Findings marked "note" do not fail the check.
"""
import os
import re
import shutil
import subprocess
import sys
import tomllib

import cmake_sources

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

# Each layer and what it may include besides itself.
LAYERS = {
    "base": [],
    "crypto": ["base"],
    "asn1": ["base"],
    "x509": ["base", "crypto", "asn1"],
    "tls": ["base", "crypto", "asn1", "x509"],
}

# Other folders for the quoted includes of these. The tool, and what it shares with the benchmarks, must not use bench/.
ROOMS = {
    "cli": ["cli", "measure", "crypto"],
    "measure": ["measure", "crypto"],
}

# Names that would tie the libraries to libstdc++, the process or the heap.
FORBIDDEN = [
    (r"\bstd::(function|vector|string|map|set|unordered_\w+|shared_ptr|unique_ptr|make_unique|mutex|call_once|"
     r"stable_sort|visit|thread|cout|cerr|any|list|deque|format|chrono)\b", "leaks libstdc++ or the heap"),
    (r"\bvirtual\b", "virtual: interfaces are structs of function pointers"),
    (r"\b(throw|dynamic_cast|typeid)\b", "no exceptions, no RTTI"),
    (r"\b(getenv|printf|fprintf|fopen|clock_gettime|socket)\(|\btime\((0|NULL|nullptr)", "nothing ambient"),
    (r"#include\s*<(iostream|string|vector|map|functional|memory|mutex|stdexcept|cstdio|stdio\.h|ctime|time\.h|"
     r"chrono|thread)>", "not a header for the libraries"),
    (r"#include\s*[<\"](openssl|gnutls|mbedtls|nettle|sodium|botan)", "no other crypto"),
]

# S13: the time of these shows where two secrets differ. Secrets are compared by ct::equal. Public data, which may be
# compared by equal_public or sorted, is in these files.
EARLY_EXIT = (r"\b(memcmp|bcmp|strn?cmp|std::(equal|mismatch|lexicographical_compare\w*))\s*\(",
              "compare secrets by ct::equal, what is public by equal_public")
COMPARES_WHAT_IS_PUBLIC = ("base/include/ashlar/base/bytes.hpp", "x509/names.cpp")

# What stands at the root of the tree. A tool that was called wrongly makes files in the wrong place.
AT_ROOT = {"asn1", "base", "bench", "cli", "crypto", "demo", "docs", "examples", "fuzz", "measure", "packaging", "posix",
           "subprojects", "tests", "tls", "x509", ".ci", ".clang-format", ".editorconfig", ".gitattributes", ".gitignore",
           "CHANGELOG.md", "CMakeLists.txt", "CONTRIBUTING.md", "LICENSE", "README.md", "README.zh.md", "SECURITY.md",
           "meson.build", "meson_options.txt", "run"}

# Where codes of docs/threats.md are used.
CODED = ("base", "crypto", "asn1", "x509", "tls", "posix", "cli", "tests", "fuzz", "docs", "SECURITY.md")

# Code without a version of TLS.
VERSIONLESS = re.compile(r"tls/((engine|connection|bytes_|buffer|private_key|outbox|protocol)[^/]*|"
                         r"(record|message|extension|hello)/.*)$")

SKIPPED_FOLDERS = re.compile(r"^(\.git|build.*|subprojects/.+|\.cache)(/|$)")
LONGEST = 600


def files():
    for folder, names, leaves in os.walk(ROOT):
        if "meson-private" in names or "CMakeCache.txt" in leaves:  # somebody's build, whatever its name
            names[:] = []
            continue
        inside = os.path.relpath(folder, ROOT)
        names[:] = sorted(n for n in names if not SKIPPED_FOLDERS.match(os.path.normpath(os.path.join(inside, n))))
        for leaf in sorted(leaves):
            yield os.path.normpath(os.path.join(inside, leaf))


def read(path):
    with open(os.path.join(ROOT, path), encoding="utf-8") as text:
        return text.read()


def without_comments(text):
    keep_lines = lambda match: re.sub(r"[^\n]", "", match.group(0))
    text = re.sub(r"/\*.*?\*/", keep_lines, text, flags=re.S)
    return re.sub(r"//[^\n]*", "", text)


def check_layers(path, text):
    layer = path.split("/")[0]
    allowed = LAYERS.get(layer)
    if allowed is None and not (path.startswith("posix/") or path.startswith("cli/")):
        return
    code = without_comments(text)
    if allowed is not None:
        for number, line in enumerate(code.splitlines(), 1):
            found = re.match(r'\s*#\s*include\s*[<"](?:ashlar/)?(base|crypto|asn1|x509|tls)/', line)
            if found and found.group(1) != layer and found.group(1) not in allowed:
                yield number, f"{layer} must not know {found.group(1)}"
            if VERSIONLESS.match(path) and re.match(r'\s*#\s*include\s*"tls1[23]/', line):
                yield number, "engine, hello, messages, extensions and records know no version of TLS"
            for pattern, why in FORBIDDEN + ([] if path in COMPARES_WHAT_IS_PUBLIC else [EARLY_EXIT]):
                found = re.search(pattern, line)
                if found:
                    yield number, f"{found.group(0)}: {why}"
    elif re.search(FORBIDDEN[-1][0], code):
        yield 1, FORBIDDEN[-1][1]


def check_rooms(path, text):
    allowed = ROOMS.get(path.split("/")[0])
    for number, line in enumerate(text.splitlines() if allowed else [], 1):
        found = re.match(r'\s*#\s*include\s*"([^"]+)"', line)
        if found and not any(os.path.exists(os.path.join(ROOT, folder, found.group(1)))
                             if not found.group(1).startswith(folder + "/") else
                             os.path.exists(os.path.join(ROOT, found.group(1))) for folder in allowed):
            yield number, f"{found.group(1)} is not in {', '.join(allowed)}"


def check_licence(path, text):
    head = "\n".join(text.splitlines()[:2])
    if "SPDX-License-Identifier: Apache-2.0" not in head:
        yield 1, "no SPDX-License-Identifier: Apache-2.0"


def check_links(path, text):
    # In code, brackets before parentheses are no links.
    text = re.sub(r"^```.*?^```$", lambda block: re.sub(r"[^\n]", "", block.group(0)), text, flags=re.S | re.M)
    for number, line in enumerate(text.splitlines(), 1):
        for target in re.findall(r"\]\(([^)\s]+)\)", line):
            if re.match(r"[a-z]+:|#", target):
                continue
            target = target.split("#")[0]
            if not os.path.exists(os.path.join(ROOT, os.path.dirname(path), target)):
                yield number, f"a link to {target}, which is not there"


CODE = re.compile(r"\b[A-Z][0-9]{2}\b")


def check_codes(texts):
    """docs/threats.md has each requirement that is referred to, and each of its requirements has a test."""
    listed = set(re.findall(r"^\| ([A-Z][0-9]{2}) \|", read("docs/threats.md"), re.M))
    tested = set()
    for path, text in texts:
        parts = path.split("/")
        if parts[0] not in CODED or "corpus" in parts or path == "docs/threats.md":
            continue
        for code in sorted(set(CODE.findall(text))):
            if parts[0] in ("tests", "fuzz"):
                tested.add(code)
            # A comment names its codes in brackets. Elsewhere a letter and two digits may be something else.
            if code not in listed and re.search(r"\((\w\d\d, )*" + code + r"(, \w\d\d)*\)", text):
                yield f"{path}: {code} is not in docs/threats.md"
    for code in sorted(listed - tested):
        yield f"docs/threats.md: {code} is in no test"


ERROR_ROW = re.compile(r"ASHLAR_ERROR\((\d+), (\w+),")


def check_errors(texts):
    """Each error that code can return is named by a test: somebody has met it once."""
    codes = [row[1] for row in ERROR_ROW.findall(read("base/include/ashlar/base/error_table.inc"))]
    used, tested = set(), set()
    for path, text in texts:
        if path.startswith("tests/"):
            tested.update(re.findall(r"\w+", text))
        elif path.split("/")[0] in (*LAYERS, "posix"):
            used.update(re.findall(r"ErrorCode::(\w+)", without_comments(text)))
    for code in codes:
        if code in used and code not in tested:
            yield (f"base/include/ashlar/base/error_table.inc: {code} is named by no test: write one that meets it, "
                   f"in tests/ of the library that returns it (CHECK(result.error() == ErrorCode::{code}))")


def check_planted():
    """A planted mistake tests nothing if its text is missing or occurs twice."""
    folder = os.path.join(ROOT, "tests", "planted")
    for leaf in sorted(os.listdir(folder)):
        if not leaf.endswith(".toml"):
            continue
        for mistake in tomllib.loads(read(f"tests/planted/{leaf}"))["mistake"]:
            there = os.path.exists(os.path.join(ROOT, mistake["file"]))
            count = read(mistake["file"]).count(mistake["find"]) if there else 0
            if count != 1:
                yield (f"tests/planted/{leaf}: \"{mistake['what']}\": its text stands {count} times in "
                       f"{mistake['file']}; it must stand once")


def check_numbers():
    """Rows of the error table and of the places ascend: two branches that took one number both merge without a conflict."""
    folder = os.path.join(ROOT, "base", "include", "ashlar", "base")
    for leaf in sorted(name for name in os.listdir(folder) if name.endswith(".inc")):
        rows = re.findall(r"^(ASHLAR_[A-Z]+)\((\d+), (\w+)", read(f"base/include/ashlar/base/{leaf}"), re.MULTILINE)
        assert rows, leaf
        for before, row in zip(rows, rows[1:]):
            if row[0] == before[0] and int(row[1]) <= int(before[1]):
                yield f"base/include/ashlar/base/{leaf}: {row[2]} has number {row[1]} after {before[1]}: numbers ascend, each once"


def check_seeds(texts):
    """An extension that is read has seeds in a ClientHello, right and wrong ones, and a plain second reading of it. Without them
    a fuzzer must guess its number, and meets it long after the change that brought it."""
    registry = re.search(r"enum class ExtensionType .*?^\};", read("tls/include/ashlar/tls/registry.hpp"), re.M | re.S).group()
    numbers = {name: int(number, 0) for name, number in re.findall(r"^  (\w+) = (\w+),", registry, re.M)}
    seeds = re.search(r"^OFFERS = \[$.*?^\]$", read("fuzz/support/message_seeds.py"), re.M | re.S).group()
    seeded = {int(number, 0) for number in re.findall(r"^    \((\w+), \"", seeds, re.M)}
    plain = {int(number, 0) for number in re.findall(r"^    case (\w+):", read("fuzz/support/plain_hello.hpp"), re.M)}
    elsewhere = re.search(r"kTypes\[\] = \{(.*?)\};", read("fuzz/support/plain_tls13.hpp"), re.S).group(1)
    elsewhere = {int(number, 0) for number in re.findall(r"\w+", elsewhere)}
    for path, text in texts:
        if re.match(r"tls/extension/\w+\.hpp$", path):
            for name in re.findall(r"^    \.type = ExtensionType::(\w+),", text, re.M):
                for where, known in (("OFFERS of fuzz/support/message_seeds.py", seeded),
                                     ("extension_is_right of fuzz/support/plain_hello.hpp", plain),
                                     ("kTypes of fuzz/support/plain_tls13.hpp", elsewhere)):
                    if numbers[name] not in known:
                        yield f"{path}: {name} ({numbers[name]}) is not in {where}"


def check_joined(texts):
    """Tests that are compiled several files at a time: what has a name in an unnamed namespace has it in one file, since a
    call would else choose among the functions of two files. A file with a namespace of its own, such as cmac_test, is free."""
    first = {}
    for path, text in texts:
        library = re.match(r"tests/(base|asn1|crypto|x509|tls|cli|wycheproof/crypto)/.*_test\.cpp$", path)
        if library is None or re.search(r"^namespace \w+_test \{$", text, re.MULTILINE):
            continue
        for space in re.finditer(r"^namespace \{\n(.*?)^\}  // namespace$", text, re.MULTILINE | re.DOTALL):
            for name in set(re.findall(r"^(?:(?:struct|class|enum(?: class)?|using) (\w+)|(?!using|template|friend|//|[#}\s])"
                                       r"[\w:<>,&*\s\[\]]+?[ &*](\w+)(?:\[\w*\])*(?:\(| =|\{|;|$))", space.group(1), re.MULTILINE)):
                name = "".join(name)
                other = first.setdefault((library.group(1), name), path)
                if other != path:
                    yield f"{path}: {name} is a name in {other} too, and both may be compiled together: give it another"


def check_root():
    """What git keeps at the root is known. A clone's own files there are its owner's."""
    kept = subprocess.run(["git", "ls-tree", "--name-only", "-z", "HEAD"], cwd=ROOT, capture_output=True, text=True).stdout
    for name in sorted(set(kept.split("\0")) - AT_ROOT - {""}):
        yield f"{name}: not one of the root's entries; if it belongs there, name it in AT_ROOT of tests/tools/check.py"


def check_format(paths):
    program = shutil.which("clang-format-14") or shutil.which("clang-format")
    version = subprocess.run([program, "--version"], capture_output=True, text=True).stdout if program else ""
    if " version 14." not in version:
        yield f"note: formatting was not checked: no clang-format 14 ({version.strip() or 'none'})"
        return
    done = subprocess.run([program, "--dry-run", "--Werror", "--ferror-limit=1"] + paths, cwd=ROOT,
                          capture_output=True, text=True)
    for line in done.stderr.splitlines():
        found = re.match(r"(\S+:\d+):\d+: error:", line)
        if found:
            yield f"{found.group(1)}: not formatted: clang-format -i {found.group(1).split(':')[0]}"


def main():
    failed, notes, sources, texts = 0, 0, [], []
    for path in files():
        findings = []
        extension = os.path.splitext(path)[1]
        source = extension in (".cpp", ".hpp", ".h", ".c", ".inc")
        if source or extension in (".py", ".sh") or path == "run":
            text = read(path)
            texts.append((path, text))
            findings += check_licence(path, text)
            findings += check_layers(path, text)
            findings += check_rooms(path, text) if source else []
            if source and extension != ".inc":
                sources.append(path)
                lines = text.count("\n")
                if lines > LONGEST:
                    notes += 1
                    print(f"{path}: note: {lines} lines; is there a second concern in it?")
        elif extension == ".md":
            text = read(path)
            texts.append((path, text))
            findings += check_links(path, text)
        for number, what in findings:
            failed += 1
            print(f"{path}:{number}: {what}")
    for needed in ("README.md", "CHANGELOG.md", "LICENSE", ".ci/run"):
        if not os.path.exists(os.path.join(ROOT, needed)):
            failed += 1
            print(f"{needed}: missing")
    if not cmake_sources.in_step():
        failed += 1
        print("packaging/cmake/sources.cmake: not in step with the meson.build files: run tests/tools/cmake_sources.py")
    for finding in [*check_codes(texts), *check_errors(texts), *check_planted(), *check_joined(texts),
                    *check_seeds(texts), *check_numbers(), *check_root()]:
        failed += 1
        print(finding)
    for line in check_format(sources):
        if line.startswith("note"):
            notes += 1
        else:
            failed += 1
        print(line)
    print(f"{len(sources)} sources checked: {failed} findings, {notes} notes")
    return 1 if failed else 0


sys.exit(main())
