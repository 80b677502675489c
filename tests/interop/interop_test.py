#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The ashlar tool against widely used programs, on loopback: interop_test.py ASHLAR

Servers take free ports; every wait has an end; the certificates are made by openssl.
"""
import functools
import os
import re
import signal
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tools"))
from cases import case, run  # noqa: E402
import fetching  # noqa: E402
from fetching import SMALL, content, fetched, gnutls_cli, make_files  # noqa: E402
import peers  # noqa: E402
from peers import get_request, gnutls_server, need, nginx_server, openssl_server, path, talk  # noqa: E402

ASHLAR = os.path.abspath(sys.argv[1])

# OpenSSL's name: the certificate that it needs, our policy that has it, GnuTLS's priority string for only this suite.
SUITES = {
    "ECDHE-RSA-AES128-GCM-SHA256": ("rsa", "modern", "+ECDHE-RSA:+AES-128-GCM:+AEAD"),
    "ECDHE-RSA-AES256-GCM-SHA384": ("rsa", "modern", "+ECDHE-RSA:+AES-256-GCM:+AEAD"),
    "ECDHE-ECDSA-AES128-GCM-SHA256": ("ec", "modern", "+ECDHE-ECDSA:+AES-128-GCM:+AEAD"),
    "ECDHE-ECDSA-AES256-GCM-SHA384": ("ec", "modern", "+ECDHE-ECDSA:+AES-256-GCM:+AEAD"),
    "ECDHE-RSA-CHACHA20-POLY1305": ("rsa", "modern", "+ECDHE-RSA:+CHACHA20-POLY1305:+AEAD"),
    "ECDHE-ECDSA-CHACHA20-POLY1305": ("ec", "modern", "+ECDHE-ECDSA:+CHACHA20-POLY1305:+AEAD"),
    "AES128-GCM-SHA256": ("rsa", "compat", "+RSA:+AES-128-GCM:+AEAD"),
    "AES128-SHA256": ("rsa", "compat", "+RSA:+AES-128-CBC:+SHA256"),
    "DHE-RSA-AES128-GCM-SHA256": ("rsa", "compat", "+DHE-RSA:+AES-128-GCM:+AEAD"),
    "DHE-RSA-CHACHA20-POLY1305": ("rsa", "compat", "+DHE-RSA:+CHACHA20-POLY1305:+AEAD"),
    "DHE-RSA-AES256-SHA": ("rsa", "compat", "+DHE-RSA:+AES-256-CBC:+SHA1"),
    "AES128-SHA": ("rsa", "compat", "+RSA:+AES-128-CBC:+SHA1"),
    "AES256-SHA256": ("rsa", "compat", "+RSA:+AES-256-CBC:+SHA256"),
    "AES256-GCM-SHA384": ("rsa", "compat", "+RSA:+AES-256-GCM:+AEAD"),
    "AES128-CCM8": ("rsa", "compat", "+RSA:+AES-128-CCM-8:+AEAD"),
    "ECDHE-ECDSA-AES128-CCM": ("ec", "compat", "+ECDHE-ECDSA:+AES-128-CCM:+AEAD"),
    "ECDHE-ECDSA-AES256-CCM8": ("ec", "compat", "+ECDHE-ECDSA:+AES-256-CCM-8:+AEAD"),
    "ECDHE-ECDSA-AES128-SHA": ("ec", "compat", "+ECDHE-ECDSA:+AES-128-CBC:+SHA1"),
    "ECDHE-ECDSA-AES128-SHA256": ("ec", "compat", "+ECDHE-ECDSA:+AES-128-CBC:+SHA256"),
    "ECDHE-RSA-AES256-SHA": ("rsa", "compat", "+ECDHE-RSA:+AES-256-CBC:+SHA1"),
    "ECDHE-RSA-AES256-SHA384": ("rsa", "compat", "+ECDHE-RSA:+AES-256-CBC:+SHA384"),
}
SIZES = [0, 1, 16383, 16384, 16385, 300000, 10 * 1024 * 1024]


def priority(parts):
    return ("NONE:+VERS-TLS1.2:+SIGN-ALL:+GROUP-ALL:+COMP-NULL:+CTYPE-X509:" + parts)


def our_server(*leaves, options=(), policy="modern", before=()):
    return fetching.our_server([ASHLAR, *before], leaves, ["--policy", policy, *options])


def our_get(port, name=SMALL, options=(), trust="ca", host="localhost", before=()):
    return fetching.our_get([ASHLAR, *before], port, name, options, trust, host)


curl = functools.partial(fetching.curl, ["--tls-max", "1.2"])
s_client = functools.partial(fetching.s_client, "-tls1_2")


# ---- our server -------------------------------------------------------------------------------------------------

def register_server_suite(suite, leaf, policy, gnutls_parts):
    @case(f"interop: our server, curl, {suite}, 0 bytes to 10 MB")
    def _():
        with our_server(leaf, policy=policy) as server:
            for size in SIZES:
                said = fetched(curl(server.port, f"size-{size}", "-v", "--ciphers", suite), f"size-{size}")
                assert suite in said, said

    @case(f"interop: our server, openssl s_client, {suite}")
    def _():
        with our_server(leaf, policy=policy) as server:
            for size in (0, 300000, 10 * 1024 * 1024):
                fetched(s_client(server.port, f"size-{size}", "-cipher", suite), f"size-{size}")

    @case(f"interop: our server, gnutls-cli, {suite}")
    def _():
        with our_server(leaf, policy=policy) as server:
            for size in (0, 300000, 10 * 1024 * 1024):
                fetched(gnutls_cli(server.port, f"size-{size}", "--priority", priority(gnutls_parts)), f"size-{size}")


for a_suite, row in SUITES.items():
    register_server_suite(a_suite, *row)


@case("interop: our server picks the certificate that a client's suites need")
def _():
    with our_server("rsa", "ec") as server:
        for suite in ("ECDHE-RSA-AES128-GCM-SHA256", "ECDHE-ECDSA-AES128-GCM-SHA256"):
            fetched(s_client(server.port, SMALL, "-cipher", suite), SMALL)


def register_kind(kind, said):
    @case(f"interop: {kind} from end to end: our keys and certificates, both servers, openssl s_client, curl and our client")
    def _():
        ca, trust = kind + "-ca", ["-CAfile", path(kind + "-ca.pem")]
        for name in (ca, kind):
            peers.command([ASHLAR, "key", "new", kind, "-o", path(name + ".key")])
        peers.command([ASHLAR, "cert", "new", "--ca", "--name", kind + " CA", "--key", path(ca + ".key"), "-o", path(ca + ".pem")])
        peers.command([ASHLAR, "cert", "new", "--key", path(kind + ".key"), "--name", "localhost", "--issuer-cert",
                       path(ca + ".pem"), "--issuer-key", path(ca + ".key"), "-o", path(kind + ".pem")])
        peers.command([need("openssl"), "verify", "-x509_strict", *trust, path(kind + ".pem")])
        peers.command(["openssl", "pkey", "-in", path(kind + ".key"), "-check", "-noout"])
        text = peers.command(["openssl", "x509", "-in", path(kind + ".pem"), "-noout", "-text"])
        assert all(each in text for each in said), text
        # No policy has Ed448: it is named.
        named = ["--schemes", "ed448"] if kind == "ed448" else []
        with our_server(kind, options=named) as server:
            fetched(s_client(server.port, SMALL, *trust), SMALL)
            fetched(fetching.s_client("-tls1_3", server.port, SMALL, *trust), SMALL)
            fetched(curl(server.port, SMALL, "--cacert", path(ca + ".pem")), SMALL)
            if not kind.startswith("ed"):
                # The curve of the certificate must be one that the client knows (RFC 8422 §5.1).
                status, _, told = s_client(server.port, SMALL, *trust, "-groups", "X25519")
                assert status != 0, told
        for version in ("-tls1_2", "-tls1_3"):
            with openssl_server(kind, "-WWW", version=version) as server:
                fetched(our_get(server.port, trust=ca, options=named), SMALL)
                if named:
                    status, _, told = our_get(server.port, trust=ca)
                    assert status != 0 and "handshake_failure" in told, told


for a_kind, its_words in (("p384", ("secp384r1", "ecdsa-with-SHA384")), ("p521", ("secp521r1", "ecdsa-with-SHA512")),
                          ("ed25519", ("ED25519",)), ("ed448", ("ED448",))):
    register_kind(a_kind, its_words)


@case("interop: our server agrees on X25519 and on P-256 with openssl s_client")
def _():
    # An RSA certificate: one on P-256 needs P-256 among the client's groups (RFC 8422 §5.1.1).
    with our_server("rsa") as server:
        for group in ("X25519", "P-256"):
            fetched(s_client(server.port, SMALL, "-groups", group), SMALL)


@case("interop: our server refuses what modern leaves out, and speaks it under compat")
def _():
    with our_server("rsa") as server:
        status, _, said = s_client(server.port, SMALL, "-cipher", "AES128-SHA256")
        assert status != 0 and "handshake failure" in said, said


@case("interop: our server resumes sessions of openssl s_client and gnutls-cli")
def _():
    with our_server("ec") as server:
        common = [need("openssl"), "s_client", "-connect", f"127.0.0.1:{server.port}", "-CAfile", path("ca.pem"),
                  "-tls1_2", "-no_ticket", "-ign_eof"]
        status, out, said = talk([*common, "-sess_out", path("session")], get_request(SMALL))
        assert status == 0 and b"New, TLSv1.2" in out, said
        status, out, said = talk([*common, "-sess_in", path("session")], get_request(SMALL))
        assert status == 0 and b"Reused, TLSv1.2" in out, said
        assert content(SMALL) in out
        status, _, said = gnutls_cli(server.port, SMALL, "--resume", "--priority",
                                     "NORMAL:-VERS-ALL:+VERS-TLS1.2:%NO_TICKETS")
        assert "This is a resumed session" in said, said


def reconnect(port, *options):
    """What openssl s_client says of one connection that saves its session and one that resumes it."""
    said = []
    for use in ("-sess_out", "-sess_in"):
        status, out, told = talk([need("openssl"), "s_client", "-connect", f"127.0.0.1:{port}", "-CAfile", path("ca.pem"), "-tls1_2",
                                  "-ign_eof", use, path("session"), *options], get_request(SMALL))
        assert status == 0 and content(SMALL) in out, told
        said.append(out.decode("utf-8", "replace"))
    return said


@case("interop: our server gives tickets to openssl s_client and gnutls-cli, which resume with them")
def _():
    with our_server("ec", options=["--session-cache", "off"]) as server:
        first, second = reconnect(server.port)
        assert "New, TLSv1.2" in first and "TLS session ticket:" in first, first
        assert "Reused, TLSv1.2" in second, second
        status, _, said = gnutls_cli(server.port, SMALL, "--resume", "--priority", "NORMAL:-VERS-ALL:+VERS-TLS1.2")
        assert "This is a resumed session" in said, said
    with our_server("ec", options=["--session-cache", "off", "--tickets", "off"]) as server:
        assert "Reused" not in "".join(reconnect(server.port))


@case("interop: our servers with the same ticket keys resume each other's sessions, and read the keys again on SIGHUP")
def _():
    keys = path("tickets")

    def new_key():
        peers.command([ASHLAR, "key", "new", "ticket", "-o", keys, "--force"])
        with open(keys, encoding="ascii") as file:
            return file.read()

    def resumed(server):
        done = subprocess.run([ASHLAR, "client", f"localhost:{server.port}", "--trust", path("ca.pem"), "--session",
                               path("our-session"), "--keep-open"], input=get_request(SMALL), capture_output=True,
                              timeout=60, check=False)
        assert content(SMALL) in done.stdout, done.stderr
        return b", resumed" in done.stderr

    def reread(server, text, says):
        with open(keys, "w", encoding="ascii") as file:
            file.write(text)
        server.process.send_signal(signal.SIGHUP)
        assert server.says(says), server.text

    first, second = new_key(), new_key()
    options = ["--session-cache", "off", "--ticket-keys", keys]
    with our_server("ec", options=options) as one, our_server("ec", options=options) as other:
        assert not resumed(one) and resumed(one) and resumed(other)
        # A new key in front: the old ticket resumes, and is renewed under the new key.
        reread(other, "# the new one\n" + first + second, "read again")
        assert resumed(other)
        reread(other, "no key\n", "stay as they were")
        assert resumed(other)
        assert not resumed(one), "a ticket under a key that this server does not have"


@case("interop: our server asks for client certificates: curl and openssl show one, or none where none is demanded")
def _():
    with our_server("ec", options=["--client-ca", path("client-ca.pem")]) as server:
        fetched(curl(server.port), SMALL)
        for client in ("client-rsa", "client-ec"):
            fetched(curl(server.port, SMALL, "--cert", path(client + ".pem"), "--key", path(client + ".key")), SMALL)
            fetched(s_client(server.port, SMALL, "-cert", path(client + ".pem"), "-key", path(client + ".key")), SMALL)


@case("interop: our server demands a client certificate: refused with the right alert and words")
def _():
    with our_server("ec", options=["--client-ca", path("client-ca.pem"), "--require-client-cert"]) as server:
        fetched(curl(server.port, SMALL, "--cert", path("client-ec.pem"), "--key", path("client-ec.key")), SMALL)
        status, body, said = s_client(server.port)
        assert status != 0 and not body and "alert number 40" in said, said  # handshake_failure
        assert server.says("certificate"), server.text
        status, body, said = s_client(server.port, SMALL, "-cert", path("client-stranger.pem"), "-key",
                                      path("client-stranger.key"))
        assert status != 0 and not body and "alert number 48" in said, said  # unknown_ca
        assert server.says("no trusted root"), server.text


@case("interop: clients that refuse our server say why, and our server reports their alert")
def _():
    for leaf, words in (("stranger", "unknown_ca"), ("expired", "certificate_expired|bad_certificate")):
        with our_server(leaf) as server:
            status, _, said = s_client(server.port)
            assert status != 0, said
            assert server.says(words), server.text
            status, _, said = curl(server.port)
            assert status == 60, said


# ---- our client -------------------------------------------------------------------------------------------------

def dh_group():
    """A file that names a group of RFC 7919. Servers take one of RFC 3526 by themselves, which ours refuses."""
    file = path("ffdhe2048.pem")
    peers.command([need("openssl"), "genpkey", "-genparam", "-algorithm", "DH", "-pkeyopt", "group:ffdhe2048", "-out", file])
    return file


def of_dh_group(suite, option):
    """What names that group in a server's configuration, if the suite needs one."""
    return option(dh_group()) if suite.startswith("DHE") else []


def register_client_suite(suite, leaf, policy, gnutls_parts):
    ours = ["--policy", policy, "--suites", suite]

    @case(f"interop: our client, openssl s_server, {suite}, 0 bytes to 10 MB")
    def _():
        with openssl_server(leaf, "-WWW", "-cipher", suite, *of_dh_group(suite, lambda file: ["-dhparam", file])) as server:
            for size in SIZES:
                fetched(our_get(server.port, f"size-{size}", ours), f"size-{size}")

    @case(f"interop: our client, gnutls-serv, {suite}")
    def _():
        for size in (1, 300000, 10 * 1024 * 1024):
            with gnutls_server(leaf, f"size-{size}", priority=priority(gnutls_parts)) as server:
                fetched(our_get(server.port, "", ours), f"size-{size}")

    @case(f"interop: our client, nginx, {suite}, 0 bytes to 10 MB")
    def _():
        with nginx_server(leaf, f"ssl_ciphers {suite}", *of_dh_group(suite, lambda file: [f"ssl_dhparam {file}"])) as server:
            for size in SIZES:
                fetched(our_get(server.port, f"size-{size}", ours), f"size-{size}")


for a_suite, row in SUITES.items():
    register_client_suite(a_suite, *row)


@case("interop: our client reads the page of openssl s_server -www, which names the suite")
def _():
    with openssl_server("ec", "-www") as server:
        status, body, said = our_get(server.port, "")
        assert status == 0 and b"ECDHE-ECDSA-AES" in body, said


@case("interop: our client agrees on X25519 and on P-256 with openssl s_server")
def _():
    for group in ("X25519", "P-256"):
        with openssl_server("rsa", "-WWW", "-groups", group) as server:
            fetched(our_get(server.port), SMALL)


@case("interop: our client resumes sessions of openssl s_server, gnutls-serv and nginx")
def _():
    for start in (lambda: openssl_server("ec", "-WWW", "-no_ticket"), lambda: gnutls_server("ec", SMALL),
                  lambda: nginx_server("ec")):
        with start() as server:
            said = fetched(our_get(server.port, SMALL, ["--resume"]), SMALL)
            assert "resumed the session" in said, said


@case("interop: our client resumes by tickets of openssl s_server, gnutls-serv and nginx")
def _():
    for start in (lambda: openssl_server("ec", "-WWW", "-no_cache"), lambda: gnutls_server("ec", SMALL, "--nodb"),
                  lambda: nginx_server("ec", "ssl_session_tickets on", sessions=False)):
        with start() as server:
            said = fetched(our_get(server.port, SMALL, ["--resume"]), SMALL)
            assert "resumed the session" in said and "ticket of" in said, said


@case("interop: our client shows a certificate to openssl s_server, gnutls-serv and nginx")
def _():
    for client in ("client-rsa", "client-ec"):
        own = ["--cert", path(client + ".pem"), "--key", path(client + ".key")]
        for start in (lambda: openssl_server("ec", "-WWW", "-Verify", "1", "-verify_return_error", "-CAfile",
                                             path("client-ca.pem")),
                      lambda: gnutls_server("ec", SMALL, "--require-client-cert", "--verify-client-cert",
                                            "--x509cafile", path("client-ca.pem")),
                      lambda: nginx_server("ec", f"ssl_client_certificate {path('client-ca.pem')}",
                                           "ssl_verify_client on")):
            with start() as server:
                fetched(our_get(server.port, SMALL, own), SMALL)


@case("interop: our client without the certificate that is demanded, or with the wrong one, says what the server said")
def _():
    with openssl_server("ec", "-WWW", "-Verify", "1", "-verify_return_error", "-CAfile",
                        path("client-ca.pem")) as server:
        status, _, said = our_get(server.port)
        assert status == 4 and "handshake_failure" in said, (status, said)
        status, _, said = our_get(server.port, SMALL, ["--cert", path("client-stranger.pem"), "--key",
                                                       path("client-stranger.key")])
        assert status == 4 and re.search("unknown_ca|bad_certificate", said), (status, said)


@case("interop: our client refuses a wrong name, an expired certificate and an unknown CA, with alert and words")
def _():
    for leaf, words, alert in (("wrong-name", r"name", r"number 4[26]"), ("expired", r"expired", r"number 45"),
                               ("stranger", r"unknown|trust|root|issuer", r"number 48")):
        with openssl_server(leaf, "-WWW") as server:
            status, body, said = our_get(server.port)
            assert status == 4 and not body, (leaf, status, said)
            assert re.search(words, said), (leaf, said)
            assert server.says(r"alert " + alert), (leaf, server.text)


@case("interop: both ways with all CPU features masked")
def _():
    portable = ["--portable"]
    for suite, (leaf, policy, _) in SUITES.items():
        with our_server(leaf, policy=policy, before=portable) as server:
            fetched(curl(server.port, SMALL, "--ciphers", suite), SMALL)
        with openssl_server(leaf, "-WWW", "-cipher", suite, *of_dh_group(suite, lambda file: ["-dhparam", file])) as server:
            fetched(our_get(server.port, SMALL, ["--policy", policy, "--suites", suite], before=portable), SMALL)


need_openssl = need("openssl")
peers.make_certificates()
make_files(SIZES)
run()
