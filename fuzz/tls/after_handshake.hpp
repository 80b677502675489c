// SPDX-License-Identifier: Apache-2.0
// What a side does after the handshake, counted as by a plain model: the part that both versions share.
// Nothing protects the records, so a script can make them.
#pragma once

#include "support/check.hpp"
#include "tls/honest.hpp"

namespace ashlar::fuzz {

struct AfterHandshake {
  bool is_client = true;
  std::size_t empty = 0, warnings = 0, updates = 0;
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
      if (++empty > 32) {
        fail(ErrorCode::empty_record_flood);
      }
      return;
    }
    empty = warnings = updates = 0;
    data.insert(data.end(), body.begin(), body.end());
  }
  void warn() {
    if (!over() && ++warnings > 4) {
      fail(ErrorCode::warning_alert_flood);
    }
  }
  // may_warn: whether the version has a warning of this description.
  void alert(std::uint8_t level, std::uint8_t description, bool may_warn) {
    put(21, {level, description});
    if (over()) {
      return;
    }
    if (level != 1 && level != 2) {
      fail(ErrorCode::bad_alert_level);
    } else if (description == 0) {
      closed = true;
    } else if (level == 2 || !may_warn) {
      fail(ErrorCode::peer_alert);
    } else {
      warn();
    }
  }

  // Takes what the peer sent until the handshake was done: all but data and close_notify.
  void begin(const Recording& honest) {
    const Buffer& sent = is_client ? honest.from_server : honest.from_client;
    std::size_t at = 0;
    while (at < sent.size() && sent[at] != 23) {
      at += 5 + (static_cast<std::size_t>(sent[at + 3]) << 8 | sent[at + 4]);
    }
    wire.assign(sent.begin(), sent.begin() + static_cast<std::ptrdiff_t>(at));
  }

  // The side under test takes the wire in the steps that `step` draws, and ends as the model did.
  void check(const tls::Policy& policy, std::uint8_t step, bool tickets) const {
    Buffer input = {step, 0};
    input.insert(input.end(), wire.begin(), wire.end());
    const auto judge = [&](const Outcome& outcome, const Witness&) {
      FUZZ_CHECK(outcome.done);
      FUZZ_CHECK(outcome.data == data);
      FUZZ_CHECK(outcome.peer_closed == (closed && error == ErrorCode{}));
      FUZZ_CHECK(outcome.error.has_value() == (error != ErrorCode{}));
      FUZZ_CHECK(!outcome.error || outcome.error->code == error);
    };
    if (is_client) {
      check_client(policy, input, judge);
    } else {
      check_server(policy, input, tls::ClientAuthentication::none, tickets, judge);
    }
  }
};

}  // namespace ashlar::fuzz
