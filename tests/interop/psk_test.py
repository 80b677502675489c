#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Pre-shared keys of the ashlar tool against openssl and gnutls, on loopback, without certificates: psk_test.py ASHLAR"""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tools"))
from cases import case, run  # noqa: E402
from fetching import SMALL, content, fetch, fetched, make_files  # noqa: E402
import peers  # noqa: E402
from peers import Server, body_of, free_port, get_request, need, path, talk  # noqa: E402

ASHLAR = os.path.abspath(sys.argv[1])
IDENTITY, KEY = "a client", "00112233445566778899aabbccddeeff" * 2

# OpenSSL's name (empty: it has it not), and GnuTLS's priority string.
SUITES = {
    "TLS_PSK_WITH_AES_128_GCM_SHA256": ("PSK-AES128-GCM-SHA256", "+PSK:+AES-128-GCM"),
    "TLS_PSK_WITH_AES_256_GCM_SHA384": ("PSK-AES256-GCM-SHA384", "+PSK:+AES-256-GCM"),
    "TLS_PSK_WITH_CHACHA20_POLY1305_SHA256": ("PSK-CHACHA20-POLY1305", "+PSK:+CHACHA20-POLY1305"),
    "TLS_DHE_PSK_WITH_AES_128_GCM_SHA256": ("DHE-PSK-AES128-GCM-SHA256", "+DHE-PSK:+AES-128-GCM"),
    "TLS_DHE_PSK_WITH_AES_256_GCM_SHA384": ("DHE-PSK-AES256-GCM-SHA384", "+DHE-PSK:+AES-256-GCM"),
    "TLS_DHE_PSK_WITH_CHACHA20_POLY1305_SHA256": ("DHE-PSK-CHACHA20-POLY1305", "+DHE-PSK:+CHACHA20-POLY1305"),
    "TLS_ECDHE_PSK_WITH_CHACHA20_POLY1305_SHA256": ("ECDHE-PSK-CHACHA20-POLY1305", "+ECDHE-PSK:+CHACHA20-POLY1305"),
}


def priority(parts, version="1.2"):
    return f"NONE:+VERS-TLS{version}:+SIGN-ALL:+GROUP-ALL:+COMP-NULL:+MAC-ALL:{parts}"


def ours(*options, identity=IDENTITY, key=KEY):
    return ["--psk-identity", identity, "--psk-key", key, "--psk-as-is", *options]


def our_server(*options):
    return Server([ASHLAR, "server", "--port", "0", "--www", path("www"), *options],
                  ready=r"listening on \S*:(?P<port>\d+)")


def our_get(port, *options):
    return fetch([ASHLAR, "get", *options, f"https://localhost:{port}/{SMALL}"])


def said_by(arguments):
    status, out, said = talk(arguments, get_request(SMALL))
    return status, body_of(out) if b"\r\n\r\n" in out else b"", said


def s_client(port, *options, key=KEY):
    return said_by([need("openssl"), "s_client", "-connect", f"127.0.0.1:{port}", "-quiet", "-psk", key, "-psk_identity",
                    IDENTITY, *options])


def gnutls_cli(port, *options):
    return said_by([need("gnutls-cli"), "--port", port, "--pskusername", IDENTITY, "--pskkey", KEY, "--logfile",
                    path("gnutls-cli.log"), *options, "localhost"])


def openssl_server(*options):
    port = free_port()
    return Server([need("openssl"), "s_server", "-accept", f"127.0.0.1:{port}", "-nocert", "-psk", KEY, "-psk_identity",
                   IDENTITY, "-WWW", *options], ready="ACCEPT", port=port, cwd=path("www"))


def gnutls_server(*options):
    with open(path("keys"), "w", encoding="ascii") as file:
        file.write(f"{IDENTITY}:{KEY}\n")
    port = free_port()
    return Server([need("gnutls-serv"), "--http", "--port", port, "--pskpasswd", path("keys"), "--httpdata",
                   path("www", SMALL), *options], ready=r"\.\.\.done", port=port)


def register(suite, openssl_name, gnutls_parts):
    @case(f"psk: {suite}, our server: openssl s_client and gnutls-cli")
    def _():
        with our_server(*ours("--suites", suite, "--psk-hint", "a hint")) as server:
            fetched(s_client(server.port, "-tls1_2", "-cipher", openssl_name + ":@SECLEVEL=0"))
            done = gnutls_cli(server.port, "--priority", priority(gnutls_parts + ":+AEAD"))
            if openssl_name.startswith("PSK-"):  # gnutls-cli 3.7 crashes when it would tell of the others' groups
                fetched(done)
            assert server.says(f'(?s)({suite}.*pre-shared key "{IDENTITY}".*){{2}}'), server.text

    @case(f"psk: {suite}, our client: openssl s_server and gnutls-serv")
    def _():
        # OpenSSL's own groups for DHE are none of RFC 7919.
        if not openssl_name.startswith("DHE-"):
            for hint in ([], ["-psk_hint", "a hint"]):
                with openssl_server("-tls1_2", "-cipher", openssl_name + ":@SECLEVEL=0", *hint) as server:
                    said = fetched(our_get(server.port, *ours("--suites", suite, "--trace")))
                    assert suite in said and f'the pre-shared key "{IDENTITY}"' in said, said
        with gnutls_server("--priority", priority(gnutls_parts + ":+AEAD")) as server:
            fetched(our_get(server.port, *ours("--suites", suite)))


for a_suite, row in SUITES.items():
    register(a_suite, *row)


@case("psk: TLS 1.3, our server and our client, with openssl and gnutls")
def _():
    with our_server(*ours("--tls", "1.3")) as server:
        fetched(s_client(server.port, "-tls1_3"))
        fetched(gnutls_cli(server.port, "--priority", "NORMAL:-VERS-ALL:+VERS-TLS1.3:-KX-ALL:+ECDHE-PSK:+DHE-PSK"))
        assert len(server.text.split(f'pre-shared key "{IDENTITY}"')) == 3, server.text
    with openssl_server("-tls1_3") as server:
        fetched(our_get(server.port, *ours("--tls", "1.3")))
    with gnutls_server("--priority", "NORMAL:-VERS-ALL:+VERS-TLS1.3:-KX-ALL:+ECDHE-PSK:+DHE-PSK") as server:
        fetched(our_get(server.port, *ours("--tls", "1.3")))


@case("psk: a session is resumed with each version, by openssl and by us")
def _():
    with our_server(*ours()) as server:
        for version, name in (("-tls1_2", "TLS 1.2"), ("-tls1_3", "TLS 1.3")):
            common = [need("openssl"), "s_client", "-connect", f"127.0.0.1:{server.port}", version, "-ign_eof", "-psk", KEY,
                      "-psk_identity", IDENTITY]
            common += ["-cipher", "ECDHE-PSK-CHACHA20-POLY1305"] if version == "-tls1_2" else []
            # OpenSSL calls every pre-shared key of TLS 1.3 a session.
            for use in ("-sess_out", "-sess_in"):
                status, out, said = talk([*common, use, path("session")], get_request(SMALL))
                assert status == 0 and content(SMALL) in out, (use, said)
            assert server.says(f"{name} .*resumed"), server.text
        for version in ("1.2", "1.3"):
            said = fetched(our_get(server.port, *ours("--tls", version, "--resume")))
            assert "resumed the session" in said, said


@case("psk: our client and our server import the key by default; another key, name or use is told")
def _():
    key = ["--psk-identity", IDENTITY, "--psk-key", KEY]
    with our_server(*key) as server:
        for version in ("1.2", "1.3"):
            fetched(our_get(server.port, *key, "--tls", version))
        with open(path("key.hex"), "w", encoding="ascii") as file:
            file.write(KEY + "\n")
        fetched(our_get(server.port, "--psk-identity", IDENTITY, "--psk-key", "@" + path("key.hex")))
        for options in (ours(), ours(key="aa" * 16), ours(identity="no\x01body")):
            status, body, said = our_get(server.port, *options)
            assert status != 0 and not body and "no TLS connection" in said, said
        status, _, said = our_get(server.port, "--psk-identity", IDENTITY, "--psk-key", "abc")
        assert status != 0 and "odd number" in said, said
        status, _, said = our_get(server.port, "--psk-identity", IDENTITY)
        assert status == 2 and "--psk-key" in said, said
    assert "\x01" not in server.text, server.text


make_files([300000])
run()
