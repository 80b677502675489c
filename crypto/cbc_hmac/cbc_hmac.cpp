// SPDX-License-Identifier: Apache-2.0
// AES-CBC with HMAC: which bytes are hashed while which are encrypted.
//
// MAC-then-encrypt: the MAC stands behind the text, so the hash goes first. Its first block, the header and
// the start of the text, is absorbed alone. After that each unit of 64 bytes of text is encrypted while the
// next block is absorbed. That block begins inside the unit or right behind it, so in place its bytes are
// read before they are overwritten. The last, padded blocks are built separately and absorbed while the rest
// of the text is encrypted. Then follow the outer hash, and the encryption of MAC and padding.
//
// Encrypt-then-MAC: the hash goes 48 bytes and the header behind. So every block was written well before it
// is read: a load of bytes from two stores waits until both have reached the cache.
#include <ashlar/crypto/cbc_hmac.hpp>
#include <ashlar/crypto/sha1.hpp>
#include <ashlar/crypto/sha2.hpp>

#include "cbc_hmac/cbc_hmac_kernels.hpp"
#include "cpu/choose.hpp"
#include "cpu/dead_stack.hpp"
#include "cpu/forget.hpp"
#include "hash/finish.hpp"

namespace ashlar::crypto {
namespace {

constexpr std::size_t kUnit = 64;
// How much text encrypt-then-MAC encrypts before the first block is hashed: a unit, from which that block
// takes what fits beside the header, and two blocks more for the distance (6 % at 16 KiB).
constexpr std::size_t kAhead = kUnit + 2 * kAesBlockSize;

#if ASHLAR_X86_KERNELS
constexpr cpu::Features kAesShaNi(cpu::Feature::aes_ni, cpu::Feature::sha_ni, cpu::Feature::ssse3,
                                  cpu::Feature::sse41);
constexpr cpu::Features kAesAvx2(cpu::Feature::aes_ni, cpu::Feature::avx2, cpu::Feature::bmi1,
                                 cpu::Feature::bmi2);
constexpr cpu::Features kAesSsse3(cpu::Feature::aes_ni, cpu::Feature::ssse3, cpu::Feature::sse41);
constexpr CbcHmacKernel kKernelsSha1[] = {
    {"aes-ni+sha-ni", kAesShaNi, cbc_hmac::pass_sha1_shani},
    {"aes-ni+avx2", kAesAvx2, cbc_hmac::pass_sha1_avx2},
    {"aes-ni+ssse3", kAesSsse3, cbc_hmac::pass_sha1_ssse3},
    {"one-after-the-other", cpu::Features(), nullptr},
};
constexpr CbcHmacKernel kKernelsSha256[] = {
    {"aes-ni+sha-ni", kAesShaNi, cbc_hmac::pass_sha256_shani},
    {"aes-ni+avx2", kAesAvx2, cbc_hmac::pass_sha256_avx2},
    {"aes-ni+ssse3", kAesSsse3, cbc_hmac::pass_sha256_ssse3},
    {"one-after-the-other", cpu::Features(), nullptr},
};
#endif
constexpr CbcHmacKernel kOneAfterTheOther[] = {
    {"one-after-the-other", cpu::Features(), nullptr},
};

Result<void> check(Bytes text, Bytes out, std::size_t size) {
  if (out.size() != size) {
    return ErrorCode::invalid_argument;
  }
  if (overlap_partially(text, out)) {
    return ErrorCode::partial_overlap;
  }
  return {};
}

// Writes the padding (RFC 5246 §6.2.3.2) of `size` bytes whose first `used` are filled. It always writes
// sixteen bytes, which is one store; there is room.
void pad(std::uint8_t* bytes, std::size_t used, std::size_t size) {
  std::memset(bytes + used, static_cast<std::uint8_t>(size - used - 1), kAesBlockSize);
}

}  // namespace

std::span<const CbcHmacKernel> cbc_hmac_kernels(const HashAlgorithm& hash) {
#if ASHLAR_X86_KERNELS
  if (&hash == &kSha256) {
    return kKernelsSha256;
  }
  if (&hash == &kSha1) {
    return kKernelsSha1;
  }
#endif
  (void)hash;
  return kOneAfterTheOther;
}

Result<CbcHmacSealer> CbcHmacSealer::create(const HashAlgorithm& hash, Bytes mac_key, Bytes key,
                                            const CbcHmacKernel* kernel) {
  const ForgetVectors forget;
  CbcHmacSealer made(hash, mac_key);
  ASHLAR_TRY(made.kernel_, cpu::choose(cbc_hmac_kernels(hash), kernel));
  ASHLAR_CHECK(made.key_.expand_encrypt(key, nullptr));
  return made;
}

// Whole blocks.
void CbcHmacSealer::encrypt(std::uint8_t* chain, Bytes in, std::uint8_t* out) const {
  key_.kernel().cbc_encrypt(key_.schedule(), chain, in.data(), out, in.size() / kAesBlockSize);
}

// Encrypts the rest of the text, the MAC if it is inside, and padding. They fill `out`.
void CbcHmacSealer::encrypt_end(std::uint8_t* chain, Bytes text, Bytes mac, MutBytes out) const {
  const std::size_t whole = text.size() / kAesBlockSize * kAesBlockSize;
  encrypt(chain, text.first(whole), out.data());
  std::uint8_t end[2 * kAesBlockSize + kMaxDigestSize];
  const MutBytes used(end, out.size() - whole);
  const std::size_t rest = text.size() - whole;
  copy_bytes(used, text.subspan(whole));
  copy_bytes(used.subspan(rest), mac);
  pad(end, rest + mac.size(), used.size());
  encrypt(chain, used, out.data() + whole);
  wipe_by_call(used.data(), used.size());
}

Result<void> CbcHmacSealer::mac_then_encrypt(BytesOf<16> iv, Bytes header, Bytes text, MutBytes out) const {
  const ForgetVectors forget;
  ASHLAR_CHECK(check(text, out, padded_size(text.size() + mac_size())));
  std::uint8_t chain[kAesBlockSize];
  std::memcpy(chain, iv.data(), sizeof chain);
  if (header.size() < kUnit && text.size() < 2 * kUnit) {
    // Assembled first, so that the hash and the cipher each take it in one call.
    std::uint8_t record[3 * kUnit + kMaxDigestSize + kAesBlockSize];
    const std::size_t hashed = header.size() + text.size();
    copy_bytes(record, header);
    copy_bytes({record + header.size(), text.size()}, text);
    pad(record, hashed + mac_size(), header.size() + out.size());
    mac_.mac(Bytes(record, hashed), {record + hashed, mac_size()});
    encrypt(chain, {record + header.size(), out.size()}, out.data());
    wipe_by_call(record, header.size() + out.size());
    return {};
  }
  const HashAlgorithm& hash = mac_.algorithm();
  std::uint8_t mac[kMaxDigestSize];
  std::size_t done = 0;  // bytes of text encrypted
  if (kernel_->pass == nullptr || header.size() >= kUnit) {
    const Bytes message[] = {header, text};
    mac_.mac(message, mac);
  } else {
    alignas(64) std::uint8_t state[Hash::kStateCapacity];
    std::uint8_t block[kMaxHashTailSize];
    std::memcpy(state, mac_.inner_, hash.state_size);
    const std::size_t lead = kUnit - header.size();
    copy_bytes(block, header);
    copy_bytes({block + header.size(), lead}, text.first(lead));
    mac_.kernel_->compress(state, block, 1);
    done = (text.size() - lead) / kUnit * kUnit;
    kernel_->pass(state, text.data() + lead, key_.schedule(), chain, text.data(), out.data(), done / kUnit);
    const Bytes rest = text.subspan(lead + done);
    copy_bytes(block, rest);
    const std::size_t blocks = hash.pad(block, kUnit + header.size() + text.size());
    // Less than two units of text are left. The first of these blocks may be absorbed beside one of them.
    const std::size_t beside = text.size() - done >= kUnit ? 1 : 0;
    kernel_->pass(state, block, key_.schedule(), chain, text.data() + done, out.data() + done, beside);
    done += beside * kUnit;
    mac_.kernel_->compress(state, block + beside * kUnit, blocks - beside);
    std::uint8_t inner[kMaxDigestSize];
    hash.output(state, inner);
    finish_message(hash, *mac_.kernel_, mac_.outer_, {inner, hash.digest_size}, kUnit + hash.digest_size,
                   mac);
    wipe_by_call(state, hash.state_size);
    wipe(block, kUnit);  // behind it there is only padding
    wipe(inner, sizeof inner);
  }
  encrypt_end(chain, text.subspan(done), {mac, mac_size()}, out.subspan(done));
  wipe(mac, sizeof mac);
  return {};
}

Result<void> CbcHmacSealer::encrypt_then_mac(BytesOf<16> iv, Bytes header, Bytes text, MutBytes out) const {
  const ForgetVectors forget;
  const std::size_t padded = padded_size(text.size());
  ASHLAR_CHECK(check(text, out, padded + mac_size()));
  const MutBytes ciphertext = out.first(padded);
  const MutBytes mac = out.subspan(padded);
  std::uint8_t chain[kAesBlockSize];
  std::memcpy(chain, iv.data(), sizeof chain);
  const std::size_t before = header.size() + iv.size();
  if (before < kUnit && text.size() < kAhead + kUnit) {
    // Assembled as above.
    std::uint8_t record[kUnit + kAhead + kUnit + kAesBlockSize];
    copy_bytes(record, header);
    std::memcpy(record + header.size(), chain, sizeof chain);
    copy_bytes({record + before, text.size()}, text);
    pad(record, before + text.size(), before + padded);
    encrypt(chain, {record + before, padded}, record + before);
    copy_bytes(ciphertext, {record + before, padded});
    mac_.mac(Bytes(record, before + padded), mac);
    return {};
  }
  if (kernel_->pass == nullptr || before >= kUnit) {
    encrypt_end(chain, text, {}, ciphertext);
    const Bytes message[] = {header, iv, ciphertext};
    mac_.mac(message, mac);
    return {};
  }
  const HashAlgorithm& hash = mac_.algorithm();
  alignas(64) std::uint8_t state[Hash::kStateCapacity];
  std::uint8_t block[kUnit];
  std::memcpy(state, mac_.inner_, hash.state_size);
  std::size_t done = kAhead;
  encrypt(chain, text.first(done), out.data());
  const std::size_t lead = kUnit - before;
  copy_bytes(block, header);
  copy_bytes({block + header.size(), iv.size()}, iv);
  copy_bytes({block + before, lead}, out.first(lead));
  kernel_->pass(state, block, key_.schedule(), chain, text.data() + done, out.data() + done, 1);
  done += kUnit;
  const std::size_t units = (text.size() - done) / kUnit;
  kernel_->pass(state, out.data() + lead, key_.schedule(), chain, text.data() + done, out.data() + done,
                units);
  done += units * kUnit;
  encrypt_end(chain, text.subspan(done), {}, ciphertext.subspan(done));
  std::uint8_t inner[kMaxDigestSize];
  finish_message(hash, *mac_.kernel_, state, ciphertext.subspan(lead + units * kUnit),
                 kUnit + before + padded, inner);
  finish_message(hash, *mac_.kernel_, mac_.outer_, {inner, hash.digest_size}, kUnit + hash.digest_size,
                 mac.data());
  wipe_by_call(state, hash.state_size);
  wipe(inner, sizeof inner);
  return {};
}

}  // namespace ashlar::crypto
