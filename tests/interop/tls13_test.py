#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""TLS 1.3 of the ashlar tool against programs that the world uses, on loopback: tls13_test.py ASHLAR"""
import functools
import os
import re
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tools"))
from cases import case, run  # noqa: E402
import fetching  # noqa: E402
from fetching import SMALL, content, fetched, gnutls_cli, make_files  # noqa: E402
import peers  # noqa: E402
from peers import get_request, gnutls_server, need, openssl_server, path, talk  # noqa: E402

ASHLAR = os.path.abspath(sys.argv[1])

# The suite, and GnuTLS's name of its cipher.
SUITES = {
    "TLS_AES_128_GCM_SHA256": "AES-128-GCM",
    "TLS_AES_256_GCM_SHA384": "AES-256-GCM",
    "TLS_CHACHA20_POLY1305_SHA256": "CHACHA20-POLY1305",
}
SIZES = [0, 1, 16384, 300000, 4 * 1024 * 1024]
ONLY = ["--tls", "1.3"]
GNUTLS = "NORMAL:-VERS-ALL:+VERS-TLS1.3"


def our_server(*leaves, options=()):
    return fetching.our_server([ASHLAR], leaves, [*ONLY, *options])


def our_get(port, name=SMALL, options=()):
    return fetching.our_get([ASHLAR], port, name, [*ONLY, *options])


curl = functools.partial(fetching.curl, ["--tlsv1.3"])
s_client = functools.partial(fetching.s_client, "-tls1_3")


def register(suite, cipher):
    @case(f"TLS 1.3: our server, {suite}: curl, openssl s_client and gnutls-cli, 0 bytes to 4 MB")
    def _():
        for leaf in ("ec", "rsa"):
            with our_server(leaf, options=["--suites", suite]) as server:
                for size in SIZES:
                    name = f"size-{size}"
                    fetched(curl(server.port, name, "--tls13-ciphers", suite), name)
                    fetched(s_client(server.port, name, "-ciphersuites", suite), name)
                fetched(gnutls_cli(server.port, SMALL, "--priority", f"{GNUTLS}:-CIPHER-ALL:+{cipher}"))

    @case(f"TLS 1.3: our client, {suite}: openssl s_server and gnutls-serv, 0 bytes to 4 MB")
    def _():
        for leaf in ("ec", "rsa"):
            with openssl_server(leaf, "-WWW", "-ciphersuites", suite, version="-tls1_3") as server:
                for size in SIZES:
                    fetched(our_get(server.port, f"size-{size}"), f"size-{size}")
            with gnutls_server(leaf, SMALL, priority=f"{GNUTLS}:-CIPHER-ALL:+{cipher}") as server:
                fetched(our_get(server.port))


for a_suite, its_cipher in SUITES.items():
    register(a_suite, its_cipher)


@case("default: our server speaks TLS 1.3 with curl, wget, openssl and gnutls, and TLS 1.2 with who has no more")
def _():
    with fetching.our_server([ASHLAR], ("ec",), []) as server:
        said = fetched(fetching.curl(["-v"], server.port))
        assert "SSL connection using TLSv1.3" in said, said
        said = fetched(fetching.curl(["-v", "--tls-max", "1.2"], server.port))
        assert "SSL connection using TLSv1.2" in said, said
        fetched(fetching.fetch([need("wget"), "-q", "--ca-certificate", path("ca.pem"), "-O", "-",
                                f"https://localhost:{server.port}/{SMALL}"]))
        fetched(fetching.s_client("-4", server.port))
        fetched(fetching.s_client("-tls1_2", server.port))
        fetched(gnutls_cli(server.port))
        # curl, wget, openssl and gnutls; then curl and openssl of TLS 1.2.
        counts = [len(re.findall(f": TLS 1.{minor} TLS_", server.text)) for minor in (3, 2)]
        assert counts == [4, 2], server.text


@case("default: our client speaks TLS 1.3 with openssl and gnutls, and TLS 1.2 with who has no more")
def _():
    for version, wanted in (("-4", "TLS 1.3"), ("-tls1_3", "TLS 1.3"), ("-tls1_2", "TLS 1.2")):
        with openssl_server("ec", "-WWW", version=version) as server:
            said = fetched(fetching.our_get([ASHLAR], server.port, SMALL, ["--trace"]))
            assert f"chooses {wanted}" in said, said
    for priority, wanted in (("NORMAL", "TLS 1.3"), (GNUTLS, "TLS 1.3"), ("NORMAL:-VERS-ALL:+VERS-TLS1.2", "TLS 1.2")):
        with gnutls_server("ec", SMALL, priority=priority) as server:
            said = fetched(fetching.our_get([ASHLAR], server.port, SMALL, ["--trace"]))
            assert f"chooses {wanted}" in said, said


@case("TLS 1.3: a HelloRetryRequest either way, for groups of which no share was sent")
def _():
    for group in ("P-256", "P-384", "P-521"):
        with openssl_server("rsa", "-WWW", "-groups", group, version="-tls1_3") as server:
            said = fetched(our_get(server.port, SMALL, ["--trace"]))
            assert "HelloRetryRequest" in said, said
    with our_server("rsa") as server:
        # X448 is what OpenSSL sends a share of; ours has it not.
        fetched(s_client(server.port, SMALL, "-groups", "X448:P-256"))


@case("TLS 1.3: sessions are resumed, with openssl and gnutls on the other side, either way")
def _():
    with our_server("ec") as server:
        common = [need("openssl"), "s_client", "-connect", f"127.0.0.1:{server.port}", "-CAfile", path("ca.pem"), "-tls1_3",
                  "-ign_eof"]
        status, out, said = talk([*common, "-sess_out", path("session")], get_request(SMALL))
        assert status == 0 and b"New, TLSv1.3" in out, said
        status, out, said = talk([*common, "-sess_in", path("session")], get_request(SMALL))
        assert status == 0 and b"Reused, TLSv1.3" in out, said
        assert content(SMALL) in out
        status, _, said = gnutls_cli(server.port, SMALL, "--resume", "--priority", GNUTLS)
        assert "This is a resumed session" in said, said
    for start in (lambda: openssl_server("ec", "-WWW", version="-tls1_3"), lambda: gnutls_server("ec", SMALL, priority=GNUTLS)):
        with start() as server:
            said = fetched(our_get(server.port, SMALL, ["--resume"]))
            assert "resumed the session" in said, said


@case("TLS 1.3: early data is taken once, with openssl s_client on the other side")
def _():
    request = path("early-request")
    with open(request, "wb") as out:
        out.write(get_request(SMALL))
    with our_server("ec", options=["--early-data", "16384"]) as server:
        common = [need("openssl"), "s_client", "-connect", f"127.0.0.1:{server.port}", "-CAfile", path("ca.pem"), "-tls1_3",
                  "-ign_eof"]
        status, out, said = talk([*common, "-sess_out", path("session")], get_request(SMALL))
        assert status == 0 and b"Max Early Data: 16384" in out, said
        status, out, said = talk([*common, "-sess_in", path("session"), "-early_data", request], b"")
        assert status == 0 and b"Early data was accepted" in out and content(SMALL) in out, said
        # The ticket opens nothing a second time.
        status, out, said = talk([*common, "-sess_in", path("session"), "-early_data", request], get_request(SMALL))
        assert status == 0 and b"Early data was rejected" in out and content(SMALL) in out, said


@case("TLS 1.3: our early data is taken by openssl s_server, and refused where it wants another group")
def _():
    text = path("early-text")
    with open(text, "w", encoding="ascii") as out:
        out.write("what went first\n")
    for options, heard, told in (((), "Early data received", "the server took them"),
                                 (("-groups", "P-384"), "Early data was rejected", "they are sent again")):
        with openssl_server("ec", "-early_data", *options, version="-tls1_3") as server:
            client = [ASHLAR, "client", f"localhost:{server.port}", "--trust", path("ca.pem"), *ONLY,
                      "--session", path("early-session"), "--early-data", text]
            if os.path.exists(path("early-session")):
                os.remove(path("early-session"))
            for turn in range(2):
                with subprocess.Popen([*client], stdin=subprocess.PIPE, stderr=subprocess.PIPE) as process:
                    time.sleep(1)  # the tickets come after the handshake
                    process.stdin.close()
                    said = process.stderr.read().decode()
                if turn == 0:
                    assert "neither session nor server allows more" in said, said
            assert told in said, said
            assert server.says(heard) and server.says("what went first"), server.text


@case("TLS 1.3: client certificates are shown and demanded, either way")
def _():
    own = {each: ["--cert", path(each + ".pem"), "--key", path(each + ".key")] for each in ("client-rsa", "client-ec")}
    with our_server("ec", options=["--client-ca", path("client-ca.pem"), "--require-client-cert"]) as server:
        for each, options in own.items():
            fetched(curl(server.port, SMALL, *options))
            fetched(s_client(server.port, SMALL, "-cert", path(each + ".pem"), "-key", path(each + ".key")))
        status, body, said = s_client(server.port)
        assert not body and "alert number 116" in said, said  # certificate_required
    for options in own.values():
        with openssl_server("ec", "-WWW", "-Verify", "1", "-verify_return_error", "-CAfile",
                            path("client-ca.pem"), version="-tls1_3") as server:
            fetched(our_get(server.port, SMALL, options))
        with gnutls_server("ec", SMALL, "--require-client-cert", "--verify-client-cert", "--x509cafile",
                           path("client-ca.pem"), priority=GNUTLS) as server:
            fetched(our_get(server.port, SMALL, options))


@case("raw public keys: gnutls-cli and our client take our server's, our client gnutls-serv's, in both versions")
def _():
    key, public = path("ec.key"), path("ec.pub")
    with open(public, "wb") as out:
        out.write(subprocess.run(["openssl", "pkey", "-in", key, "-pubout"], stdout=subprocess.PIPE, check=True).stdout)
    shown = subprocess.run([ASHLAR, "key", "show", key], stdout=subprocess.PIPE, check=True).stdout.decode()
    pin = "sha256:" + re.search(r"SHA-256\s+(\S+)", shown)[1]

    def get(port, pinned, *options):
        return fetching.fetch([ASHLAR, "get", "--pin-key", pinned, *options, f"https://localhost:{port}/{SMALL}"])

    raw = "-CTYPE-ALL:+CTYPE-CLI-X509:+CTYPE-SRV-RAWPK"
    with peers.Server([ASHLAR, "server", "--port", "0", "--www", path("www"), "--raw-key", key],
                      ready=r"listening on \S*:(?P<port>\d+)") as server:
        for version in ("1.2", "1.3"):
            said = fetched(get(server.port, pin, "--tls", version, "--trace"))
            assert "a raw public key" in said, said
            fetched(get(server.port, path("ec.pem"), "--tls", version))
            status, _, said = get(server.port, path("rsa.pem"), "--tls", version)
            assert status != 0 and "none of those that are expected" in said, said
            status, out, said = talk([need("gnutls-cli"), "--port", server.port, "--insecure", "--priority",
                                      f"NORMAL:-VERS-ALL:+VERS-TLS{version}:{raw}", "localhost"], get_request(SMALL))
            assert b"Raw Public Key" in out and content(SMALL) in out, said
        status, _, said = get(server.port, "sha256:12")
        assert status != 0 and "64 hexadecimal digits" in said, said
        # Who takes certificates alone is told so.
        status, _, said = our_get(server.port)
        assert status != 0 and "unsupported_certificate" in said, said
    for version in ("1.2", "1.3"):
        port = peers.free_port()
        with peers.Server([need("gnutls-serv"), "--http", "--port", port, "--rawpkkeyfile", key, "--rawpkfile", public,
                           "--disable-client-cert", "--priority", f"NORMAL:-VERS-ALL:+VERS-TLS{version}:{raw}",
                           "--httpdata", path("www", SMALL)], ready=r"\.\.\.done", port=port):
            fetched(get(port, pin, "--tls", version))
            status, _, said = get(port, path("rsa.pem"), "--tls", version)
            assert status != 0 and "none of those that are expected" in said, said


@case("TLS 1.3: openssl renews its keys and asks for ours to be new")
def _():
    arguments = [ASHLAR, "server", "--port", "0", *ONLY, "--echo", "--cert", path("ec.pem"), "--key", path("ec.key")]
    with peers.Server(arguments, ready=r"listening on \S*:(?P<port>\d+)") as server:
        # s_client takes what it reads at once for a command if it begins with K or k: lines come one at a time.
        client = subprocess.Popen([need("openssl"), "s_client", "-connect", f"127.0.0.1:{server.port}", "-CAfile",
                                   path("ca.pem"), "-tls1_3"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                  stderr=subprocess.STDOUT)
        for line in (b"one\n", b"K\n", b"two\n", b"k\n", b"three\n", b"Q\n"):
            time.sleep(0.5)
            client.stdin.write(line)
            client.stdin.flush()
        out, _ = client.communicate(timeout=60)
        for word in (b"one", b"two", b"three"):
            assert word in out, (word, out[-2000:])


need_openssl = need("openssl")
peers.make_certificates()
make_files(SIZES)
run()
