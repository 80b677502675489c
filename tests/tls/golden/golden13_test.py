#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Golden handshakes of TLS 1.3: every byte of whole connections is computed here from RFC 9846, from the certificates and
keys, and from the random bytes that each side drew; then it is compared with what the libraries sent.

usage: golden13_test.py CONNECTIONS   (the program that runs the connections and prints them)
"""
import hashlib
import hmac
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "tools"))
from golden_test import (ALERT, CHANGE_CIPHER_SPEC, DATA, HANDSHAKE, SERVER_NAME, Draws, compare,  # noqa: E402
                         compare_all, extension, message, number, numbers, vector)
from primitives import (P256, chacha20_poly1305_seal, ecdsa_sign, gcm_seal, private_key, rsa_pss_sign,  # noqa: E402
                        x25519, xor)

# The parameters of the connections with these names.
CONNECTIONS = {
    "AES-128-GCM, ECDSA, client certificate":
        dict(suite=0x1301, seal=gcm_seal, key=16, hash="sha256", schemes=[0x0403], client_certificate=True),
    "AES-256-GCM, PSS, resumed":
        dict(suite=0x1302, seal=gcm_seal, key=32, hash="sha384", schemes=[0x0804, 0x0403], resumable=True),
    "ChaCha20-Poly1305, ECDSA, HelloRetryRequest, resumed":
        dict(suite=0x1303, seal=chacha20_poly1305_seal, key=32, hash="sha256", schemes=[0x0403], retried=True,
             resumable=True),
    "AES-128-GCM, ECDSA, resumed with early data":
        dict(suite=0x1301, seal=gcm_seal, key=16, hash="sha256", schemes=[0x0403], resumable=True, early_data=1000),
}
X25519, SECP256R1 = 29, 23
LIFETIME = 7200
HELLO_RETRY_REQUEST = hashlib.sha256(b"HelloRetryRequest").digest()


class Side:
    """The output of one side: records, with its write keys after it has them."""

    def __init__(self, draws, seal, first_version=b"\3\3"):
        self.draws, self.seal, self.first_version = draws, seal, first_version
        self.sent = b""
        self.keys = None

    def use_keys(self, key, iv):
        self.keys, self.sequence = (key, iv), 0

    def record(self, kind, body):
        if not self.keys or kind == CHANGE_CIPHER_SPEC:
            version = b"\3\3" if self.sent else self.first_version
            self.sent += number(kind, 1) + version + vector(2, body)
            return
        key, iv = self.keys
        inner = body + number(kind, 1)
        header = number(DATA, 1) + b"\3\3" + number(len(inner) + 16, 2)
        nonce = xor(number(self.sequence, 12), iv)
        self.sequence += 1
        self.sent += header + self.seal(key, nonce, header, inner)


class Connection:
    def __init__(self, golden, settings, bytes_drawn, session=None):
        self.golden, self.settings, self.session = golden, settings, session
        self.client = Side(Draws(bytes_drawn["client_draws"]), settings["seal"], b"\3\1")
        self.server = Side(Draws(bytes_drawn["server_draws"]), settings["seal"])
        self.transcript = b""
        self.hash_size = hashlib.new(settings["hash"]).digest_size

    # --- The key schedule (§7.1) ---

    def digest(self, data):
        return hashlib.new(self.settings["hash"], data).digest()

    def extract(self, salt, secret):
        return hmac.digest(salt, secret, self.settings["hash"])

    def expand_label(self, secret, label, context, size):
        info = number(size, 2) + vector(1, b"tls13 " + label) + vector(1, context)
        out, block, count = b"", b"", 0
        while len(out) < size:
            count += 1
            block = hmac.digest(secret, block + info + number(count, 1), self.settings["hash"])
            out += block
        return out[:size]

    def derive(self, secret, label, messages):
        return self.expand_label(secret, label, self.digest(messages), self.hash_size)

    def early_secret(self):
        psk = self.session["psk"] if self.session else bytes(self.hash_size)
        return self.extract(bytes(self.hash_size), psk)

    def use_traffic_secret(self, side, secret):
        side.use_keys(self.expand_label(secret, b"key", b"", self.settings["key"]),
                      self.expand_label(secret, b"iv", b"", 12))

    def verify_data(self, secret, messages):
        key = self.expand_label(secret, b"finished", b"", self.hash_size)
        return hmac.digest(key, self.digest(messages), self.settings["hash"])

    def is_early(self):
        return bool(self.session and self.settings.get("early_data"))

    # --- The messages ---

    def say(self, *messages):
        self.transcript += b"".join(messages)
        return b"".join(messages)

    def client_hello(self, share_group, share):
        settings = self.settings
        extensions = [extension(0, vector(2, b"\0", vector(2, SERVER_NAME))),
                      extension(10, vector(2, numbers([X25519, SECP256R1]))),
                      extension(13, vector(2, numbers(settings["schemes"]))),
                      extension(43, vector(1, b"\3\4")),
                      extension(45, vector(1, b"\1")),
                      *([extension(42)] if self.is_early() else []),
                      extension(51, vector(2, number(share_group, 2), vector(2, share)))]
        if self.session:
            identity = vector(2, self.session["ticket"]) + self.session["age_add"]  # its age is 0
            binders = vector(2, vector(1, bytes(self.hash_size)))
            extensions.append(extension(41, vector(2, identity), binders))
        hello = message(1, b"\3\3", self.client_random, vector(1, self.session_id),
                        vector(2, number(settings["suite"], 2)), b"\1\0", vector(2, *extensions))
        if self.session:
            size = len(binders)
            key = self.derive(self.early_secret(), b"res binder", b"")
            hello = hello[:-size] + vector(2, vector(1, self.verify_data(key, self.transcript + hello[:-size])))
        return hello

    def server_hello(self, random, group, share):
        extensions = [extension(43, b"\3\4"), extension(51, number(group, 2), share)]
        if self.session and random != HELLO_RETRY_REQUEST:
            extensions.append(extension(41, number(0, 2)))
        return message(2, b"\3\3", random, vector(1, self.session_id), number(self.settings["suite"], 2), b"\0",
                       vector(2, *extensions))

    def signature(self, signer, scheme, draws, text):
        key = self.golden["keys"][signer]
        if scheme == 0x0403:
            return ecdsa_sign(P256, key, hashlib.sha256(text).digest(), draws.take(32))
        salt = draws.take(32)
        draws.take_blinding(key["size"])
        return rsa_pss_sign(key, "sha256", text, salt)

    def certificate(self, name):
        entry = vector(3, self.golden["certificates"][name]) + vector(2)
        return message(11, vector(1), vector(3, entry))

    def certificate_verify(self, side, signer, scheme, role):
        text = b" " * 64 + b"TLS 1.3, " + role + b" CertificateVerify\0" + self.digest(self.transcript)
        return message(15, number(scheme, 2), vector(2, self.signature(signer, scheme, side.draws, text)))

    def shares(self, group):
        return x25519 if group == X25519 else P256.public

    # --- The connection ---

    def handshake(self):
        settings, client, server = self.settings, self.client, self.server
        self.client_random = client.draws.take(32)
        group, scalar = X25519, client.draws.take(32)
        self.session_id = client.draws.take(32)
        client.record(HANDSHAKE, self.say(self.client_hello(group, x25519(scalar))))
        if self.is_early():
            client.record(CHANGE_CIPHER_SPEC, b"\1")
            self.use_traffic_secret(client, self.derive(self.early_secret(), b"c e traffic", self.transcript))
            client.record(DATA, b"an early question")
            exporter = self.derive(self.derive(self.early_secret(), b"e exp master", self.transcript), b"EXPERIMENTAL golden", b"")
            self.early_exported = self.expand_label(exporter, b"exporter", self.digest(b"context"), 40)
        if settings.get("retried"):
            self.transcript = message(254, self.digest(self.transcript))
            group = SECP256R1
            server.record(HANDSHAKE, self.say(self.server_hello(HELLO_RETRY_REQUEST, group, b"")))
            server.record(CHANGE_CIPHER_SPEC, b"\1")
            client.record(CHANGE_CIPHER_SPEC, b"\1")
            scalar = client.draws.take(32)
            client.record(HANDSHAKE, self.say(self.client_hello(group, P256.public(scalar))))
        of_server = server.draws.take(32)
        share = self.shares(group)(of_server)
        shared = x25519(scalar, share) if group == X25519 else P256.agree(scalar, share)
        server_random = server.draws.take(32)
        server.record(HANDSHAKE, self.say(self.server_hello(server_random, group, vector(2, share))))
        if not settings.get("retried"):
            server.record(CHANGE_CIPHER_SPEC, b"\1")
            if not self.is_early():
                client.record(CHANGE_CIPHER_SPEC, b"\1")

        handshake_secret = self.extract(self.derive(self.early_secret(), b"derived", b""), shared)
        client_secret = self.derive(handshake_secret, b"c hs traffic", self.transcript)
        server_secret = self.derive(handshake_secret, b"s hs traffic", self.transcript)
        self.use_traffic_secret(server, server_secret)
        if not self.is_early():
            self.use_traffic_secret(client, client_secret)
        signer = "ecdsa" if settings["schemes"][0] == 0x0403 else "rsa"
        flight = self.say(message(8, vector(2, b"" if self.session else extension(0), extension(42) if self.is_early() else b"")))
        if settings.get("client_certificate"):
            flight += self.say(message(13, vector(1), vector(2, extension(13, vector(2, numbers(settings["schemes"]))))))
        if not self.session:
            flight += self.say(self.certificate(signer))
            flight += self.say(self.certificate_verify(server, signer, settings["schemes"][0], b"server"))
        flight += self.say(message(20, self.verify_data(server_secret, self.transcript)))
        server.record(HANDSHAKE, flight)

        main_secret = self.extract(self.derive(handshake_secret, b"derived", b""), bytes(self.hash_size))
        client_data = self.derive(main_secret, b"c ap traffic", self.transcript)
        server_data = self.derive(main_secret, b"s ap traffic", self.transcript)
        if self.is_early():
            client.record(HANDSHAKE, self.say(message(5)))
            self.use_traffic_secret(client, client_secret)
        flight = b""
        if settings.get("client_certificate"):
            flight += self.say(self.certificate("client"))
            flight += self.say(self.certificate_verify(client, "ecdsa", 0x0403, b"client"))
        flight += self.say(message(20, self.verify_data(client_secret, self.transcript)))
        client.record(HANDSHAKE, flight)
        self.use_traffic_secret(server, server_data)
        self.use_traffic_secret(client, client_data)
        if settings.get("resumable"):
            resumption = self.derive(main_secret, b"res master", self.transcript)
            age_add, handle = server.draws.take(4), server.draws.take(32)
            server.record(HANDSHAKE, message(4, number(LIFETIME, 4), age_add, vector(1, b"\0"), vector(2, handle),
                                             vector(2, *([extension(42, number(settings["early_data"], 4))]
                                                         if settings.get("early_data") else []))))
            psk = self.expand_label(resumption, b"resumption", b"\0", self.hash_size)
            self.left = {"ticket": handle, "age_add": age_add, "psk": psk}

    def talk(self, answer):
        self.client.record(DATA, b"a question")
        self.server.record(DATA, answer)
        for side in (self.client, self.server):
            side.record(ALERT, b"\1\0")
            if side.draws.left:
                raise AssertionError(f"draws that nothing needs: {[len(draw) for draw in side.draws.left]}")


def check(golden, connection):
    settings = CONNECTIONS[connection["name"]]
    session = None
    for which in ("full", "resumed"):
        if which not in connection:
            assert which == "resumed" and not settings.get("resumable")
            continue
        sent = connection[which]
        computed = Connection(golden, settings, sent, session)
        computed.handshake()
        computed.talk(bytes.fromhex(connection["answer"]))
        session = getattr(computed, "left", None)
        assert getattr(computed, "early_exported", b"").hex() == sent.get("early_exported", ""), "another early exporter"
        for side in ("server", "client"):
            compare(f"{which}, {side}", getattr(computed, side).sent, bytes.fromhex(sent[side]))


compare_all("connections13", "golden, TLS 1.3", CONNECTIONS, check)
