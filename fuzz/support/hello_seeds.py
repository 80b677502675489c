#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes seeds of whole connections whose hello breaks one rule, made from the recorded ones.

usage: hello_seeds.py CORPUS

Run it after record-transcripts. Verdicts are then written as README.md says.
"""
import os
import sys

from message_seeds import ENCRYPTED, ENTRY, REQUEST, SCHEMES, block, corpus_folder, ext, u, variants, vec


class Hello:
    """The hello in the first record of a seed, and what stands around it."""

    def __init__(self, path, prefix, is_client):
        with open(path, "rb") as file:
            seed = file.read()
        self.prefix, wire = seed[:prefix], seed[prefix:]
        size = int.from_bytes(wire[3:5], "big")
        record, self.rest = wire[5:5 + size], wire[5 + size:]
        length = 4 + int.from_bytes(record[1:4], "big")
        self.kind, body, self.behind = record[0], record[4:length], record[length:]
        self.is_client = is_client
        self.version, self.random, body = body[:2], body[2:34], body[34:]
        self.session, body = body[1:1 + body[0]], body[1 + body[0]:]
        if is_client:
            count = 2 + int.from_bytes(body[:2], "big")
            self.suites, body = body[2:count], body[count:]
            self.methods, body = body[1:1 + body[0]], body[1 + body[0]:]
        else:
            self.suites, self.methods, body = body[:2], body[2:3], body[3:]
        self.extensions, body = [], body[2:]
        while body:
            size = int.from_bytes(body[2:4], "big")
            self.extensions.append((int.from_bytes(body[:2], "big"), body[4:4 + size]))
            body = body[4 + size:]

    def wire(self, version=None, session=None, suites=None, methods=None, extensions=None):
        of = lambda given, own: own if given is None else given
        suites, methods = of(suites, self.suites), of(methods, self.methods)
        body = of(version, self.version) + self.random + vec(1, of(session, self.session))
        body += vec(2, suites) + vec(1, methods) if self.is_client else suites + methods
        body += vec(2, b"".join(ext(*each) for each in of(extensions, self.extensions)))
        message = bytes([self.kind]) + vec(3, body) + self.behind
        return b"\x16\x03\x03" + vec(2, message)

    def seed(self, **changes):
        return self.prefix + self.wire(**changes) + self.rest

    def put(self, number, body):
        """With this extension instead of its like, or behind the others; pre_shared_key stays last."""
        if number in (each for each, _ in self.extensions):
            made = [(each, body if each == number else content) for each, content in self.extensions]
        else:
            made = self.extensions + [(number, body)]
            made.sort(key=lambda each: each[0] == 41)
        return self.seed(extensions=made)

    def drop(self, *numbers):
        return self.seed(extensions=[each for each in self.extensions if each[0] not in numbers])


def answers(hello, tls13):
    """A server's hello: what a client must not take."""
    yield "version_2", hello.seed(version=b"\3\2")
    yield "version_4", hello.seed(version=b"\3\4")
    yield "session_other", hello.seed(session=b"s" * 32)
    yield "session_none", hello.seed(session=b"")
    yield "suite_unknown", hello.seed(suites=b"\xfa\xfa")
    yield "suite_scsv", hello.seed(suites=b"\0\xff")
    yield "suite_of_another_version", hello.seed(suites=b"\xc0\x2f" if tls13 else b"\x13\1")
    yield "method", hello.seed(methods=b"\1")
    yield "unknown_extension", hello.put(0x4a4a, b"")
    yield "name_not_empty", hello.put(0, b"\0")
    yield "alpn_not_offered", hello.put(16, vec(2, vec(1, b"spdy")))
    yield "early_data", hello.put(42, b"")
    yield "psk_not_offered", hello.put(41, u(2, 0))
    yield "cookie", hello.put(44, vec(2, b"c"))
    yield "modes", hello.put(45, vec(1, b"\1"))
    yield "certificate_type", hello.put(20, b"\2")
    yield "fragment_length", hello.put(1, b"\1")
    yield "no_extensions", hello.seed(extensions=[])
    if tls13:
        yield "no_version", hello.drop(43)
        yield "version_tls12", hello.put(43, b"\3\3")
        yield "version_5", hello.put(43, b"\3\5")
        yield "no_share", hello.drop(51)
        yield "share_unknown", hello.put(51, b"\xfa\xfa" + vec(2, b"k"))
        yield "share_not_sent", hello.put(51, b"\0\x17" + vec(2, b"\4" + bytes(64)))
        yield "share_zero", hello.put(51, b"\0\x1d" + vec(2, bytes(32)))
        yield "share_short", hello.put(51, b"\0\x1d" + vec(2, bytes(31)))
        yield "ems", hello.put(23, b"")
    else:
        yield "no_renegotiation_info", hello.drop(0xff01)
        yield "renegotiation_info_full", hello.put(0xff01, vec(1, b"f" * 12))
        yield "no_ems", hello.drop(23)
        yield "etm", hello.put(22, b"")
        yield "ticket", hello.put(35, b"")
        yield "status", hello.put(5, b"")
        yield "share", hello.put(51, b"\0\x1d" + vec(2, bytes(32)))


def retries(hello):
    yield "retry_twice", hello.prefix + hello.wire() + hello.wire() + hello.rest
    yield "retry_for_the_share_sent", hello.put(51, b"\0\x1d")
    yield "retry_for_a_group_not_offered", hello.put(51, b"\0\x18")
    yield "retry_for_nothing", hello.drop(51)
    yield "retry_cookie", hello.put(44, vec(2, b"c"))
    yield "retry_cookie_alone", hello.seed(extensions=[(43, b"\3\4"), (44, vec(2, b"c"))])
    yield "retry_no_version", hello.drop(43)
    yield "retry_other_session", hello.seed(session=b"s" * 32)
    yield "retry_other_suite", hello.seed(suites=b"\x13\2")
    yield "retry_unknown_suite", hello.seed(suites=b"\xfa\xfa")
    yield "retry_psk", hello.put(41, u(2, 0))
    yield "retry_name", hello.put(0, b"")


def offers(hello, tls13):
    """A client's hello: what a server refuses, or answers otherwise."""
    yield "version_0", hello.seed(version=b"\3\0")
    yield "version_4", hello.seed(version=b"\3\4")
    yield "session_33", hello.seed(session=b"s" * 33)
    yield "suites_unknown", hello.seed(suites=b"\xfa\xfa")
    yield "fallback", hello.seed(suites=hello.suites + b"\x56\0")
    yield "methods_more", hello.seed(methods=b"\1\0")
    yield "methods_no_null", hello.seed(methods=b"\1")
    yield "alpn_other", hello.put(16, vec(2, vec(1, b"spdy")))
    yield "no_alpn", hello.drop(16)
    yield "name_other", hello.put(0, vec(2, b"\0" + vec(2, b"other.example")))
    yield "groups_unknown", hello.put(10, vec(2, b"\xfa\xfa"))
    yield "no_groups", hello.drop(10)
    yield "schemes_unknown", hello.put(13, vec(2, b"\xfa\xfa"))
    yield "no_schemes", hello.drop(13)
    yield "types_raw", hello.put(20, vec(1, b"\2"))
    yield "client_types_raw", hello.put(19, vec(1, b"\2"))
    yield "unknown_extension", hello.put(0x4a4a, b"x")
    yield "no_extensions", hello.seed(extensions=[])
    if tls13:
        yield "no_versions", hello.drop(43)
        yield "versions_old", hello.put(43, vec(1, b"\3\3"))
        yield "versions_grease", hello.put(43, vec(1, b"\x4a\x4a\3\4"))
        yield "no_shares", hello.drop(51)
        yield "shares_empty", hello.put(51, vec(2, b""))
        yield "shares_unknown", hello.put(51, vec(2, b"\xfa\xfa" + vec(2, b"k")))
        yield "share_zero", hello.put(51, vec(2, b"\0\x1d" + vec(2, bytes(32))))
        yield "share_short", hello.put(51, vec(2, b"\0\x1d" + vec(2, bytes(31))))
        yield "share_twice", hello.put(51, vec(2, (b"\0\x1d" + vec(2, bytes(range(32)))) * 2))
        yield "share_not_in_groups", hello.put(51, vec(2, b"\0\x18" + vec(2, b"\4" + bytes(96))))
        yield "psk_no_modes", hello.put(41, vec(2, vec(2, b"t") + u(4, 0)) + vec(2, vec(1, b"b" * 32)))
        yield "early_data", hello.put(42, b"")
        yield "cookie", hello.put(44, vec(2, b"c"))
    else:
        yield "formats_compressed", hello.put(11, vec(1, b"\1"))
        yield "no_renegotiation_info", hello.drop(0xff01)
        yield "renegotiation_info_full", hello.put(0xff01, vec(1, b"f" * 12))
        yield "no_ems", hello.drop(23)
        yield "limit_64", hello.put(28, u(2, 64))
        yield "fragment_512", hello.put(1, b"\1")
        yield "ticket", hello.put(35, b"ticket")


def flight(path):
    """The messages behind the hello of a seed whose records are not protected, and what stands around them."""
    with open(path, "rb") as file:
        seed = file.read()
    before, wire, messages = seed[:3], seed[3:], []
    while wire and len(messages) < 9:
        size = 5 + int.from_bytes(wire[3:5], "big")
        record, wire = wire[:size], wire[size:]
        body = record[5:]
        if record[0] != 22 or body[0] in (1, 2):
            before += record
            continue
        while body:
            size = 4 + int.from_bytes(body[1:4], "big")
            messages.append(body[:size])
            body = body[size:]
        if messages[-1][0] == 20:
            break
    return before, messages, wire


def flights(path):
    """Each message changed, left out, doubled, or changed with the next."""
    before, messages, after = flight(path)

    def seed(made):
        return before + b"".join(b"\x16\x03\x03" + vec(2, message) for message in made) + after

    def with_body(kind, body):
        return seed([bytes([kind]) + vec(3, body) if message[0] == kind else message for message in messages])

    for i, message in enumerate(messages):
        yield f"without_{message[0]}", seed(messages[:i] + messages[i + 1:])
        yield f"twice_{message[0]}", seed(messages[:i + 1] + messages[i:])
        yield f"longer_{message[0]}", with_body(message[0], message[4:] + b"\0")
        yield f"shorter_{message[0]}", with_body(message[0], message[4:-1])
        if i + 1 < len(messages):
            yield f"turned_{message[0]}", seed(messages[:i] + [messages[i + 1], message] + messages[i + 2:])
    kinds = [message[0] for message in messages]
    if 8 in kinds:
        for label, body in variants(ENCRYPTED, lambda extensions: block(*extensions)):
            yield "encrypted_" + label, with_body(8, body)
        yield "encrypted_alpn_not_offered", with_body(8, block(ext(16, vec(2, vec(1, b"spdy")))))
        yield "encrypted_limit_16385", with_body(8, block(ext(28, u(2, 16385))))
        yield "encrypted_limit_16386", with_body(8, block(ext(28, u(2, 16386))))
    if 13 in kinds:
        for label, body in variants(REQUEST, lambda extensions: vec(1, b"") + block(SCHEMES, *extensions)):
            yield "request_" + label, with_body(13, body)
        yield "request_context", with_body(13, vec(1, b"c") + block(SCHEMES))
        yield "request_unknown_schemes", with_body(13, vec(1, b"") + block(ext(13, vec(2, b"\xfa\xfa"))))
    if 11 in kinds:
        body = next(message[4:] for message in messages if message[0] == 11)
        entry = body[4:-2] if len(body) > 4 else vec(3, b"c")
        yield "certificate_context", with_body(11, vec(1, b"c") + body[1:])
        yield "certificate_none", with_body(11, vec(1, b"") + vec(3, b""))
        for label, made in variants(ENTRY, lambda extensions: vec(1, b"") + vec(3, entry + block(*extensions))):
            yield "certificate_" + label, with_body(11, made)
    if 15 in kinds:
        body = next(message[4:] for message in messages if message[0] == 15)
        for scheme in 0x0401, 0x0403, 0x0804, 0x0203, 0xfafa:
            yield f"verify_{scheme:04x}", with_body(15, u(2, scheme) + body[2:])
        yield "verify_spoilt", with_body(15, body[:-1] + bytes([body[-1] ^ 1]))


def records_of(wire):
    records = []
    while wire:
        size = 5 + int.from_bytes(wire[3:5], "big")
        records.append(wire[:size])
        wire = wire[size:]
    return records


def record(kind, body):
    return bytes([kind]) + b"\3\3" + vec(2, body)


def connections(path, prefix):
    """Records of the handshake spoilt, cut into pieces, or with an end among them."""
    with open(path, "rb") as file:
        seed = file.read()
    before, records = seed[:prefix], records_of(seed[prefix:])
    close = record(21, b"\1\0")
    for i in range(min(len(records), 4) + 1):
        yield f"close_notify_at_{i}", before + b"".join(records[:i]) + close + b"".join(records[i:])
        yield f"alert_at_{i}", before + b"".join(records[:i]) + record(21, b"\2\50") + b"".join(records[i:])
        yield f"data_at_{i}", before + b"".join(records[:i]) + record(23, b"x") + b"".join(records[i:])
    for i, each in enumerate(records):
        if each[0] == 20:
            for label, body in (("2", b"\2"), ("two", b"\1\1"), ("empty", b"")):
                yield f"change_cipher_spec_{label}", before + b"".join(records[:i]) + record(20, body) + b"".join(records[i + 1:])
            break
    pieces = [record(22, bytes([byte])) for byte in records[0][5:]]
    yield "hello_in_bytes", before + b"".join(pieces + records[1:])
    yield "hello_in_two", before + record(22, records[0][5:20]) + record(22, records[0][20:]) + b"".join(records[1:])
    longest = max((each for each in records if each[0] == 22), key=len)
    at = records.index(longest)
    yield "message_in_bytes", before + b"".join(records[:at] + [record(22, bytes([byte])) for byte in longest[5:]] + records[at + 1:])


def ends(path, prefix, kind):
    """Behind the handshake of a seed whose records are not protected: the end within a message, and others."""
    with open(path, "rb") as file:
        seed = file.read()
    before, records = seed[:prefix], records_of(seed[prefix:])
    done = [each for each in records if each[0] in (20, 22)]
    made = before + b"".join(done)
    part, close = record(22, bytes([kind, 0])), record(21, b"\1\0")
    yield "part_and_close_notify", made + part + close
    yield "part_and_warning", made + part + record(21, b"\1\x5a")
    yield "part_and_data", made + part + record(23, b"x")
    yield "part_and_change_cipher_spec", made + part + record(20, b"\1")
    yield "close_notify_twice", made + close + close
    yield "close_notify_and_data", made + close + record(23, b"x")
    yield "change_cipher_spec_again", made + record(20, b"\1")
    yield "bytes_33_empty", made + record(23, b"") * 33
    yield "bytes_32_empty", made + record(23, b"") * 32


def main():
    corpus = corpus_folder()

    def write(folder, of, seeds):
        for label, seed in seeds:
            with open(os.path.join(corpus, folder, f"{of}_{label}"), "wb") as file:
                file.write(seed)

    def hello(folder, name, prefix, is_client):
        return Hello(os.path.join(corpus, folder, name), prefix, is_client)

    write("client13", "hello", answers(hello("client13", "TLS_AES_128_GCM_SHA256", 3, False), True))
    write("client13", "hello", retries(hello("client13", "retried", 3, False)))
    write("client13", "resumed", answers(hello("client13", "resumed", 3, False), True))
    write("client", "hello", answers(hello("client", "ECDHE-RSA-AES128-GCM-SHA256", 2, False), False))
    write("client", "cbc", answers(hello("client", "ECDHE-RSA-AES128-SHA256", 2, False), False))
    write("resuming_client", "resumed", answers(hello("resuming_client", "resumed", 2, False), False))
    write("server13", "hello", offers(hello("server13", "TLS_AES_128_GCM_SHA256", 3, True), True))
    write("server13", "resumed", offers(hello("server13", "resumed", 3, True), True))
    write("server", "hello", offers(hello("server", "ECDHE-RSA-AES128-GCM-SHA256", 2, True), False))
    write("resuming_server", "resumed", offers(hello("resuming_server", "resumed", 2, True), False))
    write("client_unchecked", "ecdhe", answers(hello("client_unchecked", "ecdhe", 3, False), False))
    for folder, name, prefix in (("client", "ECDHE-RSA-AES128-GCM-SHA256", 2), ("server", "ECDHE-RSA-AES128-GCM-SHA256", 2),
                                 ("client13", "TLS_AES_128_GCM_SHA256", 3), ("server13", "TLS_AES_128_GCM_SHA256", 3),
                                 ("client_unchecked", "rsa", 3), ("server_unchecked", "rsa", 3), ("unchecked13", "server", 3),
                                 ("unchecked13", "client_certificate", 3)):
        write(folder, "wire_of_" + name.split("-")[0].split("_")[0], connections(os.path.join(corpus, folder, name), prefix))
    for folder, name, kind in (("client_unchecked", "rsa", 0), ("server_unchecked", "rsa", 1), ("unchecked13", "server", 24),
                               ("unchecked13", "client", 24)):
        write(folder, "end_of_" + name, ends(os.path.join(corpus, folder, name), 3, kind))
    for of in "server", "server_asked", "client", "client_certificate":
        write("unchecked13", of, flights(os.path.join(corpus, "unchecked13", of)))
    write("server_unchecked", "ecdhe", offers(hello("server_unchecked", "ecdhe", 3, True), False))


if __name__ == "__main__":
    main()
