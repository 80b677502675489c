// SPDX-License-Identifier: Apache-2.0
// Message authentication codes: one type for every MAC, chosen by a constexpr object (kHmacSha256 in
// hmac.hpp), without heap. Constant time in key and message; their lengths are public.
#pragma once

#include <ashlar/base/bytes.hpp>
#include <ashlar/base/result.hpp>
#include <ashlar/crypto/cpu.hpp>

namespace ashlar::crypto {

// A MAC as data. Sizes in bytes. The functions work on a key object of at most MacKey::kCapacity bytes and on
// a computation of at most Mac::kCapacity bytes.
struct MacAlgorithm {
  std::string_view name;
  std::size_t key_size;  // 0: any
  std::size_t size;      // of the code, at most kMaxMacSize
  // kernel: the name of an implementation, or empty for the best one this CPU can run.
  Result<void> (*init)(void* key_object, Bytes key, std::string_view kernel);
  // The code of one message, given in parts, into `size` bytes of memory.
  void (*mac)(const void* key_object, std::span<const Bytes> message, MutBytes mac);
  // The same piece by piece. finish starts a new computation; end destroys it.
  void (*start)(void* computation, const void* key_object);
  void (*update)(void* computation, Bytes data);
  void (*finish)(void* computation, MutBytes mac);
  void (*end)(void* computation);
  // Moves a key object to memory that holds none yet. The old place then holds none.
  void (*move)(void* to, void* from);
  void (*destroy)(void* key_object);
};

inline constexpr std::size_t kMaxMacSize = 64;  // bytes, of any MAC here
// A code may be cut to its first bytes if both sides agree on how many: 8 in general, 4 if few forgeries can
// be tried (SP 800-38B §A.2, SP 800-107 §5.3.3).
inline constexpr std::size_t kMinMacSize = 4;

// One key of one MAC. It is wiped when it dies.
class MacKey {
 public:
  static constexpr std::size_t kCapacity = 1152;

  // bad_key_size; kernel_unavailable when no implementation has that name or this CPU cannot run it.
  static Result<MacKey> create(const MacAlgorithm& algorithm, Bytes key, std::string_view kernel = {});
  MacKey(MacKey&& other) noexcept;
  MacKey& operator=(MacKey&& other) noexcept;
  ~MacKey();

  const MacAlgorithm& algorithm() const { return *algorithm_; }
  std::size_t size() const { return algorithm_->size; }

  // The code of one message given in parts, into the first size() bytes of `mac`, which must have room.
  // Returns those bytes.
  MutBytes mac(std::span<const Bytes> message, MutBytes mac) const;
  MutBytes mac(Bytes message, MutBytes mac) const { return this->mac({&message, 1}, mac); }
  // Succeeds if `mac` is the whole code of the message, all size() bytes; else bad_tag.
  Result<void> verify(std::span<const Bytes> message, Bytes mac) const;
  Result<void> verify(Bytes message, Bytes mac) const { return verify({&message, 1}, mac); }
  // Checks that `mac` is the message's code, cut to its first `size` bytes: kMinMacSize to size() (else
  // invalid_argument). Take that number from the protocol, never from the peer.
  Result<void> verify_truncated(std::span<const Bytes> message, Bytes mac, std::size_t size) const;
  Result<void> verify_truncated(Bytes message, Bytes mac, std::size_t size) const {
    return verify_truncated({&message, 1}, mac, size);
  }

 private:
  friend class Mac;
  MacKey() = default;
  const MacAlgorithm* algorithm_ = nullptr;
  alignas(64) std::uint8_t storage_[kCapacity];
};

// A code being computed. The key must outlive it and must not move.
class Mac {
 public:
  static constexpr std::size_t kCapacity = 640;

  explicit Mac(const MacKey& key) : algorithm_(*key.algorithm_) {
    algorithm_.start(computation_, key.storage_);
  }
  Mac(const Mac&) = delete;
  Mac& operator=(const Mac&) = delete;
  ~Mac() { algorithm_.end(computation_); }

  // Any split of a message gives the same code.
  Mac& update(Bytes data) {
    algorithm_.update(computation_, data);
    return *this;
  }
  // As MacKey's mac, verify and verify_truncated. Each starts a new computation.
  MutBytes finish(MutBytes mac);
  Result<void> verify(Bytes mac);
  Result<void> verify_truncated(Bytes mac, std::size_t size);

 private:
  const MacAlgorithm& algorithm_;
  alignas(64) std::uint8_t computation_[kCapacity];
};

}  // namespace ashlar::crypto
