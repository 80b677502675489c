// SPDX-License-Identifier: Apache-2.0
// A plain second reading of hellos (RFC 5246 §7.4.1, RFC 6066, RFC 7301, RFC 8422, RFC 5746, RFC 9846 §4.2).
#pragma once

#include "support/plain.hpp"

#include <algorithm>

namespace ashlar::fuzz::plain {

struct PlainExtension {
  std::uint16_t type;
  Bytes body;
};

// The extensions at the end of a hello: none at all, or one block that is exactly as long as it says. No type
// occurs twice.
inline bool read_extensions(Cursor& in, std::vector<PlainExtension>& out) {
  if (in.done()) {
    return in.good;
  }
  Cursor block{in.vector(2)};
  if (!in.ended()) {
    return false;
  }
  while (block.good && !block.done()) {
    const auto type = static_cast<std::uint16_t>(block.number(2));
    const Bytes body = block.vector(2);
    for (const PlainExtension& earlier : out) {
      if (earlier.type == type) {
        return false;
      }
    }
    out.push_back({type, body});
  }
  return block.good;
}

inline bool is_list_of_pairs(Bytes body) {
  Cursor in{body};
  const Bytes list = in.vector(2);
  return in.ended() && !list.empty() && list.size() % 2 == 0;
}

// The same with a length in one byte.
inline bool is_short_list_of_pairs(Bytes body) {
  Cursor in{body};
  const Bytes list = in.vector(1);
  return in.ended() && !list.empty() && list.size() % 2 == 0;
}

inline bool is_protocol_list(Bytes body, bool one) {
  Cursor in{body};
  Cursor list{in.vector(2)};
  std::size_t count = 0;
  bool empty_name = false;
  while (list.good && !list.done()) {
    empty_name = list.vector(1).empty() || empty_name;
    ++count;
  }
  return in.ended() && list.good && count > 0 && !empty_name && (!one || count == 1);
}

inline bool is_host(Bytes name) {
  std::size_t label = 0;
  for (const std::uint8_t c : name) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (c == '.' ? label == 0 : !letter && c != '-' && c != '_') {
      return false;
    }
    label = c == '.' ? 0 : label + 1;
    if (label > 63) {
      return false;
    }
  }
  return label > 0 && name.size() <= 253;
}
inline bool is_colon_address(Bytes name) {
  const auto fits = [](std::uint8_t c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F') || c == ':' || c == '.';
  };
  return name.size() <= 45 && std::all_of(name.begin(), name.end(), fits) &&
         std::find(name.begin(), name.end(), ':') != name.end();
}
inline bool is_server_name_list(Bytes body) {
  Cursor in{body};
  Cursor list{in.vector(2)};
  bool seen[256] = {};
  bool good = !list.done();
  while (list.good && !list.done()) {
    const std::size_t type = list.number(1);
    const Bytes name = list.vector(2);
    good = good && !seen[type] && (type != 0 || is_host(name) || is_colon_address(name));
    seen[type] = true;
  }
  return in.ended() && list.good && good;
}

// Of OCSP, or of a type that is not known.
inline bool is_status_request(Bytes body) {
  Cursor in{body};
  if (in.number(1) == 1) {
    in.vector(2);
    in.vector(2);
    return in.ended();
  }
  return in.good;
}
inline bool is_timestamp_list(Bytes body) {
  Cursor in{body};
  Cursor list{in.vector(2)};
  bool good = !list.done();
  while (list.good && !list.done()) {
    good = !list.vector(2).empty() && good;
  }
  return in.ended() && list.good && good;
}

// A vector of one or more names with two bytes of length each, none of them empty.
inline bool is_name_list(Bytes body) {
  Cursor in{body};
  Cursor list{in.vector(2)};
  bool good = !list.done();
  while (list.good && !list.done()) {
    good = !list.vector(2).empty() && good;
  }
  return in.ended() && list.good && good;
}

// The shares of a client: none empty.
inline bool is_share_list(Bytes body) {
  Cursor in{body};
  Cursor list{in.vector(2)};
  bool good = true;
  while (list.good && !list.done()) {
    list.number(2);
    good = !list.vector(2).empty() && good;
  }
  return in.ended() && list.good && good;
}
inline bool is_share(Bytes body) {
  Cursor in{body};
  in.number(2);
  const Bytes share = in.vector(2);
  return in.ended() && !share.empty();
}

// Identities and as many binders of 32 bytes or more (RFC 9846 §4.2.11).
inline bool is_offered_keys(Bytes body) {
  Cursor in{body};
  Cursor identities{in.vector(2)};
  Cursor binders{in.vector(2)};
  std::size_t count = 0, proofs = 0;
  bool good = true;
  for (; identities.good && !identities.done(); ++count) {
    good = !identities.vector(2).empty() && good;
    identities.number(4);
  }
  for (; binders.good && !binders.done(); ++proofs) {
    good = binders.vector(1).size() >= 32 && good;
  }
  return in.ended() && identities.good && binders.good && good && count > 0 && count == proofs;
}

// Whether the body of an extension of a hello is right. `known` is false for extensions that are not read
// here. `retry`: the ServerHello is a HelloRetryRequest.
inline bool extension_is_right(std::uint16_t type, Bytes body, bool from_client, bool retry, bool& known) {
  known = true;
  switch (type) {
    case 0:
      return from_client ? is_server_name_list(body) : body.empty();
    case 1:
      return body.size() == 1 && body[0] >= 1 && body[0] <= 4;
    case 5:
      return from_client ? is_status_request(body) : body.empty();
    case 10:
      return !from_client || is_list_of_pairs(body);
    case 11: {
      Cursor in{body};
      const Bytes formats = in.vector(1);
      const bool uncompressed = std::find(formats.begin(), formats.end(), 0) != formats.end();
      return in.ended() && !formats.empty() && (from_client || uncompressed);
    }
    case 13:
      return !from_client || is_list_of_pairs(body);
    case 16:
      return is_protocol_list(body, !from_client);
    case 18:
      return from_client ? body.empty() : is_timestamp_list(body);
    case 19:
    case 20: {
      Cursor in{body};
      const Bytes types = in.vector(1);
      const bool pointless = types.size() == 1 && types[0] == 0;  // X.509 alone
      return from_client ? in.ended() && !types.empty() && !pointless : body.size() == 1;
    }
    case 22:
    case 23:
      return body.empty();
    case 27:
      return !from_client || is_short_list_of_pairs(body);
    case 28:
      return body.size() == 2 && (body[0] != 0 || body[1] >= 64);
    case 35:
      return from_client || body.empty();
    case 41:
      return from_client ? is_offered_keys(body) : body.size() == 2;
    case 42:
      return !from_client || body.empty();
    case 43: {
      Cursor in{body};
      const Bytes versions = in.vector(1);
      return from_client ? in.ended() && !versions.empty() && versions.size() % 2 == 0 : body.size() == 2;
    }
    case 44: {
      Cursor in{body};
      const Bytes cookie = in.vector(2);
      return in.ended() && !cookie.empty();
    }
    case 45: {
      Cursor in{body};
      const Bytes modes = in.vector(1);
      return !from_client || (in.ended() && !modes.empty());
    }
    case 47:
      return !from_client || is_name_list(body);
    case 50:
      return !from_client || is_list_of_pairs(body);
    case 51:
      return from_client ? is_share_list(body) : retry ? body.size() == 2 : is_share(body);
    case 58:
      return !from_client || body.size() == 2;
    case 0xff01:
      return body.size() == 1 && body[0] == 0;
    default:
      known = false;
      return true;
  }
}

enum class Opinion { right, wrong, unknown };

inline Opinion judge_extensions(Cursor& in, bool from_client, bool retry) {
  std::vector<PlainExtension> extensions;
  if (!read_extensions(in, extensions)) {
    return Opinion::wrong;
  }
  bool all_known = true;
  for (const PlainExtension& extension : extensions) {
    bool known = false;
    if (!extension_is_right(extension.type, extension.body, from_client, retry, known)) {
      return Opinion::wrong;
    }
    // The proofs of pre-shared keys end the message.
    if (from_client && extension.type == 41 && &extension != &extensions.back()) {
      return Opinion::wrong;
    }
    // Nobody asked a server for what has no number yet.
    if (!from_client && extension.type >= 0x100 && extension.type != 0xff01) {
      return Opinion::wrong;
    }
    // GREASE (RFC 8701) is unknown to everybody.
    const bool grease = (extension.type & 0x0f0f) == 0x0a0a && extension.type >> 8 == (extension.type & 0xff);
    all_known = all_known && (known || (from_client && grease));
  }
  return all_known ? Opinion::right : Opinion::unknown;
}

// Whether a ClientHello's body is well-formed; unknown if it has extensions that are not read here.
inline Opinion judge_client_hello(Bytes body) {
  Cursor in{body};
  in.take(2 + 32);
  const Bytes session_id = in.vector(1), suites = in.vector(2), methods = in.vector(1);
  const bool null_method = std::find(methods.begin(), methods.end(), 0) != methods.end();
  if (!in.good || session_id.size() > 32 || suites.empty() || suites.size() % 2 != 0 || !null_method) {
    return Opinion::wrong;
  }
  return judge_extensions(in, true, false);
}

inline Opinion judge_server_hello(Bytes body) {
  Cursor in{body};
  in.take(2);
  const Bytes random = in.take(32), session_id = in.vector(1);
  in.take(2);
  const std::uint32_t method = in.number(1);
  if (!in.good || session_id.size() > 32 || method != 0) {
    return Opinion::wrong;
  }
  // SHA-256 of "HelloRetryRequest".
  static constexpr std::uint8_t kRetry[] = {0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a, 0x61, 0x11, 0xbe, 0x1d, 0x8c,
                                            0x02, 0x1e, 0x65, 0xb8, 0x91, 0xc2, 0xa2, 0x11, 0x16, 0x7a, 0xbb,
                                            0x8c, 0x5e, 0x07, 0x9e, 0x09, 0xe2, 0xc8, 0xa8, 0x33, 0x9c};
  return judge_extensions(in, false, equal_public(random, kRetry));
}

// The extensions of a hello that is right.
inline std::vector<PlainExtension> extensions_of_hello(Bytes body, bool from_client) {
  Cursor in{body};
  in.take(2 + 32);
  in.vector(1);
  if (from_client) {
    in.vector(2);
    in.vector(1);
  } else {
    in.take(3);
  }
  std::vector<PlainExtension> extensions;
  read_extensions(in, extensions);
  return extensions;
}

// What is built again from what was read has no extension that was not there, and each is as it was; those of
// `but` may differ.
inline bool same_extensions(const std::vector<PlainExtension>& read, const std::vector<PlainExtension>& built,
                            std::span<const std::uint16_t> but) {
  return std::all_of(built.begin(), built.end(), [&](const PlainExtension& each) {
    return std::find(but.begin(), but.end(), each.type) != but.end() ||
           std::any_of(read.begin(), read.end(), [&](const PlainExtension& other) {
             return other.type == each.type && equal_public(other.body, each.body);
           });
  });
}

}  // namespace ashlar::fuzz::plain
