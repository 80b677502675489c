#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes headers readable for Doxygen: filter.py HEADER prints the header with Doxygen's comments.

A comment belongs to the declaration below it, and to those that follow without a blank line and without a comment of
their own, if it says their names. A comment behind a declaration belongs to that. The head of a header describes the
file.
"""
import re
import sys

SCOPE = re.compile(r"^\s*(template\s*<.*>\s*)?(namespace|struct|class|union|enum)\b[^;()]*\{\s*$|^\s*extern \"C\" \{")


def escape(text):
    """Escapes what Doxygen would take for commands and markup, outside of `code`."""
    parts = re.split(r"(`[^`]*`)", text)
    return "".join(part if part.startswith("`") else re.sub(r"([\\@<>#])", r"\\\1", part) for part in parts)


def braces(code):
    code = re.sub(r'"(\\.|[^"\\])*"|\'(\\.|[^\'\\])\'', "", code)
    return code.count("{") - code.count("}")


NAME = re.compile(r"(operator\S+?|[~\w]+)\s*(\(|=|;|\[|\{)")


def alike(a, b):
    """Names of one family: u16 and u24, load_be16 and load_le32, kSha256Many and kSha512Many, verify and verify_digest."""
    bare = [re.sub(r"\d+", "", name) for name in (a, b)]
    return bare[0] == bare[1] or a[:4] == b[:4] or a[-4:] == b[-4:]


def covers(comment, before, declaration):
    """Whether a comment that stands over the declaration before is for this one too: says its name, or both are alike."""
    found, last = NAME.search(declaration), NAME.search(before)
    if not found:
        return False
    return (re.search(r"\b" + re.escape(found.group(1)) + r"\b", " ".join(comment)) is not None or
            last is not None and alike(found.group(1), last.group(1)))


def as_doxygen(text):
    lines = text.split("\n")
    out, at = [], 0
    # The head.
    head = []
    while at < len(lines) and lines[at].startswith("//"):
        if "SPDX-License-Identifier" not in lines[at]:
            head.append(lines[at][2:])
        at += 1
    # (It becomes the text of the file's page; code in it stays code.)
    out += ["//! @file"] + ["//! " + ("   " + line if line.startswith("   ") else escape(line[1:])) for line in head]
    stack = []  # of open braces: whether each is a scope whose declarations are public names
    shared = []  # the comment that the next declarations share
    while at < len(lines):
        line = lines[at]
        at += 1
        # A list of names may continue in the next line.
        while re.match(r"\s*extern const \w+ [\w, ]+,$", line) and at < len(lines):
            line += " " + lines[at].strip()
            at += 1
        stripped = line.strip()
        indent = line[:len(line) - len(line.lstrip())]
        if not all(stack):
            # In the body of a function, or of a table.
            out.append(re.sub(r"//", "// ", line, count=1) if stripped.startswith("//") else line)
        elif stripped.startswith("//"):
            comment = [stripped[2:].strip()]
            while at < len(lines) and lines[at].strip().startswith("//"):
                comment.append(lines[at].strip()[2:].strip())
                at += 1
            followed = at < len(lines) and lines[at].strip() and not lines[at].strip().startswith(("}", "#include"))
            heading = comment[0].startswith("---")
            if followed and not heading:
                shared = [f"{indent}/// {escape(each)}" for each in comment]
                out += shared
            else:
                out += [f"{indent}// {each}" for each in comment]
            continue
        elif not stripped:
            shared = []
            out.append(line)
            continue
        else:
            code, comment = line, ""
            found = re.match(r"^(.*?[;,{}])\s*//\s?(.*)$", line)
            if found and '"' not in found.group(2):
                code, comment = found.groups()
            ends = re.search(r"[;,}]\s*$", code) is not None
            several = re.match(r"^(\s*extern const \w+ )(\w+(?:, \w+)+);\s*$", code)
            oid = re.search(r'^inline constexpr asn1::Oid \w+ = (?:asn1::)?oid\("([\d.]+)"\);$', line)
            if comment and (code.endswith("{") or "enum " in code):
                # The comment of what the brace opens.
                shared = [f"{indent}/// {escape(comment)}"]
                out += shared + [code]
            elif several and (shared or comment):
                # One declaration each, all under the comment.
                if comment:
                    shared = [f"{indent}/// {escape(comment)}"]
                    out += shared
                out.append(f"{several.group(1)}{several.group(2).split(', ')[0]};")
                for name in several.group(2).split(", ")[1:]:
                    out += shared + [f"{several.group(1)}{name};"]
            elif oid and not comment:
                out.append(f"{line} ///< {oid.group(1)}")
            elif comment and ends:
                # It continues in the next lines if they hold only a comment in the same column.
                column = line.rfind("//")
                out.append(f"{code} ///< {escape(comment)}")
                while at < len(lines) and re.match(r"^\s*//", lines[at]) and lines[at].find("//") == column:
                    out.append(f"{indent}///< {escape(lines[at].strip()[2:].strip())}")
                    at += 1
            else:
                out.append(code if found else line)
            # The next declaration of the run shares the comment.
            depth = braces(code)
            if ends and depth == 0 and shared and at < len(lines):
                following = lines[at].strip()
                if shared and covers(shared, line, following) and not following.startswith(("//", "}", "#")):
                    out += shared
        bare = re.sub(r"\s*//.*", "", line)
        for _ in range(max(0, braces(bare))):
            stack.append(bool(SCOPE.match(re.sub(r"alignas\([^)]*\)", "", bare))))
            shared = [] if stack[-1] else shared
        for _ in range(max(0, -braces(bare))):
            if stack:
                was = stack.pop()
                if not was and shared and at < len(lines) and all(stack):
                    following = lines[at].strip()
                    if shared and covers(shared, line, following) and not following.startswith(("//", "}", "#")):
                        out += shared
                elif was:
                    shared = []
    return "\n".join(out)


if __name__ == "__main__":
    with open(sys.argv[1], encoding="utf-8") as file:
        sys.stdout.write(as_doxygen(file.read()))
