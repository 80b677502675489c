// SPDX-License-Identifier: Apache-2.0
// A key of GCM in its row's form, for tests that call rows directly.
#pragma once

#include <ashlar/crypto/gcm.hpp>

#include <cstring>

namespace ashlar::test {

class RawGcmKey {
 public:
  RawGcmKey(const crypto::GcmKernel& row, Bytes key) {
    std::memset(static_cast<void*>(room_.room), 0, sizeof room_.room);
    data().kernel = &row;
    data().size = static_cast<std::uint32_t>(row.data_size(key.size()));
    row.init(data(), key);
  }
  crypto::GcmKeyData& data() { return room_.data(); }
  // The data of the row.
  Bytes kept() const { return {room_.data().bytes(), room_.data().size}; }

 private:
  crypto::GcmKeyRoom room_;
};

}  // namespace ashlar::test
