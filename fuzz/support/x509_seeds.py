#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes seeds of certificates, keys, PEM and DER: each rule of their formats kept, and broken alone.

usage: x509_seeds.py CORPUS

The keys are those of CORPUS/private_key. Verdicts are then written as README.md says.
"""
import base64
import os
import sys

from message_seeds import corpus_folder


def tlv(tag, *parts):
    content = b"".join(parts)
    size = len(content)
    if size < 0x80:
        return bytes([tag, size]) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(length)]) + length + content


def seq(*parts):
    return tlv(0x30, *parts)


def integer(value):
    return tlv(2, value.to_bytes(value.bit_length() // 8 + 1, "big"))


def oid(text):
    arcs = [int(arc) for arc in text.split(".")]
    out = b""
    for arc in [40 * arcs[0] + arcs[1]] + arcs[2:]:
        digits = [arc & 0x7f]
        while arc := arc >> 7:
            digits.insert(0, arc & 0x7f | 0x80)
        out += bytes(digits)
    return tlv(6, out)


def bits(content, unused=0):
    return tlv(3, bytes([unused]), content)


def octets(*parts):
    return tlv(4, *parts)


TRUE, FALSE = tlv(1, b"\xff"), tlv(1, b"\0")
SHA256_ECDSA = seq(oid("1.2.840.10045.4.3.2"))
SPKI_ED25519 = seq(seq(oid("1.3.101.112")), bits(bytes(range(32))))


def name(text=b"n", tag=0x0c, attribute="2.5.4.3"):
    return seq(tlv(0x31, seq(oid(attribute), tlv(tag, text))))


def time(text, tag=0x17):
    return tlv(tag, text)


VALIDITY = seq(time(b"250101000000Z"), time(b"350101000000Z"))


def ext(number, value, critical=b""):
    return seq(oid(number if isinstance(number, str) else f"2.5.29.{number}"), critical, octets(value))


def extensions(*entries):
    return tlv(0xa3, seq(*entries))


def certificate(rest=b"", version=tlv(0xa0, integer(2)), serial=integer(5), inner=SHA256_ECDSA, issuer=name(b"i"),
                validity=VALIDITY, subject=name(b"s"), spki=SPKI_ED25519, outer=None, signature=bits(b"sig"), after=b"",
                behind=b""):
    tbs = seq(version, serial, inner, issuer, validity, subject, spki, rest)
    return seq(tbs, inner if outer is None else outer, signature, after) + behind


def with_extension(number, value, critical=b""):
    return certificate(extensions(ext(number, value, critical)))


SAN = 17


def san(*names):
    return with_extension(SAN, seq(*names))


def constraints(*trees):
    return with_extension(30, seq(*trees), TRUE)


def permitted(*bases):
    return constraints(tlv(0xa0, *[seq(base) for base in bases]))


def certificates():
    yield "plain", certificate()
    yield "trailing", certificate(behind=b"\0")
    yield "trailing_inside", certificate(after=tlv(5))
    yield "trailing_tbs", certificate(tlv(5))
    for version in 0, 1, 2, 3:
        yield f"version_{version}", certificate(version=tlv(0xa0, integer(version)))
    yield "version_trailing", certificate(version=tlv(0xa0, integer(2), integer(2)))
    yield "version_1_extensions", certificate(extensions(ext(14, octets(b"k"))), version=b"")
    yield "version_2_extensions", certificate(extensions(ext(14, octets(b"k"))), version=tlv(0xa0, integer(1)))
    yield "version_1_unique_id", certificate(tlv(0x81, b"\0u"), version=b"")
    yield "version_2_unique_id", certificate(tlv(0x81, b"\0u") + tlv(0x82, b"\0v"), version=tlv(0xa0, integer(1)))
    yield "unique_ids_turned", certificate(tlv(0x82, b"\0u") + tlv(0x81, b"\0v"))
    yield "unique_id_bits", certificate(tlv(0x81, b"\x04\x0f"))
    for label, serial in (("zero", b"\0"), ("negative", b"\x80"), ("20", b"\x7f" * 20), ("21", b"\x7f" * 21), ("long_zero", b"\0\x7f"),
                          ("high_20", b"\0" + b"\xff" * 20), ("empty", b"")):
        yield "serial_" + label, certificate(serial=tlv(2, serial))
    yield "algorithms_differ", certificate(outer=seq(oid("1.2.840.10045.4.3.3")))
    yield "algorithm_null", certificate(inner=seq(oid("1.2.840.10045.4.3.2"), tlv(5)))
    yield "algorithm_trailing", certificate(inner=seq(oid("1.2.840.10045.4.3.2"), tlv(5), tlv(5)))
    yield "algorithm_no_oid", certificate(inner=seq())
    pss = "1.2.840.113549.1.1.10"
    yield "pss_defaults_written", certificate(inner=seq(oid(pss), seq(tlv(0xa2, integer(20)), tlv(0xa3, integer(1)))))
    yield "signature_bits", certificate(signature=bits(b"\xf0", 4))
    yield "signature_unused_set", certificate(signature=bits(b"\xff", 4))
    yield "signature_eight_unused", certificate(signature=tlv(3, b"\x08\0"))
    yield "issuer_empty", certificate(issuer=seq())
    yield "issuer_empty_rdn", certificate(issuer=seq(tlv(0x31)))
    yield "issuer_unsorted", certificate(issuer=seq(tlv(0x31, seq(oid("2.5.4.3"), tlv(12, b"b")), seq(oid("2.5.4.3"), tlv(12, b"a")))))
    yield "issuer_sorted", certificate(issuer=seq(tlv(0x31, seq(oid("2.5.4.3"), tlv(12, b"a")), seq(oid("2.5.4.3"), tlv(12, b"b")))))
    yield "issuer_doubled", certificate(issuer=seq(tlv(0x31, seq(oid("2.5.4.3"), tlv(12, b"a")), seq(oid("2.5.4.3"), tlv(12, b"a")))))
    yield "issuer_attribute_trailing", certificate(issuer=seq(tlv(0x31, seq(oid("2.5.4.3"), tlv(12, b"a"), tlv(5)))))
    yield "issuer_bad_printable", certificate(issuer=name(b"a@b", 0x13))
    yield "issuer_bad_utf8", certificate(issuer=name(b"\xc0\x80"))
    yield "issuer_bmp_odd", certificate(issuer=name(b"\0a\0", 0x1e))
    yield "issuer_teletex", certificate(issuer=name(b"a\xe4", 0x14))
    yield "issuer_nul", certificate(issuer=name(b"a\0b"))
    yield "subject_empty", certificate(subject=seq())
    for label, text, tag in (("utc_no_seconds", b"2501010000Z", 0x17), ("utc_offset", b"250101000000+0000", 0x17),
                             ("month_13", b"251301000000Z", 0x17), ("day_0", b"250100000000Z", 0x17), ("february_29", b"250229000000Z", 0x17),
                             ("leap", b"240229000000Z", 0x17), ("hour_24", b"250101240000Z", 0x17), ("minute_60", b"250101006000Z", 0x17),
                             ("second_60", b"250101000060Z", 0x17), ("general_2049", b"20491231235959Z", 0x18),
                             ("general_2050", b"20500101000000Z", 0x18), ("general_1949", b"19491231235959Z", 0x18),
                             ("general_fraction", b"20500101000000.5Z", 0x18), ("general_2100_leap", b"21000229000000Z", 0x18)):
        yield "time_" + label, certificate(validity=seq(time(b"240101000000Z"), time(text, tag)))
    yield "validity_three", certificate(validity=seq(time(b"250101000000Z"), time(b"350101000000Z"), tlv(5)))
    yield "spki_trailing", certificate(spki=seq(seq(oid("1.3.101.112")), bits(b"k"), tlv(5)))
    yield "spki_bits", certificate(spki=seq(seq(oid("1.3.101.112")), bits(b"\xf0", 1)))
    yield "extensions_empty", certificate(extensions())
    yield "extensions_trailing", certificate(tlv(0xa3, seq(ext(14, octets(b"k"))), tlv(5)))
    yield "extension_twice", certificate(extensions(ext(14, octets(b"k")), ext(14, octets(b"k"))))
    yield "unknown_twice", certificate(extensions(ext("1.2.3", b"a"), ext("1.2.3", b"b")))
    yield "extensions_32", certificate(extensions(*[ext(f"1.2.3.{i}", b"") for i in range(32)]))
    yield "extensions_33", certificate(extensions(*[ext(f"1.2.3.{i}", b"") for i in range(33)]))
    yield "extension_false", certificate(extensions(ext("1.2.3", b"a", FALSE)))
    yield "extension_critical_1", certificate(extensions(ext("1.2.3", b"a", tlv(1, b"\1"))))
    yield "extension_unknown_critical", certificate(extensions(ext("1.2.3", b"a", TRUE)))
    yield "extension_trailing", certificate(extensions(seq(oid("1.2.3"), octets(b"a"), tlv(5))))
    yield "ski", with_extension(14, octets(b"k"))
    yield "ski_critical", with_extension(14, octets(b"k"), TRUE)
    yield "ski_trailing", with_extension(14, octets(b"k") + tlv(5))
    yield "aki", with_extension(35, seq(tlv(0x80, b"k")))
    yield "aki_all", with_extension(35, seq(tlv(0x80, b"k"), tlv(0xa1, tlv(0x82, b"a.b")), tlv(0x82, b"\5")))
    yield "aki_no_serial", with_extension(35, seq(tlv(0xa1, tlv(0x82, b"a.b"))))
    yield "aki_serial_long", with_extension(35, seq(tlv(0xa1, tlv(0x82, b"a.b")), tlv(0x82, b"\0\5")))
    yield "aki_trailing", with_extension(35, seq(tlv(0x80, b"k"), tlv(5)))
    yield "usage", with_extension(15, bits(b"\xa0", 5), TRUE)
    yield "usage_nine", with_extension(15, bits(b"\x80\x80", 7), TRUE)
    yield "usage_ten", with_extension(15, bits(b"\x80\x40", 6), TRUE)
    yield "usage_padded", with_extension(15, bits(b"\x80\x00", 0), TRUE)
    yield "usage_empty", with_extension(15, bits(b""), TRUE)
    yield "usage_zero", with_extension(15, bits(b"\0", 7), TRUE)
    yield "usage_signs", with_extension(15, bits(b"\x04", 2), TRUE)
    yield "usage_trailing", with_extension(15, bits(b"\xa0", 5) + tlv(5), TRUE)
    for label, fields, critical in (("none", b"", TRUE), ("ca", TRUE, TRUE), ("ca_not_critical", TRUE, b""), ("false", FALSE, TRUE),
                                    ("ca_0", TRUE + integer(0), TRUE), ("length_alone", integer(3), TRUE),
                                    ("ca_negative", TRUE + tlv(2, b"\xff"), TRUE), ("ca_long", TRUE + tlv(2, b"\1\0\0\0\0"), TRUE),
                                    ("ca_trailing", TRUE + integer(0) + tlv(5), TRUE)):
        yield "basic_" + label, with_extension(19, seq(fields), critical)
    yield "basic_trailing", with_extension(19, seq(TRUE) + tlv(5), TRUE)
    yield "ca_empty_subject", certificate(extensions(ext(19, seq(TRUE), TRUE)), subject=seq())
    yield "ca_length_no_sign", certificate(extensions(ext(19, seq(TRUE, integer(1)), TRUE), ext(15, bits(b"\x80", 7), TRUE)))
    yield "san_empty_subject", certificate(extensions(ext(17, seq(tlv(0x82, b"a.b")))), subject=seq())
    yield "san_empty_subject_critical", certificate(extensions(ext(17, seq(tlv(0x82, b"a.b")), TRUE)), subject=seq())
    yield "san_none", san()
    yield "san_trailing", with_extension(SAN, seq(tlv(0x82, b"a.b")) + tlv(5))
    for label, tag, value in (("dns", 0x82, b"a.b"), ("dns_wildcard", 0x82, b"*.a.b"), ("dns_inner_wildcard", 0x82, b"a.*.b"), ("dns_nul", 0x82, b"a\0.b"),
                              ("dns_underscore", 0x82, b"_a.b"), ("dns_empty", 0x82, b""), ("dns_dot", 0x82, b"a.b."), ("dns_high", 0x82, b"\xc3\xa4.b"),
                              ("dns_delete", 0x82, b"a\x7f.b"), ("dns_constructed", 0xa2, tlv(0x16, b"a.b")), ("mail", 0x81, b"w@a.b"),
                              ("mail_empty", 0x81, b""), ("mail_high", 0x81, b"\xe4@a.b"), ("uri", 0x86, b"https://a.b/"), ("uri_control", 0x86, b"https://a.b/\n"),
                              ("ip4", 0x87, b"\x0a\0\0\1"), ("ip16", 0x87, bytes(16)), ("ip5", 0x87, bytes(5)), ("ip8", 0x87, bytes(8)), ("ip0", 0x87, b""),
                              ("directory", 0xa4, name()), ("directory_trailing", 0xa4, name() + tlv(5)), ("directory_primitive", 0x84, name()),
                              ("id", 0x88, b"\x2a\3"), ("id_bad", 0x88, b"\x80\1"), ("other", 0xa0, oid("1.2.3") + tlv(0xa0, tlv(5))),
                              ("other_trailing", 0xa0, oid("1.2.3") + tlv(0xa0, tlv(5)) + tlv(5)), ("other_no_value", 0xa0, oid("1.2.3")),
                              ("x400", 0xa3, tlv(0x30)), ("edi", 0xa5, tlv(0xa1, tlv(12, b"e"))), ("nine", 0x89, b"a")):
        yield "san_" + label, san(tlv(tag, value))
        if tag in (0x82, 0x81, 0x86, 0xa4):
            yield "constraint_" + label, permitted(tlv(tag, value))
    for label, value in (("24", b"\x0a\0\0\0\xff\xff\xff\0"), ("holes", b"\x0a\0\0\0\xff\0\xff\0"), ("bit_hole", b"\x0a\0\0\0\xff\xa0\0\0"), ("4", b"\x0a\0\0\0"),
                         ("32", bytes(32)), ("9", bytes(9)), ("16", bytes(16)), ("ones", b"\x0a\0\0\0\xff\xff\xff\xff"), ("zeros", bytes(8))):
        yield "constraint_ip_" + label, permitted(tlv(0x87, value))
    yield "constraint_none", constraints()
    yield "constraint_no_trees", constraints(tlv(0xa0))
    yield "constraint_excluded", constraints(tlv(0xa1, seq(tlv(0x82, b"a.b"))))
    yield "constraint_turned", constraints(tlv(0xa1, seq(tlv(0x82, b"a.b"))), tlv(0xa0, seq(tlv(0x82, b"a.b"))))
    yield "constraint_leading_dot", permitted(tlv(0x82, b".a.b"))
    yield "constraint_minimum_0", constraints(tlv(0xa0, seq(tlv(0x82, b"a.b"), tlv(0x80, b"\0"))))
    yield "constraint_minimum_1", constraints(tlv(0xa0, seq(tlv(0x82, b"a.b"), tlv(0x80, b"\1"))))
    yield "constraint_maximum", constraints(tlv(0xa0, seq(tlv(0x82, b"a.b"), tlv(0x81, b"\1"))))
    yield "constraint_trailing", with_extension(30, seq(tlv(0xa0, seq(tlv(0x82, b"a.b")))) + tlv(5), TRUE)
    yield "constraint_not_critical", with_extension(30, seq(tlv(0xa0, seq(tlv(0x82, b"a.b")))))
    yield "purposes", with_extension(37, seq(oid("1.3.6.1.5.5.7.3.1")))
    yield "purposes_none", with_extension(37, seq())
    yield "purposes_trailing", with_extension(37, seq(oid("1.3.6.1.5.5.7.3.1")) + tlv(5))
    yield "purposes_not_oid", with_extension(37, seq(integer(1)))
    policy = seq(oid("1.2.3"))
    qualifier = seq(oid("1.3.6.1.5.5.7.2.1"), tlv(0x16, b"http://a"))
    yield "policies", with_extension(32, seq(policy))
    yield "policies_none", with_extension(32, seq())
    yield "policies_twice", with_extension(32, seq(policy, policy))
    yield "policies_trailing", with_extension(32, seq(policy) + tlv(5))
    yield "policies_qualifier", with_extension(32, seq(seq(oid("1.2.3"), seq(qualifier))), TRUE)
    yield "policies_unknown_qualifier", with_extension(32, seq(seq(oid("1.2.3"), seq(seq(oid("1.2.9"), tlv(5))))), TRUE)
    yield "policies_no_qualifier", with_extension(32, seq(seq(oid("1.2.3"), seq())), TRUE)
    yield "policies_entry_trailing", with_extension(32, seq(seq(oid("1.2.3"), seq(qualifier), tlv(5))))
    yield "mappings", with_extension(33, seq(seq(oid("1.2.3"), oid("1.2.4"))), TRUE)
    yield "mappings_none", with_extension(33, seq(), TRUE)
    yield "mappings_one", with_extension(33, seq(seq(oid("1.2.3"))), TRUE)
    yield "mappings_three", with_extension(33, seq(seq(oid("1.2.3"), oid("1.2.4"), oid("1.2.5"))), TRUE)
    yield "policy_constraints", with_extension(36, seq(tlv(0x80, b"\0"), tlv(0x81, b"\1")), TRUE)
    yield "policy_constraints_none", with_extension(36, seq(), TRUE)
    yield "policy_constraints_negative", with_extension(36, seq(tlv(0x80, b"\xff")), TRUE)
    yield "policy_constraints_trailing", with_extension(36, seq(tlv(0x80, b"\0"), tlv(5)), TRUE)
    yield "policy_constraints_not_critical", with_extension(36, seq(tlv(0x80, b"\0")))
    yield "inhibit_any", with_extension(54, integer(1), TRUE)
    yield "inhibit_any_trailing", with_extension(54, integer(1) + tlv(5), TRUE)
    yield "inhibit_any_negative", with_extension(54, tlv(2, b"\xff"), TRUE)
    access = seq(oid("1.3.6.1.5.5.7.48.1"), tlv(0x86, b"http://a"))
    yield "access", with_extension("1.3.6.1.5.5.7.1.1", seq(access))
    yield "access_critical", with_extension("1.3.6.1.5.5.7.1.1", seq(access), TRUE)
    yield "access_none", with_extension("1.3.6.1.5.5.7.1.1", seq())
    yield "access_trailing", with_extension("1.3.6.1.5.5.7.1.1", seq(access) + tlv(5))
    yield "access_entry_trailing", with_extension("1.3.6.1.5.5.7.1.1", seq(seq(oid("1.2.3"), tlv(0x86, b"a"), tlv(5))))
    yield "issuer_alt_name", with_extension(18, seq(tlv(0x82, b"a.b")))
    yield "issuer_alt_name_critical", with_extension(18, seq(tlv(0x82, b"a.b")), TRUE)


def read_all(content):
    """The elements of a SEQUENCE's content."""
    out = []
    while content:
        size, header = content[1], 2
        if size >= 0x80:
            header += size - 0x80
            size = int.from_bytes(content[2:header], "big")
        out.append(content[:header + size])
        content = content[header + size:]
    return out


def inside(element):
    header = 2 + (element[1] - 0x80 if element[1] >= 0x80 else 0)
    return element[header:]


def keys(folder):
    def seed(file):
        with open(os.path.join(folder, file), "rb") as opened:
            return opened.read()

    version, algorithm, inner = read_all(inside(seed("pkcs8_p256")))
    one, scalar, field = read_all(inside(inside(inner)))
    point = inside(inside(field))[1:]
    curve = tlv(0xa0, oid("1.2.840.10045.3.1.7"))
    other = tlv(0xa0, oid("1.3.132.0.34"))
    mirrored = point[:33] + (0xffffffff00000001000000000000000000000000ffffffffffffffffffffffff - int.from_bytes(point[33:], "big")).to_bytes(32, "big")

    def pkcs8(*rest, number=version, key=None, behind=b""):
        return seq(number, algorithm, octets(seq(one, scalar) if key is None else key), *rest) + behind

    yield "ec_no_public", pkcs8()
    yield "ec_version_0", pkcs8(key=seq(integer(0), scalar))
    yield "ec_version_2", pkcs8(key=seq(integer(2), scalar))
    yield "ec_scalar_31", pkcs8(key=seq(one, octets(inside(scalar)[1:])))
    yield "ec_scalar_33", pkcs8(key=seq(one, octets(b"\0" + inside(scalar))))
    yield "ec_scalar_zero", pkcs8(key=seq(one, octets(bytes(32))))
    yield "ec_scalar_order", pkcs8(key=seq(one, octets(bytes.fromhex("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551"))))
    yield "ec_scalar_below_order", pkcs8(key=seq(one, octets(bytes.fromhex("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632550"))))
    yield "ec_curve", pkcs8(key=seq(one, scalar, curve))
    yield "ec_other_curve", pkcs8(key=seq(one, scalar, other))
    yield "ec_curve_trailing", pkcs8(key=seq(one, scalar, tlv(0xa0, oid("1.2.840.10045.3.1.7"), tlv(5))))
    yield "ec_public", pkcs8(key=seq(one, scalar, field))
    yield "ec_public_mirrored", pkcs8(key=seq(one, scalar, tlv(0xa1, bits(mirrored))))
    yield "ec_public_trailing", pkcs8(key=seq(one, scalar, tlv(0xa1, bits(point), tlv(5))))
    yield "ec_public_bits", pkcs8(key=seq(one, scalar, tlv(0xa1, bits(point[:-1] + b"\0", 1))))
    yield "ec_trailing", pkcs8(key=seq(one, scalar, tlv(5)))
    yield "ec_behind", pkcs8(key=seq(one, scalar) + tlv(5))
    yield "pkcs8_trailing", pkcs8(tlv(5))
    yield "pkcs8_behind", pkcs8(behind=b"\0")
    yield "pkcs8_attributes", pkcs8(tlv(0xa0, seq(oid("1.2.3"), tlv(0x31, tlv(5)))))
    yield "pkcs8_attributes_bad", pkcs8(tlv(0xa0, b"\5\1\0"))
    yield "pkcs8_version_1", pkcs8(number=integer(1))
    yield "pkcs8_version_2", pkcs8(number=integer(2))
    yield "pkcs8_version_1_public", pkcs8(tlv(0x81, b"\0" + point), number=integer(1))
    yield "pkcs8_version_0_public", pkcs8(tlv(0x81, b"\0" + point))
    yield "pkcs8_version_1_mirrored", pkcs8(tlv(0x81, b"\0" + mirrored), number=integer(1))
    yield "pkcs8_unknown", seq(version, seq(oid("1.2.3")), octets(b"k"))
    yield "sec1_no_curve", seq(one, scalar)
    yield "sec1_curve", seq(one, scalar, curve)
    yield "sec1_mirrored", seq(one, scalar, curve, tlv(0xa1, bits(mirrored)))
    yield "sec1_version_2", seq(integer(2), scalar, curve)
    numbers = read_all(inside(seed("pkcs1")))
    values = [int.from_bytes(inside(number), "big") for number in numbers]
    null, rsa = tlv(5), "1.2.840.113549.1.1.1"

    def changed(index, value, count=9):
        out = [integer(each) for each in values[:count]]
        out[index] = integer(value) if isinstance(value, int) else value
        return seq(*out)

    yield "rsa_version_1", changed(0, 1)
    yield "rsa_version_2", changed(0, 2)
    yield "rsa_trailing", seq(*numbers, integer(1))
    yield "rsa_eight", seq(*numbers[:8])
    yield "rsa_even_exponent", changed(2, values[2] - 1)
    yield "rsa_other_modulus", changed(1, values[1] + 2)
    yield "rsa_primes_turned", seq(*numbers[:4], numbers[5], numbers[4], *numbers[6:])
    for index, label in ((3, "d"), (6, "dp"), (7, "dq"), (8, "qinv")):
        yield f"rsa_{label}_plus_2", changed(index, values[index] + 2)
    yield "rsa_d_plus_phi", changed(3, values[3] + (values[4] - 1) * (values[5] - 1))
    yield "rsa_dp_plus", changed(6, values[6] + values[4] - 1)
    yield "rsa_qinv_plus", changed(8, values[8] + values[4])
    yield "rsa_negative", changed(3, tlv(2, b"\xff"))
    yield "rsa_pkcs8_no_null", seq(version, seq(oid(rsa)), octets(seed("pkcs1")))

    def spki(identifier, content, unused=0, rest=b"", behind=b""):
        return seq(identifier, bits(content, unused), rest) + behind

    def rsa_public(n, e, rest=b"", behind=b""):
        return spki(seq(oid(rsa), null), seq(n, e, rest) + behind)

    n, e = integer(values[1]), integer(values[2])
    yield "spki_rsa_even_exponent", rsa_public(n, integer(65536))
    yield "spki_rsa_exponent_1", rsa_public(n, integer(1))
    yield "spki_rsa_exponent_3", rsa_public(n, integer(3))
    yield "spki_rsa_exponent_33_bits", rsa_public(n, integer(2 ** 32 + 1))
    yield "spki_rsa_exponent_34_bits", rsa_public(n, integer(2 ** 33 + 1))
    yield "spki_rsa_even_modulus", rsa_public(integer(values[1] - 1), e)
    yield "spki_rsa_negative", rsa_public(tlv(2, inside(n)[1:]), e)
    yield "spki_rsa_1024", rsa_public(integer((1 << 1023) + 1), e)
    yield "spki_rsa_2047", rsa_public(integer((1 << 2046) + 1), e)
    yield "spki_rsa_trailing", rsa_public(n, e, integer(1))
    yield "spki_rsa_behind", rsa_public(n, e, behind=null)
    yield "spki_rsa_no_null", spki(seq(oid(rsa)), seq(n, e))
    yield "spki_rsa_parameters", spki(seq(oid(rsa), integer(1)), seq(n, e))
    ec = seq(oid("1.2.840.10045.2.1"), oid("1.2.840.10045.3.1.7"))
    yield "spki_ec", spki(ec, point)
    yield "spki_ec_mirrored", spki(ec, mirrored)
    yield "spki_ec_off_curve", spki(ec, point[:-1] + bytes([point[-1] ^ 1]))
    yield "spki_ec_infinity", spki(ec, b"\0")
    yield "spki_ec_hybrid", spki(ec, bytes([6 + (point[-1] & 1)]) + point[1:])
    yield "spki_ec_short", spki(ec, point[:-1])
    yield "spki_ec_long", spki(ec, point + b"\0")
    yield "spki_ec_compressed", spki(ec, bytes([2 + (point[-1] & 1)]) + point[1:33])
    yield "spki_ec_compressed_other", spki(ec, bytes([3 - (point[-1] & 1)]) + point[1:33])
    yield "spki_ec_above_p", spki(ec, b"\4" + b"\xff" * 64)
    yield "spki_ec_bits", spki(ec, point[:-1] + b"\0", 1)
    yield "spki_ec_trailing", spki(ec, point, rest=tlv(5))
    yield "spki_ec_behind", spki(ec, point, behind=tlv(5))
    yield "spki_ec_no_curve", spki(seq(oid("1.2.840.10045.2.1")), point)
    yield "spki_ec_unknown_curve", spki(seq(oid("1.2.840.10045.2.1"), oid("1.2.3")), point)
    yield "spki_ec_explicit", spki(seq(oid("1.2.840.10045.2.1"), seq(integer(1))), point)
    yield "spki_ec_curve_trailing", spki(seq(oid("1.2.840.10045.2.1"), oid("1.2.840.10045.3.1.7"), tlv(5)), point)
    yield "spki_ed25519", SPKI_ED25519
    yield "spki_ed25519_null", spki(seq(oid("1.3.101.112"), tlv(5)), bytes(range(32)))
    yield "spki_ed25519_31", spki(seq(oid("1.3.101.112")), bytes(range(31)))
    yield "spki_ed25519_above_p", spki(seq(oid("1.3.101.112")), b"\xff" * 31 + b"\x7f")
    ed = seq(oid("1.3.101.112"))
    yield "ed25519", seq(version, ed, octets(octets(bytes(range(32)))))
    yield "ed25519_31", seq(version, ed, octets(octets(bytes(range(31)))))
    yield "ed25519_behind", seq(version, ed, octets(octets(bytes(range(32))) + tlv(5)))
    yield "ed25519_bare", seq(version, ed, octets(bytes(range(32))))


def block(label=b"A", body=b"YWJj\n", end=None, begin=b"-----BEGIN ", dashes=b"-----"):
    return begin + label + dashes + b"\n" + body + b"-----END " + (label if end is None else end) + dashes + b"\n"


def pems():
    yield "plain", block()
    yield "other_end", block(end=b"B")
    yield "end_longer", block(end=b"AB")
    yield "no_label", block(b"")
    yield "label_64", block(b"A" * 64)
    yield "label_65", block(b"A" * 65)
    yield "label_two_blanks", block(b"A  B")
    yield "label_dash", block(b"A-B")
    yield "label_last_blank", block(b"A ")
    yield "label_control", block(b"A\1")
    yield "four_dashes", block(dashes=b"----")
    yield "six_dashes", block(dashes=b"------")
    yield "blank_behind", block().replace(b"-----\n", b"-----  \n")
    yield "text_behind", block().replace(b"-----\n", b"-----x\n")
    yield "crlf", block().replace(b"\n", b"\r\n")
    yield "cr", block().replace(b"\n", b"\r")
    yield "no_newline", block()[:-1]
    yield "indented", b" " + block()
    yield "mark", b"\xef\xbb\xbf" + block()
    yield "text_before", b"text\n" + block()
    yield "text_between", block() + b"text\n" + block(b"B")
    yield "begin_twice", b"-----BEGIN A-----\n" + block()
    yield "empty", block(body=b"")
    yield "one", block(body=b"YQ==\n")
    yield "two", block(body=b"YWI=\n")
    yield "one_lost_bits", block(body=b"YR==\n")
    yield "two_lost_bits", block(body=b"YWJ=\n")
    yield "one_short_padding", block(body=b"YQ=\n")
    yield "no_padding", block(body=b"YQ\n")
    yield "three_padding", block(body=b"YWJj=\n")
    yield "four_padding", block(body=b"====\n")
    yield "single", block(body=b"Y\n")
    yield "behind_padding", block(body=b"YQ==YQ==\n")
    yield "padding_split", block(body=b"YQ=\n=\n")
    yield "blanks_inside", block(body=b"Y W\tJ j\n\n")
    yield "url_alphabet", block(body=b"Y-_j\n")
    yield "high", block(body=b"YW\xc1j\n")
    yield "zero", block(body=b"YW\0j\n")
    yield "comma", block(body=b"YW,j\n")
    yield "colon", block(body=b"Proc-Type: 4\n\nYWJj\n")
    yield "line_1024", block(body=b"A" * 1024 + b"\n")
    yield "line_1028", block(body=b"A" * 1028 + b"\n")
    yield "all_bytes", block(body=base64.b64encode(bytes(range(256))) + b"\n")


def ders():
    yield "boolean_1", tlv(1, b"\1")
    yield "boolean_two", tlv(1, b"\xff\xff")
    yield "integer_empty", tlv(2)
    yield "integer_zero_first", tlv(2, b"\0\x7f")
    yield "integer_zero_needed", tlv(2, b"\0\x80")
    yield "integer_ones_first", tlv(2, b"\xff\x80")
    yield "integer_ones_needed", tlv(2, b"\xff\x7f")
    yield "enumerated_zero_first", tlv(10, b"\0\1")
    yield "bits_empty", tlv(3)
    yield "bits_7", tlv(3, b"\7\x80")
    yield "bits_8", tlv(3, b"\x08\0")
    yield "bits_set", tlv(3, b"\7\x81")
    yield "bits_of_nothing", tlv(3, b"\1")
    yield "null_content", tlv(5, b"\0")
    yield "oid_empty", tlv(6)
    yield "oid_cut", tlv(6, b"\x2a\x80")
    yield "oid_padded", tlv(6, b"\x2a\x80\1")
    yield "sequence_primitive", tlv(0x10, tlv(5))
    yield "set_primitive", tlv(0x11, tlv(5))
    yield "octets_constructed", tlv(0x24, octets(b"a"))
    yield "integer_constructed", tlv(0x22, b"")
    yield "tag_high", b"\x1f\x81\1\0"
    yield "tag_zero", b"\0\0"
    yield "length_long", b"\4\x81\1a"
    yield "length_zero_first", b"\4\x82\0\x80" + bytes(128)
    yield "length_128", b"\4\x81\x80" + bytes(128)
    yield "length_127_long", b"\4\x81\x7f" + bytes(127)
    yield "length_256", b"\4\x82\1\0" + bytes(256)
    yield "length_five", b"\4\x85\0\0\0\0\1a"
    yield "length_ff", b"\4\xff"
    yield "length_beyond", b"\4\2a"
    yield "inner_beyond", b"\x30\3\4\2a" + b"b"
    yield "two", tlv(5) + tlv(5)
    for tag, text in ((12, b"\xc3\xa4"), (12, b"\xed\xa0\x80"), (12, b"\xf4\x90\x80\x80"), (18, b"1 2"), (18, b"1a"), (19, b"a'()+,-./:=? "),
                      (19, b"a*"), (22, b"a\x7f"), (22, b"\x80"), (26, b"a"), (26, b"\n"), (28, b"\0\0\0a"), (28, b"\0\x11\0\0"), (30, b"\0a"), (30, b"\xd8\0")):
        yield f"string_{tag}_{text.hex()}", tlv(tag, text)
    for tag, text in ((23, b"250101000000Z"), (23, b"2501010000Z"), (24, b"20500101000000Z"), (24, b"20490101000000Z"), (24, b"20500101000000.0Z")):
        yield f"time_{tag}_{text.decode()}", tlv(tag, text)


def encrypted_keys():
    """Behind the byte that says so: EncryptedPrivateKeyInfo of PBES2."""
    aes, hmac = "2.16.840.1.101.3.4.1.42", "1.2.840.113549.2.9"

    def pbkdf2(salt=octets(b"saltsalt"), iterations=integer(2048), length=b"", prf=seq(oid(hmac), tlv(5)), rest=b""):
        return seq(oid("1.2.840.113549.1.5.12"), seq(salt, iterations, length, prf, rest))

    def scrypt(n=integer(16), r=integer(1), p=integer(1), length=b"", rest=b""):
        return seq(oid("1.3.6.1.4.1.11591.4.11"), seq(octets(b"saltsalt"), n, r, p, length, rest))

    def info(derivation=pbkdf2(), cipher=seq(oid(aes), octets(bytes(16))), data=octets(bytes(32)), scheme="1.2.840.113549.1.5.13", parts=b"",
             rest=b"", behind=b""):
        return b"\0" + seq(seq(oid(scheme), seq(derivation, cipher, parts)), data, rest) + behind

    yield "pbes2", info()
    yield "pbes1", info(scheme="1.2.840.113549.1.5.3")
    yield "pbes2_trailing", info(parts=tlv(5))
    yield "pbes2_no_parameters", b"\0" + seq(seq(oid("1.2.840.113549.1.5.13")), octets(bytes(32)))
    yield "info_rest", info(rest=tlv(5))
    yield "info_behind", info(behind=b"\0")
    for size in 0, 15, 16, 17:
        yield f"data_{size}", info(data=octets(bytes(size)))
    for size in 15, 17:
        yield f"iv_{size}", info(cipher=seq(oid(aes), octets(bytes(size))))
    yield "iv_missing", info(cipher=seq(oid(aes)))
    yield "iv_null", info(cipher=seq(oid(aes), tlv(5)))
    yield "cipher_128", info(cipher=seq(oid("2.16.840.1.101.3.4.1.2"), octets(bytes(16))))
    yield "cipher_192", info(cipher=seq(oid("2.16.840.1.101.3.4.1.22"), octets(bytes(16))))
    yield "cipher_unknown", info(cipher=seq(oid("1.2.840.113549.3.7"), octets(bytes(8))))
    yield "derivation_unknown", info(seq(oid("1.2.3"), seq()))
    for iterations in 0, 1, 10_000_000, 10_000_001, 2 ** 32:
        yield f"pbkdf2_{iterations}", info(pbkdf2(iterations=integer(iterations)))
    yield "pbkdf2_negative", info(pbkdf2(iterations=tlv(2, b"\xff")))
    yield "pbkdf2_length", info(pbkdf2(length=integer(32)))
    yield "pbkdf2_other_length", info(pbkdf2(length=integer(16)))
    yield "pbkdf2_no_prf", info(pbkdf2(prf=b""))
    yield "pbkdf2_prf_unknown", info(pbkdf2(prf=seq(oid("1.2.3"), tlv(5))))
    yield "pbkdf2_prf_bare", info(pbkdf2(prf=seq(oid(hmac))))
    yield "pbkdf2_prf_parameters", info(pbkdf2(prf=seq(oid(hmac), integer(1))))
    yield "pbkdf2_trailing", info(pbkdf2(rest=tlv(5)))
    yield "pbkdf2_other_salt", info(pbkdf2(salt=seq(oid("1.2.3"))))
    yield "pbkdf2_no_salt", info(pbkdf2(salt=octets()))
    for n, r, p in (16, 8, 1), (1, 1, 1), (0, 1, 1), (15, 1, 1), (16, 0, 1), (16, 1, 0), (2 ** 18, 8, 1), (2 ** 19, 8, 1), (2, 2 ** 10, 8), \
            (2, 2 ** 10, 9), (2 ** 20, 1, 8), (2 ** 20, 1, 9), (2 ** 16, 8, 16), (2 ** 16, 8, 17):
        yield f"scrypt_{n}_{r}_{p}", info(scrypt(integer(n), integer(r), integer(p)))
    yield "scrypt_length", info(scrypt(length=integer(32)))
    yield "scrypt_other_length", info(scrypt(length=integer(16)))
    yield "scrypt_trailing", info(scrypt(rest=tlv(5)))


def main():
    corpus = corpus_folder()
    for folder, seeds in (("certificate", certificates()), ("private_key", keys(os.path.join(corpus, "private_key"))), ("pem", pems()), ("der", ders()),
                          ("encrypted_key", encrypted_keys())):
        names = set()
        for label, content in seeds:
            assert label not in names, label
            names.add(label)
            with open(os.path.join(corpus, folder, label), "wb") as file:
                file.write(content)


if __name__ == "__main__":
    main()
