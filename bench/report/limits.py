# SPDX-License-Identifier: Apache-2.0
"""Limits that no code can beat on a core: one table per kind of core, from an operation and a size to core cycles.

A limit is stated only if it was counted from the instructions that the algorithm needs, or follows from a chain of dependent
instructions. The cost of these instructions was measured on that kind of core. Real code is above the limit, because the count leaves out
loads, tails, and the key stream of a first block. For an operation that is not in a table no limit is drawn.
"""


def _blocks(size, block, padding):
    return -(-(size + padding) // block)


def _hash(cycles_of_a_block, padding=9, block=64, more_blocks=0):
    """Compressions one after the other. more_blocks: HMAC's outer hash, from states kept in the key."""
    return lambda size: cycles_of_a_block * (_blocks(size, block, padding) + more_blocks)


def _per_byte(cycles):
    return lambda size: cycles * size


def _aes_family(cycles_of_a_round, latency):
    """The bound of the AES unit. cycles_of_a_round: per 64 bytes; latency: of a round in a chain."""
    table = {}
    for bits, rounds in ((128, 10), (256, 14)):
        wide = _per_byte(rounds * cycles_of_a_round / 64), f"{rounds} vaesenc on 64 bytes, {cycles_of_a_round:.2f} cycles each"
        table[f"aes-{bits}-ctr"] = wide
        table[f"aes-{bits}-cbc decrypt"] = wide
        table[f"aes-{bits}-cbc encrypt of 16"] = wide
        for way in ("encrypt", "decrypt"):
            table[f"aes-{bits}-xts {way}"] = wide
        for way in ("wrap", "unwrap"):
            table[f"aes-{bits}-kw {way}"] = (
                lambda size, step=rounds * latency: 6 * (size // 8) * step,
                f"six times for every 8 bytes {rounds} rounds of {latency:.2f} cycles, all after each other")
        table[f"aes-{bits}-cbc encrypt"] = (
            _per_byte(rounds * latency / 16),
            f"each block waits for the last one's {rounds} rounds of {latency:.2f} cycles")
        table[f"aes-{bits}-cmac"] = (
            lambda size, block=rounds * latency: block * max(1, -(-size // 16)),
            f"each block waits for the last one's {rounds} rounds of {latency:.2f} cycles")
        for way in ("seal", "open"):
            # Before the text a block of nonce and length and one of additional data.
            table[f"aes-{bits}-ccm {way}"] = (
                lambda size, block=rounds * latency: block * (2 + -(-size // 16)),
                f"CBC-MAC: each block waits for the last one's {rounds} rounds of {latency:.2f} cycles; the key stream runs beside it")
    return table


def _golden_cove():
    # Measured on such a core: vaesenc on zmm 1.00, vpclmulqdq on zmm 1.00 and beside it (10 vaesenc with 4 vpclmulqdq: 10.05), aesenc
    # after aesenc 3.0 at best, two vector additions a cycle, sha256rnds2 4.00 and sha1rnds4 4.00 after each other.
    table = _aes_family(1.00, 3.0)
    for bits, rounds in ((128, 10), (256, 14)):
        for way in ("seal", "open"):
            table[f"aes-{bits}-gcm {way}"] = (_per_byte(rounds / 64),
                                              f"{rounds} vaesenc on 64 bytes, 1.00 cycle each; GHASH runs beside them")
        table[f"aes-{bits}-gcm-siv open"] = table[f"aes-{bits}-gcm open"]
        table[f"aes-{bits}-gcm-siv seal"] = (
            _per_byte((rounds + 4.25) / 64),
            f"4 vpclmulqdq on 64 bytes and one on 256 for POLYVAL, then {rounds} vaesenc on 64 bytes, 1.00 cycle each")
    chacha = (_per_byte((1056 + 144) / 2 / 1024),
              "for 1 KiB 1056 operations of ChaCha20 and 144 vpmadd52 of Poly1305 on 512 bits, two a cycle")
    for name in ("chacha20-poly1305", "xchacha20-poly1305"):
        for way in ("seal", "open"):
            table[f"{name} {way}"] = chacha
    table["sha-1"] = _hash(20 * 4.0), "20 sha1rnds4 after each other, 4.00 cycles each"
    table["sha-256"] = _hash(32 * 4.0), "32 sha256rnds2 after each other, 4.00 cycles each"
    table["hmac-sha-256"] = _hash(32 * 4.0, more_blocks=1), "as SHA-256, and the outer compression"
    table["aes-128-cbc-hmac-sha-256 seal"] = (_hash(32 * 4.0, padding=13 + 9, more_blocks=1),
                                              "as HMAC-SHA-256 of header and data; 10 aesenc on each block run beside it")
    return table


def _zen4():
    # Measured on such a core: vaesenc on zmm 0.99, aesenc after aesenc 3.97, sha256rnds2 3.97, sha1rnds4 5.96.
    table = _aes_family(0.99, 3.97)
    for way in ("seal", "open"):
        table[f"aes-128-gcm {way}"] = (_per_byte(0.204),
                                       "10 vaesenc and 12 products in the form of Karatsuba on 256 bytes, measured as a mix")
    table["sha-1"] = _hash(20 * 5.96), "20 sha1rnds4 after each other, 5.96 cycles each"
    table["sha-256"] = _hash(32 * 3.97), "32 sha256rnds2 after each other, 3.97 cycles each"
    table["hmac-sha-256"] = _hash(32 * 3.97, more_blocks=1), "as SHA-256, and the outer compression"
    return table


def _zen5():
    # Measured on such a core: vaesenc on zmm 0.50, aesenc after aesenc 3.98, vpclmulqdq on zmm 2.0 beside them, sha256rnds2 4.0.
    table = _aes_family(0.50, 3.98)
    for bits in (128, 256):
        for way in ("seal", "open"):
            table[f"aes-{bits}-gcm {way}"] = (_per_byte(6 / 64), "3 vpclmulqdq on 64 bytes, 2.00 cycles each; vaesenc runs beside them")
    table["sha-256"] = _hash(32 * 4.0), "32 sha256rnds2 after each other, 4.00 cycles each"
    table["hmac-sha-256"] = _hash(32 * 4.0, more_blocks=1), "as SHA-256, and the outer compression"
    return table


def _intel(*models):
    return lambda m: m["vendor"] == "GenuineIntel" and m["family"] == 6 and m["model"] in models


def _amd(family, *ranges):
    return lambda m: m["vendor"] == "AuthenticAMD" and m["family"] == family and any(low <= m["model"] <= high for low, high in ranges)


# A kind of core: its name, how to tell it from what machine.describe found, its table.
CORES = [
    ("Intel Golden Cove and later server cores",
     lambda m: m["vendor"] == "GenuineIntel" and m["family"] == 6 and "amx_tile" in m["cpu_flags"], _golden_cove()),
    ("AMD Zen 4", _amd(25, (0x10, 0x1F), (0x60, 0x7F), (0xA0, 0xAF)), _zen4()),
    ("AMD Zen 5", _amd(26, (0, 0xFF)), _zen5()),
    # Nobody has measured what instructions cost on these, so nothing is drawn. The families are those of crypto/cpu/decode.cpp.
    ("AMD Zen 3", _amd(25, (0, 0xFF)), {}),
    ("AMD Zen 2", _amd(23, (0x30, 0xFF)), {}),
    ("AMD Zen 1", _amd(23, (0, 0x2F)), {}),
    ("Intel Golden Cove and later client cores", _intel(151, 154, *range(170, 256)), {}),
    ("Intel Ice Lake", _intel(106, 108, 125, 126, 140, 141, 167), {}),
    ("Intel Skylake", _intel(78, 85, 94, 142, 158, 165, 166), {}),
    ("Intel Haswell", _intel(60, 61, 63, 69, 70, 71, 79, 86), {}),
    ("Intel Sandy Bridge", _intel(42, 45, 58, 62), {}),
]


class Limits:
    """The table for a machine. Empty if its kind of core is unknown, or if cycles were not measured."""

    def __init__(self, machine, threads=1):
        self.core, self.table = "", {}
        for name, matches, table in CORES:
            if threads == 1 and matches(machine):
                self.core, self.table = name, table
                return

    def cycles(self, operation, size):
        entry = self.table.get(operation)
        return entry[0](size) if entry and size else None

    def why(self, operation):
        entry = self.table.get(operation)
        return entry[1] if entry else ""
