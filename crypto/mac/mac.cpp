// SPDX-License-Identifier: Apache-2.0
#include <ashlar/base/ct.hpp>
#include <ashlar/crypto/mac.hpp>

namespace ashlar::crypto {
namespace {

// The place for `size` bytes of code. Too little room is a mistake of the program, which stops.
MutBytes room_for(std::size_t size, MutBytes mac) {
  if (mac.size() < size) {
    __builtin_trap();
  }
  return mac.first(size);
}

// The first `size` bytes of the code.
Result<void> compare(std::uint8_t (&expected)[kMaxMacSize], const MacAlgorithm& algorithm, std::size_t size,
                     Bytes mac) {
  const bool fits = size >= kMinMacSize && size <= algorithm.size;
  const bool same = fits && ct::equal(Bytes(expected, size), mac).declassify();
  wipe(expected, sizeof expected);
  if (!fits) {
    return ErrorCode::invalid_argument;
  }
  if (!same) {
    return ErrorCode::bad_tag;
  }
  return {};
}

}  // namespace

// A key without an algorithm holds nothing: create() starts from it, and a move leaves it behind.

Result<MacKey> MacKey::create(const MacAlgorithm& algorithm, Bytes key, std::string_view kernel) {
  Result<MacKey> made{MacKey()};
  if (algorithm.key_size != 0 && key.size() != algorithm.key_size) {
    made = Error{ErrorCode::bad_key_size, Place::none, static_cast<std::uint32_t>(key.size())};
  } else if (const auto done = algorithm.init(made->storage_, key, kernel); done) {
    made->algorithm_ = &algorithm;
  } else {
    made = done.error();
  }
  return made;
}

MacKey::MacKey(MacKey&& other) noexcept : algorithm_(other.algorithm_) {
  if (algorithm_ != nullptr) {
    algorithm_->move(storage_, other.storage_);
    other.algorithm_ = nullptr;
  }
}

MacKey& MacKey::operator=(MacKey&& other) noexcept {
  if (this != &other) {
    this->~MacKey();
    new (this) MacKey(std::move(other));
  }
  return *this;
}

MacKey::~MacKey() {
  if (algorithm_ != nullptr) {
    algorithm_->destroy(storage_);
  }
}

MutBytes MacKey::mac(std::span<const Bytes> message, MutBytes mac) const {
  const MutBytes out = room_for(size(), mac);
  algorithm_->mac(storage_, message, out);
  return out;
}

Result<void> MacKey::verify(std::span<const Bytes> message, Bytes mac) const {
  return verify_truncated(message, mac, size());
}

Result<void> MacKey::verify_truncated(std::span<const Bytes> message, Bytes mac, std::size_t size) const {
  std::uint8_t expected[kMaxMacSize];
  algorithm_->mac(storage_, message, {expected, this->size()});
  return compare(expected, *algorithm_, size, mac);
}

MutBytes Mac::finish(MutBytes mac) {
  const MutBytes out = room_for(algorithm_.size, mac);
  algorithm_.finish(computation_, out);
  return out;
}

Result<void> Mac::verify(Bytes mac) {
  return verify_truncated(mac, algorithm_.size);
}

Result<void> Mac::verify_truncated(Bytes mac, std::size_t size) {
  std::uint8_t expected[kMaxMacSize];
  algorithm_.finish(computation_, {expected, algorithm_.size});
  return compare(expected, algorithm_, size, mac);
}

}  // namespace ashlar::crypto
