#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Golden handshakes: every byte of whole TLS 1.2 connections is computed here from the standards, from the
certificates and keys, and from the random bytes that each side drew; then it is compared with what the
libraries sent. If both sides of the libraries agreed on a mistake, this third implementation would show it.

usage: golden_test.py CONNECTIONS   (the program that runs the connections and prints them)
"""
import hashlib
import hmac
import json
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "tools"))
from cases import case, command, run  # noqa: E402
from primitives import (P256, P384, cbc_encrypt, chacha20_poly1305_seal, ecdsa_sign, gcm_seal, prf,  # noqa: E402
                        private_key, rsa_pkcs1_encrypt, rsa_pkcs1_sign, rsa_pss_sign, x25519, xor)

# The parameters of the connections with these names.
CONNECTIONS = {
    "ECDHE_RSA, AES-128-GCM, X25519, PSS":
        dict(suite=0xC02F, cipher="gcm", key=16, hash="sha256", group=29, schemes=[0x0804, 0x0403]),
    "ECDHE_RSA, AES-256-GCM, secp256r1, PKCS #1, ALPN, resumed":
        dict(suite=0xC030, cipher="gcm", key=32, hash="sha384", group=23, schemes=[0x0501, 0x0403], alpn=True,
             resumable=True),
    "ECDHE_ECDSA, ChaCha20-Poly1305, secp384r1, resumed":
        dict(suite=0xCCA9, cipher="chacha", key=32, hash="sha256", group=24, schemes=[0x0403], resumable=True),
    "ECDHE_ECDSA, AES-128-GCM, X25519, client certificate":
        dict(suite=0xC02B, cipher="gcm", key=16, hash="sha256", group=29, schemes=[0x0403],
             client_certificate=True),
    "RSA, AES-128-CBC with SHA-256, Encrypt-then-MAC, resumed":
        dict(suite=0x003C, cipher="cbc", key=16, hash="sha256", group=29, schemes=[0x0804, 0x0403],
             resumable=True),
    "RSA, AES-128-GCM, client certificate":
        dict(suite=0x009C, cipher="gcm", key=16, hash="sha256", group=29, schemes=[0x0403],
             client_certificate=True),
}
HANDSHAKE, CHANGE_CIPHER_SPEC, ALERT, DATA = 22, 20, 21, 23
SERVER_NAME = b"server.example"


def number(value, size):
    return value.to_bytes(size, "big")


def vector(size, *parts):
    body = b"".join(parts)
    return number(len(body), size) + body


def numbers(values):
    return b"".join(number(value, 2) for value in values)


def message(kind, *parts):
    return number(kind, 1) + vector(3, *parts)


def extension(kind, *parts):
    return number(kind, 2) + vector(2, *parts)


class Draws:
    """The draws of one side, in order. Each is taken with its size, so a missing or an extra draw is noticed."""

    def __init__(self, hexes):
        self.left = [bytes.fromhex(text) for text in hexes]

    def take(self, size):
        if not self.left or len(self.left[0]) != size:
            sizes = [len(draw) for draw in self.left]
            raise AssertionError(f"a draw of {size} bytes is expected; the draws left have {sizes}")
        return self.left.pop(0)

    def take_blinding(self, size):
        """Drawn until it is below the modulus; no byte on the wire depends on it."""
        while self.left and len(self.left[0]) == size:
            self.left.pop(0)


class Side:
    """The output of one side: records, with its write keys after it has changed to them."""

    def __init__(self, draws, first_version=b"\3\3"):
        self.draws = draws
        self.first_version = first_version  # of the first record
        self.sent = b""
        self.keys = None
        self.sequence = 0

    def record(self, kind, body):
        header = number(kind, 1) + (b"\3\3" if self.sent else self.first_version)
        if self.keys:
            body = self.protect(header, body)
        self.sent += header + vector(2, body)

    def protect(self, header, body):
        cipher, mac_key, key, iv = self.keys
        count = number(self.sequence, 8)
        self.sequence += 1
        additional = count + header
        if cipher == "gcm":  # RFC 5288 §3; the explicit part of the nonce is the sequence number
            return count + gcm_seal(key, iv + count, additional + number(len(body), 2), body)
        if cipher == "chacha":  # RFC 7905 §2
            return chacha20_poly1305_seal(key, xor(bytes(4) + count, iv), additional + number(len(body), 2), body)
        padding = 16 - len(body) % 16  # RFC 5246 §6.2.3.2 with RFC 7366 §3
        first = self.draws.take(16)
        text = first + cbc_encrypt(key, first, body + bytes([padding - 1]) * padding)
        return text + hmac.digest(mac_key, additional + number(len(text), 2) + text, "sha256")


class Connection:
    def __init__(self, golden, settings, bytes_drawn, session=None):
        self.golden, self.settings, self.session = golden, settings, session
        self.client = Side(Draws(bytes_drawn["client_draws"]), b"\3\1")
        self.server = Side(Draws(bytes_drawn["server_draws"]))
        self.transcript = b""

    def flight(self, side, *messages):
        self.transcript += b"".join(messages)
        side.record(HANDSHAKE, b"".join(messages))

    # --- The messages ---

    def client_hello(self):
        settings = self.settings
        groups = [settings["group"]] + ([23] if settings["group"] != 23 else [])
        extensions = [extension(0, vector(2, b"\0", vector(2, SERVER_NAME))),
                      extension(10, vector(2, numbers(groups))),
                      extension(11, vector(1, b"\0")),
                      extension(13, vector(2, numbers(settings["schemes"])))]
        if settings.get("alpn"):
            extensions.append(extension(16, vector(2, vector(1, b"h2"), vector(1, b"http/1.1"))))
        if settings["cipher"] == "cbc":
            extensions.append(extension(22))
        # RFC 5077 §3.2: an empty session_ticket asks for a ticket. The server of these connections gives none.
        extensions += [extension(23), extension(0xFF01, b"\0"), extension(35)]
        self.client_random = self.client.draws.take(32)
        session_id = self.session[0] if self.session else b""
        return message(1, b"\3\3", self.client_random, vector(1, session_id),
                       vector(2, number(settings["suite"], 2)), b"\1\0", vector(2, *extensions))

    def server_hello(self):
        settings = self.settings
        extensions = []
        if not self.session:
            extensions.append(extension(0))
        if settings["suite"] >> 8 in (0xC0, 0xCC):
            extensions.append(extension(11, vector(1, b"\0")))
        if settings.get("alpn"):
            extensions.append(extension(16, vector(2, vector(1, b"http/1.1"))))
        if settings["cipher"] == "cbc":
            extensions.append(extension(22))
        extensions += [extension(23), extension(0xFF01, b"\0")]
        return message(2, b"\3\3", self.server_random, vector(1, self.session_id), number(settings["suite"], 2),
                       b"\0", vector(2, *extensions))

    def signature(self, signer, scheme, draws, text):
        key = self.golden["keys"][signer]
        if scheme == 0x0403:
            return ecdsa_sign(P256, key, hashlib.sha256(text).digest(), draws.take(32))
        if scheme == 0x0804:
            salt = draws.take(32)
            draws.take_blinding(key["size"])
            return rsa_pss_sign(key, "sha256", text, salt)
        draws.take_blinding(key["size"])
        return rsa_pkcs1_sign(key, "sha384", text)

    def server_key_exchange(self):
        group = self.settings["group"]
        draws = self.server.draws
        self.server_scalar = draws.take(48 if group == 24 else 32)
        params = b"\3" + number(group, 2) + vector(1, self.share(self.server_scalar))
        signer = "ecdsa" if self.settings["suite"] in (0xC02B, 0xCCA9) else "rsa"
        scheme = self.settings["schemes"][0]
        signed = self.signature(signer, scheme, draws, self.client_random + self.server_random + params)
        return message(12, params, number(scheme, 2), vector(2, signed))

    def client_key_exchange(self):
        draws = self.client.draws
        if self.settings["suite"] < 0xC000:
            premaster = b"\3\3" + draws.take(48)[2:]
            key = self.golden["keys"]["rsa"]
            encrypted = rsa_pkcs1_encrypt(key, premaster, draws.take(key["size"] - 51))
            return message(16, vector(2, encrypted)), premaster
        scalar = draws.take(48 if self.settings["group"] == 24 else 32)
        return message(16, vector(1, self.share(scalar))), self.agreed(scalar, self.share(self.server_scalar))

    def share(self, scalar):
        group = self.settings["group"]
        return x25519(scalar) if group == 29 else (P256 if group == 23 else P384).public(scalar)

    def agreed(self, scalar, share):
        group = self.settings["group"]
        return x25519(scalar, share) if group == 29 else (P256 if group == 23 else P384).agree(scalar, share)

    # --- The keys ---

    def use_master(self, master):
        self.master = master
        settings = self.settings
        mac_size = 32 if settings["cipher"] == "cbc" else 0
        iv_size = {"gcm": 4, "chacha": 12, "cbc": 0}[settings["cipher"]]
        sizes = [mac_size, mac_size, settings["key"], settings["key"], iv_size, iv_size]
        block = prf(settings["hash"], master, b"key expansion", self.server_random + self.client_random, sum(sizes))
        parts = []
        for size in sizes:
            parts.append(block[:size])
            block = block[size:]
        self.write_keys = {id(self.client): [settings["cipher"]] + parts[0::2],
                           id(self.server): [settings["cipher"]] + parts[1::2]}

    def finish(self, side, label):
        side.record(CHANGE_CIPHER_SPEC, b"\1")
        side.keys = self.write_keys[id(side)]
        digest = hashlib.new(self.settings["hash"], self.transcript).digest()
        self.flight(side, message(20, prf(self.settings["hash"], self.master, label, digest, 12)))

    # --- The connection ---

    def full(self):
        settings, golden = self.settings, self.golden
        hello = self.client_hello()
        self.flight(self.client, hello)
        self.session_id = self.server.draws.take(32) if settings.get("resumable") else b""
        self.server_random = self.server.draws.take(32)
        signer = "ecdsa" if settings["suite"] in (0xC02B, 0xCCA9) else "rsa"
        flight = [self.server_hello(), message(11, vector(3, vector(3, golden["certificates"][signer])))]
        if settings["suite"] >= 0xC000:
            flight.append(self.server_key_exchange())
        else:
            flight.append(b"")
        if settings.get("client_certificate"):
            flight.append(message(13, vector(1, b"\1\x40"), vector(2, numbers(settings["schemes"])), vector(2)))
        self.flight(self.server, *flight, message(14))

        flight = []
        if settings.get("client_certificate"):
            flight.append(message(11, vector(3, vector(3, golden["certificates"]["client"]))))
        exchange, premaster = self.client_key_exchange()
        flight.append(exchange)
        hashed = hashlib.new(settings["hash"], self.transcript + b"".join(flight)).digest()
        self.use_master(prf(settings["hash"], premaster, b"extended master secret", hashed, 48))  # RFC 7627 §4
        if settings.get("client_certificate"):
            signed = self.signature("ecdsa", 0x0403, self.client.draws, self.transcript + b"".join(flight))
            flight.append(message(15, number(0x0403, 2), vector(2, signed)))
        self.flight(self.client, *flight)
        if settings["suite"] < 0xC000:  # the premaster of a ciphertext that is wrong, and blinding
            self.server.draws.take(48)
            self.server.draws.take_blinding(golden["keys"]["rsa"]["size"])
        self.finish(self.client, b"client finished")
        self.finish(self.server, b"server finished")

    def resumed(self):
        self.flight(self.client, self.client_hello())
        self.server_random = self.server.draws.take(32)
        self.session_id, master = self.session
        self.flight(self.server, self.server_hello())
        self.use_master(master)
        self.finish(self.server, b"server finished")
        self.finish(self.client, b"client finished")

    def say(self, answer):
        self.client.record(DATA, b"a question")
        self.server.record(DATA, answer)
        for side in (self.client, self.server):
            side.record(ALERT, b"\1\0")
            if side.draws.left:
                raise AssertionError(f"draws that nothing needs: {[len(draw) for draw in side.draws.left]}")


def records(stream):
    out = []
    while stream:
        size = 5 + int.from_bytes(stream[3:5], "big")
        out.append(stream[:size])
        stream = stream[size:]
    return out


def compare(which, expected, actual):
    pairs = list(zip(records(expected), records(actual)))
    for place, (wanted, found) in enumerate(pairs):
        if wanted != found:
            at = next((i for i, (a, b) in enumerate(zip(wanted, found)) if a != b), min(len(wanted), len(found)))
            raise AssertionError(f"{which}: record {place} (type {found[0]}) differs at byte {at} of {len(found)}:\n"
                                 f"  computed {wanted[max(0, at - 8):at + 24].hex()}\n"
                                 f"  sent     {found[max(0, at - 8):at + 24].hex()}")
    if len(expected) != len(actual):
        raise AssertionError(f"{which}: {len(actual)} bytes were sent and {len(expected)} computed")


def check(golden, connection):
    settings = CONNECTIONS[connection["name"]]
    session = None
    for which in ("full", "resumed"):
        if which not in connection:
            continue
        sent = connection[which]
        computed = Connection(golden, settings, sent, session)
        computed.full() if which == "full" else computed.resumed()
        computed.say(bytes.fromhex(connection["answer"]))
        session = (computed.session_id, computed.master)
        for side in ("server", "client"):
            compare(f"{which}, {side}", getattr(computed, side).sent, bytes.fromhex(sent[side]))


def compare_all(listed, title, connections, check):
    """A case for each connection that the program prints in its list `listed`."""
    output = json.loads(command([sys.argv[1]]))
    golden = {"certificates": {name: bytes.fromhex(text) for name, text in output["certificates"].items()},
              "keys": {name: private_key(bytes.fromhex(text)) for name, text in output["keys"].items()}}
    found = {connection["name"]: connection for connection in output[listed]}
    assert set(found) == set(connections), "the program runs other connections than this test computes"
    for name in connections:
        case(f"{title}: {name}")(lambda name=name: check(golden, found[name]))
    run()


if __name__ == "__main__":
    compare_all("connections", "golden", CONNECTIONS, check)
