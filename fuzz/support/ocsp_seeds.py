#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes seeds of OCSP responses for the certificate of fuzz/x509/ocsp_fuzz.cpp: each rule kept, and broken alone.

usage: ocsp_seeds.py CORPUS

Keys and signatures are the mock's of fuzz/x509/mock.hpp: one byte. Verdicts are then written as README.md says.
"""
import hashlib
import os
import sys

from x509_seeds import TRUE, bits, integer, name, octets, oid, seq, tlv

MOCK = seq(oid("1.3.6.1.4.1.99999.1"))
ISSUER = name(b"i")
BASIC, SHA1, SHA256, SHA384 = "1.3.6.1.5.5.7.48.1.1", "1.3.14.3.2.26", "2.16.840.1.101.3.4.2.1", "2.16.840.1.101.3.4.2.2"
NOW, BEFORE, AFTER = b"20260101000000Z", b"20251231000000Z", b"20260102000000Z"
HASHES = {SHA1: hashlib.sha1, SHA256: hashlib.sha256, SHA384: hashlib.sha384}


def generalized(text):
    return tlv(0x18, text)


def delegate(issuer=ISSUER, signer=1, purpose="1.3.6.1.5.5.7.3.9", key=2, usage=b"", until=b"350101000000Z"):
    """A certificate of "r", whose key is 2."""
    purposes = seq(oid("2.5.29.37"), octets(seq(oid(purpose)))) if purpose else b""
    extensions = tlv(0xa3, seq(purposes, usage)) if purposes or usage else b""
    tbs = seq(tlv(0xa0, integer(2)), integer(1), MOCK, issuer, seq(tlv(0x17, b"250101000000Z"), tlv(0x17, until)), name(b"r"),
              seq(MOCK, bits(bytes([key]))), extensions)
    return seq(tbs, MOCK, bits(bytes([signer])))


def response(status=tlv(0x80), this=BEFORE, following=AFTER, produced=BEFORE, algorithm=SHA1, parameters=tlv(5), issuer=ISSUER, key=1,
             serial=integer(1), responder=tlv(0xa1, ISSUER), signer=1, certificates=b"", version=b"", extensions=b"", single=b"",
             outcome=b"\0", kind=BASIC, more=b"", behind=b"", count=1, hashed=HASHES):
    digest = hashed.get(algorithm, hashlib.sha256)
    identity = seq(seq(oid(algorithm), parameters), octets(digest(issuer).digest()), octets(digest(bytes([key])).digest()), serial)
    entry = seq(identity, status, generalized(this), tlv(0xa0, generalized(following)) if following else b"", single)
    data = seq(version, responder, generalized(produced), seq(more, entry * count), extensions)
    basic = seq(data, MOCK, bits(bytes([signer])), tlv(0xa0, seq(certificates)) if certificates else b"")
    return seq(tlv(0x0a, outcome), tlv(0xa0, seq(oid(kind), octets(basic)))) + behind


def extension(critical):
    return tlv(0xa1, seq(seq(oid("1.3.6.1.5.5.7.48.1.2"), TRUE if critical else b"", octets(octets(b"nonce")))))


BY_KEY = tlv(0xa2, octets(hashlib.sha1(b"\1").digest()))
BY_OTHER_KEY = tlv(0xa2, octets(hashlib.sha1(b"\2").digest()))
DELEGATED = {"responder": tlv(0xa1, name(b"r")), "signer": 2}
OTHER = seq(seq(seq(oid(SHA1), tlv(5)), octets(bytes(20)), octets(bytes(20)), integer(2)), tlv(0x80), generalized(BEFORE))

SEEDS = {
    "good": response(),
    "good_by_key": response(responder=BY_KEY),
    "good_sha256": response(algorithm=SHA256),
    "good_sha384": response(algorithm=SHA384),
    "good_no_parameters": response(parameters=b""),
    "good_no_next": response(following=None),
    "good_nonce": response(extensions=extension(False)),
    "good_single_extension": response(single=extension(False)),
    "good_second": response(more=OTHER),
    "good_twice": response(count=2),
    "good_delegated": response(**DELEGATED, certificates=delegate()),
    "good_delegated_by_key": response(responder=BY_OTHER_KEY, signer=2, certificates=delegate()),
    "good_delegated_usage": response(**DELEGATED, certificates=delegate(usage=seq(oid("2.5.29.15"), TRUE, octets(bits(b"\x80", 7))))),
    "good_delegated_fourth": response(**DELEGATED, certificates=delegate(issuer=name(b"x")) * 3 + delegate()),
    "revoked": response(status=tlv(0xa1, generalized(BEFORE))),
    "revoked_reason": response(status=tlv(0xa1, generalized(BEFORE), tlv(0xa0, tlv(0x0a, b"\1")))),
    "revoked_reason_other_type": response(status=tlv(0xa1, generalized(BEFORE), tlv(0xa0, integer(1)))),
    "unknown": response(status=tlv(0x82)),
    "status_other": response(status=tlv(0x83)),
    "status_not_empty": response(status=tlv(0x80, b"\0")),
    "expired": response(this=b"20251201000000Z", following=b"20251231235400Z"),
    "just_not_expired": response(this=b"20251201000000Z", following=b"20251231235500Z"),
    "expired_no_next": response(this=b"20251230235400Z", following=None, produced=b"20251230235400Z"),
    "just_not_expired_no_next": response(this=b"20251230235500Z", following=None, produced=b"20251230235500Z"),
    "not_yet": response(this=b"20260101000501Z"),
    "just_now": response(this=b"20260101000500Z"),
    "produced_later": response(produced=b"20260101000501Z"),
    "times_swapped": response(this=NOW, following=BEFORE),
    "time_utc": response().replace(tlv(0x18, AFTER), tlv(0x17, AFTER[2:] + b"00")),
    "time_bad": response(this=b"20251331000000Z"),
    "other_serial": response(serial=integer(2)),
    "serial_not_minimal": response(serial=tlv(2, b"\0\1")),
    "other_name": response(issuer=name(b"x")),
    "other_key": response(key=2),
    "other_hash": response(algorithm="1.2.840.113549.2.5"),
    "hash_parameters": response(parameters=integer(1)),
    "no_entries": response(count=0),
    "signed_by_another": response(signer=3),
    "responder_another": response(responder=tlv(0xa1, name(b"x"))),
    "responder_empty": response(responder=tlv(0xa1, seq())),
    "responder_short_hash": response(responder=tlv(0xa2, octets(bytes(19)))),
    "responder_third": response(responder=tlv(0xa3, ISSUER)),
    "delegate_missing": response(**DELEGATED),
    "delegate_no_purpose": response(**DELEGATED, certificates=delegate(purpose=None)),
    "delegate_server": response(**DELEGATED, certificates=delegate(purpose="1.3.6.1.5.5.7.3.1")),
    "delegate_any": response(**DELEGATED, certificates=delegate(purpose="2.5.29.37.0")),
    "delegate_usage": response(**DELEGATED, certificates=delegate(usage=seq(oid("2.5.29.15"), TRUE, octets(bits(b"\x20", 5))))),
    "delegate_critical": response(**DELEGATED, certificates=delegate(usage=seq(oid("1.2.3.4"), TRUE, octets(tlv(5))))),
    "delegate_of_another": response(**DELEGATED, certificates=delegate(issuer=name(b"x"))),
    "delegate_badly_signed": response(**DELEGATED, certificates=delegate(signer=3)),
    "delegate_other_key": response(**DELEGATED, certificates=delegate(key=3)),
    "delegate_expired": response(**DELEGATED, certificates=delegate(until=b"250601000000Z")),
    "delegate_fifth": response(**DELEGATED, certificates=delegate(issuer=name(b"x")) * 4 + delegate()),
    "version_1": response(version=tlv(0xa0, integer(0))),
    "version_2": response(version=tlv(0xa0, integer(1))),
    "critical": response(extensions=extension(True)),
    "critical_single": response(single=extension(True)),
    "extensions_empty": response(extensions=tlv(0xa1, seq())),
    "other_kind": response(kind="1.3.6.1.5.5.7.48.1.2"),
    "outcome_try_later": response(outcome=b"\3"),
    "outcome_negative": response(outcome=b"\x80"),
    "outcome_alone": seq(tlv(0x0a, b"\6")),
    "success_alone": seq(tlv(0x0a, b"\0")),
    "behind": response(behind=b"\0"),
}


def main():
    folder = os.path.join(sys.argv[1], "ocsp")
    os.makedirs(folder, exist_ok=True)
    for seed, content in SEEDS.items():
        with open(os.path.join(folder, seed), "wb") as out:
            out.write(content)


if __name__ == "__main__":
    main()
