// SPDX-License-Identifier: Apache-2.0
// After the handshake: floods, warnings, renegotiation and ends, counted as by a plain model
//
// Nothing protects the records, so the script can make them. Its first byte says which side is under test.
// Then each two bytes are a kind of record and a number.
#include "support/choices.hpp"
#include "tls/after_handshake.hpp"

namespace {

using namespace ashlar;
using fuzz::Buffer;

struct Model : fuzz::AfterHandshake {
  void alert(std::uint8_t level, std::uint8_t description) {
    AfterHandshake::alert(level, description, true);
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
  model.begin(before(policy));
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
  model.check(policy, step, true);
  return 0;
}
