// SPDX-License-Identifier: Apache-2.0
// Tickets: key_name[16] || nonce[12] || AES-256-GCM(session) || tag[16], with the name as additional data.
// The nonce is random, which is good for 2^32 tickets of one key (SP 800-38D §8.3).
#include <ashlar/tls/ticket_keys.hpp>

#include <ashlar/base/ct.hpp>
#include <ashlar/base/endian.hpp>
#include <ashlar/crypto/gcm.hpp>

namespace ashlar::tls {

namespace {

constexpr std::size_t kNameSize = 16;
constexpr std::size_t kNonceSize = 12;
constexpr std::size_t kTagSize = 16;
constexpr std::size_t kOverhead = kNameSize + kNonceSize + kTagSize;
static_assert(kOverhead + kMaxSerializedSessionSize <= kMaxHandleSize);

TicketKeys& keys_of(void* context) {
  return *static_cast<TicketKeys*>(context);
}

}  // namespace

struct TicketKeys::Keys {
  Secret<kMaxKeys * kKeySize> bytes;
  std::size_t count = 0;
  std::int64_t rotated = kNever;

  Bytes name(std::size_t i) const { return bytes.reveal().subspan(i * kKeySize, kNameSize); }
  Bytes key(std::size_t i) const {
    return bytes.reveal().subspan(i * kKeySize + kNameSize, kKeySize - kNameSize);
  }
  // Which key has this name; `count` if none has.
  std::size_t find(Bytes wanted) const {
    std::size_t i = 0;
    while (i < count && !equal_public(name(i), wanted)) {
      ++i;
    }
    return i;
  }
  // Puts a fresh key in front; the oldest of kMaxKeys goes.
  void add(Bytes fresh, asn1::Time now) {
    const MutBytes all = bytes.reveal_mut();
    for (std::size_t i = all.size(); i-- > kKeySize;) {
      all[i] = all[i - kKeySize];
    }
    copy_bytes(all, fresh);
    count += count < kMaxKeys ? 1 : 0;
    rotated = now.seconds;
  }
};

TicketKeys::~TicketKeys() {
  for (auto& word : words_) {
    word.store(0, std::memory_order_relaxed);
  }
}

TicketKeys::Keys TicketKeys::read() const {
  Keys copy;
  while (true) {
    const std::uint32_t before = changes_.load(std::memory_order_acquire);
    copy.count = count_.load(std::memory_order_acquire);
    copy.rotated = rotated_.load(std::memory_order_acquire);
    for (std::size_t i = 0; i < kMaxKeys * kWords; ++i) {
      store_be64(copy.bytes.reveal_mut().data() + 8 * i, words_[i].load(std::memory_order_acquire));
    }
    if (before % 2 == 0 && changes_.load(std::memory_order_relaxed) == before) {
      return copy;
    }
  }
}

// Lets `apply` change a copy of the keys and puts it in place. False, and nothing is changed, if another
// thread is at it, or if `apply` says so.
template <class Change>
bool TicketKeys::change(const Change& apply) {
  std::uint32_t before = changes_.load(std::memory_order_relaxed);
  if (before % 2 != 0 || !changes_.compare_exchange_strong(before, before + 1, std::memory_order_acquire,
                                                           std::memory_order_relaxed)) {
    return false;
  }
  Keys keys;
  keys.count = count_.load(std::memory_order_relaxed);
  keys.rotated = rotated_.load(std::memory_order_relaxed);
  const MutBytes bytes = keys.bytes.reveal_mut();
  for (std::size_t i = 0; i < kMaxKeys * kWords; ++i) {
    store_be64(bytes.data() + 8 * i, words_[i].load(std::memory_order_relaxed));
  }
  const bool applied = apply(keys);
  if (applied) {
    count_.store(static_cast<std::uint32_t>(keys.count), std::memory_order_release);
    rotated_.store(keys.rotated, std::memory_order_release);
    for (std::size_t i = 0; i < kMaxKeys * kWords; ++i) {
      words_[i].store(load_be64(bytes.data() + 8 * i), std::memory_order_release);
    }
  }
  changes_.store(before + 2, std::memory_order_release);
  return applied;
}

Result<void> TicketKeys::rotate(crypto::Random random, asn1::Time now) {
  Secret<kKeySize> fresh;
  ASHLAR_CHECK(random.fill(fresh.reveal_mut()));
  // Where another thread is changing them just now, there is a fresh key too.
  (void)change([&](Keys& keys) {
    keys.add(fresh.reveal(), now);
    return true;
  });
  return {};
}

Result<void> TicketKeys::replace(std::span<const Bytes> given) {
  if (given.empty() || given.size() > kMaxKeys) {
    return ErrorCode::invalid_argument;
  }
  for (std::size_t i = 0; i < given.size(); ++i) {
    if (given[i].size() != kKeySize) {
      return ErrorCode::invalid_argument;
    }
    std::uint8_t any = 0;
    for (const std::uint8_t byte : given[i].subspan(kNameSize)) {
      any |= byte;
    }
    if (ct::is_zero(any).declassify()) {  // that it is none, and no more, becomes public
      return ErrorCode::invalid_argument;
    }
    for (std::size_t j = 0; j < i; ++j) {
      if (equal_public(given[j].first(kNameSize), given[i].first(kNameSize))) {
        return ErrorCode::invalid_argument;
      }
    }
  }
  const auto put = [&](Keys& keys) {
    const MutBytes all = keys.bytes.reveal_mut();
    wipe(all);
    for (std::size_t i = 0; i < given.size(); ++i) {
      copy_bytes(all.subspan(i * kKeySize), given[i]);
    }
    keys.count = given.size();
    keys.rotated = kNever;
    return true;
  };
  while (!change(put)) {
  }
  return {};
}

Result<Bytes> TicketKeys::seal(const Session& session, crypto::Random random, MutBytes room) {
  Keys keys = read();
  if (keys.rotated != kNever && session.created.seconds - keys.rotated >= kRotation) {
    Secret<kKeySize> fresh;
    ASHLAR_CHECK(random.fill(fresh.reveal_mut()));
    // Once, however many threads see that it is time.
    (void)change([&](Keys& present) {
      const bool first = present.rotated == keys.rotated;
      if (first) {
        present.add(fresh.reveal(), session.created);
      }
      return first;
    });
    keys = read();
  }
  if (keys.count == 0) {
    return ErrorCode::invalid_argument;
  }
  if (room.size() < kOverhead) {
    return ErrorCode::buffer_too_small;
  }
  const MutBytes name = room.first(kNameSize);
  const MutBytes nonce = room.subspan(kNameSize, kNonceSize);
  copy_bytes(name, keys.name(0));
  ASHLAR_CHECK(random.fill(nonce));
  ASHLAR_TRY(const crypto::Aead aead, crypto::Aead::create(crypto::kAes256Gcm, keys.key(0)));
  const MutBytes rest = room.subspan(kNameSize + kNonceSize);
  ASHLAR_TRY(const MutBytes text, session.serialize(rest.first(rest.size() - kTagSize)));
  const Bytes aad[] = {name};
  const auto sealed =
      aead.seal(nonce, std::span<const Bytes>(aad), text, text, rest.subspan(text.size(), kTagSize));
  if (!sealed) {
    wipe(text);
    return sealed.error();
  }
  return Bytes(room.first(kOverhead + text.size()));
}

bool TicketKeys::open(Bytes ticket, asn1::Time now, Session& out) const {
  if (ticket.size() < kOverhead || ticket.size() > kMaxHandleSize) {
    return false;
  }
  const Keys keys = read();
  const Bytes name = ticket.first(kNameSize);
  const std::size_t which = keys.find(name);
  if (which == keys.count) {
    return false;
  }
  const auto aead = crypto::Aead::create(crypto::kAes256Gcm, keys.key(which));
  if (!aead) {
    return false;
  }
  SecretBuffer<kMaxHandleSize> storage;
  storage.resize(ticket.size() - kOverhead);
  const MutBytes text = storage.reveal_mut();
  const Bytes aad[] = {name};
  if (!aead->open(ticket.subspan(kNameSize, kNonceSize), std::span<const Bytes>(aad),
                  ticket.subspan(kNameSize + kNonceSize, text.size()), ticket.last(kTagSize), text)) {
    return false;
  }
  auto session = Session::parse(text);
  if (!session || session->expires <= now) {
    return false;
  }
  out = std::move(*session);
  return true;
}

bool TicketKeys::is_stale(Bytes ticket) const {
  const Keys keys = read();
  return ticket.size() < kNameSize || keys.count == 0 || !equal_public(keys.name(0), ticket.first(kNameSize));
}

Resumption TicketKeys::resumption() & {
  return {[](void* context, const Session& session, crypto::Random random, MutBytes room) {
            return keys_of(context).seal(session, random, room);
          },
          [](void* context, Bytes ticket, asn1::Time now, Session& out) {
            return keys_of(context).open(ticket, now, out);
          },
          [](void*, Bytes) {}, this,
          [](void* context, Bytes ticket) { return keys_of(context).is_stale(ticket); }};
}

}  // namespace ashlar::tls
