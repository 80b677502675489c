#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""OCSP responses made by openssl ocsp: judged by the ashlar tool in files, and stapled by either side's server, on loopback:
ocsp_test.py ASHLAR"""
import functools
import os
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tools"))
from cases import case, command, run  # noqa: E402
import peers  # noqa: E402
from peers import need, path  # noqa: E402

ASHLAR = os.path.abspath(sys.argv[1])


def refused(arguments):
    done = subprocess.run([str(a) for a in arguments], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          timeout=60, check=False)
    assert done.returncode != 0, done.stdout
    return done.stdout


@functools.lru_cache(None)
def world():
    """A CA, a server's certificate, a responder's, and a database that says what became of the server's."""
    openssl = need("openssl")
    peers.make_ca("ca", "ec")
    peers.make_leaf("server", "ca", "ec")
    peers.make_leaf("responder", "ca", "ec", usage="OCSPSigning")
    serial = command([openssl, "x509", "-in", path("server.pem"), "-noout", "-serial"]).strip().partition("=")[2]
    for status, revoked in (("good", ""), ("revoked", time.strftime("%y%m%d%H%M%SZ", time.gmtime(time.time() - 60)) + ",keyCompromise")):
        with open(path(status + ".index"), "w", encoding="ascii") as out:
            out.write(f"{'R' if revoked else 'V'}\t401231235959Z\t{revoked}\t{serial}\tunknown\t/CN=server\n")
    open(path("unknown.index"), "w", encoding="ascii").close()
    with open(path("chain.pem"), "w", encoding="ascii") as out:
        for name in ("server.pem", "ca.pem"):
            with open(path(name), encoding="ascii") as part:
                out.write(part.read())
    return openssl


def response(status="good", signer="responder", days="2", options=()):
    """The name of a file with what openssl's responder says."""
    openssl = world()
    name = path(f"{status}-{signer}-{'-'.join(options).strip('-')}.der")
    command([openssl, "ocsp", "-index", path(status + ".index"), "-CA", path("ca.pem"), "-rsigner", path(signer + ".pem"), "-rkey",
             path(signer + ".key"), *options, "-issuer", path("ca.pem"), "-cert", path("server.pem"), "-ndays", days, "-respout", name, "-noverify"])
    return name


def verify(name, *options):
    return [ASHLAR, "cert", "verify", path("server.pem"), "--trust", path("ca.pem"), "--name", "localhost", "--ocsp", name, *options]


@case("OCSP: openssl's responses are judged as they are: good, by the CA or its responder, by name or by key, with SHA-1 and SHA-256")
def _():
    for signer, words in (("responder", "by a responder of the issuer's"), ("ca", "by the issuer")):
        for options in ((), ("-resp_key_id",), ("-sha256",), ("-nonce",)):
            shown = command(verify(response(signer=signer, options=options)))
            assert "OCSP response: good" in shown and words in shown, shown


@case("OCSP: revoked with its reason, unknown, old, and of another certificate")
def _():
    shown = refused(verify(response("revoked")))
    assert "revoked on" in shown and "keyCompromise" in shown and "has been revoked" in shown and "Next:" in shown, shown
    assert "does not know the certificate" in refused(verify(response("unknown")))
    later = time.strftime("%Y-%m-%d", time.gmtime(time.time() + 5 * 86400))
    assert "too old" in refused(verify(response(), "--time", later))
    peers.make_leaf("other", "ca", "ec")
    shown = refused([ASHLAR, "cert", "verify", path("other.pem"), "--trust", path("ca.pem"), "--ocsp", response()])
    assert "does not speak of this certificate" in shown, shown
    # A responder that the CA did not make one, and something that is no response.
    assert "neither by the issuer" in refused(verify(response(signer="server")))
    assert "OCSPResponse" in refused(verify(path("server.pem")))


for version in ("1.3", "1.2"):
    @case(f"OCSP, TLS {version}: what openssl s_server staples is judged by our client")
    def _(version=version):
        openssl = world()
        ours = [ASHLAR, "get", "--trust", path("ca.pem"), "--tls", version]
        for status in ("good", "revoked", None):
            stapled = ["-status_file", response(status)] if status else []
            with peers.Server([openssl, "s_server", "-accept", "0", "-cert", path("server.pem"), "-key", path("server.key"), "-www", *stapled],
                              ready=r"ACCEPT \S*:(?P<port>\d+)") as server:
                url = f"https://localhost:{server.port}/"
                if status == "revoked":
                    shown = refused([*ours, "--ocsp", "stapled", url])
                    assert "has been revoked" in shown, shown
                    command([*ours, url])
                    continue
                command([*ours, "--ocsp", "stapled", url])
                if status is None:
                    shown = refused([*ours, "--ocsp", "demanded", url])
                    assert "none came though it was asked for" in shown, shown
                else:
                    command([*ours, "--ocsp", "demanded", url])

    @case(f"OCSP, TLS {version}: what our server staples is what openssl s_client and our own client take")
    def _(version=version):
        openssl = world()
        with open(path("page"), "w", encoding="ascii") as out:
            out.write("hello")
        with peers.Server([ASHLAR, "server", "--port", "0", "--www", os.path.dirname(path("page")), "--cert", path("chain.pem"), "--key",
                           path("server.key"), "--tls", version, "--ocsp", response()], ready=r"listening on \S*:(?P<port>\d+)") as server:
            shown = command([openssl, "s_client", "-connect", f"localhost:{server.port}", "-CAfile", path("ca.pem"), "-status"])
            assert "OCSP Response Status: successful" in shown and "Cert Status: good" in shown, shown
            assert "Warning" not in server.text, server.text
            command([ASHLAR, "get", "--trust", path("ca.pem"), "--ocsp", "demanded", f"https://localhost:{server.port}/page"])
        with peers.Server([ASHLAR, "server", "--port", "0", "--www", os.path.dirname(path("page")), "--cert", path("chain.pem"), "--key",
                           path("server.key"), "--tls", version, "--ocsp", response("revoked")], ready=r"listening on \S*:(?P<port>\d+)") as server:
            assert server.says("clients that judge it will refuse it"), server.text
            shown = refused([ASHLAR, "get", "--trust", path("ca.pem"), "--ocsp", "stapled", f"https://localhost:{server.port}/page"])
            assert "has been revoked" in shown, shown


@case("OCSP: a client that judges no certificate has no responses to judge")
def _():
    shown = refused([ASHLAR, "get", "--insecure-no-verify", "--ocsp", "demanded", "https://localhost:1/"])
    assert "nobody whose responses to judge" in shown, shown


run()
