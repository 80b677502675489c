// SPDX-License-Identifier: Apache-2.0
// TLS 1.3 after the handshake: floods, warnings, renewed keys, tickets and ends, counted as by a plain model
//
// Nothing protects the records, so the script can make them. Its first byte says which side is under test.
// Then each two bytes are a kind of record and a number.
#include "support/choices.hpp"
#include "tls/after_handshake.hpp"
#include "tls/tls13.hpp"

namespace {

using namespace ashlar;
using fuzz::Buffer;

// Only the records are unprotected. The type is in the header, as it was before TLS 1.3.
const tls::tls13::Suite kSuite = {
    {tls::SuiteId{0xfafd}, "unprotected, TLS 1.3", "-", &fuzz::unchecked::kCipher, &crypto::kSha256}};
const tls::tls13::Suite* const kSuites[] = {&kSuite};

struct Model : fuzz::AfterHandshake {
  void put_message(std::uint8_t type, const Buffer& body) {
    Buffer message;
    message.reserve(4 + body.size());
    fuzz::append_message13(message, type, body);
    put(22, message);
  }
  void alert(std::uint8_t level, std::uint8_t description) {
    AfterHandshake::alert(level, description, description == 90);  // user_canceled
  }
  // In a record of its own: the keys change behind it.
  void key_update(std::uint8_t request) {
    put(22, {24, 0, 0, 1, request});
    if (over()) {
      return;
    }
    empty = 0;
    if (request > 1) {
      fail(ErrorCode::bad_key_update);
    } else if (++updates > 32) {
      fail(ErrorCode::key_update_flood);
    }
  }
  // One of a short lifetime or none, with a nonce, a ticket and no extensions.
  void ticket(std::uint8_t lifetime, std::uint8_t ticket_size) {
    Buffer body = {0, 0, 0, lifetime, 1, 2, 3, 4, 1, 7, 0, ticket_size};
    body.resize(body.size() + ticket_size, 't');
    body.resize(body.size() + 2, 0);
    put_message(4, body);
    if (over()) {
      return;
    }
    empty = 0;
    if (!is_client) {
      fail(ErrorCode::unexpected_message);
    } else if (ticket_size == 0) {
      fail(ErrorCode::bad_vector_length);
    }
  }
  // A whole message with an empty body, of a type that is not for this place.
  void message(std::uint8_t type) {
    if (type == 24 || (type == 4 && is_client)) {
      type = 1;
    }
    put(22, {type, 0, 0, 0});
    if (!over()) {
      empty = 0;
    }
    fail(ErrorCode::unexpected_message);
  }
  void other(std::uint8_t type, std::size_t size) {
    // The header alone shows that this is not a record, so nothing else is tried.
    if (type >= 20 && type <= 23) {
      type = 19;
    }
    put(type, Buffer(size, 1));
    fail(ErrorCode::unexpected_record);
  }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 3 || size > 256) {
    return -1;
  }
  static const tls::Policy policy = [] {
    tls::Policy made = fuzz::policy13();
    made.tls13_suites = kSuites;
    return made;
  }();
  static const fuzz::Recording honest = fuzz::record({&policy, &policy});
  fuzz::Choices script(data, size);
  Model model;
  model.is_client = (script.byte() & 1) == 0;
  const std::uint8_t step = script.byte();
  model.begin(honest);
  while (!script.empty() && model.wire.size() < 16000) {
    const std::size_t kind = script.below(9);
    const std::uint8_t number = script.byte();
    switch (kind) {
      case 0:
        model.application_data(number);
        break;
      case 1:
        for (std::size_t i = 0; i <= number % 40u; ++i) {
          model.application_data(0);
        }
        break;
      case 2:
        model.alert(1, number);
        break;
      case 3:
        model.alert(1, 90);
        break;
      case 4:
        model.alert(number, number == 2 ? 40 : 0);
        break;
      case 5:
        for (std::size_t i = 0; i <= number % 40u; ++i) {
          model.key_update(i % 2);
        }
        break;
      case 6:
        model.key_update(number % 3);
        break;
      case 7:
        model.ticket(number % 4, static_cast<std::uint8_t>(number / 4));
        break;
      default:
        if (number % 2 == 0) {
          model.message(number);
        } else {
          model.other(number, number % 3u);
        }
        break;
    }
  }
  model.check(policy, step, false);
  return 0;
}
