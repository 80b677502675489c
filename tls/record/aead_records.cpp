// SPDX-License-Identifier: Apache-2.0
// Records under any AEAD: RFC 5246 §6.2.3.3 with the nonces of RFC 5288 §3 or RFC 7905 §2, and RFC 8446 §5.2.
//
// The fixed IV comes first, then the AEAD's key object. If a part of the nonce is sent, we send
// the sequence number, which cannot repeat under one key (S03). A peer's part is used as
// received.
#include <ashlar/base/ct.hpp>

#include "record/fragment_header.hpp"

namespace ashlar::tls {
namespace {

constexpr std::size_t kNonceSize = 12;

// Where the key object begins: behind the IV, aligned.
constexpr std::size_t kKeyObject = 16;
static_assert(kKeyObject >= kNonceSize && kKeyObject % crypto::AeadAlgorithm::kKeyObjectAlignment == 0);

void* key_of(void* state) {
  return static_cast<std::uint8_t*>(state) + kKeyObject;
}
const void* key_of(const void* state) {
  return static_cast<const std::uint8_t*>(state) + kKeyObject;
}

class Nonce {
 public:
  // explicit_part: the part that is sent, if any.
  Nonce(const RecordCipher& row, const void* state, std::uint64_t sequence,
        const std::uint8_t* explicit_part) {
    std::memcpy(bytes_, state, kNonceSize);
    if (row.explicit_nonce_size != 0) {
      std::memcpy(bytes_ + kNonceSize - 8, explicit_part, 8);
    } else {
      store_be64(bytes_ + kNonceSize - 8, load_be64(bytes_ + kNonceSize - 8) ^ sequence);
    }
  }
  Bytes bytes() const { return bytes_; }

 private:
  std::uint8_t bytes_[kNonceSize];
};

// What is encrypted besides the plaintext: the content type (RFC 8446 §5.2).
std::size_t inner_size(const RecordCipher& row) {
  return row.inner_content_type ? 1 : 0;
}

std::size_t overhead(const RecordCipher& row) {
  return row.explicit_nonce_size + inner_size(row) + row.mac_size;
}

std::size_t state_size(const RecordCipher& row, bool) {
  return kKeyObject + *row.aead->key_object_size({});  // some row runs on every CPU
}

Result<void> init(const RecordCipher& row, MutBytes state, bool, Bytes, Bytes key, Bytes fixed_iv) {
  if (key.size() != row.aead->key_size || fixed_iv.size() > kNonceSize) {
    return ErrorCode::invalid_argument;
  }
  ASHLAR_CHECK(row.aead->init(state.subspan(kKeyObject), key, {}));
  copy_bytes(state, fixed_iv);
  return {};
}

void destroy(const RecordCipher& row, void* state, bool) {
  row.aead->destroy(key_of(state));
}

std::size_t sealed_size(const RecordCipher& row, std::size_t plaintext_size) {
  return plaintext_size + overhead(row);
}

Result<void> seal(const RecordCipher& row, const void* state, const Fragment& fragment, crypto::Random,
                  MutBytes out) {
  Bytes text = fragment.plaintext;
  const MutBytes ciphertext =
      out.subspan(row.explicit_nonce_size, text.size() + inner_size(row) + fragment.padding);
  const MutBytes tag = out.last(row.mac_size);
  if (row.explicit_nonce_size != 0) {
    store_be64(out.data(), fragment.sequence);
  }
  if (row.inner_content_type) {
    if (text.data() != ciphertext.data()) {
      copy_bytes(ciphertext, text);
    }
    ciphertext[text.size()] = static_cast<std::uint8_t>(fragment.type);
    std::memset(ciphertext.data() + text.size() + 1, 0, fragment.padding);
    text = ciphertext;
  }
  const Nonce nonce(row, state, fragment.sequence, out.data());
  const FragmentHeader header = row.inner_content_type
                                    ? FragmentHeader::of_record(out.size())
                                    : FragmentHeader(fragment.sequence, fragment.type, text.size());
  const Bytes aad[] = {header.bytes()};
  return row.aead->seal(key_of(state), nonce.bytes(), std::span<const Bytes>(aad), text, ciphertext, tag);
}

// The content type is the last byte that is not zero; what follows is padding (RFC 8446 §5.4). Its length
// need not be hidden: it follows from how much data the caller gets.
Result<OpenedFragment> take_inner_type(MutBytes inner, std::size_t mac_size) {
  std::size_t size = inner.size();
  bool zero = true;
  while (size > 0 && zero) {
    ct::declassify(&inner[size - 1], 1);  // padding, or the content type: the caller sees both
    zero = inner[size - 1] == 0;
    size -= zero ? 1u : 0u;
  }
  if (size == 0) {
    return Error{ErrorCode::unexpected_record, Place::none, 0};
  }
  if (ContentType{inner[size - 1]} == ContentType::change_cipher_spec) {  // never protected (§5)
    return Error{ErrorCode::unexpected_record, Place::none, inner[size - 1]};
  }
  if (inner.size() > kMaxPlaintextSize + 1) {
    return Error{ErrorCode::record_overflow, Place::none, static_cast<std::uint32_t>(inner.size())};
  }
  return OpenedFragment{inner.first(size - 1), inner.size() - size, mac_size, ContentType{inner[size - 1]}};
}

Result<OpenedFragment> open(const RecordCipher& row, const void* state, std::uint64_t sequence,
                            ContentType type, MutBytes fragment) {
  if (row.inner_content_type && type != ContentType::application_data) {
    return Error{ErrorCode::unexpected_record, Place::none, static_cast<std::uint32_t>(type)};
  }
  if (fragment.size() < row.explicit_nonce_size + row.mac_size) {  // T02
    return ErrorCode::bad_record_mac;
  }
  const std::size_t size = fragment.size() - row.explicit_nonce_size - row.mac_size;
  const MutBytes text = fragment.subspan(row.explicit_nonce_size, size);
  const Nonce nonce(row, state, sequence, fragment.data());
  const FragmentHeader header = row.inner_content_type ? FragmentHeader::of_record(fragment.size())
                                                       : FragmentHeader(sequence, type, size);
  const Bytes aad[] = {header.bytes()};
  if (!row.aead->open(key_of(state), nonce.bytes(), std::span<const Bytes>(aad), text,
                      fragment.last(row.mac_size), text)) {
    return ErrorCode::bad_record_mac;
  }
  if (row.inner_content_type) {
    return take_inner_type(text, row.mac_size);
  }
  return OpenedFragment{text, 0, row.mac_size, type};
}

}  // namespace

constinit const RecordFunctions kAeadRecords = {
    crypto::AeadAlgorithm::kKeyObjectAlignment, state_size, init, destroy, sealed_size, seal, open};

}  // namespace ashlar::tls
