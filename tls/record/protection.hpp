// SPDX-License-Identifier: Apache-2.0
// Record protection: the keys and the sequence number of one direction of a connection.
#pragma once

#include <ashlar/tls/memory.hpp>

#include "record/cipher.hpp"

namespace ashlar::tls {

// So much early data a server passes over that has promised to take none: bytes of fragments, with what
// protection adds.
inline constexpr std::uint32_t kMaxEarlyData = 1 << 14;

class Protection {
 public:
  // The null cipher. Key objects, as large as their row needs, come from `memory`.
  // memory: outlives it.
  explicit Protection(const Memory& memory) : memory_(&memory) {}
  explicit Protection(const Memory&&) = delete;
  Protection(const Protection&) = delete;
  Protection& operator=(const Protection&) = delete;
  ~Protection() { clear(); }

  // Switches to new keys and restarts the sequence numbers, as ChangeCipherSpec does. invalid_argument if the
  // keys do not have the sizes of the cipher; out_of_memory.
  Result<void> activate(const RecordCipher& cipher, bool sealing, Bytes mac_key, Bytes key, Bytes fixed_iv);
  // Back to the null cipher.
  void stop();
  // Wipes the keys for good and gives their memory back: seal and open return not_connected from here on.
  void clear();

  bool active() const { return cipher_ != nullptr; }
  const RecordCipher* cipher() const { return cipher_; }
  std::uint64_t sequence_number() const { return sequence_; }
  std::uint16_t epoch() const { return epoch_; }
  // Whether it is time for new keys.
  bool worn() const { return cipher_ != nullptr && sequence_ >= cipher_->limits.renewal; }
  // Bytes of a fragment on the wire, header not included.
  std::size_t sealed_size(std::size_t plaintext_size) const {
    return cipher_ == nullptr ? plaintext_size : cipher_->sealed_size(plaintext_size);
  }

  // The largest length in a header that comes next.
  std::size_t max_fragment_size() const {
    return early_data_left_ != 0 ? kMaxTls13CiphertextSize : tls::max_fragment_size(cipher_);
  }

  // Early data may come that no key here opens (RFC 9846 §4.2.10). From now on records of application data
  // that do not open are passed over, up to so many bytes; beyond, early_data_flood. It ends with the first
  // record that opens, or in the clear with the first handshake record, or with other keys.
  void pass_over_early_data(std::uint32_t most) { early_data_left_ = most + 1; }

  // Writes header and fragment to the start of `out`, and returns how many bytes that is. At most
  // kMaxPlaintextSize bytes of plaintext and padding, else record_overflow; buffer_too_small. padding: zeros
  // that hide the size of the plaintext; ignored where the cipher has none.
  // record_sequence_exhausted before a sequence number would repeat (T08), and past the row's limits.
  Result<std::size_t> seal(ContentType type, Bytes plaintext, crypto::Random random, MutBytes out,
                           std::size_t padding = 0);
  bool pads() const { return cipher_ != nullptr && cipher_->inner_content_type; }
  // Opens in place. bad_record_mac; record_overflow if more than kMaxPlaintextSize bytes were inside. The
  // first error clears the keys, so there is no second try.
  Result<OpenedFragment> open(ContentType type, MutBytes fragment);

 private:
  friend struct ProtectionAccess;  // tests set the sequence number

  bool used_up() const;
  bool in_the_clear(ContentType type, Bytes fragment) const;
  Result<OpenedFragment> pass_over(std::size_t size);

  const Memory* memory_;
  const RecordCipher* cipher_ = nullptr;
  std::uint8_t* state_ = nullptr;  // aligned, so many bytes behind the start of what was allocated
  std::uint64_t sequence_ = 0;
  std::uint64_t bytes_ = 0;            // of plaintext, under these keys
  std::uint32_t early_data_left_ = 0;  // 0: none is passed over; else one more than may still come
  std::uint32_t allocation_size_ = 0;
  std::uint16_t epoch_ = 0;
  std::uint8_t skipped_ = 0;
  bool sealing_ = false;
  bool dead_ = false;
};

}  // namespace ashlar::tls
