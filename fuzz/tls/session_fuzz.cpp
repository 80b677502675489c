// SPDX-License-Identifier: Apache-2.0
// Saved sessions: what parses is written to the same bytes, and a copy is the same session
#include <ashlar/tls/session.hpp>

#include "support/check.hpp"

#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ashlar;
  if (size > 4096) {
    return -1;
  }
  const Bytes input(data, size);
  const auto parsed = tls::Session::parse(input);
  if (!parsed) {
    fuzz::refused(parsed.error());
    return 0;
  }
  fuzz::accepted("a session, and a ticket of", parsed->ticket.bytes().size());
  // TLS 1.2's master secret has one size; IDs, names and secrets have limits.
  FUZZ_CHECK(parsed->version != tls::ProtocolVersion::tls12 || parsed->secret.size() == 48);
  FUZZ_CHECK(parsed->id.size() <= 32 && parsed->secret.size() <= 64);
  std::vector<std::uint8_t> room(tls::kMaxSerializedSessionSize + parsed->ticket.bytes().size());
  const auto written = parsed->serialize(room);
  FUZZ_CHECK(written && equal_public(*written, input));
  std::vector<std::uint8_t> small(size - 1);
  FUZZ_CHECK(!parsed->serialize(small));
  const auto copy = parsed->clone();
  FUZZ_CHECK(copy);
  std::vector<std::uint8_t> again(room.size());
  const auto rewritten = copy->serialize(again);
  FUZZ_CHECK(rewritten && equal_public(*rewritten, input));
  // No byte may be missing, and there may be none too many.
  FUZZ_CHECK(!tls::Session::parse(input.first(size - 1)));
  std::vector<std::uint8_t> longer(input.begin(), input.end());
  longer.push_back(0);
  FUZZ_CHECK(!tls::Session::parse(longer));
  return 0;
}
