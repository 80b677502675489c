// SPDX-License-Identifier: Apache-2.0
// Every row of every table that valgrind can run, by name, regardless of the choice of a key set-up. Secret:
// keys, data and states. Lengths, nonces and initial vectors are public.
#include <ashlar/crypto/gmac.hpp>
#include <ashlar/crypto/hash_many.hpp>
#include <ashlar/crypto/hmac.hpp>
#include <ashlar/crypto/mldsa.hpp>
#include <ashlar/crypto/mldsa_compact.hpp>
#include <ashlar/crypto/mlkem.hpp>

#include "cases.hpp"

using namespace ashlar;
using namespace ashlar::ct_cases;
using namespace ashlar::crypto;

namespace {

// Space for results: kernels write them to memory, and no branch here depends on them.
template <std::size_t N>
struct Out {
  alignas(64) std::uint8_t bytes[N];
};

}  // namespace

CT_ROWS("S01 aes: blocks, CBC and CTR on every row", AesKernel, aes_kernels(), kernel) {
  for (const std::size_t key_size : {16u, 24u, 32u}) {
    const auto key = secret(key_size, 1);
    auto data = secret(16 * 19, 2);
    auto iv = test::noise(16, 3);
    AesSchedule schedule;
    std::uint8_t* const d = data.data();
    kernel.expand_encrypt(schedule, key);
    kernel.encrypt_blocks(schedule, d, d, 19);
    kernel.cbc_encrypt(schedule, iv.data(), d, d, 5);
    open(iv);  // a block of ciphertext, and then a counter: both are public
    kernel.ctr(schedule, iv.data(), d, d, 19);
    kernel.expand_decrypt(schedule, key);
    kernel.decrypt_blocks(schedule, d, d, 19);
    kernel.cbc_decrypt(schedule, iv.data(), d, d, 19);
  }
}

// More streams than lanes, with different lengths, so that lanes run empty.
CT_ROWS("aes: CBC encryption of several streams on every row", AesCbcManyKernel, aes_cbc_many_kernels(),
        kernel) {
  const AesKernel* const keys_of = kernel.required.bits == 0 ? &aes_kernels().back() : nullptr;
  auto data = secret(10 * 160, 2);
  auto ivs = test::noise(10 * 16, 3);
  std::vector<AesCbcEncryptor> keys;
  std::vector<AesCbcStream> streams;
  keys.reserve(10);
  for (std::size_t i = 0; i < 10; ++i) {
    keys.push_back(std::move(*AesCbcEncryptor::create(secret(16, i), keys_of)));
    const MutBytes text = MutBytes(data).subspan(160 * i, 160 - 16 * i);
    streams.push_back({&keys.back(), MutBytesOf<16>(ivs.data() + 16 * i, 16), text, text});
  }
  expect(aes_cbc_encrypt_many(streams, &kernel).ok());
}

namespace {

// Sealed data opens, but not with another tag. The additional data is secret too.
template <class Key>
void seal_and_open(const Result<Key>& made, std::size_t size, std::size_t nonce_size) {
  const auto plaintext = secret(size, 2);
  const auto nonce = test::noise(nonce_size, 3);
  const auto hidden = secret(45, 4);
  const Bytes aad[] = {hidden};
  test::Buffer sealed(size), opened(size);
  std::uint8_t tag[16];
  expect(made && made->seal(nonce, aad, plaintext, sealed, tag));
  // It is sent.
  open(sealed);
  open(tag);
  expect(bool(made->open(nonce, aad, sealed, tag, opened)));
  tag[3] ^= 1;
  expect(!made->open(nonce, aad, sealed, tag, opened));
}

}  // namespace

CT_ROWS("S01 gcm: seal and open on every row", GcmKernel, gcm_kernels(), kernel) {
  for (const std::size_t size : {0u, 13u, 200u, 1350u, 6000u}) {
    seal_and_open(AesGcmKey::create(secret(size == 200 ? 32 : 16, 1), &kernel), size, size == 13 ? 20 : 12);
  }
}

CT_ROWS("gcm-siv: seal and open on every row", GcmSivKernel, gcm_siv_kernels(), kernel) {
  for (const std::size_t size : {0u, 13u, 200u, 1350u}) {
    seal_and_open(AesGcmSivKey::create(secret(size == 200 ? 32 : 16, 1), &kernel), size, 12);
  }
}

CT_ROWS("ccm: seal and open on every row", CcmKernel, ccm_kernels(), kernel) {
  for (const std::size_t size : {0u, 13u, 200u, 1350u}) {
    seal_and_open(AesCcmKey::create(secret(size == 200 ? 32 : 16, 1), 16, &kernel), size, 12);
  }
}

CT_ROWS("chacha20-poly1305: seal and open on every row", ChaChaKernel, chacha_kernels(), kernel) {
  for (const std::size_t size : {0u, 13u, 200u, 450u, 2500u}) {
    seal_and_open(ChaCha20Poly1305Key::create(secret(32, 1), &kernel), size, size == 13 ? 24 : 12);
  }
}

CT_ROWS("xts: a data unit with and without a short block on every row", XtsKernel, xts_kernels(), kernel) {
  for (const std::size_t size : {16u, 45u, 600u}) {
    const auto made = AesXtsKey::create(secret(size == 45 ? 32 : 64, 1), &kernel);
    const auto plaintext = secret(size, 2);
    test::Buffer out(size);
    expect(made && made->encrypt(7, plaintext, out));
    expect(bool(made->decrypt(8, out, out)));
  }
}

CT_ROWS("gmac: made, and verified in pieces, on every row", GcmKernel, gcm_kernels(), kernel) {
  const auto made = AesGmacKey::create(secret(16, 1), &kernel);
  expect(made.ok());
  for (const std::size_t size : {0u, 45u, 1350u}) {
    const auto message = secret(size, 2);
    const auto nonce = test::noise(12, 3);
    Out<16> out;
    expect(bool(made->mac(nonce, message, out.bytes)));
    AesGmac running(*made);
    expect(bool(running.start(nonce)));
    running.update(Bytes(message).first(size / 3)).update(Bytes(message).subspan(size / 3));
    expect(bool(running.verify(out.bytes)));
  }
}

CT_ROWS("cmac: whole and in pieces on every row", CmacKernel, cmac_kernels(), kernel) {
  for (const std::size_t size : {0u, 16u, 77u}) {
    const auto made = AesCmacKey::create(secret(32, 1), &kernel);
    const auto message = secret(size, 2);
    Out<kCmacSize> out;
    expect(made.ok());
    made->mac(message, out.bytes);
    AesCmac(*made).update(message).update(message).finish(out.bytes);
  }
}

namespace {

void hmac_on_rows(const HashAlgorithm& hash) {
  for (const HashKernel& kernel : hash.kernels()) {
    if (!cpu::features().contains(kernel.required)) {
      continue;
    }
    for (const std::size_t size : {0u, 20u, 300u}) {
      Out<kMaxDigestSize> out;
      HmacKey(hash, secret(hash.digest_size, 1), &kernel).mac(secret(size, 2), out.bytes);
    }
    std::printf("row: %s\n", test::name_of_row(&kernel).c_str());
  }
}

void many_on_rows(const HashMany& many) {
  for (const HashManyKernel& kernel : many.kernels) {
    if (!cpu::features().contains(kernel.required)) {
      continue;
    }
    const auto data = secret(20 * 300, 1);
    Bytes messages[20];
    for (std::size_t i = 0; i < 20; ++i) {
      messages[i] = Bytes(data).subspan(300 * i, 15 * i);
    }
    Out<20 * kMaxDigestSize> out;
    hash_many(many, messages, MutBytes(out.bytes).first(20 * many.hash->digest_size), &kernel);
    if (!test::stands_for_another(kernel)) {
      std::printf("row: %s\n", test::name_of_row(&kernel).c_str());
    }
  }
}

}  // namespace

CT_REGISTER("hmac: every hash on every row", rows, every_hash) {
  test::every_hash_table(hmac_on_rows);
}

CT_REGISTER("hash_many: every hash on every row", rows, every_hash_side_by_side) {
  test::every_hash_many_table(many_on_rows);
}

CT_ROWS("keccak: SHAKE absorbs and squeezes on every row", KeccakKernel, keccak_kernels(), kernel) {
  Out<400> out;
  Shake(128, &kernel).update(secret(400, 1)).squeeze(out.bytes);
}

// scrypt as a whole is left out: by design, the passphrase decides which blocks of memory it reads (RFC 7914
// §2). The mixing of a block is constant time.
CT_ROWS("scrypt: mixing a block on every row", ScryptKernel, scrypt_kernels(), kernel) {
  const auto data = secret(2048, 1);
  Out<1024> out;
  kernel.block_mix(data.data(), data.data() + 1024, out.bytes, 8);
}

CT_ROWS("bignum: product, square and reduction on every row", BignumKernel, bignum_kernels(), kernel) {
  for (const std::size_t limbs : {8u, 32u}) {
    std::uint64_t numbers[64], product[64], result[32];
    copy_bytes(MutBytes(reinterpret_cast<std::uint8_t*>(numbers), 16 * limbs), secret(16 * limbs, 1));
    kernel.multiply(product, numbers, numbers + limbs, limbs);
    kernel.square(product, numbers, limbs);
    numbers[limbs] |= 1;
    kernel.reduce(result, product, numbers + limbs, 7, limbs);
  }
}

CT_ROWS("E07 x25519: a secret scalar on every row", X25519Kernel, x25519_kernels(), kernel) {
  Out<32> out;
  kernel.multiply(out.bytes, secret(32, 1).data(), secret(32, 2).data());
  kernel.multiply_base(out.bytes, secret(32, 1).data());
}

CT_ROWS("E07 ed25519: a secret scalar on every row", Ed25519Kernel, ed25519_kernels(), kernel) {
  Out<32> out;
  kernel.base_multiple(out.bytes, secret(32, 1).data());
}

template <class Curve>
static void multiples(const EcKernel<Curve>& kernel) {
  std::uint64_t scalar[Curve::kLimbs] = {}, point[2 * Curve::kLimbs], other[2 * Curve::kLimbs];
  copy_bytes(MutBytes(reinterpret_cast<std::uint8_t*>(scalar), 24), secret(24, 1));  // below n
  kernel.fixed_base(point, scalar);
  kernel.variable_base(other, scalar, point);
}
CT_ROWS("E07 p-256: a secret scalar on every row", P256Kernel, p256_kernels(), kernel) {
  multiples(kernel);
}
CT_ROWS("E07 p-384: a secret scalar on every row", P384Kernel, p384_kernels(), kernel) {
  multiples(kernel);
}
CT_ROWS("E07 p-521: a secret scalar on every row", P521Kernel, p521_kernels(), kernel) {
  multiples(kernel);
}

namespace {

template <const MlKemSet& Set>
void ml_kem(const MlKemKernel& kernel) {
  const auto key = MlKemDecapsulationKey<Set>::from_seed(secret(64, 1), &kernel);
  expect(key.ok());
  Secret<Set.decapsulation_key_size()> expanded;
  key->expanded(expanded);
  const auto again = MlKemDecapsulationKey<Set>::create(expanded.reveal(), &kernel);
  expect(again.ok());
  const auto peer = MlKemEncapsulationKey<Set>::create(key->encapsulation_key(), &kernel);
  expect(peer.ok());
  Out<Set.ciphertext_size()> ciphertext;
  Secret<32> shared;
  peer->encapsulate_message(BytesOf<32>(secret(32, 2).data(), 32),
                            MutBytesOf<Set.ciphertext_size()>(ciphertext.bytes, Set.ciphertext_size()),
                            shared);
  expect(again->decapsulate(Bytes(ciphertext.bytes).first(Set.ciphertext_size()), shared).ok());
  // A rejected ciphertext. Nobody may learn of the rejection.
  ciphertext.bytes[5] ^= 1;
  expect(again->decapsulate(Bytes(ciphertext.bytes).first(Set.ciphertext_size()), shared).ok());
}

}  // namespace

CT_ROWS("E08 ml-kem: key generation, encapsulation and decapsulation on every row", MlKemKernel,
        mlkem_kernels(), kernel) {
  ml_kem<kMlKem512>(kernel);
  ml_kem<kMlKem768>(kernel);
  ml_kem<kMlKem1024>(kernel);
}

namespace {

template <const MlDsaSet& Set>
void ml_dsa(const MlDsaKernel& kernel) {
  const auto key = MlDsaPrivateKey<Set>::from_seed(secret(32, 1), &kernel);
  expect(key.ok());
  const auto again = MlDsaPrivateKey<Set>::create(key->reveal(), &kernel);
  expect(again.ok());
  const auto message = test::noise(100, 2);
  Out<Set.signature_size()> signature;
  const MutBytesOf<Set.signature_size()> out(signature.bytes, Set.signature_size());
  expect(again->sign(message, nullptr, out).ok());
  const auto peer = MlDsaPublicKey<Set>::create(key->public_key(), &kernel);
  expect(peer.ok());
  expect(peer->verify(message, out).ok());

  const Bytes parts[] = {message};
  const auto of_seed = MlDsaCompactKey<Set>::create(secret(32, 1), {}, &kernel);
  const auto of_both = MlDsaCompactKey<Set>::create(secret(32, 1), key->reveal(), &kernel);
  const auto of_form = MlDsaCompactKey<Set>::create({}, key->reveal(), &kernel);
  expect(of_seed.ok() && of_both.ok() && of_form.ok());
  expect(of_seed->sign(parts, nullptr, out).ok() && peer->verify(message, out).ok());
  expect(of_form->sign(parts, nullptr, out).ok() && peer->verify(message, out).ok());
}

}  // namespace

CT_ROWS("ml-dsa: key generation and signing on every row", MlDsaKernel, mldsa_kernels(), kernel) {
  ml_dsa<kMlDsa44>(kernel);
  ml_dsa<kMlDsa65>(kernel);
  ml_dsa<kMlDsa87>(kernel);
}
