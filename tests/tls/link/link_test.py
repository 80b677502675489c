#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What the linker keeps of the libraries in a client with one suite, and in clients of one version.

link_test.py ONE_SUITE_CLIENT TLS12_CLIENT TLS13_CLIENT LIBRARY…"""
import os
import re
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "tools"))
from cases import Skip, case, command, run  # noqa: E402

PROGRAM, ONLY_TLS12, ONLY_TLS13, *LIBRARIES = sys.argv[1:]
SYMBOLS = command(["nm", "-C", PROGRAM]).splitlines()
KNOWN = [line for library in LIBRARIES for line in command(["nm", "-C", library]).splitlines()]


def absent(what, *patterns, symbols=SYMBOLS):
    """None of these is in the program. Each must be in the libraries, because a renamed one would never be found."""
    for pattern in patterns:
        assert any(re.search(pattern, line) for line in KNOWN), f"nothing in the libraries is called {pattern}"
        found = [line for line in symbols if re.search(pattern, line)]
        assert not found, f"{what} is in the program:\n" + "\n".join(found[:10])


TLS12 = (r"tls12::Client", r"tls12_prf", r"tls::kTls12Client$", r"kEcdheEcdsaAes128GcmSha256$", r"kAes128GcmRecords$")
TLS13 = (r"tls13::Client", r"tls13::derive", r"tls::kTls13Client$", r"hkdf_expand_label", r"kAes128GcmSha256$", r"kAes128GcmTls13Records$")


def size_of(what, program):
    subprocess.run([program], check=True)
    columns = command(["size", program]).splitlines()[1].split()
    text, data, bss = (int(each) for each in columns[:3])
    print(f"{what}: {text} bytes of code and constants, {data} of data, {bss} of bss")
    return text


@case("link: a one-suite client runs, and its size is printed")
def size():
    text = size_of("one-suite client", PROGRAM)
    # 25 kB of it are multiples of X25519's base point. The aim is 400 kB. Between stand AES-GCM for SSSE3 alone (24 kB), for
    # Zen 5 (12 kB) and for AES-NI without PCLMUL (10 kB), SHA-256 for SSSE3 and AVX, pre-shared keys, raw public keys, RSA-PSS
    # keys and OCSP responses.
    assert text < 452_000, "a client of one suite has grown beyond 452 kB"


@case("link: words that only tools and documents read are not in a client")
def words():
    found = [line for line in SYMBOLS if re.search(r"kDeviationTable|kTransitions", line)]
    assert not found, "texts are in the program:\n" + "\n".join(found)


@case("link: the server is not in a client")
def server():
    if not any("tls::Server::" in line for line in KNOWN):
        raise Skip("the libraries have no server")
    absent("the server", r"tls12::Server", r"tls::kTls12Server", r"start_server_hello", r"tls::Server::")


@case("link: TLS 1.3 is not in a client that does not name it")
def tls13():
    absent("TLS 1.3", *TLS13)


@case("link: a client of one version runs, and does not have the other version")
def one_version():
    size_of("client of TLS 1.2 alone", ONLY_TLS12)
    tls12 = command(["nm", "-C", ONLY_TLS12]).splitlines()
    absent("TLS 1.3", *TLS13, r"mlkem::", symbols=tls12)
    size_of("client of TLS 1.3 alone", ONLY_TLS13)
    tls13 = command(["nm", "-C", ONLY_TLS13]).splitlines()
    absent("TLS 1.2", *TLS12, symbols=tls13)
    for each in (tls12, tls13):
        absent("a kind of key that no named policy takes", r"Ed448", r"mldsa::", r"MlDsa", symbols=each)


@case("link: key generation is not in a client")
def key_generation():
    absent("key generation", r"Rsa\w*::generate", r"is_probable_prime", r"EcPrivateKey<.*::generate")


@case("link: private keys and issuing are not in a client that has none")
def private_keys():
    absent("private keys", r"x509::issue", r"x509::PrivateKey::parse", r"RsaPrivateKey::", r"EcPrivateKey<", r"Ed25519PrivateKey::",
           r"Ed448PrivateKey::", r"MlDsaCompactKey", r"EncryptedKey::")


@case("link: kinds of keys and hashes that no policy names are not there, nor what private keys on P-256 need")
def key_kinds():
    absent("another kind of key or hash", r"k?Rsa", r"rsa::", r"[Bb]ignum", r"[Pp]384", r"[Pp]521", r"Ed25519PublicKey::",
           r"Ed448", r"MlDsa", r"[Ss]ha512", r"[Ss]ha384", r"Words512", r"mlkem::", r"mldsa::")
    absent("what private keys on P-256 need", r"ec::BaseTable", r"ec::Operations<.*P256.*::fixed_base", r"ec::Operations<.*P256.*::variable_base")
    absent("hashes of many messages side by side", r"hash_many", r"HashMany")


@case("link: AES has no decryption and no CBC where only GCM and the random generator use it")
def aes_modes():
    absent("a mode of AES that nobody uses", r"aes::\w+::cbc_", r"aes::\w+::decrypt_blocks", r"aes::\w+::expand_decrypt")


@case("link: suites and groups that no policy names are not there")
def suites():
    absent("another suite or group", r"kAes256GcmRecords", r"kAes128CbcSha256", r"policy::modern", r"policy::strict", r"policy::compat",
           r"kRsaAes128", r"kSecp256r1$")


@case("link: the kernels for many messages side by side are not in a client that never calls hash_many")
def many():
    absent("hash_many", r"Many\b")
    if not any("_avx512" in line for line in KNOWN):
        raise Skip("the libraries have no x86 kernels")
    absent("hash_many", r"_avx512_16", r"_avx512_8", r"_avx2_8", r"_avx2_4", r"_avx512vl_4", r"shani_2\b",
           r"(sixteen|eight|four)_(256|512)")


run()
