// SPDX-License-Identifier: Apache-2.0
#include "record/protection.hpp"

#include <ashlar/base/endian.hpp>

namespace ashlar::tls {
namespace {

// The limits that an authentic fragment can still break.
Result<void> judge(const OpenedFragment& opened) {
  const std::size_t size = opened.plaintext.size();
  if (size > kMaxPlaintextSize) {
    return Error{ErrorCode::record_overflow, Place::none, static_cast<std::uint32_t>(size)};
  }
  if (size == 0 && opened.type != ContentType::application_data) {
    return Error{ErrorCode::empty_record, Place::none, static_cast<std::uint32_t>(opened.type)};
  }
  return {};
}

}  // namespace

Result<void> Protection::activate(const RecordCipher& cipher, bool sealing, Bytes mac_key, Bytes key,
                                  Bytes fixed_iv) {
  const std::uint16_t next_epoch = static_cast<std::uint16_t>(epoch_ + 1);
  clear();  // a failure below must not leave a direction that sends plaintext
  if (mac_key.size() != cipher.mac_key_size || key.size() != cipher.key_size ||
      fixed_iv.size() != cipher.fixed_iv_size) {
    return ErrorCode::invalid_argument;
  }
  const std::size_t alignment = cipher.functions->alignment;
  const std::size_t state_size = cipher.functions->state_size(cipher, sealing);
  const std::size_t size = state_size + alignment - 1;
  void* const start = memory_->allocate(memory_->context, size);
  if (start == nullptr) {
    return Error{ErrorCode::out_of_memory, Place::none, static_cast<std::uint32_t>(size)};
  }
  const auto address = reinterpret_cast<std::uintptr_t>(start);
  auto* const state = static_cast<std::uint8_t*>(start) + ((0 - address) & (alignment - 1));
  if (const auto made = cipher.functions->init(cipher, {state, state_size}, sealing, mac_key, key, fixed_iv);
      !made) {
    wipe(start, size);
    memory_->free(memory_->context, start, size);
    return made.error();
  }
  cipher_ = &cipher;
  sealing_ = sealing;
  state_ = state;
  skipped_ = static_cast<std::uint8_t>(state - static_cast<std::uint8_t*>(start));
  allocation_size_ = static_cast<std::uint32_t>(size);
  epoch_ = next_epoch;
  sequence_ = 0;
  bytes_ = 0;
  early_data_left_ = 0;
  dead_ = false;
  return {};
}

void Protection::clear() {
  if (cipher_ != nullptr) {
    cipher_->functions->destroy(*cipher_, state_, sealing_);
    void* const start = state_ - skipped_;
    wipe(start, allocation_size_);
    memory_->free(memory_->context, start, allocation_size_);
    cipher_ = nullptr;
    state_ = nullptr;
  }
  dead_ = true;
}

void Protection::stop() {
  clear();
  sequence_ = 0;
  bytes_ = 0;
  epoch_ = 0;
  dead_ = false;
}

// A ChangeCipherSpec of TLS 1.3 means nothing, is never protected and takes no sequence number (RFC 9846 §5).
// A peer that could not follow the hello has no keys to protect its alert with. What ends the connection by
// then could be cut as well.
bool Protection::in_the_clear(ContentType type, Bytes fragment) const {
  return type == ContentType::change_cipher_spec ||
         (type == ContentType::alert && epoch_ == 1 && sequence_ == 0 && fragment.size() == 2);
}

// An empty record counts too: it is work like any other.
Result<OpenedFragment> Protection::pass_over(std::size_t size) {
  const auto counted = static_cast<std::uint32_t>(size != 0 ? size : 1);
  if (counted >= early_data_left_) {
    clear();
    return Error{ErrorCode::early_data_flood, Place::none, counted};
  }
  early_data_left_ -= counted;
  return OpenedFragment{{}, 0, 0, ContentType::application_data, true};
}

bool Protection::used_up() const {
  return sequence_ == kSequenceNumberEnd ||
         (cipher_ != nullptr && (sequence_ >= cipher_->limits.records || bytes_ >= cipher_->limits.bytes ||
                                 (sealing_ && sequence_ >= cipher_->limits.sealed)));
}

Result<std::size_t> Protection::seal(ContentType type, Bytes plaintext, crypto::Random random, MutBytes out,
                                     std::size_t padding) {
  if (dead_) {
    return ErrorCode::not_connected;
  }
  if (used_up()) {
    return ErrorCode::record_sequence_exhausted;
  }
  padding = pads() ? padding : 0;
  if (padding > kMaxPlaintextSize || plaintext.size() > kMaxPlaintextSize - padding) {
    return Error{ErrorCode::record_overflow, Place::none, static_cast<std::uint32_t>(plaintext.size())};
  }
  const std::size_t fragment_size = sealed_size(plaintext.size() + padding);
  if (out.size() < kRecordHeaderSize + fragment_size) {
    return Error{ErrorCode::buffer_too_small, Place::none, static_cast<std::uint32_t>(out.size())};
  }
  const MutBytes fragment = out.subspan(kRecordHeaderSize, fragment_size);
  if (cipher_ == nullptr) {
    copy_bytes(fragment, plaintext);
  } else {
    ASHLAR_CHECK(
        cipher_->functions->seal(*cipher_, state_, {sequence_, type, plaintext, padding}, random, fragment));
  }
  out[0] = static_cast<std::uint8_t>(pads() ? ContentType::application_data : type);
  store_be16(out.data() + 1, static_cast<std::uint16_t>(ProtocolVersion::tls12));
  store_be16(out.data() + 3, static_cast<std::uint16_t>(fragment_size));
  ++sequence_;
  bytes_ += plaintext.size();
  return kRecordHeaderSize + fragment_size;
}

Result<OpenedFragment> Protection::open(ContentType type, MutBytes fragment) {
  if (dead_) {
    return ErrorCode::not_connected;
  }
  if (used_up()) {
    return ErrorCode::record_sequence_exhausted;
  }
  if (cipher_ != nullptr && cipher_->inner_content_type && in_the_clear(type, fragment)) {
    return OpenedFragment{fragment, 0, 0, type};
  }
  if (early_data_left_ != 0 && cipher_ == nullptr) {
    if (type == ContentType::application_data) {
      return pass_over(fragment.size());
    }
    early_data_left_ = type != ContentType::handshake ? early_data_left_ : 0;
  }
  Result<OpenedFragment> opened = cipher_ == nullptr
                                      ? OpenedFragment{fragment, 0, 0, type}
                                      : cipher_->functions->open(*cipher_, state_, sequence_, type, fragment);
  if (early_data_left_ != 0 && cipher_ != nullptr) {
    if (!opened && opened.error() == ErrorCode::bad_record_mac && type == ContentType::application_data) {
      return pass_over(fragment.size());
    }
    early_data_left_ = 0;
  }
  if (!opened) {
    clear();
    return opened;
  }
  if (const auto judged = judge(*opened); !judged) {
    clear();
    return judged.error();
  }
  ++sequence_;
  bytes_ += opened->plaintext.size();
  return opened;
}

}  // namespace ashlar::tls
