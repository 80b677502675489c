#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes seeds of handshake messages: each rule of their formats kept, and broken alone.

usage: message_seeds.py CORPUS

CORPUS/handshake and CORPUS/handshake13 get a file each. Their verdicts are then written as README.md says.
"""
import os
import sys


def u(size, value):
    return value.to_bytes(size, "big")


def vec(size, content):
    return u(size, len(content)) + content


def ext(number, body):
    return u(2, number) + vec(2, body)


def block(*extensions):
    return vec(2, b"".join(extensions))


RETRY = bytes.fromhex("cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c")
NAME = vec(2, b"\x30\x0d\x31\x0b\x30\x09\x06\x03\x55\x04\x03\x0c\x02ab")


def client_hello(extensions=None, version=b"\x03\x03", session=b"", suites=b"\x13\x01\xc0\x2f", methods=b"\0", rest=b""):
    return (version + bytes(range(32)) + vec(1, session) + vec(2, suites) + vec(1, methods)
            + (b"" if extensions is None else block(*extensions)) + rest)


def server_hello(extensions=None, random=bytes(range(32)), session=b"", method=b"\0", rest=b""):
    return (b"\x03\x03" + random + vec(1, session) + b"\x13\x01" + method
            + (b"" if extensions is None else block(*extensions)) + rest)


def keys(count=1, proofs=1, size=32, identity=b"ticket"):
    return (vec(2, (vec(2, identity) + u(4, 7)) * count) + vec(2, vec(1, b"p" * size) * proofs))


HOST = vec(2, b"\0" + vec(2, b"server.example"))
# Number, name, bodies that are right, bodies that are not: in a ClientHello.
OFFERS = [
    (0, "name", [HOST, vec(2, b"\1" + vec(2, b"x")), vec(2, b"\0" + vec(2, b"2001:db8::1")),
                 vec(2, b"\0" + vec(2, b"a" * 63 + b".b")), vec(2, b"\0" + vec(2, b"1.2.3.4"))],
     [b"", vec(2, b""), HOST + b"\0", vec(2, b"\0" + vec(2, b"")), vec(2, (b"\0" + vec(2, b"a")) * 2),
      vec(2, b"\0" + vec(2, b"a\0b")), vec(2, b"\0" + vec(2, b"a.")), vec(2, b"\0" + vec(2, b"a" * 64)),
      vec(2, b"\0" + vec(2, b"a..b")), vec(2, b"\0" + vec(2, (b"a" * 49 + b".") * 5 + b"abcd")),
      vec(2, b"\0" + vec(2, b"a b")), vec(2, b"\0" + vec(2, b"::1%g")), vec(2, b"\0" + vec(2, b"1:" + b"2" * 44)),
      vec(2, b"\0" + u(2, 9) + b"a"), vec(2, (b"\7" + vec(2, b"a")) * 2)]),
    (1, "fragment", [b"\1", b"\4"], [b"", b"\0", b"\5", b"\1\1"]),
    (5, "status", [b"\1" + u(2, 0) * 2, b"\2", b"\1" + vec(2, b"r") + vec(2, b"e")],
     [b"", b"\1", b"\1" + u(2, 0), b"\1" + u(2, 0) * 2 + b"\0"]),
    (10, "groups", [vec(2, b"\0\x1d"), vec(2, b"\0\x1d\0\x17")], [b"", vec(2, b""), vec(2, b"\0"), vec(2, b"\0\x1d") + b"\0"]),
    (11, "formats", [vec(1, b"\0"), vec(1, b"\1"), vec(1, b"\1\0")], [b"", vec(1, b""), vec(1, b"\0") + b"\0"]),
    (13, "schemes", [vec(2, b"\4\3\x08\4")], [b"", vec(2, b""), vec(2, b"\4"), vec(2, b"\4\3") + b"\0"]),
    (16, "alpn", [vec(2, vec(1, b"h2")), vec(2, vec(1, b"h2") + vec(1, b"http/1.1"))],
     [b"", vec(2, b""), vec(2, vec(1, b"")), vec(2, vec(1, b"h2") + vec(1, b"")), vec(2, b"\3h2"), vec(2, vec(1, b"h2")) + b"\0"]),
    (18, "timestamps", [b""], [b"\0"]),
    (19, "client_type", [vec(1, b"\2"), vec(1, b"\2\0")], [b"", vec(1, b""), vec(1, b"\0"), vec(1, b"\2") + b"\0"]),
    (20, "server_type", [vec(1, b"\2"), vec(1, b"\0\2")], [b"", vec(1, b""), vec(1, b"\0"), vec(1, b"\2") + b"\0"]),
    (22, "etm", [b""], [b"\0"]),
    (23, "ems", [b""], [b"\0"]),
    (28, "limit", [u(2, 64), u(2, 65535)], [b"", b"\1", u(2, 63), u(2, 64) + b"\0"]),
    (35, "ticket", [b"", b"a ticket"], []),
    (41, "psk", [keys(), keys(2, 2), keys(size=48)],
     [b"", keys(0, 0), keys(2, 1), keys(1, 2), keys(size=31), keys(identity=b""), keys() + b"\0", keys()[:-1]]),
    (42, "early", [b""], [b"\0"]),
    (43, "versions", [vec(1, b"\3\4"), vec(1, b"\3\4\3\3")], [b"", vec(1, b""), vec(1, b"\3"), vec(1, b"\3\4") + b"\0"]),
    (44, "cookie", [vec(2, b"c")], [b"", vec(2, b""), vec(2, b"c") + b"\0"]),
    (45, "modes", [vec(1, b"\1"), vec(1, b"\1\0")], [b"", vec(1, b""), vec(1, b"\1") + b"\0"]),
    (47, "authorities", [vec(2, NAME), vec(2, NAME * 2)], [b"", vec(2, b""), vec(2, vec(2, b"")), vec(2, NAME) + b"\0", vec(2, NAME[:-1])]),
    (50, "schemes_cert", [vec(2, b"\4\3")], [b"", vec(2, b""), vec(2, b"\4"), vec(2, b"\4\3") + b"\0"]),
    (51, "shares", [vec(2, b""), vec(2, b"\0\x1d" + vec(2, b"k")), vec(2, (b"\0\x1d" + vec(2, b"k")) * 16),
      vec(2, (b"\0\x1d" + vec(2, b"k")) * 17)],
     [b"", vec(2, b"\0\x1d" + vec(2, b"")), vec(2, b"\0"), vec(2, b"\0\x1d" + vec(2, b"k")) + b"\0"]),
    (27, "compress", [vec(1, b"\0\1"), vec(1, b"\0\1\0\2")], [b"", vec(1, b""), vec(1, b"\0"), vec(1, b"\0\1") + b"\0"]),
    (58, "tickets", [b"\2\1", b"\0\0"], [b"", b"\2", b"\2\1\0"]),
    (0xff01, "renegotiation", [b"\0"], [b"", b"\1a", b"\0\0"]),
    (0x4a4a, "unknown", [b"", b"any"], []),
]
# In a ServerHello.
ANSWERS = [
    (0, "name", [b""], [b"\0"]),
    (1, "fragment", [b"\2"], [b"", b"\0", b"\5", b"\1\1"]),
    (5, "status", [b""], [b"\0"]),
    (10, "groups", [vec(2, b"\0\x1d")], []),
    (11, "formats", [vec(1, b"\0"), vec(1, b"\1\0")], [b"", vec(1, b""), vec(1, b"\1"), vec(1, b"\0") + b"\0"]),
    (16, "alpn", [vec(2, vec(1, b"h2"))],
     [b"", vec(2, b""), vec(2, vec(1, b"")), vec(2, vec(1, b"h2") * 2), vec(2, vec(1, b"h2")) + b"\0"]),
    (18, "timestamps", [vec(2, vec(2, b"s"))],
     [b"", vec(2, b""), vec(2, vec(2, b"")), vec(2, vec(2, b"s") + vec(2, b"")), vec(2, vec(2, b"s")) + b"\0"]),
    (19, "client_type", [b"\0", b"\2"], [b"", b"\2\0"]),
    (20, "server_type", [b"\0", b"\2"], [b"", b"\2\0"]),
    (22, "etm", [b""], [b"\0"]),
    (23, "ems", [b""], [b"\0"]),
    (28, "limit", [u(2, 64)], [b"", u(2, 63), u(2, 64) + b"\0"]),
    (35, "ticket", [b""], [b"\0"]),
    (41, "psk", [u(2, 0), u(2, 1)], [b"", b"\0", b"\0\0\0"]),
    (43, "versions", [b"\3\4"], [b"", b"\3", b"\3\4\0"]),
    (44, "cookie", [vec(2, b"c")], [b"", vec(2, b""), vec(2, b"c") + b"\0"]),
    (51, "share", [b"\0\x1d" + vec(2, b"k")], [b"", b"\0\x1d", b"\0\x1d" + vec(2, b""), b"\0\x1d" + vec(2, b"k") + b"\0"]),
    (0xff01, "renegotiation", [b"\0"], [b"", b"\1a", b"\0\0"]),
    (0x4a4a, "unknown", [], [b""]),
]
ENCRYPTED = [
    (0, "name", [b""], [b"\0"]),
    (1, "fragment", [b"\2"], [b"", b"\0", b"\5", b"\1\1"]),
    (10, "groups", [vec(2, b"\0\x1d")], [b"", vec(2, b""), vec(2, b"\0"), vec(2, b"\0\x1d") + b"\0"]),
    (16, "alpn", [vec(2, vec(1, b"h2"))], [vec(2, b""), vec(2, vec(1, b"")), vec(2, vec(1, b"h2") * 2), vec(2, vec(1, b"h2")) + b"\0"]),
    (19, "client_type", [b"\2"], [b"", b"\2\0"]),
    (20, "server_type", [b"\2"], [b"", b"\2\0"]),
    (28, "limit", [u(2, 64)], [b"", u(2, 63), u(2, 64) + b"\0"]),
    (42, "early", [b""], [b"\0"]),
    (58, "tickets", [b"\0", b"\2"], [b"", b"\2\1"]),
    (13, "misplaced", [], [vec(2, b"\4\3")]),
    (51, "misplaced_share", [], [b"\0\x1d" + vec(2, b"k")]),
    (43, "misplaced_version", [], [b"\3\4"]),
    (5, "misplaced_status", [], [b""]),
    (27, "misplaced_compress", [], [vec(1, b"\0\1")]),
    (0x4a4a, "unknown", [], [b""]),
]
SCHEMES = ext(13, vec(2, b"\4\3"))
REQUEST = [
    (5, "status", [b""], [b"\0"]),
    (18, "timestamps", [b""], [b"\0"]),
    (47, "authorities", [vec(2, NAME)], [b"", vec(2, b""), vec(2, vec(2, b"")), vec(2, NAME) + b"\0"]),
    (50, "schemes_cert", [vec(2, b"\4\3")], [vec(2, b""), vec(2, b"\4"), vec(2, b"\4\3") + b"\0"]),
    (0x4a4a, "unknown", [b""], []),
    (27, "compress", [vec(1, b"\0\1")], [b"", vec(1, b""), vec(1, b"\0"), vec(1, b"\0\1") + b"\0"]),
    (16, "misplaced", [], [vec(2, vec(1, b"h2"))]),
    (58, "misplaced_tickets", [], [b"\1"]),
]
STATUS = b"\1" + vec(3, b"response")
ENTRY = [
    (5, "status", [STATUS], [b"", b"\2" + vec(3, b"r"), b"\1" + vec(3, b""), STATUS + b"\0", b"\1" + u(3, 9) + b"r"]),
    (18, "timestamps", [vec(2, vec(2, b"s"))], [b"", vec(2, b""), vec(2, vec(2, b"")), vec(2, vec(2, b"s")) + b"\0"]),
    (16, "misplaced", [], [b""]),
    (0x4a4a, "unknown", [], [b""]),
]
TICKET = u(4, 7200) + u(4, 9) + vec(1, b"n") + vec(2, b"ticket")


def variants(table, make):
    for number, name, right, wrong in table:
        for i, body in enumerate(right):
            yield f"{name}_{i}", make([ext(number, body)])
        for i, body in enumerate(wrong):
            yield f"{name}_not_{i}", make([ext(number, body)])


def tls12():
    for name, body in variants(OFFERS, client_hello):
        yield 1, "offers_" + name, body
    for name, body in variants(ANSWERS, server_hello):
        yield 2, "answers_" + name, body
    yield 1, "client_hello_short_random", client_hello()[:20]
    for size in 32, 33:
        yield 1, f"client_hello_session_{size}", client_hello(session=b"s" * size)
        yield 2, f"server_hello_session_{size}", server_hello(session=b"s" * size)
    yield 1, "client_hello_no_suites", client_hello(suites=b"")
    yield 1, "client_hello_odd_suites", client_hello(suites=b"\0\1\2")
    yield 1, "client_hello_no_methods", client_hello(methods=b"")
    yield 1, "client_hello_many_methods", client_hello(methods=b"\1\0")
    yield 1, "client_hello_rest", client_hello([], rest=b"\0")
    yield 1, "client_hello_no_extension", client_hello([])
    yield 1, "client_hello_64", client_hello([ext(0x4000 + i, b"") for i in range(64)])
    yield 1, "client_hello_65", client_hello([ext(0x4000 + i, b"") for i in range(65)])
    yield 1, "client_hello_twice_unknown", client_hello([ext(0x4a4a, b"")] * 2)
    yield 1, "client_hello_psk_not_last", client_hello([ext(41, keys()), ext(23, b"")])
    yield 1, "client_hello_scsv", client_hello(suites=b"\0\xff\x56\0\x13\1")
    yield 2, "server_hello_method", server_hello(method=b"\1")
    yield 2, "server_hello_rest", server_hello([], rest=b"\0")
    yield 2, "server_hello_twice", server_hello([ext(23, b"")] * 2)
    yield 2, "retry_share", server_hello([ext(51, b"\0\x1d")], random=RETRY)
    yield 2, "retry_share_not", server_hello([ext(51, b"\0\x1d" + vec(2, b"k"))], random=RETRY)
    yield 2, "retry_cookie", server_hello([ext(44, vec(2, b"c")), ext(43, b"\3\4")], random=RETRY)
    yield 4, "ticket", u(4, 300) + vec(2, b"ticket")
    yield 4, "ticket_none", u(4, 0) + vec(2, b"")
    yield 4, "ticket_rest", u(4, 300) + vec(2, b"ticket") + b"\0"
    yield 4, "ticket_short", u(4, 300) + u(2, 9) + b"ticket"
    yield 8, "encrypted", block(ext(0, b""))
    yield 11, "certificate_empty_entry", vec(3, vec(3, b"c") + vec(3, b""))
    yield 11, "certificate_rest", vec(3, vec(3, b"c")) + b"\0"
    yield 11, "certificate_65", vec(3, vec(3, b"c") * 65)
    yield 11, "certificate_66", vec(3, vec(3, b"c") * 66)
    ske = b"\3\0\x1d" + vec(1, b"point") + b"\4\3" + vec(2, b"signature")
    yield 12, "exchange_prime", b"\1" + ske[1:]
    yield 12, "exchange_no_point", b"\3\0\x1d" + vec(1, b"") + b"\4\3" + vec(2, b"s")
    yield 12, "exchange_rest", ske + b"\0"
    yield 12, "exchange_hint", vec(2, b"hint")
    yield 12, "exchange_short", ske[:-1]
    request = vec(1, b"\1\x40"), vec(2, b"\4\3"), vec(2, NAME)
    yield 13, "request_no_types", vec(1, b"") + request[1] + request[2]
    yield 13, "request_no_schemes", request[0] + vec(2, b"") + request[2]
    yield 13, "request_odd_schemes", request[0] + vec(2, b"\4") + request[2]
    yield 13, "request_empty_name", request[0] + request[1] + vec(2, vec(2, b""))
    yield 13, "request_no_names", request[0] + request[1] + vec(2, b"")
    yield 13, "request_rest", b"".join(request) + b"\0"
    yield 14, "done_rest", b"\0"
    yield 0, "hello_request_rest", b"\0"
    yield 15, "verify_rest", b"\4\3" + vec(2, b"s") + b"\0"
    yield 15, "verify_empty", b"\4\3" + vec(2, b"")
    yield 16, "keys_none", vec(1, b"")
    yield 16, "keys_rest", vec(1, b"point") + b"\0"
    yield 16, "keys_of_identity", vec(2, b"who")
    yield 16, "keys_of_identity_rest", vec(2, b"who") + b"\0"
    yield 16, "keys_of_identity_and_point", vec(2, b"who") + vec(1, b"p")
    yield 16, "keys_of_identity_no_point", vec(2, b"who") + vec(1, b"")
    for size in 11, 13:
        yield 20, f"finished_{size}", b"f" * size
    yield 22, "status", STATUS
    yield 22, "status_type", b"\2" + vec(3, b"r")
    yield 22, "status_none", b"\1" + vec(3, b"")
    yield 22, "status_rest", STATUS + b"\0"
    yield 24, "update_2", b"\2"
    for level in 0, 3:
        yield 255, f"alert_level_{level}", bytes([level, 40])


def tls13():
    for name, body in variants(ENCRYPTED, lambda extensions: block(*extensions)):
        yield 8, "encrypted_" + name, body
    yield 8, "encrypted_none", block()
    yield 8, "encrypted_missing", b""
    yield 8, "encrypted_rest", block() + b"\0"
    yield 8, "encrypted_twice", block(ext(0, b""), ext(0, b""))
    for name, body in variants(REQUEST, lambda extensions: vec(1, b"") + block(SCHEMES, *extensions)):
        yield 13, "request_" + name, body
    yield 13, "request_context", vec(1, b"c") + block(SCHEMES)
    yield 13, "request_no_schemes", vec(1, b"") + block(ext(5, b""))
    yield 13, "request_odd_schemes", vec(1, b"") + block(ext(13, vec(2, b"\4")))
    yield 13, "request_empty_schemes", vec(1, b"") + block(ext(13, vec(2, b"")))
    yield 13, "request_no_block", vec(1, b"")
    for name, body in variants(ENTRY, lambda extensions: vec(1, b"") + vec(3, vec(3, b"c") + block(*extensions))):
        yield 11, "certificate_" + name, body
    for name, body in variants(ENTRY[:3], lambda extensions: vec(1, b"") + vec(3, vec(3, b"c") + block() + vec(3, b"d") + block(*extensions))):
        yield 11, "second_" + name, body
    yield 11, "certificate_none", vec(1, b"") + vec(3, b"")
    yield 11, "certificate_context", vec(1, b"c") + vec(3, b"")
    yield 11, "certificate_empty_entry", vec(1, b"") + vec(3, vec(3, b"") + block())
    yield 11, "certificate_no_block", vec(1, b"") + vec(3, vec(3, b"c"))
    yield 11, "certificate_rest", vec(1, b"") + vec(3, vec(3, b"c") + block()) + b"\0"
    yield 11, "certificate_65", vec(1, b"") + vec(3, (vec(3, b"c") + block()) * 65)
    yield 11, "certificate_66", vec(1, b"") + vec(3, (vec(3, b"c") + block()) * 66)
    yield 11, "certificate_twice", vec(1, b"") + vec(3, vec(3, b"c") + block(ext(5, STATUS), ext(5, STATUS)))
    yield 4, "ticket", TICKET + block()
    yield 4, "ticket_early", TICKET + block(ext(42, u(4, 100)))
    yield 4, "ticket_early_short", TICKET + block(ext(42, u(2, 100)))
    yield 4, "ticket_early_long", TICKET + block(ext(42, u(4, 100) + b"\0"))
    yield 4, "ticket_unknown", TICKET + block(ext(0x4a4a, b""))
    yield 4, "ticket_misplaced", TICKET + block(ext(16, vec(2, vec(1, b"h2"))))
    yield 4, "ticket_misplaced_tickets", TICKET + block(ext(58, b"\1"))
    yield 4, "ticket_no_block", TICKET
    yield 4, "ticket_rest", TICKET + block() + b"\0"
    yield 4, "ticket_empty", u(4, 1) + u(4, 9) + vec(1, b"n") + vec(2, b"") + block()
    yield 4, "ticket_no_nonce", u(4, 1) + u(4, 9) + vec(1, b"") + vec(2, b"t") + block()
    for name, body in (("", u(2, 1) + u(3, 7) + vec(3, b"stream")), ("_rest", u(2, 1) + u(3, 7) + vec(3, b"s") + b"\0"),
                       ("_empty", u(2, 1) + u(3, 7) + vec(3, b"")), ("_cut", u(2, 1) + u(3, 7) + u(3, 2) + b"s"),
                       ("_no_stream", u(2, 1) + u(3, 7)), ("_of_nothing", u(2, 0) + u(3, 0) + vec(3, b"s"))):
        yield 25, "compressed" + name, body
    for request in 0, 1, 2:
        yield 24, f"update_{request}", bytes([request])
    yield 24, "update_rest", b"\0\0"
    yield 24, "update_empty", b""
    for size in 31, 32, 33, 48:
        yield 20, f"finished_{size}", b"f" * size


def corpus_folder():
    """The folder that the command line names. It has to be there: a mistyped name must not become a new folder."""
    if len(sys.argv) != 2 or not os.path.isdir(sys.argv[1]):
        sys.exit(f"usage: {os.path.basename(sys.argv[0])} CORPUS, a folder that is there, such as fuzz/corpus")
    return sys.argv[1]


def main():
    for folder, seeds in ("handshake", tls12), ("handshake13", tls13):
        path = os.path.join(corpus_folder(), folder)
        os.makedirs(path, exist_ok=True)
        names = set()
        for kind, name, body in seeds():
            assert name not in names, name
            names.add(name)
            message = b"\xff" + body if kind == 255 else bytes([kind]) + vec(3, body)
            with open(os.path.join(path, name), "wb") as file:
                file.write(message)


if __name__ == "__main__":
    main()
