#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The installed release archive, built by g++ and by clang++: the symbols that it needs and defines.

archive_test.py SOURCE BUILD [COMPILER-OF-WHICH-BUILD-IS-A-RELEASE]
"""
import os
import platform
import re
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tools"))
from cases import Skip, case, command, run  # noqa: E402
from compilers import werror  # noqa: E402
from consumer import COMPILERS, Consumer  # noqa: E402

SOURCE, BUILD = sys.argv[1:3]
RELEASE = sys.argv[3] if len(sys.argv) > 3 else ""
HERE = os.path.dirname(os.path.abspath(__file__))

# A name in namespace ashlar, with its type information and function-local statics.
OURS = re.compile(r"_Z(T[VISTW]|GV|GR|Z)*(N[VKRO]*)?6ashlar")
# Division helpers that compilers call. Their time depends on the operands.
DIVISION = re.compile(r"__u?(div|mod|divmod)[dt]i\d?$")
# Instructions whose time or addresses depend on their operands.
DATA_DEPENDENT = re.compile(r"\t(i?div[bwlq]?|v?p?gather\w*|vp?scatter\w*)\s")
# Comparisons that stop at the first difference, and the places in crypto that may call them, with public values.
EARLY_EXIT = {"memcmp", "bcmp", "strcmp", "strncmp"}
EARLY_EXIT_ALLOWED = ("rsa_encoding.", "rsa_public_key.", "hmac_hmac_as_mac.", "mldsa_verify.", "ed448_ed448.")
# What a program needs to reach a network or a file.
REACHING_OUT = re.compile(r"^(socket|connect|send|recv|sendto|recvfrom|sendmsg|recvmsg|getaddrinfo|gethostby\w+|res_\w+|"
                          r"open(at)?(64)?|fopen(64)?|read|write|popen|system|exec\w*|posix_spawn\w*|fork|dlopen|syscall)$")
# nm's letters for symbols that another file's definition may replace.
WEAK = "WwVvu"


def allowed_undefined():
    with open(os.path.join(HERE, "undefined_symbols.txt"), encoding="utf-8") as lines:
        return {line.split()[0] for line in lines if line.strip() and not line.startswith("#")}


def public_divisions():
    with open(os.path.join(HERE, "public_divisions.txt"), encoding="utf-8") as lines:
        return [re.split(r"\s{2,}", line)[0] for line in lines if line.strip() and not line.startswith("#")]


def symbols(archive, *options):
    """(object, letter, name) of each external symbol."""
    found, member = [], ""
    for line in command(["nm", "-g", *options, archive]).splitlines():
        if line.endswith(":"):
            member = line[:-1]
        elif line.strip():
            letter, name = line.split()[-2:]
            found.append((member, letter, name))
    return found


def register(cxx):
    consumer = Consumer(SOURCE, BUILD, cxx, RELEASE)

    def archive():
        consumer.make()
        path = os.path.join(consumer.libdir, "libashlar.a")
        assert os.path.getsize(path) > 10000, "the archive is empty"
        return path

    @case(f"archive ({cxx}): links whole into a C program with libc and libgcc alone, and runs")
    def _():
        program = os.path.join(consumer.folder, "whole")
        path = archive()
        command([consumer.cc, os.path.join(HERE, "m.c"), "-o", program, "-Wl,--whole-archive", path,
                 "-Wl,--no-whole-archive", "-nodefaultlibs", "-lc", "-lgcc"])
        command([program])
        needed = re.findall(r"NEEDED.*\[(.*)\]", command(["readelf", "-d", program]))
        assert [n for n in needed if not n.startswith(("libc.", "ld-"))] == [], needed

    @case(f"archive ({cxx}): needs only the symbols of the allow-list")
    def _():
        path = archive()
        defined = {name for _, _, name in symbols(path, "--defined-only")}
        allowed = allowed_undefined()
        extra = sorted({(name, member) for member, _, name in symbols(path, "--undefined-only")
                        if name not in defined and name not in allowed})
        assert not extra, "\n".join(f"{member} needs {name}" for name, member in extra)

    @case(f"archive ({cxx}): no compiler-made division helpers")
    def _():
        bad = [(member, name) for member, _, name in symbols(archive()) if DIVISION.match(name)]
        assert not bad, bad

    @case(f"archive ({cxx}): C03 no division, gather or scatter but of public numbers, no early-exit compare of secrets")
    def _():
        if platform.machine() != "x86_64":
            raise Skip("reads x86-64 code")
        allowed, where, found = public_divisions(), "", set()
        for line in command(["objdump", "-d", "-C", "--no-show-raw-insn", archive()]).splitlines():
            if line.endswith(">:"):
                where = line.split("<", 1)[1]
            elif DATA_DEPENDENT.search(line):
                found.add(where)
        assert any("hash_many(" in each for each in found), "the divisions that are there were not seen"
        bad = [each for each in sorted(found) if not any(name in each for name in allowed)]
        assert not bad, "tests/archive/public_divisions.txt does not name\n" + "\n".join(bad)
        crypto = os.path.join(os.path.dirname(archive()), "libashlar-crypto.a")
        bad = [(member, name) for member, _, name in symbols(crypto, "--undefined-only")
               if name in EARLY_EXIT and not member.startswith(EARLY_EXIT_ALLOWED)]
        assert not bad, bad

    @case(f"archive ({cxx}): X23 nothing can fetch: no socket, file, resolver or program is reached from validation or elsewhere")
    def _():
        path = archive()
        needed = {name for _, _, name in symbols(path, "--undefined-only")}
        assert "memcpy" in needed, "no symbols were read"
        bad = sorted(name for name in needed | allowed_undefined() if REACHING_OUT.match(name))
        assert not bad, bad

    @case(f"archive ({cxx}): every external symbol is in namespace ashlar, weak ones too")
    def _():
        bad = sorted({f"{member}: {letter} {name}" for member, letter, name in symbols(archive(), "--defined-only")
                      if not OURS.match(name)})
        assert not bad, "\n".join(bad)

    @case(f"archive ({cxx}): no weak references that a program could fill by accident")
    def _():
        path = archive()
        defined = {name for _, _, name in symbols(path, "--defined-only")}
        bad = [(member, name) for member, letter, name in symbols(path, "--undefined-only")
               if letter in WEAK and name not in defined]
        assert not bad, bad

    @case(f"archive ({cxx}): no global constructors or destructors")
    def _():
        bad = re.findall(r"\S*(?:init_array|fini_array|\.ctors|\.dtors|preinit)\S*",
                         command(["readelf", "-SW", archive()]))
        assert not bad, bad

    @case(f"archive ({cxx}): S01 no look-up table of AES or GHASH")
    def _():
        with open(archive(), "rb") as file:
            content = file.read()
        # The first entries of the S-box and its inverse (FIPS 197 §5.1.1, §5.3.2), of the same as 32-bit words, of the
        # tables that join them with MixColumns (02 S, S, S, 03 S in any rotation), and of the reductions of GHASH by
        # four and by eight bits (multiples of e1 at the top of a word).
        sbox, inverse = bytes.fromhex("637c777bf26b6fc5"), bytes.fromhex("52096ad53036a538")
        tables = {"S-box": sbox, "inverse S-box": inverse}
        for order in ("little", "big"):
            for name, box in (("S-box", sbox), ("inverse S-box", inverse)):
                tables[f"{name} in words, {order}-endian"] = b"".join(b.to_bytes(4, order) for b in box[:4])
            for turn in range(4):
                joined = [bytes.fromhex(word) for word in ("c66363a5", "f87c7c84", "ee777799")]
                joined = [word[turn:] + word[:turn] for word in joined]
                tables[f"joined table {turn}, {order}-endian"] = b"".join(
                    word if order == "big" else word[::-1] for word in joined)
            for width, entries in (("four", (0x0000, 0x1c20, 0x3840, 0x2460)), ("eight", (0x0000, 0x01c2, 0x0384, 0x0246))):
                for size in (2, 8):
                    tables[f"reduction by {width} bits, words of {size}, {order}-endian"] = b"".join(
                        (e << (8 * size - 16)).to_bytes(size, order) for e in entries)
        found = [name for name, start in tables.items() if start in content]
        assert not found, found

    @case(f"archive ({cxx}): every library's .pc file gives flags that link")
    def _():
        archive()
        for name in ("ashlar-base", "ashlar-crypto", "ashlar-asn1", "ashlar-x509", "ashlar-tls", "ashlar"):
            flags = consumer.pkg_config("--cflags", "--libs", "--static", name)
            source = os.path.join(consumer.folder, "pc.cpp")
            with open(source, "w", encoding="ascii") as out:
                out.write("#include <ashlar/base/error.hpp>\nint main() {}\n")
            command([cxx, "-std=c++20", source, "-o", os.path.join(consumer.folder, "pc"), *flags])

    @case(f"subproject ({cxx}): only the libraries are built")
    def _():
        consumer.make()
        import json
        targets = json.loads(command(["meson", "introspect", "--targets", consumer.built]))
        built = sorted(t["name"] for t in targets if t["subproject"] == "ashlar")
        assert built == ["ashlar", "ashlar-asn1", "ashlar-crypto", "ashlar-tls", "ashlar-x509"], built


for compiler in COMPILERS:
    register(compiler)


@case("options: the libraries are whole without the server and without x86 kernels")
def _():
    # Only crypto is compiled in another way: with clang, which unlike g++ warns of unused constants.
    folder = os.path.join(os.path.abspath(BUILD), "small")
    if not os.path.exists(os.path.join(folder, "build.ninja")):
        command(["meson", "setup", folder, SOURCE, "-Dserver=false", "-Dx86_kernels=false", "-Dtests=disabled",
                 "-Dcli=disabled", "-Dbench=disabled", "-Dexamples=false", "-Doptimization=0", "-Dwerror=" + werror("clang++")],
                env=dict(os.environ, CC="clang", CXX="clang++"))
    crypto = "crypto/libashlar-crypto.a"
    command(["ninja", "-C", folder, crypto], timeout=900)
    found = symbols(os.path.join(folder, crypto))
    # In the others these options choose files and change none, so that the release's objects of the chosen files tell.
    libdir = Consumer(SOURCE, BUILD, "clang++", RELEASE).make().libdir
    for library in ("asn1", "x509", "tls"):
        for where, _, leaves in os.walk(os.path.join(SOURCE, library)):
            for leaf in leaves:
                with open(os.path.join(where, leaf), encoding="utf-8") as file:
                    assert not re.search(r"ASHLAR_(NO|X86)_|cpu/x86", file.read()), f"{library}: {leaf} depends on an option"
        archive = f"{library}/libashlar-{library}.a"
        chosen = {os.path.basename(each) for each in command(["ninja", "-C", folder, "-t", "inputs", archive]).splitlines()
                  if each.endswith(".o")}
        members = symbols(os.path.join(libdir, f"libashlar-{library}.a"))
        assert chosen and chosen <= {member for member, _, _ in members}, chosen - {member for member, _, _ in members}
        found += [each for each in members if each[0] in chosen]
    names = {name for _, letter, name in found if letter not in "Uwv"}
    missing = sorted({(name, member) for member, letter, name in found if letter == "U" and name not in names | allowed_undefined()})
    assert not missing, "\n".join(f"{member} needs {name}" for name, member in missing)
    assert not [n for n in names if re.match(r"_ZN[VK]*6ashlar3tls(6Server|5tls1213Server)", n)], "the server is in it"
    assert not [n for n in names if re.search(r"aesni|shani|pclmul|vaes|avx", n)], "x86 kernels are in it"


run()
