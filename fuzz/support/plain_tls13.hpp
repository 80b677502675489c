// SPDX-License-Identifier: Apache-2.0
// A plain second reading of the handshake messages that TLS 1.3 alone has, or has in another form (RFC 9846
// §4.3, §4.4, §4.6): whether a body is well-formed.
#pragma once

#include "support/plain_messages.hpp"

namespace ashlar::fuzz::plain {

// A block that must be there, each extension judged by `right`, which says false of one that may not stand
// there.
template <class Right>
bool judge_block(Bytes block, const Right& right) {
  if (block.size() < 2) {
    return false;
  }
  Cursor in{block};
  std::vector<PlainExtension> extensions;
  return read_extensions(in, extensions) &&
         std::all_of(extensions.begin(), extensions.end(),
                     [&](const PlainExtension& each) { return right(each.type, each.body); });
}

// Those that have a meaning in some other message, and so may not stand here.
inline bool is_known_elsewhere(std::uint16_t type) {
  static constexpr std::uint16_t kTypes[] = {0,  1,  5,  10, 11, 13, 16, 18, 19, 20, 22, 23,    27,
                                             28, 35, 41, 42, 43, 44, 45, 47, 50, 51, 58, 0xff01};
  return std::find(std::begin(kTypes), std::end(kTypes), type) != std::end(kTypes);
}

inline Opinion judge_encrypted_extensions(Bytes body) {
  return opinion(judge_block(body, [](std::uint16_t type, Bytes content) {
    bool known = false;
    switch (type) {
      case 0:
      case 42:
        return content.empty();
      case 10:
        return is_list_of_pairs(content);
      case 58:
        return content.size() == 1;
      case 1:
      case 16:
      case 19:
      case 20:
      case 28:  // as in a ServerHello of TLS 1.2
        return extension_is_right(type, content, false, false, known);
      default:
        return false;
    }
  }));
}

inline Opinion judge_certificate_request13(Bytes body) {
  Cursor in{body};
  in.vector(1);
  bool schemes = false;
  const bool right = in.good && judge_block(body.subspan(in.at), [&](std::uint16_t type, Bytes content) {
                       schemes = schemes || type == 13;
                       switch (type) {
                         case 5:
                         case 18:
                           return content.empty();
                         case 13:
                         case 50:
                           return is_list_of_pairs(content);
                         case 27:
                           return is_short_list_of_pairs(content);
                         case 47:
                           return is_name_list(content);
                         default:
                           return !is_known_elsewhere(type);
                       }
                     });
  return opinion(right && schemes);
}

inline Opinion judge_certificate13(Bytes body) {
  Cursor in{body};
  in.vector(1);
  Cursor list{in.vector(3)};
  bool right = in.ended();
  std::size_t count = 0;
  for (; list.good && !list.done(); ++count) {
    right = !list.vector(3).empty() && right;
    const std::size_t start = list.at;
    list.vector(2);
    right = right && list.good &&
            judge_block(list.data.subspan(start, list.at - start), [&](std::uint16_t type, Bytes content) {
              if (type == 5) {
                return count > 0 || judge_certificate_status(content) == Opinion::right;
              }
              return type == 18 && (count > 0 || is_timestamp_list(content));
            });
  }
  return opinion(right && list.good && count <= 65);
}

inline Opinion judge_new_session_ticket13(Bytes body) {
  Cursor in{body};
  in.take(8);
  in.vector(1);
  const Bytes ticket = in.vector(2);
  return opinion(in.good && !ticket.empty() &&
                 judge_block(body.subspan(in.at), [](std::uint16_t type, Bytes content) {
                   return type == 42 ? content.size() == 4 : !is_known_elsewhere(type);
                 }));
}

// RFC 8879 §4. What the stream becomes is no concern of the message.
inline Opinion judge_compressed_certificate(Bytes body) {
  Cursor in{body};
  in.number(2);
  in.number(3);
  const Bytes stream = in.vector(3);
  return opinion(in.ended() && !stream.empty());
}

inline Opinion judge_key_update(Bytes body) {
  return opinion(body.size() == 1 && body[0] <= 1);
}

}  // namespace ashlar::fuzz::plain
