// SPDX-License-Identifier: Apache-2.0
#include "certificates/steps.hpp"

#include "certificates/describe.hpp"
#include "certificates/textbook.hpp"
#include "failure/failure.hpp"
#include "output/terminal.hpp"

#include <ashlar/asn1/der.hpp>
#include <ashlar/crypto/sha2.hpp>
#include <ashlar/crypto/sha3.hpp>

#include <algorithm>

namespace ashlar::cli {
namespace {

using Buffer = std::vector<std::uint8_t>;

constexpr std::size_t kLabel = 14, kWidth = 100;

// Lines of a label and a text, which is broken at blanks and in long runs of digits.
class Lines {
 public:
  void add(std::string_view label, std::string_view words) {
    std::string line = "   " + std::string(label) + std::string(kLabel - std::min(kLabel, label.size()), ' ');
    const std::string margin(3 + kLabel, ' ');
    while (!words.empty()) {
      std::string_view word = words.substr(0, words.find(' '));
      const std::size_t room = kWidth > line.size() + 1 ? kWidth - line.size() - 1 : 0;
      const bool at_start = line.size() <= margin.size();
      if (word.size() > room && !at_start) {
        text_ += line + "\n";
        line = margin;
        continue;
      }
      word = word.substr(0, std::max<std::size_t>(kWidth - margin.size() - 1, 1));
      line += (at_start ? "" : " ") + std::string(word);
      words.remove_prefix(word.size());
      words.remove_prefix(!words.empty() && words[0] == ' ' ? 1 : 0);
    }
    text_ += line + "\n";
  }
  std::string take() { return std::move(text_); }

 private:
  std::string text_;
};

Buffer digest_of(const crypto::HashAlgorithm& hash, std::initializer_list<Bytes> parts) {
  crypto::Hash running(hash);
  for (const Bytes part : parts) {
    running.update(part);
  }
  Buffer out(hash.digest_size);
  running.finish(out);
  return out;
}

// The first bytes, for numbers that nobody reads to the end.
std::string beginning(Bytes bytes) {
  constexpr std::size_t kShown = 24;
  return hex(bytes.first(std::min(kShown, bytes.size()))) + (bytes.size() > kShown ? "…" : "");
}

std::string equality(bool equal) {
  return equal ? "equal" : "DIFFERENT";
}

// ---- RSA
// ----------------------------------------------------------------------------------------------------------

struct RsaNumbers {
  Number n, e;
  std::size_t size;
};

RsaNumbers rsa_numbers(const x509::PublicKey& key) {
  Buffer room(x509::kMaxSpkiSize);
  asn1::DerReader reader(value_of(key.write_bits(room), "the issuer's key"));
  asn1::DerReader content = value_of(reader.sequence(), "the issuer's key");
  const Number n = Number::from_bytes(value_of(content.unsigned_integer(), "the issuer's key"));
  const Number e = Number::from_bytes(value_of(content.unsigned_integer(), "the issuer's key"));
  return {n, e, (n.bits() + 7) / 8};
}

// DigestInfo (RFC 8017 §9.2, note 1): the hash's OID, NULL, and the digest.
Buffer digest_info(const x509::SignatureAlgorithm& row, Bytes digest) {
  const Bytes oid = row.hash_oid.bytes();
  Buffer out = {0x30, static_cast<std::uint8_t>(8 + oid.size() + digest.size()),
                0x30, static_cast<std::uint8_t>(4 + oid.size()),
                0x06, static_cast<std::uint8_t>(oid.size())};
  out.insert(out.end(), oid.begin(), oid.end());
  out.insert(out.end(), {0x05, 0x00, 0x04, static_cast<std::uint8_t>(digest.size())});
  out.insert(out.end(), digest.begin(), digest.end());
  return out;
}

void pkcs1_steps(Lines& lines, const x509::SignatureAlgorithm& row, const RsaNumbers& key, Bytes opened,
                 Bytes digest) {
  const Buffer info = digest_info(row, digest);
  Buffer wanted(key.size, 0xff);
  wanted[0] = 0;
  wanted[1] = 1;
  if (key.size >= info.size() + 11) {
    wanted[key.size - info.size() - 1] = 0;
    std::copy(info.begin(), info.end(), wanted.end() - static_cast<std::ptrdiff_t>(info.size()));
  }
  const std::size_t padding = key.size - info.size() - 3;
  lines.add("opened", "s^e mod n = " + beginning(opened) + " (" + std::to_string(opened.size()) + " bytes)");
  lines.add(
      "recovered",
      "its last " + std::to_string(digest.size()) + " bytes: " + hex(opened.last(digest.size())) + ", " +
          (std::equal(digest.begin(), digest.end(), opened.end() - static_cast<std::ptrdiff_t>(digest.size()))
               ? "the digest above"
               : "NOT the digest above"));
  lines.add("made anew", "00 01, " + std::to_string(padding) + " times ff, 00, " +
                             hex(Bytes(info).first(info.size() - digest.size())) +
                             " (it names the hash), and the digest [RFC 8017 §9.2]");
  lines.add("compared", "all " + std::to_string(key.size) + " bytes of both: " +
                            equality(std::equal(opened.begin(), opened.end(), wanted.begin(), wanted.end())));
  lines.add("a word",
            "This is the kind of signature of which people say that it is \"decrypted with the public key\". "
            "What comes "
            "out is no secret and nothing that was encrypted, and nobody looks for a digest in it: who "
            "searched, and took "
            "what stood before or behind it for good, was deceived by forged signatures (CVE-2006-4339). It "
            "is made anew "
            "and compared whole.");
}

Buffer mask_of(const crypto::HashAlgorithm& hash, Bytes seed, std::size_t size) {
  Buffer out;
  for (std::uint32_t counter = 0; out.size() < size; ++counter) {
    const std::uint8_t number[] = {
        static_cast<std::uint8_t>(counter >> 24), static_cast<std::uint8_t>(counter >> 16),
        static_cast<std::uint8_t>(counter >> 8), static_cast<std::uint8_t>(counter)};
    const Buffer piece = digest_of(hash, {seed, number});
    out.insert(out.end(), piece.begin(), piece.end());
  }
  out.resize(size);
  return out;
}

void pss_steps(Lines& lines, const x509::SignatureAlgorithm& row, const RsaNumbers& key, Bytes opened,
               Bytes digest) {
  const std::size_t hash_size = digest.size();
  // The encoding has a bit fewer than the modulus (RFC 8017 §9.1.2).
  const std::size_t bits = key.n.bits() - 1, size = (bits + 7) / 8;
  const Bytes encoded = opened.last(size);
  const Bytes masked = encoded.first(size - hash_size - 1), h = encoded.subspan(masked.size(), hash_size);
  const std::string name(row.hash->name);
  lines.add("opened", "s^e mod n = " + beginning(encoded) + " (" + std::to_string(size) +
                          " bytes): a masked block, H and bc");
  lines.add(
      "H", hex(h) + (encoded.back() == 0xbc ? ", and the last byte is bc" : ", and the last byte is NOT bc"));
  Buffer block = mask_of(*row.hash, h, masked.size());
  for (std::size_t i = 0; i < block.size(); ++i) {
    block[i] ^= masked[i];
  }
  block[0] &= static_cast<std::uint8_t>(0xff >> (8 * size - bits));
  std::size_t one = 0;
  while (one < block.size() && block[one] == 0) {
    ++one;
  }
  const bool shaped = one < block.size() && block[one] == 1;
  const Bytes salt = shaped ? Bytes(block).subspan(one + 1) : Bytes();
  lines.add("unmasked", "MGF1 with " + name + " of H takes the mask off: " +
                            (shaped ? std::to_string(one) + " zeros, 01, and a salt of " +
                                          counted(salt.size(), "byte") + ": " + hex(salt)
                                    : std::string("NOT zeros and 01")));
  const Buffer zeros(8);
  const Buffer again = digest_of(*row.hash, {zeros, digest, salt});
  lines.add("made anew", "H' = " + name + " of 8 zeros, the digest and the salt = " + hex(again));
  lines.add("compared",
            "H and H': " + equality(shaped && std::equal(again.begin(), again.end(), h.begin(), h.end())));
  lines.add("a word",
            "\"Decrypt with the public key, and find the digest\" does not fit here: the digest is nowhere "
            "in what was "
            "opened. H depends on it and on a salt that differs each time, and goes one way only.");
}

void rsa_steps(Lines& lines, const x509::SignatureMethod& method, const x509::PublicKey& key, Bytes signature,
               Bytes digest) {
  const x509::SignatureAlgorithm& row = *method.algorithm;
  const RsaNumbers numbers = rsa_numbers(key);
  const Number s = Number::from_bytes(signature);
  lines.add("signature", "s = " + beginning(signature) + " (" + std::to_string(signature.size()) +
                             " bytes); the issuer's key is n of " + std::to_string(numbers.n.bits()) +
                             " bits and e = " + std::to_string(key.kind().public_exponent(key)));
  const bool is_pss = row.name.starts_with("rsassaPss");
  lines.add("made", is_pss ? "the issuer hid digest and a random salt in a number m, as below, and computed "
                             "s = m^d mod n; only "
                             "the issuer knows d"
                           : "the issuer padded the digest to a number m, as below, and computed s = m^d mod "
                             "n; only the issuer "
                             "knows d");
  if (!(s < numbers.n) || signature.size() != numbers.size) {
    lines.add("refused", "s is not a number below n, of as many bytes");
    return;
  }
  const Buffer opened = Number::power(s, numbers.e, numbers.n).bytes(numbers.size);
  is_pss ? pss_steps(lines, row, numbers, opened, digest) : pkcs1_steps(lines, row, numbers, opened, digest);
}

// ---- ECDSA
// --------------------------------------------------------------------------------------------------------

void ecdsa_steps(Lines& lines, const Curve& curve, const x509::PublicKey& key, Bytes signature,
                 Bytes digest) {
  asn1::DerReader outer(signature);
  auto inner = outer.sequence();
  const auto r_bytes = inner ? inner->unsigned_integer() : Result<Bytes>(inner.error());
  const auto s_bytes = r_bytes ? inner->unsigned_integer() : Result<Bytes>(r_bytes.error());
  if (!s_bytes) {
    lines.add("refused", "the signature is not a SEQUENCE of two numbers");
    return;
  }
  const std::size_t size = (curve.n.bits() + 7) / 8;
  const Number r = Number::from_bytes(*r_bytes), s = Number::from_bytes(*s_bytes);
  lines.add("signature", "two numbers: r = " + r.hex(size));
  lines.add("", "s = " + s.hex(size));
  lines.add("made",
            "the issuer took a secret k for this signature alone: r is the x of k times the base point, and "
            "s = (z + r times "
            "its private key) / k");
  if (r.is_zero() || s.is_zero() || !(r < curve.n) || !(s < curve.n)) {
    lines.add("refused", "r and s must lie between 1 and the curve's order n");
    return;
  }
  // FIPS 186-5 §6.4.2.
  Number z = Number::from_bytes(digest);
  if (const std::size_t bits = 8 * digest.size(); bits > curve.n.bits()) {
    z = z.shifted_right(bits - curve.n.bits());
  }
  z = Number::reduce(z, curve.n);
  const Number w = Number::inverse(s, curve.n);
  const Number u1 = Number::multiply(z, w, curve.n), u2 = Number::multiply(r, w, curve.n);
  Buffer room(x509::kMaxSpkiSize);
  const Bytes point = value_of(key.write_bits(room), "the issuer's key");
  const std::size_t field = (curve.p.bits() + 7) / 8;
  const Point q{Number::from_bytes(point.subspan(1, field)), Number::from_bytes(point.subspan(1 + field)),
                false};
  const Point sum = combine(curve, u1, {curve.x, curve.y, false}, u2, q);
  const Number v = sum.infinite ? Number() : Number::reduce(sum.x, curve.n);
  lines.add("z", "the digest as a number, its leftmost " + std::to_string(curve.n.bits()) + " bits at most");
  lines.add("u1 = z / s", u1.hex(size));
  lines.add("u2 = r / s", u2.hex(size) + " (both modulo the order n)");
  lines.add("R",
            "u1 times the base point plus u2 times the issuer's public key; its x modulo n = " + v.hex(size));
  lines.add("compared", "this x and r: " + equality(v == r));
  lines.add("a word",
            "Nothing is decrypted, and no digest comes out: ECDSA has no encryption that could be undone. "
            "The digest goes "
            "in on both sides. Only who knows the private key can find an s for which the equation holds.");
}

// ---- Ed25519 and Ed448
// --------------------------------------------------------------------------------------------

// What the equation of RFC 8032 §5.1.7 and §5.2.7 has for each of the two curves.
struct EdwardsCurve {
  std::string_view name;
  std::size_t size;  // of a point, and of S
  std::string_view order;
  std::string_view hash;
  Buffer (*hashed)(Bytes r, Bytes a, Bytes message);
};
const EdwardsCurve kEdwardsCurves[] = {
    {"Ed25519", 32, "1000000000000000000000000000000014def9dea2f79cd65812631a5cf5d3ed", "SHA-512",
     [](Bytes r, Bytes a, Bytes message) {
       return digest_of(crypto::kSha512, {r, a, message});
     }},
    {"Ed448", 57,
     "3fffffffffffffffffffffffffffffffffffffffffffffffffffffff7cca23e9c44edb49aed63690216cc2728dc58f552378c2"
     "92ab5844f3",
     "SHAKE256",
     [](Bytes r, Bytes a, Bytes message) {
       crypto::Shake shake(256);
       shake.update(bytes_of("SigEd448"));
       const std::uint8_t neither_hashed_nor_of_a_context[] = {0, 0};
       shake.update(neither_hashed_nor_of_a_context);
       for (const Bytes part : {r, a, message}) {
         shake.update(part);
       }
       Buffer out(114);
       shake.squeeze(out);
       return out;
     }},
};

void edwards_steps(Lines& lines, const EdwardsCurve& curve, const x509::PublicKey& key, Bytes message,
                   Bytes signature, bool holds) {
  Buffer room(x509::kMaxSpkiSize);
  const Bytes a = value_of(key.write_bits(room), "the issuer's key");
  if (signature.size() != 2 * curve.size) {
    lines.add("refused", "the signature has " + counted(signature.size(), "byte") + ", not " +
                             std::to_string(2 * curve.size));
    return;
  }
  const Bytes r = signature.first(curve.size), s = signature.last(curve.size);
  Buffer k = curve.hashed(r, a, message);
  std::reverse(k.begin(), k.end());  // little-endian
  const Number order = Number::from_hex(curve.order);
  lines.add("signature", "a point R = " + hex(r));
  lines.add("", "and a number S = " + hex(s));
  lines.add("made",
            "the issuer derived a secret r from its private key and the message: R is r times the base "
            "point, and S = r + k "
            "times the private key");
  lines.add("k", std::string(curve.hash) +
                     " of R, the public key A and the whole message, modulo the order: " +
                     Number::reduce(Number::from_bytes(k), order).hex(curve.size));
  lines.add("compared", "S times the base point, and R + k times A: " + equality(holds));
  lines.add("a word",
            "There is not even a digest that was signed: the message itself goes into k, together with R and "
            "A. Nothing is "
            "decrypted; an equation between points holds, or does not.");
}

// ---- ML-DSA
// -------------------------------------------------------------------------------------------------------

void mldsa_steps(Lines& lines, const x509::PublicKey& key, Bytes message, Bytes signature, bool holds) {
  Buffer room(x509::kMaxSpkiSize);
  const Bytes a = value_of(key.write_bits(room), "the issuer's key");
  if (signature.size() != key.kind().max_signature_size) {
    lines.add("refused", "the signature has " + counted(signature.size(), "byte") + ", not " +
                             std::to_string(key.kind().max_signature_size));
    return;
  }
  Buffer hash(64), mu(64);
  crypto::Shake(256).update(a).squeeze(hash);
  const std::uint8_t neither_hashed_nor_of_a_context[] = {0, 0};
  crypto::Shake(256).update(hash).update(neither_hashed_nor_of_a_context).update(message).squeeze(mu);
  // The challenge has as many bytes as the parameter set's strength in bits, divided by four.
  const std::size_t challenge = a.size() == 1312 ? 32 : a.size() == 1952 ? 48 : 64;
  lines.add("signature", "a challenge c = " + hex(signature.first(challenge)));
  lines.add("",
            "a vector of short polynomials z, and hints: " + counted(signature.size() - challenge, "byte"));
  lines.add(
      "made",
      "the issuer drew a vector of short polynomials y: w is the public matrix A times y, c is a hash of mu "
      "and of the high bits of w, and z = y + c times the private key; where z would have told something "
      "of the key, the issuer began again");
  lines.add("mu", "SHAKE256 of the hash of the public key, two zeros and the whole message: " + hex(mu));
  lines.add("compared", "c, and the hash of mu and of the high bits of A z - c t, which the hints mend: " +
                            equality(holds));
  lines.add(
      "a word",
      "There is no digest that comes out, and nothing is decrypted. Who can find a short z for a c that "
      "hashes back to itself knows short vectors of a lattice, which no quantum computer is known to "
      "find.");
}

}  // namespace

Steps signature_steps(const x509::Certificate& certificate, const x509::PublicKey& issuer_key) {
  Lines lines;
  Steps out;
  const Bytes message[] = {certificate.tbs_certificate()};
  const auto method = certificate.signature_method(x509::kAllKeys);
  if (!method || !*method) {
    lines.add("refused", "its signature algorithm is none that Ashlar uses");
    out.text = lines.take();
    return out;
  }
  const x509::SignatureAlgorithm& row = *(*method)->algorithm;
  lines.add("algorithm", std::string(row.name) + "; the issuer's key: " + key_text(issuer_key));
  lines.add("signed", "tbs_certificate, all of the certificate but algorithm and signature: " +
                          counted(message[0].size(), "byte"));
  const Bytes signature = certificate.signature();
  const auto verdict = issuer_key.verify(**method, message, signature);
  out.holds = verdict.ok();
  Buffer digest;
  if (row.hash != nullptr) {
    digest = digest_of(*row.hash, {message[0]});
    lines.add("digest", std::string(row.hash->name) + " of it: " + hex(digest));
  }
  if (!issuer_key.allows(**method)) {
    lines.add("refused", "a key of this kind, or with its limits, makes no such signatures");
  } else if (issuer_key.kind().public_exponent != nullptr) {
    rsa_steps(lines, **method, issuer_key, signature, digest);
  } else if (const Curve* const curve = curve_named(issuer_key.kind().name)) {
    ecdsa_steps(lines, *curve, issuer_key, signature, digest);
  } else {
    for (const EdwardsCurve& each : kEdwardsCurves) {
      if (each.name == row.name) {
        edwards_steps(lines, each, issuer_key, message[0], signature, out.holds);
      }
    }
    if (row.name.starts_with("ML-DSA")) {
      mldsa_steps(lines, issuer_key, message[0], signature, out.holds);
    }
  }
  lines.add("verdict",
            out.holds ? "the signature holds" : "the signature does NOT hold: " + sentence(verdict.error()));
  out.text = lines.take();
  return out;
}

}  // namespace ashlar::cli
