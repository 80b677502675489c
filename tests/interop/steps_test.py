#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`ashlar cert verify --steps` on chains of openssl's, whole and damaged; `ashlar roots emit`, compiled; and `ashlar load`:
steps_test.py ASHLAR
"""
import base64
import json
import os
import shutil
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tools"))
from cases import Skip, case, command, run  # noqa: E402
import peers  # noqa: E402
from peers import need, path  # noqa: E402

ASHLAR = os.path.abspath(sys.argv[1])

# How openssl makes the CA's key, how it signs, and what the steps must say.
KINDS = {
    "rsa": (["-newkey", "rsa:2048"], ["-sha256"], ["sha256WithRSAEncryption", "s^e mod n = 0001ffff", "all 256 bytes of both: equal",
                                                   "3031300d060960864801650304020105000420", "s = m^d mod n", "CVE-2006-4339"]),
    "rsa-3072-sha384": (["-newkey", "rsa:3072"], ["-sha384"], ["sha384WithRSAEncryption", "all 384 bytes of both: equal"]),
    "pss": (["-newkey", "rsa:2048"], ["-sha256", "-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_pss_saltlen:32"],
            ["rsassaPss-SHA256", "a salt of 32 bytes", "H and H': equal", "the digest is nowhere in what was opened"]),
    "pss-sha512": (["-newkey", "rsa:2048"], ["-sha512", "-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_pss_saltlen:64"],
                   ["rsassaPss-SHA512", "a salt of 64 bytes", "H and H': equal"]),
    "p256": (["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"], ["-sha256"], ["ecdsa-with-SHA256", "this x and r: equal", "Nothing is decrypted", "a secret k for this signature alone"]),
    "p256-sha512": (["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"], ["-sha512"], ["ecdsa-with-SHA512", "this x and r: equal"]),
    "p384": (["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-384"], ["-sha384"], ["ecdsa-with-SHA384", "this x and r: equal"]),
    "p521": (["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-521"], ["-sha512"], ["ecdsa-with-SHA512", "this x and r: equal"]),
    "ed25519": (["-newkey", "ed25519"], [], ["SHA-512 of R", "R + k times A: equal", "the message itself goes into k"]),
    "ed448": (["-newkey", "ed448"], [], ["SHAKE256 of R", "R + k times A: equal", "the message itself goes into k"]),
    # The peer here makes none; our own do.
    "ml-dsa-44": (None, [], ["a challenge c", "two zeros and the whole message", "which the hints mend: equal"]),
    "ml-dsa-65": (None, [], ["a challenge c", "two zeros and the whole message", "which the hints mend: equal"]),
    "ml-dsa-87": (None, [], ["a challenge c", "two zeros and the whole message", "which the hints mend: equal"]),
}


def words(text):
    return " ".join(text.split())


def ashlar(*arguments, seconds=120):
    done = subprocess.run([ASHLAR, *[str(a) for a in arguments]], stdin=subprocess.DEVNULL, capture_output=True, timeout=seconds, check=False)
    return done.returncode, done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace")


def make(kind):
    """A CA of this kind and a leaf that it signed."""
    key, signing, _ = KINDS[kind]
    if key is None:
        for arguments in (["key", "new", kind, "-o", path(kind + "-ca.key"), "--force"],
                          ["cert", "new", "--ca", "--name", kind + " CA", "--key", path(kind + "-ca.key"), "-o", path(kind + "-ca.pem"), "--force"],
                          ["cert", "new", "--name", "localhost", "--common-name", "leaf", "--new-key", "p256", "--key", path(kind + ".key"), "--issuer-cert",
                           path(kind + "-ca.pem"), "--issuer-key", path(kind + "-ca.key"), "-o", path(kind + ".pem"), "--force"]):
            code, _, said = ashlar(*arguments)
            assert code == 0, said
        return
    need("openssl")
    command(["openssl", "req", "-x509", *key, *signing, "-nodes", "-keyout", path(kind + "-ca.key"), "-out", path(kind + "-ca.pem"), "-days", "30",
             "-subj", f"/CN={kind} CA", "-addext", "keyUsage=critical,keyCertSign"])
    command(["openssl", "req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", path(kind + ".key"),
             "-out", path(kind + ".csr"), "-subj", "/CN=leaf"])
    with open(path(kind + ".ext"), "w", encoding="ascii") as out:
        out.write("subjectAltName=DNS:localhost\nextendedKeyUsage=serverAuth\n")
    command(["openssl", "x509", "-req", "-in", path(kind + ".csr"), "-CA", path(kind + "-ca.pem"), "-CAkey", path(kind + "-ca.key"), "-out",
             path(kind + ".pem"), "-days", "20", "-CAcreateserial", "-extfile", path(kind + ".ext"), *signing])


def der_of(name):
    with open(path(name), encoding="ascii") as file:
        return base64.b64decode("".join(line for line in file if not line.startswith("-")))


def pem_of(name, der):
    with open(path(name), "w", encoding="ascii") as out:
        out.write("-----BEGIN CERTIFICATE-----\n" + base64.encodebytes(der).decode("ascii") + "-----END CERTIFICATE-----\n")


def register(kind):
    @case(f"cert verify --steps: {kind}, what is computed by hand agrees with the library, whole and damaged")
    def _():
        make(kind)
        verify = ["cert", "verify", "--trust", path(kind + "-ca.pem"), "--steps"]
        code, out, said = ashlar(*verify, path(kind + ".pem"))
        assert code == 0, said
        for part in [*KINDS[kind][2], "the signature holds"]:
            assert words(part) in words(out), f"{part}\n{out}"
        if KINDS[kind][1]:
            # The digest is that of the part that is signed, as openssl counts it.
            start = next(int(line.split(":")[0]) for line in command(["openssl", "asn1parse", "-in", path(kind + ".pem")]).splitlines()[1:])
            command(["openssl", "asn1parse", "-in", path(kind + ".pem"), "-strparse", start, "-out", path("tbs"), "-noout"])
            hash_name = next(word[1:] for word in KINDS[kind][1] if word.startswith("-sha"))
            digest = command(["openssl", "dgst", "-r", "-" + hash_name, path("tbs")]).split()[0]
            assert digest in out.replace("\n", "").replace(" ", ""), (digest, out)
        # A bit of the common name, and one in the middle of the signature.
        der = bytearray(der_of(kind + ".pem"))
        for where in (der.rfind(b"leaf"), len(der) - 20):
            damaged = bytearray(der)
            damaged[where] ^= 1
            pem_of("damaged.pem", damaged)
            code, out, said = ashlar(*verify, path("damaged.pem"))
            assert code == 1 and "does NOT hold" in words(out) and "DIFFERENT" in out and "Next:" in said, (where, out, said)


for a_kind in KINDS:
    register(a_kind)


@case("cert verify --steps: an issuer that is not there is told")
def _():
    make("p256")
    make("rsa")
    code, out, _ = ashlar("cert", "verify", "--trust", path("rsa-ca.pem"), "--steps", path("p256.pem"))
    assert code == 1 and "no certificate of its issuer is there" in out, out


@case("roots emit: arrays of C++ and C compile without a warning and hold the certificates; names are checked")
def _():
    for kind in ("p256", "rsa"):
        if not os.path.exists(path(kind + "-ca.pem")):
            make(kind)
    with open(path("bundle.pem"), "w", encoding="ascii") as out:
        for kind in ("p256", "rsa"):
            with open(path(kind + "-ca.pem"), encoding="ascii") as file:
                out.write(file.read())
    wanted = sorted(der_of(kind + "-ca.pem") for kind in ("p256", "rsa"))
    program = ("int main() { for (std::size_t i = 0; i < sizeof kRoots / sizeof *kRoots; ++i) {"
               " for (unsigned b : kRoots[i]) std::printf(\"%02x\", b); std::printf(\"\\n\"); } }\n")
    c_program = ("int main(void) { for (size_t i = 0; i < mine_count; ++i) { for (size_t j = 0; j < mine_sizes[i]; ++j)"
                 " printf(\"%02x\", mine[i][j]); printf(\"\\n\"); } return 0; }\n")
    flags = ["-Wall", "-Wextra", "-Werror", "-pedantic"]
    for options, head, text, compiler, source in ((["--c++"], "roots.hpp", "#include <cstdio>\n#include <cstddef>\n#include \"roots.hpp\"\n" + program,
                                                   [shutil.which("g++") or shutil.which("clang++"), "-std=c++20"], "roots.cpp"),
                                                  (["--c", "--name", "mine"], "roots.h", "#include <stdio.h>\n#include \"roots.h\"\n" + c_program,
                                                   [shutil.which("gcc") or shutil.which("clang"), "-std=c99"], "roots.c")):
        code, _, said = ashlar("roots", "emit", *options, "--trust", path("bundle.pem"), "-o", path(head), "--force")
        assert code == 0 and "2 roots" in said, said
        with open(path(source), "w", encoding="ascii") as out:
            out.write(text)
        command([*compiler, *flags, path(source), "-o", path("emitted")])
        assert sorted(bytes.fromhex(line) for line in command([path("emitted")]).split()) == wanted
    code, out, _ = ashlar("roots", "emit", "--c++", "--trust", path("bundle.pem"), "--only", "RSA ca")
    assert code == 0 and "CN=rsa CA" in out and "CN=p256 CA" not in out, out
    for arguments, part in ((["--c++", "--only", "nobody"], "no root has such a name"), (["--c++", "--name", "a b"], "no name for an array"),
                            ([], "neither --c++ nor --c"), (["--c", "--c++"], "--c and --c++")):
        code, out, said = ashlar("roots", "emit", "--trust", path("bundle.pem"), *arguments)
        assert code != 0 and not out and part in said and "Next:" in said, (arguments, said)


@case("roots emit: examples/carried_roots.cpp with arrays of ours fetches, reads no file, and refuses a stranger")
def _():
    source = os.path.abspath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))
    library = os.path.join(os.path.dirname(os.path.dirname(ASHLAR)), "libashlar.a")
    if not os.path.exists(library):
        raise Skip("libashlar.a is not built")
    os.makedirs(path("carried"), exist_ok=True)
    shutil.copy(os.path.join(source, "examples", "carried_roots.cpp"), path("carried", "carried_roots.cpp"))
    code, _, said = ashlar("roots", "emit", "--c++", "--trust", path("ca.pem"), "-o", path("carried", "roots.hpp"), "--force")
    assert code == 0, said
    includes = ["-I" + os.path.join(source, module, "include") for module in ("base", "crypto", "asn1", "x509", "tls", "posix")]
    program = path("carried", "carried_roots")
    command([shutil.which("g++") or shutil.which("clang++"), "-std=c++20", "-Wall", "-Wextra", "-Werror", *includes,
             path("carried", "carried_roots.cpp"), library, "-o", program])
    with peers.openssl_server("ec", "-WWW") as server:
        fetch = [program, "localhost", "/page", str(server.port)]
        done = subprocess.run(fetch, stdin=subprocess.DEVNULL, capture_output=True, timeout=60, check=False, cwd="/",
                              env={"SSL_CERT_FILE": "/nowhere"})
        assert done.returncode == 0 and peers.PAGE in done.stdout, done
    with peers.openssl_server("stranger", "-WWW") as server:
        done = subprocess.run([program, "localhost", "/page", str(server.port)], stdin=subprocess.DEVNULL, capture_output=True, timeout=60, check=False)
        assert done.returncode == 1 and peers.PAGE not in done.stdout and done.stderr, done


# ---- load -----------------------------------------------------------------------------------------------------

def our_server(*more):
    return peers.Server([ASHLAR, "server", "--port", "0", "-q", "--cert", path("ec.pem"), "--key", path("ec.key"), *more],
                        ready=r"listening on \S*:(?P<port>\d+)")


@case("load: full and resumed handshakes and data, in both versions, bounded by number; the server counted as many")
def _():
    with our_server() as server:
        for version in ("1.2", "1.3"):
            code, out, said = ashlar("load", f"localhost:{server.port}", "--trust", path("ca.pem"), "--tls", version, "--count", "40",
                                     "--connections", "4", "--seconds", "60", "--json")
            assert code == 0, said
            told = json.loads(out)
            assert f"TLS {version}" in told["agreed"]
            for row in told["rows"]:
                assert row["done"] == 40 and row["failed"] == 0 and row["not_resumed"] == 0, row
                assert 0 < row["ms"]["p50"] <= row["ms"]["p90"] <= row["ms"]["p99"] <= row["ms"]["max"], row
                assert row["per_second"] > 0, row
            assert [row["name"] for row in told["rows"]] == ["full", "resumed", "data"] and told["rows"][2]["bytes"] > 40 * 100, told
        code, out, said = ashlar("load", f"localhost:{server.port}", "--trust", path("ca.pem"), "--seconds", "1", "--count", "20")
        assert code == 0 and "20 handshakes" in out and "MB/s" in out and "p99" in out, (out, said)


@case("load: bounded by time; a server that resumes nothing, speaks no HTTP or is not trusted has its words")
def _():
    with our_server("--tickets", "off", "--session-cache", "off", "--echo") as server:
        code, out, said = ashlar("load", f"localhost:{server.port}", "--trust", path("ca.pem"), "--seconds", "1", seconds=30)
        assert code == 0 and "resumed  not measured" in out and "no HTTP" in out, (out, said)
        code, out, said = ashlar("load", f"localhost:{server.port}", "--trust", path("other-ca.pem"), "--seconds", "1")
        assert code == 4 and "no TLS connection" in said and "Wanted:" in said, (out, said)
    code, out, said = ashlar("load", f"localhost:{peers.free_port()}", "--trust", path("ca.pem"))
    assert code == 3 and "no address answers" in said, (code, said)


@case("load: openssl's server, which ends each connection behind its page")
def _():
    with peers.openssl_server("ec", "-WWW") as server:
        code, out, said = ashlar("load", f"localhost:{server.port}/page", "--trust", path("ca.pem"), "--count", "10", "--connections", "1")
        assert code == 0 and "10 responses" in out, (out, said)


peers.make_certificates()
peers.make_page()
run()
