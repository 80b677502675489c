// SPDX-License-Identifier: Apache-2.0
#include "record/protection.hpp"

#include <ashlar/base/endian.hpp>

namespace ashlar::tls {
namespace {

// What the sizes of a fragment that was authentic still must not be.
Result<OpenedFragment> judge(ContentType type, const OpenedFragment& opened) {
  const std::size_t size = opened.plaintext.size();
  if (size > kMaxPlaintextSize) {
    return Error{ErrorCode::record_overflow, Place::none, static_cast<std::uint32_t>(size)};
  }
  if (size == 0 && type != ContentType::application_data) {
    return Error{ErrorCode::empty_record, Place::none, static_cast<std::uint32_t>(type)};
  }
  return opened;
}

}  // namespace

Result<void> Protection::activate(const RecordCipher& cipher, bool sealing, Bytes mac_key, Bytes key,
                                  Bytes fixed_iv) {
  const std::uint16_t next_epoch = static_cast<std::uint16_t>(epoch_ + 1);
  clear();  // what fails below must not leave a direction that sends plaintext
  if (mac_key.size() != cipher.mac_key_size || key.size() != cipher.key_size ||
      fixed_iv.size() != cipher.fixed_iv_size) {
    return ErrorCode::invalid_argument;
  }
  ASHLAR_CHECK(cipher.init(state_, sealing, mac_key, key, fixed_iv));
  cipher_ = &cipher;
  epoch_ = next_epoch;
  sequence_ = 0;
  dead_ = false;
  return {};
}

void Protection::clear() {
  if (cipher_ != nullptr) {
    cipher_->destroy(state_);
    wipe(state_, sizeof state_);
    cipher_ = nullptr;
  }
  dead_ = true;
}

Result<std::size_t> Protection::seal(ContentType type, Bytes plaintext, crypto::Random random, MutBytes out) {
  if (dead_) {
    return ErrorCode::not_connected;
  }
  if (sequence_ == kSequenceNumberEnd) {
    return ErrorCode::record_sequence_exhausted;
  }
  if (plaintext.size() > kMaxPlaintextSize) {
    return Error{ErrorCode::record_overflow, Place::none, static_cast<std::uint32_t>(plaintext.size())};
  }
  const std::size_t fragment_size = sealed_size(plaintext.size());
  if (out.size() < kRecordHeaderSize + fragment_size) {
    return Error{ErrorCode::buffer_too_small, Place::none, static_cast<std::uint32_t>(out.size())};
  }
  const MutBytes fragment = out.subspan(kRecordHeaderSize, fragment_size);
  if (cipher_ == nullptr) {
    copy_bytes(fragment, plaintext);
  } else {
    ASHLAR_TRY(const std::size_t sealed, cipher_->seal(state_, sequence_, type, random, plaintext, fragment));
    if (sealed != fragment_size) {
      __builtin_trap();
    }
  }
  out[0] = static_cast<std::uint8_t>(type);
  store_be16(out.data() + 1, static_cast<std::uint16_t>(ProtocolVersion::tls12));
  store_be16(out.data() + 3, static_cast<std::uint16_t>(fragment_size));
  ++sequence_;
  return kRecordHeaderSize + fragment_size;
}

Result<OpenedFragment> Protection::open(ContentType type, MutBytes fragment) {
  if (dead_) {
    return ErrorCode::not_connected;
  }
  if (sequence_ == kSequenceNumberEnd) {
    return ErrorCode::record_sequence_exhausted;
  }
  Result<OpenedFragment> opened =
      cipher_ == nullptr ? OpenedFragment{fragment} : cipher_->open(state_, sequence_, type, fragment);
  if (opened) {
    opened = judge(type, *opened);
  }
  if (!opened) {
    clear();
    return opened;
  }
  ++sequence_;
  return opened;
}

}  // namespace ashlar::tls
