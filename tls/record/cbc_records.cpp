// SPDX-License-Identifier: Apache-2.0
// Records under AES-CBC with HMAC, with the key size and the hash of the row: MAC-then-encrypt (RFC 5246
// §6.2.3.2), or encrypt-then-MAC if it was negotiated (RFC 7366 §3). Each record begins with its own IV,
// fresh and random.
#include <ashlar/crypto/cbc_hmac.hpp>

#include <new>

#include "record/cbc_check.hpp"
#include "record/fragment_header.hpp"

namespace ashlar::tls {
namespace {

constexpr std::size_t kBlock = crypto::kAesBlockSize;
constexpr std::size_t kIvSize = 16;

// The key object of a direction that seals, and of one that opens.
using Sealer = crypto::CbcHmacSealer;
struct Opener {
  crypto::AesCbcDecryptor cipher;
  crypto::HmacKey mac;
};
constexpr std::size_t kAlignment = alignof(Sealer) > alignof(Opener) ? alignof(Sealer) : alignof(Opener);

std::size_t state_size(const RecordCipher&, bool sealing) {
  return sealing ? sizeof(Sealer) : sizeof(Opener);
}

Result<void> init(const RecordCipher& row, MutBytes state, bool sealing, Bytes mac_key, Bytes key, Bytes) {
  if (sealing) {
    ASHLAR_TRY(Sealer sealer, Sealer::create(*row.mac_hash, mac_key, key));
    new (state.data()) Sealer(std::move(sealer));
  } else {
    ASHLAR_TRY(crypto::AesCbcDecryptor cipher, crypto::AesCbcDecryptor::create(key));
    new (state.data()) Opener{std::move(cipher), crypto::HmacKey(*row.mac_hash, mac_key)};
  }
  return {};
}

void destroy(const RecordCipher&, void* state, bool sealing) {
  if (sealing) {
    static_cast<Sealer*>(state)->~Sealer();
  } else {
    static_cast<Opener*>(state)->~Opener();
  }
}

Result<void> decrypt(const Opener& opener, BytesOf<kIvSize> iv, MutBytes body) {
  std::uint8_t chain[kIvSize];
  copy_bytes(chain, iv);
  return opener.cipher.decrypt(chain, body, body);
}

// The size of padding and length byte in a good record. It need not be hidden: it follows from how much data
// the caller gets.
std::size_t padding_of(CbcVerdict& verdict) {
  ct::declassify(&verdict.padding_size, sizeof verdict.padding_size);
  return static_cast<std::size_t>(verdict.padding_size) + 1;
}

namespace mac_then_encrypt {

std::size_t sealed_size(const RecordCipher& row, std::size_t plaintext_size) {
  return kIvSize + Sealer::padded_size(plaintext_size + row.mac_size);
}

Result<void> seal(const RecordCipher&, const void* state, const Fragment& fragment, crypto::Random random,
                  MutBytes out) {
  const MutBytesOf<kIvSize> iv = out.first<kIvSize>();
  const FragmentHeader header(fragment.sequence, fragment.type, fragment.plaintext.size());
  ASHLAR_CHECK(random.fill(iv));
  return static_cast<const Sealer*>(state)->mac_then_encrypt(iv, header.bytes(), fragment.plaintext,
                                                             out.subspan(kIvSize));
}

Result<OpenedFragment> open(const RecordCipher& row, const void* state, std::uint64_t sequence,
                            ContentType type, MutBytes fragment) {
  const Opener& opener = *static_cast<const Opener*>(state);
  if (fragment.size() % kBlock != 0 || fragment.size() < sealed_size(row, 0)) {
    return ErrorCode::bad_record_mac;
  }
  const MutBytes body = fragment.subspan(kIvSize);
  ASHLAR_CHECK(decrypt(opener, fragment.first<kIvSize>(), body));
  CbcVerdict verdict = check_mac_then_encrypt(opener.mac, sequence, type, body);
  // Only the verdict becomes public: the alert shows it to everybody.
  if (!verdict.good.declassify()) {
    wipe(body);
    return ErrorCode::bad_record_mac;
  }
  const std::size_t padding = padding_of(verdict);
  return OpenedFragment{body.first(body.size() - row.mac_size - padding), padding, row.mac_size, type};
}

}  // namespace mac_then_encrypt

namespace encrypt_then_mac {

std::size_t sealed_size(const RecordCipher& row, std::size_t plaintext_size) {
  return kIvSize + Sealer::padded_size(plaintext_size) + row.mac_size;
}

Result<void> seal(const RecordCipher& row, const void* state, const Fragment& fragment, crypto::Random random,
                  MutBytes out) {
  const MutBytesOf<kIvSize> iv = out.first<kIvSize>();
  const FragmentHeader header(fragment.sequence, fragment.type, out.size() - row.mac_size);
  ASHLAR_CHECK(random.fill(iv));
  return static_cast<const Sealer*>(state)->encrypt_then_mac(iv, header.bytes(), fragment.plaintext,
                                                             out.subspan(kIvSize));
}

Result<OpenedFragment> open(const RecordCipher& row, const void* state, std::uint64_t sequence,
                            ContentType type, MutBytes fragment) {
  const Opener& opener = *static_cast<const Opener*>(state);
  // Encrypted data is always whole blocks.
  if (fragment.size() < sealed_size(row, 0) || (fragment.size() - row.mac_size) % kBlock != 0) {
    return ErrorCode::bad_record_mac;
  }
  const MutBytes encrypted = fragment.first(fragment.size() - row.mac_size);
  const FragmentHeader header(sequence, type, encrypted.size());
  const Bytes authenticated[] = {header.bytes(), encrypted};
  std::uint8_t expected[crypto::kMaxDigestSize];
  const Bytes computed = opener.mac.mac(authenticated, expected);
  // The verdict becomes public: the alert shows it to everybody.
  if (!ct::equal(computed, fragment.last(row.mac_size)).declassify()) {
    return ErrorCode::bad_record_mac;
  }
  const MutBytes body = encrypted.subspan(kIvSize);
  ASHLAR_CHECK(decrypt(opener, fragment.first<kIvSize>(), body));
  CbcVerdict verdict = check_cbc_padding(body, 0);
  // Only a peer with the keys can make padding that passes the MAC.
  if (!verdict.good.declassify()) {
    wipe(body);
    return ErrorCode::bad_record_mac;
  }
  const std::size_t padding = padding_of(verdict);
  return OpenedFragment{body.first(body.size() - padding), padding, row.mac_size, type};
}

}  // namespace encrypt_then_mac

}  // namespace

constinit const RecordFunctions kMacThenEncryptRecords = {kAlignment,
                                                          state_size,
                                                          init,
                                                          destroy,
                                                          mac_then_encrypt::sealed_size,
                                                          mac_then_encrypt::seal,
                                                          mac_then_encrypt::open};
constinit const RecordFunctions kEncryptThenMacRecords = {kAlignment,
                                                          state_size,
                                                          init,
                                                          destroy,
                                                          encrypt_then_mac::sealed_size,
                                                          encrypt_then_mac::seal,
                                                          encrypt_then_mac::open};

}  // namespace ashlar::tls
