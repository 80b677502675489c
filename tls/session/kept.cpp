// SPDX-License-Identifier: Apache-2.0
#include "session/kept.hpp"

#include <ashlar/base/endian.hpp>

namespace ashlar::tls {

namespace {

constexpr std::size_t kHeadSize = 4;

std::size_t size_of_first(Bytes entries) {
  return kHeadSize + load_be32(entries.data());
}

// The first `most` entries, or all.
Bytes leading(Bytes entries, std::size_t most) {
  std::size_t size = 0;
  for (std::size_t i = 0; i < most && size < entries.size(); ++i) {
    size += size_of_first(entries.subspan(size));
  }
  return entries.first(size);
}

}  // namespace

Result<void> KeptSessions::add(const Session& session, std::size_t most) {
  SecretMemory storage(entries_.memory());
  ASHLAR_CHECK(storage.allocate(kMaxSerializedSessionSize + session.ticket.bytes().size()));
  ASHLAR_TRY(const MutBytes serialized, session.serialize(storage.reveal_mut()));
  std::uint8_t head[kHeadSize];
  store_be32(head, static_cast<std::uint32_t>(serialized.size()));
  const Bytes older = leading(entries_.bytes(), most - 1);
  Buffer next(entries_.memory());
  ASHLAR_CHECK(next.ensure_capacity(kHeadSize + serialized.size() + older.size()));
  for (const Bytes part : {Bytes(head), Bytes(serialized), older}) {
    ASHLAR_CHECK(next.append(part));
  }
  entries_ = std::move(next);
  return {};
}

Bytes KeptSessions::newest() const {
  const Bytes entries = entries_.bytes();
  return entries.first(size_of_first(entries)).subspan(kHeadSize);
}

void KeptSessions::forget_newest() {
  entries_.consume(size_of_first(entries_.bytes()));
}

}  // namespace ashlar::tls
