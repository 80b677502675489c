// SPDX-License-Identifier: Apache-2.0
#include <ashlar/crypto/aead.hpp>

namespace ashlar::crypto {

// An Aead without an algorithm holds no key: create() starts from it, and a move leaves it behind.

Result<Aead> Aead::create(const AeadAlgorithm& algorithm, Bytes key, std::string_view kernel) {
  if (key.size() != algorithm.key_size) {
    return Error{ErrorCode::bad_key_size, Place::none, static_cast<std::uint32_t>(key.size())};
  }
  return set_up(algorithm, key, kernel);
}

// Only one variable is returned, so the key is not moved.
Result<Aead> Aead::set_up(const AeadAlgorithm& algorithm, Bytes key, std::string_view kernel) {
  Result<Aead> made{Aead()};
  if (const auto done = algorithm.init(MutBytes(made->storage_), key, kernel); done) {
    made->algorithm_ = &algorithm;
  } else {
    made = done.error();
  }
  return made;
}

Aead::Aead(Aead&& other) noexcept : algorithm_(other.algorithm_) {
  if (algorithm_ != nullptr) {
    algorithm_->move(storage_, other.storage_);
    other.algorithm_ = nullptr;
  }
}

Aead& Aead::operator=(Aead&& other) noexcept {
  if (this != &other) {
    if (algorithm_ != nullptr) {
      algorithm_->destroy(storage_);
    }
    algorithm_ = other.algorithm_;
    if (algorithm_ != nullptr) {
      algorithm_->move(storage_, other.storage_);
      other.algorithm_ = nullptr;
    }
  }
  return *this;
}

Aead::~Aead() {
  if (algorithm_ != nullptr) {
    algorithm_->destroy(storage_);
  }
}

}  // namespace ashlar::crypto
