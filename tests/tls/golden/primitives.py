# SPDX-License-Identifier: Apache-2.0
"""The primitives of TLS 1.2, written from their definitions, only for clarity. They share no line
with the libraries. Python's hashlib and hmac give the hashes."""
import hashlib
import hmac


def xor(a, b):
    return bytes(x ^ y for x, y in zip(a, b))


# --- AES (FIPS 197) -------------------------------------------------------------------------------------

def times_x(byte):
    return (byte << 1 ^ (0x11B if byte & 0x80 else 0)) & 0xFF


def field_product(a, b):
    product = 0
    while b:
        product ^= a if b & 1 else 0
        a, b = times_x(a), b >> 1
    return product


def make_sbox():
    box = []
    for value in range(256):
        inverse = next((x for x in range(256) if field_product(value, x) == 1), 0)
        byte = 0x63
        for shift in range(5):
            byte ^= (inverse << shift | inverse >> (8 - shift)) & 0xFF
        box.append(byte)
    return box


SBOX = make_sbox()
INVERSE_SBOX = [SBOX.index(value) for value in range(256)]


class Aes:
    def __init__(self, key):
        words = [list(key[at:at + 4]) for at in range(0, len(key), 4)]
        count, constant = len(words), 1
        self.rounds = count + 6
        while len(words) < 4 * (self.rounds + 1):
            word = list(words[-1])
            if len(words) % count == 0:
                word = [SBOX[byte] for byte in word[1:] + word[:1]]
                word[0] ^= constant
                constant = times_x(constant)
            elif count == 8 and len(words) % 8 == 4:
                word = [SBOX[byte] for byte in word]
            words.append([a ^ b for a, b in zip(word, words[-count])])
        self.keys = [sum(words[at:at + 4], []) for at in range(0, len(words), 4)]

    def encrypt(self, block):
        state = [a ^ b for a, b in zip(block, self.keys[0])]
        for number in range(1, self.rounds + 1):
            state = [SBOX[state[(at + 4 * (at % 4)) % 16]] for at in range(16)]
            if number < self.rounds:
                state = self.mix(state, (2, 3, 1, 1))
            state = [a ^ b for a, b in zip(state, self.keys[number])]
        return bytes(state)

    @staticmethod
    def mix(state, row):
        out = []
        for at in range(16):
            column = state[at // 4 * 4:at // 4 * 4 + 4]
            byte = 0
            for index, value in enumerate(column):
                byte ^= field_product(value, row[(index - at) % 4])
            out.append(byte)
        return out


def cbc_encrypt(key, iv, text):
    aes, out = Aes(key), b""
    for at in range(0, len(text), 16):
        iv = aes.encrypt(xor(iv, text[at:at + 16]))
        out += iv
    return out


# --- GCM (NIST SP 800-38D) ------------------------------------------------------------------------------

def ghash_product(x, y):
    product = 0
    for bit in range(127, -1, -1):
        if x >> bit & 1:
            product ^= y
        y = y >> 1 ^ (0xE1 << 120 if y & 1 else 0)
    return product


def gcm_seal(key, nonce, additional, text):
    aes = Aes(key)
    subkey = int.from_bytes(aes.encrypt(bytes(16)), "big")
    out = b""
    for number, at in enumerate(range(0, len(text), 16)):
        out += xor(text[at:at + 16], aes.encrypt(nonce + (number + 2).to_bytes(4, "big")))
    state = 0
    for part in (additional, out):
        for at in range(0, len(part), 16):
            block = part[at:at + 16].ljust(16, b"\0")
            state = ghash_product(state ^ int.from_bytes(block, "big"), subkey)
    lengths = len(additional) * 8 << 64 | len(out) * 8
    state = ghash_product(state ^ lengths, subkey)
    return out + xor(state.to_bytes(16, "big"), aes.encrypt(nonce + b"\0\0\0\1"))


# --- ChaCha20-Poly1305 (RFC 8439) -----------------------------------------------------------------------

def chacha20_block(key, nonce, counter):
    words = [0x61707865, 0x3320646E, 0x79622D32, 0x6B206574]
    words += [int.from_bytes(part[at:at + 4], "little")
              for part in (key, counter.to_bytes(4, "little"), nonce) for at in range(0, len(part), 4)]
    state = list(words)

    def step(a, b, d, turn):
        state[a] = (state[a] + state[b]) & 0xFFFFFFFF
        mixed = state[d] ^ state[a]
        state[d] = (mixed << turn | mixed >> (32 - turn)) & 0xFFFFFFFF

    for _ in range(10):
        for a, b, c, d in ((0, 4, 8, 12), (1, 5, 9, 13), (2, 6, 10, 14), (3, 7, 11, 15),
                           (0, 5, 10, 15), (1, 6, 11, 12), (2, 7, 8, 13), (3, 4, 9, 14)):
            step(a, b, d, 16)
            step(c, d, b, 12)
            step(a, b, d, 8)
            step(c, d, b, 7)
    return b"".join(((x + y) & 0xFFFFFFFF).to_bytes(4, "little") for x, y in zip(state, words))


def chacha20_poly1305_seal(key, nonce, additional, text):
    out = b"".join(xor(text[at:at + 64], chacha20_block(key, nonce, 1 + at // 64))
                   for at in range(0, len(text), 64))
    one_time = chacha20_block(key, nonce, 0)
    r = int.from_bytes(one_time[:16], "little") & 0x0FFFFFFC0FFFFFFC0FFFFFFC0FFFFFFF
    s = int.from_bytes(one_time[16:32], "little")
    padded = b"".join(part + bytes(-len(part) % 16) for part in (additional, out))
    padded += len(additional).to_bytes(8, "little") + len(out).to_bytes(8, "little")
    total = 0
    for at in range(0, len(padded), 16):
        total = (total + int.from_bytes(padded[at:at + 16] + b"\1", "little")) * r % (2**130 - 5)
    return out + ((total + s) % 2**128).to_bytes(16, "little")


# --- X25519 (RFC 7748) ----------------------------------------------------------------------------------

def x25519(scalar, point=bytes([9]) + bytes(31)):
    prime = 2**255 - 19
    k = int.from_bytes(scalar, "little") & ~7 & (2**255 - 1) | 2**254
    u = int.from_bytes(point, "little") % 2**255
    x2, z2, x3, z3 = 1, 0, u, 1
    for bit in range(254, -1, -1):
        if k >> bit & 1:
            x2, z2, x3, z3 = x3, z3, x2, z2
        plus, minus = x2 + z2, x2 - z2
        cross = (x3 - z3) * plus, (x3 + z3) * minus
        difference = plus * plus - minus * minus
        next3 = (cross[0] + cross[1])**2 % prime, u * (cross[0] - cross[1])**2 % prime
        x2 = plus * plus * minus * minus % prime
        z2 = difference * (plus * plus + 121665 * difference) % prime
        x3, z3 = next3
        if k >> bit & 1:
            x2, z2, x3, z3 = x3, z3, x2, z2
    return (x2 * pow(z2, -1, prime) % prime).to_bytes(32, "little")


# --- The NIST curves (SP 800-186) and ECDSA with the nonce of RFC 6979 ------------------------------------

class Curve:
    def __init__(self, prime, b, order, x, y):
        self.prime, self.b, self.order, self.base = prime, b, order, (x, y)
        self.size = (prime.bit_length() + 7) // 8

    def add(self, p, q):
        if p is None or q is None:
            return p or q
        if p[0] == q[0]:
            if (p[1] + q[1]) % self.prime == 0:
                return None
            slope = (3 * p[0] * p[0] - 3) * pow(2 * p[1], -1, self.prime)
        else:
            slope = (q[1] - p[1]) * pow(q[0] - p[0], -1, self.prime)
        x = (slope * slope - p[0] - q[0]) % self.prime
        return x, (slope * (p[0] - x) - p[1]) % self.prime

    def multiply(self, scalar, point=None):
        point, out = point or self.base, None
        while scalar:
            out = self.add(out, point) if scalar & 1 else out
            point, scalar = self.add(point, point), scalar >> 1
        return out

    def public(self, scalar):
        x, y = self.multiply(int.from_bytes(scalar, "big"))
        return b"\4" + x.to_bytes(self.size, "big") + y.to_bytes(self.size, "big")

    def agree(self, scalar, public):
        point = (int.from_bytes(public[1:1 + self.size], "big"), int.from_bytes(public[1 + self.size:], "big"))
        return self.multiply(int.from_bytes(scalar, "big"), point)[0].to_bytes(self.size, "big")


P256 = Curve(2**256 - 2**224 + 2**192 + 2**96 - 1,
             0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B,
             0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551,
             0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
             0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5)
P384 = Curve(2**384 - 2**128 - 2**96 + 2**32 - 1,
             0xB3312FA7E23EE7E4988E056BE3F82D19181D9C6EFE8141120314088F5013875AC656398D8A2ED19D2A85C8EDD3EC2AEF,
             0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFC7634D81F4372DDF581A0DB248B0A77AECEC196ACCC52973,
             0xAA87CA22BE8B05378EB1C71EF320AD746E1D3B628BA79B9859F741E082542A385502F25DBF55296C3A545E3872760AB7,
             0x3617DE4A96262C6F5D9E98BF9292DC29F8F41DBD289A147CE9DA3113B5F0B8C00A60B1CE1D7E819D7A431D7C90EA0E5F)


def ecdsa_sign(curve, scalar, digest, extra):
    """A signature whose nonce is RFC 6979's, with `extra` as the additional data of its section 3.6."""
    z = int.from_bytes(digest, "big") % curve.order
    seed = scalar + z.to_bytes(curve.size, "big") + extra
    key, value = bytes(32), b"\1" * 32

    def mac(key, *parts):
        return hmac.new(key, b"".join(parts), "sha256").digest()

    for separator in (b"\0", b"\1"):
        key = mac(key, value, separator, seed)
        value = mac(key, value)
    value = mac(key, value)
    nonce = int.from_bytes(value, "big")
    r = curve.multiply(nonce)[0] % curve.order
    s = pow(nonce, -1, curve.order) * (z + r * int.from_bytes(scalar, "big")) % curve.order
    return der(0x30, der_integer(r) + der_integer(s))


def der(tag, body):
    length = bytes([len(body)]) if len(body) < 128 else bytes([0x81, len(body)])
    return bytes([tag]) + length + body


def der_integer(value):
    return der(2, value.to_bytes(value.bit_length() // 8 + 1, "big"))


# --- RSA (RFC 8017) -------------------------------------------------------------------------------------

DIGEST_INFO = {"sha256": bytes.fromhex("3031300d060960864801650304020105000420"),
               "sha384": bytes.fromhex("3041300d060960864801650304020205000430")}


def rsa_pkcs1_sign(key, hash_name, message):
    info = DIGEST_INFO[hash_name] + hashlib.new(hash_name, message).digest()
    return rsa_private(key, b"\0\1" + b"\xff" * (key["size"] - len(info) - 3) + b"\0" + info)


def rsa_pss_sign(key, hash_name, message, salt):
    digest = hashlib.new(hash_name, message).digest()
    digest = hashlib.new(hash_name, bytes(8) + digest + salt).digest()
    block = b"\1" + salt
    block = bytes(key["size"] - len(digest) - 1 - len(block)) + block
    mask = b"".join(hashlib.new(hash_name, digest + number.to_bytes(4, "big")).digest()
                    for number in range(len(block) // len(digest) + 1))
    block = xor(block, mask)
    return rsa_private(key, bytes([block[0] & 0x7F]) + block[1:] + digest + b"\xbc")


def rsa_private(key, block):
    return pow(int.from_bytes(block, "big"), key["d"], key["n"]).to_bytes(key["size"], "big")


def rsa_pkcs1_encrypt(key, text, padding):
    block = b"\0\2" + padding + b"\0" + text
    return pow(int.from_bytes(block, "big"), key["e"], key["n"]).to_bytes(key["size"], "big")


# --- The PRF (RFC 5246 §5) ------------------------------------------------------------------------------

def prf(hash_name, secret, label, seed, size):
    seed, out, a = label + seed, b"", label + seed
    while len(out) < size:
        a = hmac.new(secret, a, hash_name).digest()
        out += hmac.new(secret, a + seed, hash_name).digest()
    return out[:size]


# --- As much DER as private keys need ---------------------------------------------------------------------

def children(body):
    out, at = [], 0
    while at < len(body):
        tag, length, at = body[at], body[at + 1], at + 2
        if length & 0x80:
            count = length & 0x7F
            length, at = int.from_bytes(body[at:at + count], "big"), at + count
        out.append((tag, body[at:at + length]))
        at += length
    return out


def private_key(pkcs8):
    """An RSA key as a dictionary, or an EC key's scalar."""
    fields = children(children(pkcs8)[0][1])
    inner = children(children(fields[2][1])[0][1])
    if inner[1][0] == 4:
        return inner[1][1]
    numbers = [int.from_bytes(value, "big") for _, value in inner]
    return {"n": numbers[1], "e": numbers[2], "d": numbers[3], "size": (numbers[1].bit_length() + 7) // 8}
