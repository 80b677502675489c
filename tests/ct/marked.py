# SPDX-License-Identifier: Apache-2.0
"""The libraries' sources that valgrind must see compiled in another way than in a release, as paths in the source tree."""
import os
import re
import subprocess

LIBRARIES = ("base", "crypto", "asn1", "x509", "tls")
# Where declassify() itself is defined.
CT = os.path.join("base", "include", "ashlar", "base", "ct.hpp")
DIVISION = re.compile(r"\ti?div[bwlq]?\s")


def sources(source):
    """Each .cpp file: (library, path within the library)."""
    for library in LIBRARIES:
        top = os.path.join(source, library)
        for folder, _, leaves in os.walk(top):
            for leaf in leaves:
                if leaf.endswith(".cpp"):
                    yield library, os.path.relpath(os.path.join(folder, leaf), top)


def declassifying(source):
    """Those in which, or in a header of which, something secret becomes public."""
    texts, included = {}, {}

    def text(path):
        if path not in texts:
            with open(os.path.join(source, path), encoding="utf-8") as file:
                texts[path] = file.read()
        return texts[path]

    def headers(path, library):
        if (path, library) not in included:
            names = re.findall(r'^#include [<"]([^>"]+)[>"]', text(path), flags=re.M)
            places = [library] + [os.path.join(each, "include") for each in LIBRARIES]
            found = (os.path.join(place, name) for name in names for place in places)
            included[path, library] = [each for each in found if os.path.exists(os.path.join(source, each))]
        return included[path, library]

    result = set()
    for library, name in sources(source):
        seen, ahead = set(), [os.path.join(library, name)]
        while ahead:
            path = ahead.pop()
            if path not in seen:
                seen.add(path)
                ahead += headers(path, library)
        if any("declassify(" in text(path) for path in seen - {CT}):
            result.add(os.path.join(library, name))
    return result


def dividing(source, archive):
    """Those whose objects in this archive have a division."""
    listing = subprocess.run(["objdump", "-d", "--no-show-raw-insn", archive], stdout=subprocess.PIPE, text=True, check=True)
    member, members = "", set()
    for line in listing.stdout.splitlines():
        if "file format" in line:
            member = line.split(":")[0]
        elif DIVISION.search(line):
            members.add(member)
    # Meson names an object for its path.
    return {os.path.join(library, name) for library, name in sources(source) if name.replace(os.sep, "_") + ".o" in members}
