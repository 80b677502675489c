#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Keys for RSASSA-PSS alone, of the ashlar tool and of openssl, in certificates of servers and clients, on loopback:
pss_test.py ASHLAR"""
import hashlib
import os
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tools"))
from cases import case, command, run  # noqa: E402
import peers  # noqa: E402
from peers import need, path  # noqa: E402

ASHLAR = os.path.abspath(sys.argv[1])
# Keys of openssl: without limits, and limited to one hash.
LIMITS = {"free": [], "sha256": ["-pkeyopt", "rsa_pss_keygen_md:sha256", "-pkeyopt", "rsa_pss_keygen_mgf1_md:sha256"],
          "sha384": ["-pkeyopt", "rsa_pss_keygen_md:sha384", "-pkeyopt", "rsa_pss_keygen_mgf1_md:sha384", "-pkeyopt",
                     "rsa_pss_keygen_saltlen:48"]}


def file(kind, name):
    return path(f"pss-{kind}-{name}")


def make(kind):
    """A CA and a leaf with such keys, made by openssl, or by the tool if the kind is "ours"."""
    openssl = need("openssl")
    for name in ("ca.key", "leaf.key"):
        if kind == "ours":
            command([ASHLAR, "key", "new", "rsa-pss:2048", "-o", file(kind, name), "--force"])
        else:
            command([openssl, "genpkey", "-algorithm", "RSA-PSS", "-pkeyopt", "rsa_keygen_bits:2048", *LIMITS[kind], "-out",
                     file(kind, name)])
    command([ASHLAR, "cert", "new", "--ca", "--name", "CA", "--key", file(kind, "ca.key"), "-o", file(kind, "ca.pem"), "--force"])
    for name, options in (("server.pem", []), ("client.pem", ["--client"])):
        command([ASHLAR, "cert", "new", "--name", "localhost", "--key", file(kind, "leaf.key"), "--issuer-cert", file(kind, "ca.pem"),
                 "--issuer-key", file(kind, "ca.key"), "-o", file(kind, name), "--force", *options])
    return openssl


def register(kind):
    @case(f"RSA-PSS: openssl reads our certificates of keys: {kind}, and we verify them")
    def _():
        openssl = make(kind)
        assert ": OK" in command([openssl, "verify", "-CAfile", file(kind, "ca.pem"), file(kind, "server.pem")])
        text = command([openssl, "x509", "-in", file(kind, "server.pem"), "-noout", "-text"])
        assert "rsassaPss" in text, text
        shown = command([ASHLAR, "cert", "show", file(kind, "server.pem")])
        assert "RSA-PSS" in shown, shown
        command([ASHLAR, "cert", "verify", file(kind, "server.pem"), "--trust", file(kind, "ca.pem"), "--name", "localhost"])
        # The same key, in its file and in its certificate, also for openssl.
        ours = command([ASHLAR, "key", "show", file(kind, "leaf.key"), "--json"])
        digest = subprocess.run([openssl, "pkey", "-in", file(kind, "leaf.key"), "-pubout", "-outform", "DER"], capture_output=True, timeout=60,
                                check=True).stdout
        assert hashlib.sha256(digest).hexdigest() in ours.replace(":", "").lower(), ours

    for version, flag in (("1.3", "-tls1_3"), ("1.2", "-tls1_2")):
        @case(f"TLS {version}: keys {kind} with openssl on the other side, either way, both sides authenticated")
        def _(version=version, flag=flag):
            openssl = make(kind)
            ours = ["--policy", "compat", "--tls", version]
            with peers.Server([openssl, "s_server", "-accept", "0", "-cert", file(kind, "server.pem"), "-key", file(kind, "leaf.key"), flag,
                               "-CAfile", file(kind, "ca.pem"), "-Verify", "1", "-verify_return_error", "-www"],
                              ready=r"ACCEPT \S*:(?P<port>\d+)") as server:
                said = command([ASHLAR, "get", "--trust", file(kind, "ca.pem"), *ours, "--cert", file(kind, "client.pem"), "--key",
                                file(kind, "leaf.key"), "--trace", f"https://localhost:{server.port}/"])
                assert "rsa_pss_pss_" in said, said
            with open(path("page"), "w", encoding="ascii") as out:
                out.write("hello")
            with peers.Server([ASHLAR, "server", "--port", "0", "--www", os.path.dirname(path("page")), "--cert", file(kind, "server.pem"),
                               "--key", file(kind, "leaf.key"), *ours, "--client-ca", file(kind, "ca.pem"), "--require-client-cert"],
                              ready=r"listening on \S*:(?P<port>\d+)") as server:
                done = subprocess.run([openssl, "s_client", "-connect", f"localhost:{server.port}", flag, "-CAfile", file(kind, "ca.pem"),
                                       "-verify_return_error", "-cert", file(kind, "client.pem"), "-key", file(kind, "leaf.key"), "-ign_eof"],
                                      input="GET /page HTTP/1.0\r\nHost: localhost\r\n\r\n", capture_output=True, text=True, timeout=60,
                                      check=False)
                assert "hello" in done.stdout and "Peer signature type: RSA-PSS" in done.stdout, (done.stdout, done.stderr, server.text)


@case("RSA-PSS: a policy without these schemes takes no such certificate, and says so")
def _():
    make("ours")
    done = subprocess.run([ASHLAR, "server", "--port", "0", "--cert", file("ours", "server.pem"), "--key", file("ours", "leaf.key")],
                          stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode != 0 and "RFC 5246" in done.stderr and "--schemes" in done.stderr, done


@case("RSA-PSS: a key that openssl limits to MGF1 with SHA-1 is refused, with what to do")
def _():
    openssl = need("openssl")
    command([openssl, "genpkey", "-algorithm", "RSA-PSS", "-pkeyopt", "rsa_keygen_bits:2048", "-pkeyopt", "rsa_pss_keygen_md:sha256", "-out",
             path("sha1-mask.key")])
    done = subprocess.run([ASHLAR, "key", "show", path("sha1-mask.key")], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60,
                          check=False)
    assert done.returncode != 0 and "leave no signature" in done.stderr and "rsa_pss_keygen_mgf1_md" in done.stderr, done


for a_kind in ("ours", *LIMITS):
    register(a_kind)
run()
