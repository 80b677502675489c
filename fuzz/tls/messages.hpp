// SPDX-License-Identifier: Apache-2.0
// The trial of a handshake message: what parses builds again, and a plain second reading says the same.
#pragma once

#include "message/message.hpp"
#include "support/check.hpp"
#include "support/plain_messages.hpp"

#include <array>

namespace ashlar::fuzz {

using plain::Opinion;

inline constexpr std::size_t kMaxMessage = 4096;
using Output = std::array<std::uint8_t, kMaxMessage + 64>;

inline bool inside(Bytes outer, Bytes view) {
  return view.empty() ||
         (view.data() >= outer.data() && view.data() + view.size() <= outer.data() + outer.size());
}

// Builds what was parsed from `body`, parses that, and builds again. The two must be equal, and equal to
// `body` if the message has one form only. The plain reading judges `body` too.
// Where a message has several forms, `same` compares the body with what was built from it.
inline bool in_any_form(Bytes, Bytes) {
  return true;
}
template <class Parse, class Build>
void round_trip(Bytes body, Parse parse, Build build, bool one_form, Opinion opinion,
                bool (*same)(Bytes, Bytes) = in_any_form) {
  const auto first = parse(body);
  if (!first) {
    FUZZ_CHECK(first.error().place != Place::none);
    FUZZ_CHECK(opinion != Opinion::right);
    refused(first.error());
    return;
  }
  FUZZ_CHECK(opinion != Opinion::wrong);
  accepted();
  Output memory;
  Writer writer(memory);
  build(*first, writer);
  const auto built = writer.finish();
  FUZZ_CHECK(built);
  FUZZ_CHECK(one_form ? equal_public(*built, body) : same(body, *built));
  const auto second = parse(*built);
  FUZZ_CHECK(second);
  Output again_memory;
  Writer again_writer(again_memory);
  build(*second, again_writer);
  const auto again = again_writer.finish();
  FUZZ_CHECK(again && equal_public(*again, *built));
}

template <class Message>
void round_trip(Bytes body, bool one_form, Opinion opinion, bool (*same)(Bytes, Bytes) = in_any_form) {
  round_trip(
      body, [](Bytes bytes) { return Message::parse(bytes); },
      [](const Message& message, Writer& writer) { message.build(writer); }, one_form, opinion, same);
}

// The trial for the body of each type.
struct Trial {
  tls::HandshakeType type;
  void (*run)(Bytes body);
};
template <class Message, Opinion (*judge)(Bytes), bool one_form = true>
void try_message(Bytes body) {
  round_trip<Message>(body, one_form, judge(body));
}

}  // namespace ashlar::fuzz
