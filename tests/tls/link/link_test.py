#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What the linker leaves of the library in a client of one suite.  link_test.py PROGRAM"""
import os
import re
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "tools"))
from cases import case, command, run  # noqa: E402

PROGRAM = sys.argv[1]
SYMBOLS = command(["nm", "-C", PROGRAM])


def absent(pattern, what):
    found = [line for line in SYMBOLS.splitlines() if re.search(pattern, line)]
    assert not found, f"{what} is in the program:\n" + "\n".join(found[:10])


@case("link: a one-suite client runs, and its size is printed")
def size():
    subprocess.run([PROGRAM], check=True)
    columns = command(["size", PROGRAM]).splitlines()[1].split()
    text, data, bss = (int(each) for each in columns[:3])
    print(f"one-suite client: {text} bytes of code and constants, {data} of data, {bss} of bss")
    # 25 kB are multiples of X25519's base point, 53 kB of P-256's.
    assert text < 500_000, "a client of one suite has grown beyond 500 kB"


@case("link: the server is not in a client")
def server():
    absent(r"tls12::Server|tls::kTls12Server|start_server_hello|tls::Server::", "the server")


@case("link: key generation is not in a client")
def key_generation():
    absent(r"Rsa\w*::generate|is_probable_prime|miller_rabin|P256PrivateKey::generate", "key generation")


@case("link: private keys and issuing are not in a client that has none")
def private_keys():
    absent(r"x509::issue|x509::PrivateKey::parse|RsaPrivateKey::", "private keys")


@case("link: kinds of keys and hashes that no policy names are not there, nor what private keys on P-256 need")
def key_kinds():
    absent(r"k?Rsa|rsa::|[Bb]ignum|[Pp]384|[Ss]ha512|[Ss]ha384|Words512", "another kind of key or hash")
    absent(r"P256PrivateKey|P256Operations<.*::(fixed|variable)_base", "what private keys on P-256 need")
    absent(r"hash_many|HashMany", "hashes of many messages side by side")


@case("link: AES has no decryption and no CBC where only GCM and the random generator use it")
def aes_modes():
    absent(r"aes::\w+::(cbc_|decrypt_blocks|expand_decrypt)", "a mode of AES that nobody uses")


@case("link: suites and groups that no policy names are not there")
def suites():
    absent(r"kAes256GcmRecords|kAes128CbcSha256|policy::modern|policy::strict|policy::compat|kRsaAes128|kSecp256r1$", "another suite or group")


@case("link: the kernels for many messages side by side are not in a client that never calls hash_many")
def many():
    absent(r"hash_many|Many\b|_avx512_16|_avx512_8|_avx2_8|_avx2_4|_avx512vl_4|shani_2\b|(sixteen|eight|four)_(256|512)", "hash_many")


run()
