// SPDX-License-Identifier: Apache-2.0
// Tickets: only what a present key sealed opens, unchanged and in time; keys rotate as in a plain list
//
// Each step is a byte for what is done and one for how; the last one, if it says so, puts the rest of the
// input into a ticket as if it were a session.
#include <ashlar/crypto/gcm.hpp>
#include <ashlar/tls/ticket_keys.hpp>

#include "support/check.hpp"
#include "support/choices.hpp"

#include <algorithm>

using namespace ashlar;

namespace {

using Buffer = std::vector<std::uint8_t>;
constexpr std::int64_t kHalfDay = 12 * 60 * 60;

// A source whose bytes are kept.
struct Source {
  std::uint8_t next = 1;
  Buffer drawn;
  crypto::Random random() {
    return {[](void* context, MutBytes out) -> Result<void> {
              auto& self = *static_cast<Source*>(context);
              for (std::uint8_t& byte : out) {
                byte = self.next = static_cast<std::uint8_t>(self.next * 5 + 3);
                self.drawn.push_back(byte);
              }
              return {};
            },
            this};
  }
};

Buffer plain_ticket(Bytes key, Bytes nonce, Bytes text) {
  const auto aead = crypto::Aead::create(crypto::kAes256Gcm, key.subspan(16));
  FUZZ_CHECK(aead);
  Buffer out(key.begin(), key.begin() + 16), sealed(text.size()), tag(16);
  const Bytes aad[] = {key.first(16)};
  FUZZ_CHECK(aead->seal(nonce, aad, text, sealed, tag));
  for (const Bytes part : {nonce, Bytes(sealed), Bytes(tag)}) {
    out.insert(out.end(), part.begin(), part.end());
  }
  return out;
}

struct Given {
  Buffer ticket, text, key;
  std::int64_t expires;
};

struct Model {
  std::vector<Buffer> keys;  // the newest first
  std::optional<std::int64_t> rotated;
  std::vector<Given> given;

  void add(Buffer key, std::int64_t now) {
    keys.insert(keys.begin(), std::move(key));
    keys.resize(std::min<std::size_t>(keys.size(), 4));
    rotated = now;
  }
  const Buffer* key_of(Bytes ticket) const {
    for (const Buffer& key : keys) {
      if (ticket.size() >= 16 && equal_public(Bytes(key).first(16), ticket.first(16))) {
        return &key;
      }
    }
    return nullptr;
  }
};

Buffer text_of_session(const tls::Session& session) {
  Buffer room(tls::kMaxSerializedSessionSize);
  const auto written = session.serialize(room);
  FUZZ_CHECK(written);
  room.resize(written->size());
  return room;
}

void check_open(tls::TicketKeys& keys, const Model& model, const Buffer& ticket, std::int64_t now) {
  const Given* sealed = nullptr;
  for (const Given& each : model.given) {
    sealed = each.ticket == ticket ? &each : sealed;
  }
  // A key of the same name may have come in its place.
  const Buffer* const key = model.key_of(ticket);
  const bool expected = sealed != nullptr && key != nullptr && *key == sealed->key && sealed->expires > now;
  tls::Session found;
  FUZZ_CHECK(keys.open(ticket, {now}, found) == expected);
  FUZZ_CHECK(!expected || text_of_session(found) == sealed->text);
  FUZZ_CHECK(keys.is_stale(ticket) == (model.keys.empty() || model.key_of(ticket) != &model.keys[0]));
}

void replace(tls::TicketKeys& keys, Model& model, fuzz::Choices& script) {
  const std::size_t count = script.below(6);
  std::vector<Buffer> made;
  bool good = count >= 1 && count <= 4;
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint8_t how = script.byte();
    Buffer key((how & 0xe0) == 0xe0 ? 47 : 48, static_cast<std::uint8_t>(how & 7));
    if ((how & 8) != 0) {
      std::fill(key.begin() + 16, key.end(), 0);
      key.back() = (how & 16) != 0 ? 1 : 0;
    }
    good = good && key.size() == 48 &&
           std::any_of(key.begin() + 16, key.end(), [](std::uint8_t byte) { return byte != 0; });
    for (const Buffer& other : made) {
      good = good && !std::equal(other.begin(), other.begin() + 16, key.begin());
    }
    made.push_back(key);
  }
  const std::vector<Bytes> views(made.begin(), made.end());
  const auto replaced = keys.replace(views);
  FUZZ_CHECK(replaced.ok() == good);
  if (good) {
    model.keys = made;
    model.rotated.reset();
  } else {
    FUZZ_CHECK(replaced.error() == ErrorCode::invalid_argument);
  }
}

void seal(tls::TicketKeys& keys, Model& model, Source& source, std::uint8_t how, std::int64_t now) {
  tls::Session session;
  session.secret.assign(Buffer(48, how));
  session.created = {now};
  session.expires = {now + 1 + how * std::int64_t{700}};
  FUZZ_CHECK(session.server_name.assign(bytes_of("server.example")));
  const Buffer text = text_of_session(session);
  Buffer room(44 + text.size() + (how % 3));
  if (how % 7 == 6) {
    room.resize(43 + text.size());
  }
  source.drawn.clear();
  const auto ticket = keys.seal(session, source.random(), room);
  std::size_t used = 0;
  if (model.rotated && now - *model.rotated >= kHalfDay) {
    FUZZ_CHECK(source.drawn.size() >= 48);
    model.add({source.drawn.begin(), source.drawn.begin() + 48}, now);
    used = 48;
  }
  if (model.keys.empty()) {
    FUZZ_CHECK(!ticket && ticket.error() == ErrorCode::invalid_argument);
    return;
  }
  if (room.size() < 44 + text.size()) {
    FUZZ_CHECK(!ticket && ticket.error() == ErrorCode::buffer_too_small);
    return;
  }
  FUZZ_CHECK(ticket && source.drawn.size() == used + 12);
  const Buffer expected = plain_ticket(model.keys[0], Bytes(source.drawn).subspan(used), text);
  FUZZ_CHECK(equal_public(*ticket, expected));
  model.given.push_back({expected, text, model.keys[0], session.expires.seconds});
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2 || size > 600) {
    return -1;
  }
  fuzz::Choices script(data, size);
  tls::TicketKeys keys;
  Model model;
  Source source;
  std::int64_t now = 1000000;
  std::size_t opened = 0;
  while (!script.empty()) {
    const std::size_t what = script.below(7);
    const std::uint8_t how = script.byte();
    if (what == 0) {
      source.drawn.clear();
      FUZZ_CHECK(keys.rotate(source.random(), {now}));
      FUZZ_CHECK(source.drawn.size() == 48);
      model.add(source.drawn, now);
    } else if (what == 1) {
      replace(keys, model, script);
    } else if (what == 2) {
      now += how < 128 ? how : how == 255 ? kHalfDay - 1 : kHalfDay * (how % 4);
    } else if (what <= 4) {
      seal(keys, model, source, how, now);
    } else if (what == 5 && !model.given.empty()) {
      Buffer ticket = model.given[how % model.given.size()].ticket;
      check_open(keys, model, ticket, now);
      const Given& of = model.given[how % model.given.size()];
      for (const std::int64_t at : {of.expires - 1, of.expires}) {
        check_open(keys, model, ticket, at);
      }
      const std::size_t place = script.number(2) % ticket.size();
      ticket[place] = static_cast<std::uint8_t>(ticket[place] ^ (1u << (how % 8)));
      check_open(keys, model, ticket, now);
      ticket.resize(place);
      check_open(keys, model, ticket, now);
      ++opened;
    } else if (what == 6 && !model.keys.empty()) {
      // What a present key seals is a session only if it reads as one, to its last byte.
      const Buffer& key = model.keys[how % model.keys.size()];
      const Bytes text = script.rest();
      const Buffer ticket = plain_ticket(key, Buffer(12, 9), text);
      const auto session = tls::Session::parse(text);
      tls::Session found;
      const bool opens = keys.open(ticket, {now}, found);
      FUZZ_CHECK(opens ==
                 (session.ok() && session->expires.seconds > now && ticket.size() <= tls::kMaxHandleSize));
      fuzz::accepted(opens ? "opens" : session.ok() ? "expired, or too long" : "no session in it");
      return 0;
    }
  }
  fuzz::accepted("tickets tried", opened);
  return 0;
}
