// SPDX-License-Identifier: Apache-2.0
// After the handshake: floods, warnings, renegotiation and ends, counted as by a plain model
//
// Nothing protects the records, so the script can make them. Its first byte says which side is under test.
// Then each two bytes are a kind of record and a number.
#include "support/choices.hpp"
#include "tls/honest.hpp"

namespace {

using namespace ashlar;
using fuzz::Buffer;

struct Model {
  bool is_client = true;
  std::size_t empty = 0, warnings = 0;
  bool closed = false;
  ErrorCode error{};
  Buffer data;
  Buffer wire;

  bool over() const { return closed || error != ErrorCode{}; }
  void put(std::uint8_t type, const Buffer& body) {
    wire.insert(wire.end(), {type, 3, 3, static_cast<std::uint8_t>(body.size() >> 8),
                             static_cast<std::uint8_t>(body.size())});
    wire.insert(wire.end(), body.begin(), body.end());
  }
  void fail(ErrorCode code) { error = over() ? error : code; }

  void application_data(std::size_t size) {
    const Buffer body(size, 'x');
    put(23, body);
    if (over()) {
      return;
    }
    if (size == 0) {
      ++empty;
      if (empty > 32) {
        fail(ErrorCode::empty_record_flood);
      }
      return;
    }
    empty = warnings = 0;
    data.insert(data.end(), body.begin(), body.end());
  }
  void warn() {
    if (!over() && ++warnings > 4) {
      fail(ErrorCode::warning_alert_flood);
    }
  }
  void alert(std::uint8_t level, std::uint8_t description) {
    put(21, {level, description});
    if (over()) {
      return;
    }
    if (level != 1 && level != 2) {
      fail(ErrorCode::bad_alert_level);
    } else if (description == 0) {
      closed = true;
    } else if (level == 2) {
      fail(ErrorCode::peer_alert);
    } else {
      warn();
    }
  }
  // A whole message with an empty body.
  void message(std::uint8_t type) {
    put(22, {type, 0, 0, 0});
    if (over()) {
      return;
    }
    empty = 0;
    if (type == (is_client ? 0 : 1)) {
      warn();
    } else {
      fail(ErrorCode::unexpected_message);
    }
  }
  void other(std::uint8_t type, std::size_t size) {
    // The header alone shows that this is not a record, so nothing else is tried.
    if (type >= 21 && type <= 23) {
      type = 20;
    }
    put(type, Buffer(size, 1));
    if (type == 20 && size == 0) {
      fail(ErrorCode::empty_record);
    } else {
      fail(ErrorCode::unexpected_record);
    }
  }
};

// The handshake before the script, on each side.
const fuzz::Recording& before(const tls::Policy& policy) {
  static const fuzz::Recording recording =
      fuzz::record({&policy, &policy, tls::ClientAuthentication::none, true, true});
  return recording;
}

// What the peer sent until the handshake was done: all but data and close_notify.
Buffer handshake_of(const Buffer& wire) {
  std::size_t at = 0;
  while (at < wire.size() && wire[at] != 23) {
    at += 5 + (static_cast<std::size_t>(wire[at + 3]) << 8 | wire[at + 4]);
  }
  return {wire.begin(), wire.begin() + static_cast<std::ptrdiff_t>(at)};
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 3 || size > 256) {
    return -1;
  }
  static const tls::Policy policy = fuzz::unchecked::policy(false);
  fuzz::Choices script(data, size);
  Model model;
  model.is_client = (script.byte() & 1) == 0;
  const std::uint8_t step = script.byte();
  const fuzz::Recording& honest = before(policy);
  model.wire = handshake_of(model.is_client ? honest.from_server : honest.from_client);
  while (!script.empty() && model.wire.size() < 16000) {
    const std::size_t kind = script.below(8);
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
        model.alert(2, number);
        break;
      case 4:
        model.alert(number, 0);
        break;
      case 5:
        for (std::size_t i = 0; i <= number % 6u; ++i) {
          model.message(model.is_client ? 0 : 1);
        }
        break;
      case 6:
        model.message(number);
        break;
      default:
        model.other(number, number % 3u);
        break;
    }
  }
  Buffer input = {step, 0};
  input.insert(input.end(), model.wire.begin(), model.wire.end());
  const auto judge = [&](const fuzz::Outcome& outcome, const fuzz::Witness&) {
    FUZZ_CHECK(outcome.done);
    FUZZ_CHECK(outcome.data == model.data);
    FUZZ_CHECK(outcome.peer_closed == (model.closed && model.error == ErrorCode{}));
    FUZZ_CHECK(outcome.error.has_value() == (model.error != ErrorCode{}));
    FUZZ_CHECK(!outcome.error || outcome.error->code == model.error);
  };
  if (model.is_client) {
    fuzz::check_client(policy, input, judge);
  } else {
    fuzz::check_server(policy, input, tls::ClientAuthentication::none, true, judge);
  }
  return 0;
}
