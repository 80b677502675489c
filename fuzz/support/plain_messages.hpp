// SPDX-License-Identifier: Apache-2.0
// A plain second reading of the other handshake messages of TLS 1.2 (RFC 5246 §7.4, RFC 8422 §5): whether a
// body is well-formed.
#pragma once

#include "support/plain_hello.hpp"

namespace ashlar::fuzz::plain {

inline Opinion opinion(bool right) {
  return right ? Opinion::right : Opinion::wrong;
}

inline Opinion judge_empty(Bytes body) {
  return opinion(body.empty());
}

inline Opinion judge_certificate(Bytes body) {
  Cursor in{body};
  Cursor list{in.vector(3)};
  std::size_t count = 0;
  bool good = true;
  while (list.good && !list.done()) {
    good = !list.vector(3).empty() && good;
    ++count;
  }
  return opinion(in.ended() && list.good && good && count <= 65);
}

inline Opinion judge_server_key_exchange(Bytes body) {
  Cursor in{body};
  const std::uint32_t type = in.number(1);
  in.number(2);
  const Bytes share = in.vector(1);
  in.number(2);
  in.vector(2);
  return opinion(in.ended() && type == 3 && !share.empty());
}

inline Opinion judge_certificate_request(Bytes body) {
  Cursor in{body};
  const Bytes types = in.vector(1), schemes = in.vector(2);
  Cursor names{in.vector(2)};
  bool good = !types.empty() && !schemes.empty() && schemes.size() % 2 == 0;
  while (names.good && !names.done()) {
    good = !names.vector(2).empty() && good;
  }
  return opinion(in.ended() && names.good && good);
}

inline Opinion judge_certificate_verify(Bytes body) {
  Cursor in{body};
  in.number(2);
  in.vector(2);
  return opinion(in.ended());
}

inline Opinion judge_client_key_exchange(Bytes body, std::size_t length_bytes) {
  Cursor in{body};
  const Bytes keys = in.vector(length_bytes);
  return opinion(in.ended() && !keys.empty());
}

inline Opinion judge_certificate_status(Bytes body) {
  Cursor in{body};
  const std::uint32_t type = in.number(1);
  const Bytes response = in.vector(3);
  return opinion(in.ended() && type == 1 && !response.empty());
}

inline Opinion judge_raw_public_key(Bytes body) {
  Cursor in{body};
  in.vector(3);
  return opinion(in.ended());
}

// With the identity of a pre-shared key before them, and keys only if their length takes bytes.
inline Opinion judge_psk_client_key_exchange(Bytes body, std::size_t length_bytes) {
  Cursor in{body};
  in.vector(2);
  const bool keys = length_bytes == 0 || !in.vector(length_bytes).empty();
  return opinion(in.ended() && keys);
}

inline Opinion judge_ticket(Bytes body) {
  Cursor in{body};
  in.number(4);
  in.vector(2);
  return opinion(in.ended());
}

inline Opinion judge_finished(Bytes body) {
  return opinion(body.size() == 12);
}

inline Opinion judge_alert(Bytes body) {
  return opinion(body.size() == 2 && (body[0] == 1 || body[0] == 2));
}

}  // namespace ashlar::fuzz::plain
