// SPDX-License-Identifier: Apache-2.0
#include "mlkem/kem.hpp"

#include <ashlar/base/ct.hpp>

#include "mlkem/expand.hpp"
#include "sha3/polynomials.hpp"

namespace ashlar::crypto::mlkem {
namespace {

// More stack than kernels and sponges use below the functions here. They do not wipe what they spill.
// Functions with sponges have their own frames, so that all of it lies below.
constexpr std::size_t kSpills = 4096;

template <std::size_t Count>
using Polynomials = sha3::Polynomials<std::int16_t, Count>;

void add(std::int16_t* a, const std::int16_t* b) {
  for (std::size_t i = 0; i < kN; ++i) {
    a[i] = static_cast<std::int16_t>(a[i] + b[i]);
  }
}
// b - a in place of a.
void subtract_from(std::int16_t* a, const std::int16_t* b) {
  for (std::size_t i = 0; i < kN; ++i) {
    a[i] = static_cast<std::int16_t>(b[i] - a[i]);
  }
}

// SHA3-512 (G) of at most a block and SHAKE256 (J) of two parts (FIPS 203 §4.1).
struct Halves {
  ~Halves() { wipe(bytes, sizeof bytes); }
  BytesOf<32> first() const { return BytesOf<32>(bytes, 32); }
  BytesOf<32> second() const { return BytesOf<32>(bytes + 32, 32); }
  std::uint8_t bytes[64];
};
[[gnu::noinline]] void hash_g(Halves& out, Bytes message) {
  constexpr std::size_t kRate = 72;
  sha3::Sponges sponge(sha3::one_sponge());
  sponge.absorb_last(0, message, kRate, sha3::kSha3Suffix);
  sponge.permute();
  sponge.read(0, out.bytes, 8);
}
[[gnu::noinline]] void hash_j(MutBytesOf<32> out, BytesOf<32> z, Bytes ciphertext) {
  constexpr std::size_t kRate = sha3::kShake256Rate;
  sha3::Sponges sponge(sha3::one_sponge());
  std::uint8_t first[kRate];
  std::memcpy(first, z.data(), 32);
  std::memcpy(first + 32, ciphertext.data(), kRate - 32);
  sponge.absorb(0, first, kRate / 8);
  sponge.permute();
  ciphertext = ciphertext.subspan(kRate - 32);
  for (; ciphertext.size() >= kRate; ciphertext = ciphertext.subspan(kRate)) {
    sponge.absorb(0, ciphertext.data(), kRate / 8);
    sponge.permute();
  }
  sponge.absorb_last(0, ciphertext, kRate, sha3::kShakeSuffix);
  sponge.permute();
  sponge.read(0, out.data(), 4);
  wipe(first, 32);
}

// K-PKE.Encrypt (§5.2).
void encrypt(const Arithmetic& arithmetic, const MlKemSet& set, const ConstPublic& key, BytesOf<32> message,
             BytesOf<32> randomness, std::uint8_t* out) {
  const unsigned k = set.k;
  Polynomials<2 * kMaxK + 1> noise;  // y, then e1, then e2
  Polynomials<2 * kMaxK> y;          // prepared
  Polynomials<2> sum;
  expand_noise(arithmetic, noise[0], randomness, 0, 2 * k + 1, k, set.eta1);
  for (unsigned i = 0; i < k; ++i) {
    arithmetic.ntt(noise[i]);
    arithmetic.prepare(y[2 * i], noise[i]);
  }
  for (unsigned i = 0; i < k; ++i) {
    arithmetic.inner_product(sum[0], key.matrix + kN * i, kN * k, y[0], k);
    arithmetic.inverse_ntt(sum[0]);
    add(sum[0], noise[k + i]);
    arithmetic.compress(out, sum[0], set.du);
    out += 32 * set.du;
  }
  arithmetic.inner_product(sum[0], key.vector, kN, y[0], k);
  arithmetic.inverse_ntt(sum[0]);
  add(sum[0], noise[2 * k]);
  arithmetic.decompress(sum[1], message.data(), 1);
  add(sum[0], sum[1]);
  arithmetic.compress(out, sum[0], set.dv);
}

// K-PKE.Decrypt (§5.3).
void decrypt(const Arithmetic& arithmetic, const MlKemSet& set, const std::int16_t* secret,
             const std::uint8_t* ciphertext, MutBytesOf<32> message) {
  Polynomials<2 * kMaxK> u;  // prepared
  Polynomials<2> sum;
  for (unsigned i = 0; i < set.k; ++i) {
    arithmetic.decompress(sum[0], ciphertext, set.du);
    arithmetic.ntt(sum[0]);
    arithmetic.prepare(u[2 * i], sum[0]);
    ciphertext += 32 * set.du;
  }
  arithmetic.inner_product(sum[0], secret, kN, u[0], set.k);
  arithmetic.inverse_ntt(sum[0]);
  arithmetic.decompress(sum[1], ciphertext, set.dv);
  subtract_from(sum[0], sum[1]);
  arithmetic.compress(message.data(), sum[0], 1);
}

}  // namespace

std::uint64_t read_public(const Arithmetic& arithmetic, const MlKemSet& set, const Public& key) {
  std::uint64_t bad = 0;
  for (unsigned i = 0; i < set.k; ++i) {
    bad |= arithmetic.unpack(key.vector + kN * i, key.encoded.data() + 384 * i);
  }
  expand_matrix(arithmetic, key.matrix, set.k, key.encoded, key.hash.data());
  return bad;
}

void make_keys(const Arithmetic& arithmetic, const MlKemSet& set, BytesOf<32> d, const Public& key,
               std::int16_t* secret) {
  const WipeBelow<kSpills> wipe_below;
  const unsigned k = set.k;
  Halves seeds;
  std::uint8_t message[33];
  std::memcpy(message, d.data(), 32);
  message[32] = static_cast<std::uint8_t>(k);
  hash_g(seeds, message);
  wipe(message, sizeof message);
  // rho is published in the encapsulation key.
  ct::declassify(seeds.bytes, 32);
  const MutBytes rho = key.encoded.subspan(384 * k);
  copy_bytes(rho, seeds.first());
  expand_matrix(arithmetic, key.matrix, k, rho, nullptr);

  Polynomials<2 * kMaxK> noise;  // s, then e
  Polynomials<2 * kMaxK> s;      // prepared
  expand_noise(arithmetic, noise[0], seeds.second(), 0, 2 * k, 2 * k, set.eta1);
  for (unsigned i = 0; i < k; ++i) {
    arithmetic.ntt(noise[i]);
    arithmetic.prepare(s[2 * i], noise[i]);
    arithmetic.ntt(noise[k + i]);
  }
  std::memcpy(secret, noise[0], sizeof(std::int16_t) * kN * k);
  for (unsigned i = 0; i < k; ++i) {
    std::int16_t* const t = key.vector + kN * i;
    arithmetic.inner_product(t, key.matrix + kN * k * i, kN, s[0], k);
    add(t, noise[k + i]);
    arithmetic.pack(key.encoded.data() + 384 * i, t);
    // In the form of the encoded key: below q.
    arithmetic.unpack(t, key.encoded.data() + 384 * i);
  }
  // The encapsulation key is public by its purpose.
  ct::declassify(key.encoded);
  ct::declassify(key.vector, sizeof(std::int16_t) * kN * k);
  copy_bytes(key.hash, digest(kSha3_256, key.encoded).bytes());
}

void encapsulate(const Arithmetic& arithmetic, const MlKemSet& set, const ConstPublic& key,
                 BytesOf<32> message, MutBytes ciphertext, MutBytesOf<32> shared) {
  const WipeBelow<kSpills> wipe_below;
  std::uint8_t joined[64];
  std::memcpy(joined, message.data(), 32);
  std::memcpy(joined + 32, key.hash.data(), 32);
  Halves out;
  hash_g(out, joined);
  wipe(joined, 32);
  encrypt(arithmetic, set, key, message, out.second(), ciphertext.data());
  // The ciphertext is sent.
  ct::declassify(ciphertext);
  copy_bytes(shared, out.first());
}

void decapsulate(const Arithmetic& arithmetic, const MlKemSet& set, const ConstPublic& key,
                 const std::int16_t* secret, BytesOf<32> z, Bytes ciphertext, MutBytesOf<32> shared) {
  const WipeBelow<kSpills> wipe_below;
  Secret<64> joined;  // the message and the key's hash
  decrypt(arithmetic, set, secret, ciphertext.data(), joined.reveal_mut().first<32>());
  copy_bytes(joined.reveal_mut().last<32>(), key.hash);
  Halves out;
  hash_g(out, joined.reveal());
  Secret<32> rejected;
  hash_j(rejected.reveal_mut(), z, ciphertext);
  SecretBuffer<32 * (11 * kMaxK + 5)> again;
  again.resize(ciphertext.size());
  encrypt(arithmetic, set, key, joined.reveal().first<32>(), out.second(), again.reveal_mut().data());
  // The whole ciphertext counts (E08), and nobody learns which secret was returned.
  const ct::Mask same = ct::equal(again.reveal(), ciphertext);
  ct::copy_if(same, rejected.reveal_mut(), out.first());
  copy_bytes(shared, rejected.reveal());
}

}  // namespace ashlar::crypto::mlkem
