// SPDX-License-Identifier: Apache-2.0
#include "bignum/montgomery.hpp"
#include "bignum/prime.hpp"
#include "support/wycheproof.hpp"
#include "wycheproof/crypto/hash_names.hpp"

#include <ashlar/crypto/rsa.hpp>
#include <ashlar/crypto/sha1.hpp>
#include <ashlar/crypto/sha2.hpp>
#include <ashlar/crypto/sha3.hpp>

using namespace ashlar;
using namespace ashlar::test::wycheproof;
using crypto::bignum::Limb;
using test::Buffer;

namespace {

namespace bignum = crypto::bignum;
using Limbs = std::vector<Limb>;

constexpr std::size_t kHalf = 32;
constexpr std::size_t kFull = 64;

Limbs limbs_of(const Buffer& bytes, std::size_t count) {
  Limbs out(count);
  REQUIRE(bignum::from_bytes(out.data(), count, bytes).declassify());
  return out;
}
Buffer bytes_of_limbs(const Limbs& limbs) {
  Buffer out(8 * limbs.size());
  bignum::to_bytes(out, limbs.data(), limbs.size());
  return out;
}

// The files for signing give only n, e and d. e * d - 1 is a multiple of lcm(p - 1, q - 1). It leads to a
// square root of one that is neither one nor minus one, and so to the factors (SP 800-56B appendix C).
struct Factored {
  Buffer prime1, prime2, exponent1, exponent2, coefficient;

  Factored(const Buffer& modulus, const Buffer& public_exponent, const Buffer& private_exponent) {
    const Limbs n = limbs_of(modulus, kFull);
    const Limbs d = limbs_of(private_exponent, kFull);
    const Limbs e = limbs_of(public_exponent, 1);
    Limbs multiple(kFull + 1);
    multiple[kFull] = ashlar_limbs_mul_add(multiple.data(), d.data(), kFull, e[0]);
    multiple[0] -= 1;
    std::size_t twos = 0;
    while ((multiple[0] & 1) == 0) {
      ashlar_limbs_halve_masked(~Limb{0}, multiple.data(), kFull + 1, 0);
      twos++;
    }
    const bignum::Montgomery m{&cpu::best(crypto::bignum_kernels()), n.data(),
                               ashlar_limb_negated_inverse(n[0]), kFull};
    bignum::Montgomery::Product work;
    Limbs square(kFull), p(kFull);
    bignum::montgomery_square(square.data(), m, bignum::public_bits(n.data(), kFull));
    for (Limb candidate = 2; p[0] == 0; candidate++) {
      p = split(m, square, multiple, twos, candidate, work);
    }
    Limbs q(kFull), p_half(p.begin(), p.begin() + kHalf);
    bignum::divide(q.data(), nullptr, n.data(), kFull, p_half.data(), kHalf);
    Limbs q_half(q.begin(), q.begin() + kHalf);
    if (ashlar_limbs_less(p_half.data(), q_half.data(), kHalf) != 0) {
      std::swap(p_half, q_half);
    }
    prime1 = bytes_of_limbs(p_half);
    prime2 = bytes_of_limbs(q_half);
    Limbs inverse(kHalf);
    REQUIRE(bignum::invert(inverse.data(), q_half.data(), p_half.data(), kHalf).declassify());
    coefficient = bytes_of_limbs(inverse);
    Limbs rest(kHalf);
    p_half[0] -= 1;
    bignum::divide(nullptr, rest.data(), d.data(), kFull, p_half.data(), kHalf);
    exponent1 = bytes_of_limbs(rest);
    q_half[0] -= 1;
    bignum::divide(nullptr, rest.data(), d.data(), kFull, q_half.data(), kHalf);
    exponent2 = bytes_of_limbs(rest);
  }

 private:
  // A factor of n, or zero if this candidate leads to none.
  static Limbs split(const bignum::Montgomery& m, const Limbs& square, const Limbs& odd, std::size_t twos,
                     Limb candidate, bignum::Montgomery::Product& work) {
    Limbs base(kFull), x(kFull), plain(kFull);
    base[0] = candidate;
    m.multiply(base.data(), base.data(), square.data(), work);
    m.from_montgomery(x.data(), square.data(), work);
    for (std::size_t i = 64 * odd.size(); i-- > 0;) {
      m.square(x.data(), x.data(), work);
      if (((odd[i / 64] >> (i % 64)) & 1) != 0) {
        m.multiply(x.data(), x.data(), base.data(), work);
      }
    }
    for (std::size_t i = 0; i < twos; i++) {
      m.from_montgomery(plain.data(), x.data(), work);
      if (ashlar_limbs_equal_limb(plain.data(), kFull, 1) != 0) {
        return Limbs(kFull);
      }
      m.square(x.data(), x.data(), work);
      Limbs next(kFull);
      m.from_montgomery(next.data(), x.data(), work);
      if (ashlar_limbs_equal_limb(next.data(), kFull, 1) != 0) {
        plain[0] -= 1;  // odd or not, x is not zero
        Limbs factor(kFull);
        bignum::gcd(factor.data(), plain.data(), m.n, kFull);
        // x = -1 gives gcd(n - 2, n) = 1.
        return factor[0] == 1 && bignum::public_bits(factor.data(), kFull) == 1 ? Limbs(kFull) : factor;
      }
    }
    return Limbs(kFull);
  }
};

void sign_rsa(File& file) {
  // An exponent of three, and primes of unequal sizes: the key is accepted like any other.
  file.acceptable("SmallPublicKey", Outcome::accepted);
  file.run(
      [](const Json& group) -> std::string {
        if (group.at("keySize") < 2048) {
          return "keys below 2048 bits are refused";
        }
        const auto* const hash = hash_named(group.at("sha"));
        return hash == nullptr || hash == &crypto::kSha1 ? "SHA-1 does not sign" : "";
      },
      [](const Json& group, const Json& test) {
        const Json& parts = group.at("privateKey");
        const Buffer n = bytes(parts, "modulus"), e = bytes(parts, "publicExponent"),
                     d = bytes(parts, "privateExponent");
        static std::map<std::string, Factored> factored;
        const Factored& f = factored.try_emplace(test::hex(n), n, e, d).first->second;
        const auto key = crypto::RsaPrivateKey::create(
            {n, e, d, f.prime1, f.prime2, f.exponent1, f.exponent2, f.coefficient});
        if (!key) {
          CHECK(key.error() == ErrorCode::inconsistent_rsa_key);
          return Outcome::refused;
        }
        const auto& hash = *hash_named(group.at("sha"));
        Buffer signature(key->size());
        REQUIRE(key->sign_pkcs1(hash, crypto::digest(hash, bytes(test, "msg")).bytes(),
                                crypto::system_random(), signature)
                    .ok());
        return same(signature, bytes(test, "sig"));
      });
}

void oaep(File& file) {
  file.run(
      [](const Json& group) -> std::string {
        if (group.at("keySize") < 2048) {
          return "keys below 2048 bits are refused";
        }
        return hash_named(group.at("sha")) == nullptr || hash_named(group.at("mgfSha")) == nullptr
                   ? "uses a hash function that is not here"
                   : "";
      },
      [](const Json& group, const Json& test) {
        const Json& parts = group.at("privateKey");
        const Buffer n = bytes(parts, "modulus"), e = bytes(parts, "publicExponent"),
                     d = bytes(parts, "privateExponent"), p = bytes(parts, "prime1"),
                     q = bytes(parts, "prime2"), dp = bytes(parts, "exponent1"),
                     dq = bytes(parts, "exponent2"), qinv = bytes(parts, "coefficient");
        const auto key = crypto::RsaPrivateKey::create({n, e, d, p, q, dp, dq, qinv});
        REQUIRE(key.ok());
        const Buffer label = bytes(test, "label");
        const crypto::RsaOaepParameters parameters{hash_named(group.at("sha")),
                                                   hash_named(group.at("mgfSha")), label};
        Buffer out(key->size());
        const auto opened = key->decrypt_oaep(parameters, crypto::system_random(), bytes(test, "ct"), out);
        if (!opened) {
          CHECK(opened.error() == ErrorCode::decryption_failed);
          return Outcome::refused;
        }
        return same(*opened, bytes(test, "msg"));
      });
}

void decrypt(File& file) {
  file.run([](const Json& group, const Json& test) {
    const Json& parts = group.at("privateKey");
    const Buffer n = bytes(parts, "modulus"), e = bytes(parts, "publicExponent"),
                 d = bytes(parts, "privateExponent"), p = bytes(parts, "prime1"), q = bytes(parts, "prime2"),
                 dp = bytes(parts, "exponent1"), dq = bytes(parts, "exponent2"),
                 qinv = bytes(parts, "coefficient");
    const auto key = crypto::RsaPrivateKey::create({n, e, d, p, q, dp, dq, qinv});
    REQUIRE(key.ok());
    Buffer out(key->size());
    const auto opened = key->decrypt_pkcs1(crypto::system_random(), bytes(test, "ct"), out);
    if (!opened) {
      CHECK(opened.error() == ErrorCode::decryption_failed);
      return Outcome::refused;
    }
    return same(*opened, bytes(test, "msg"));
  });
}

}  // namespace

#define RSA_FILE(stem, check)     \
  TEST_CASE("wycheproof-" stem) { \
    WYCHEPROOF_FILE(file, stem);  \
    check(file);                  \
  }

RSA_FILE("rsa_pkcs1_2048_sig_gen_test", sign_rsa)
RSA_FILE("rsa_pkcs1_3072_sig_gen_test", sign_rsa)
RSA_FILE("rsa_pkcs1_4096_sig_gen_test", sign_rsa)
RSA_FILE("rsa_pkcs1_2048_test", decrypt)
RSA_FILE("rsa_pkcs1_3072_test", decrypt)
RSA_FILE("rsa_pkcs1_4096_test", decrypt)
RSA_FILE("rsa_oaep_2048_sha1_mgf1sha1_test", oaep)
RSA_FILE("rsa_oaep_2048_sha224_mgf1sha1_test", oaep)
RSA_FILE("rsa_oaep_2048_sha224_mgf1sha224_test", oaep)
RSA_FILE("rsa_oaep_2048_sha256_mgf1sha1_test", oaep)
RSA_FILE("rsa_oaep_2048_sha256_mgf1sha256_test", oaep)
RSA_FILE("rsa_oaep_2048_sha384_mgf1sha1_test", oaep)
RSA_FILE("rsa_oaep_2048_sha384_mgf1sha384_test", oaep)
RSA_FILE("rsa_oaep_2048_sha512_224_mgf1sha1_test", oaep)
RSA_FILE("rsa_oaep_2048_sha512_224_mgf1sha512_224_test", oaep)
RSA_FILE("rsa_oaep_2048_sha512_mgf1sha1_test", oaep)
RSA_FILE("rsa_oaep_2048_sha512_mgf1sha512_test", oaep)
RSA_FILE("rsa_oaep_3072_sha256_mgf1sha1_test", oaep)
RSA_FILE("rsa_oaep_3072_sha256_mgf1sha256_test", oaep)
RSA_FILE("rsa_oaep_3072_sha512_256_mgf1sha1_test", oaep)
RSA_FILE("rsa_oaep_3072_sha512_256_mgf1sha512_256_test", oaep)
RSA_FILE("rsa_oaep_3072_sha512_mgf1sha1_test", oaep)
RSA_FILE("rsa_oaep_3072_sha512_mgf1sha512_test", oaep)
RSA_FILE("rsa_oaep_4096_sha256_mgf1sha1_test", oaep)
RSA_FILE("rsa_oaep_4096_sha256_mgf1sha256_test", oaep)
RSA_FILE("rsa_oaep_4096_sha512_mgf1sha1_test", oaep)
RSA_FILE("rsa_oaep_4096_sha512_mgf1sha512_test", oaep)
RSA_FILE("rsa_oaep_misc_test", oaep)
// Not run: rsa_three_primes_oaep_*, since keys of more than two primes are refused; rsa_pkcs1_1024_sig_gen
// and rsa_pkcs1_1536_sig_gen, since keys below 2048 bits are refused.

TEST_CASE("wycheproof-primality_test") {
  WYCHEPROOF_FILE(file, "primality_test");
  // Numbers are natural here, so one with its sign bit set is refused.
  file.acceptable("NegativeOfPrime", Outcome::refused);
  file.run([](const Json&, const Json& test) {
    const Buffer value = bytes(test, "value");
    if (value.empty() || value[0] >= 0x80) {
      return Outcome::refused;
    }
    Limbs number(kFull);
    REQUIRE(bignum::from_bytes(number.data(), kFull, value).declassify());
    const std::size_t bits = bignum::public_bits(number.data(), kFull);
    if (bits <= 2 || (number[0] & 1) == 0) {
      return bits == 2 ? Outcome::accepted : Outcome::refused;
    }
    const std::size_t limbs = bignum::limbs_for(bits);
    REQUIRE(limbs <= bignum::kMaxPrimeLimbs);
    const auto prime = bignum::is_probable_prime(number.data(), limbs, bits, 32, crypto::system_random(),
                                                 cpu::best(crypto::bignum_kernels()));
    REQUIRE(prime.ok());
    return *prime ? Outcome::accepted : Outcome::refused;
  });
}
