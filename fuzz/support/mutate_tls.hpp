// SPDX-License-Identifier: Apache-2.0
// Mutators for TLS: vectors inside of a handshake message, and records of a connection, with all lengths
// around a change right again. Which bytes are a length is found out by whether they fit.
#pragma once

#include "support/mutate.hpp"

namespace ashlar::fuzz {

struct TlsPart {
  std::size_t at;      // of the length
  std::size_t bytes;   // of the length: 1, 2 or 3
  std::size_t length;  // of the content
};

inline std::size_t number_at(const Mutable& data, std::size_t at, std::size_t bytes) {
  std::size_t value = 0;
  for (std::size_t i = 0; i < bytes; ++i) {
    value = value << 8 | data[at + i];
  }
  return value;
}
inline void put_number(Mutable& data, std::size_t at, std::size_t bytes, std::size_t value) {
  for (std::size_t i = bytes; i-- > 0; value >>= 8) {
    data[at + i] = static_cast<std::uint8_t>(value);
  }
}

// Vectors that could be meant: their length fits, and the vector ends inside the message.
inline std::vector<TlsPart> vectors_of(const Mutable& message, std::size_t start) {
  std::vector<TlsPart> parts;
  for (std::size_t at = start; at < message.size() && parts.size() < 400; ++at) {
    for (std::size_t bytes = 1; bytes <= 3 && at + bytes <= message.size(); ++bytes) {
      const std::size_t length = number_at(message, at, bytes);
      if (length > 0 && at + bytes + length <= message.size()) {
        parts.push_back({at, bytes, length});
      }
    }
  }
  return parts;
}

// Changes the content of one vector. The lengths of all vectors that end with it or behind it, and begin
// before it, are taken for those around it if they are nested in it properly: they grow with it.
inline Mutable mutate_message(Bytes input, Chance& chance, std::size_t start = 4) {
  Mutable message(input.begin(), input.end());
  if (message.size() <= start) {
    return {};
  }
  const auto parts = vectors_of(message, start);
  if (parts.empty()) {
    return {};
  }
  const TlsPart chosen = parts[pick(chance, parts.size())];
  const auto first = message.begin() + static_cast<std::ptrdiff_t>(chosen.at + chosen.bytes);
  Mutable content(first, first + static_cast<std::ptrdiff_t>(chosen.length));
  const Mutable before = content;
  switch (pick(chance, 3)) {
    case 0:
      content.insert(content.end(), before.begin(), before.end());
      break;
    case 1:
      content.resize(pick(chance, content.size() + 1));
      break;
    default:
      mutate_bytes(content, 8);
      break;
  }
  const auto grown = static_cast<std::ptrdiff_t>(content.size()) - static_cast<std::ptrdiff_t>(before.size());
  // From the outside: of those that hold the chosen one, each inside the last.
  std::size_t inner_begin = start, inner_end = message.size();
  for (const TlsPart& part : parts) {
    const std::size_t begin = part.at + part.bytes, end = begin + part.length;
    if (begin <= chosen.at && part.at >= inner_begin && end <= inner_end &&
        end >= chosen.at + chosen.bytes + chosen.length &&
        (end == inner_end || end == chosen.at + chosen.bytes + chosen.length)) {
      put_number(message, part.at, part.bytes,
                 static_cast<std::size_t>(static_cast<std::ptrdiff_t>(part.length) + grown));
      inner_begin = begin;
      inner_end = end;
    }
  }
  put_number(message, chosen.at, chosen.bytes, content.size());
  Mutable out(message.begin(), message.begin() + static_cast<std::ptrdiff_t>(chosen.at + chosen.bytes));
  out.insert(out.end(), content.begin(), content.end());
  out.insert(out.end(),
             message.begin() + static_cast<std::ptrdiff_t>(chosen.at + chosen.bytes + chosen.length),
             message.end());
  if (start == 4) {
    put_number(out, 1, 3, out.size() - 4);
  }
  return out;
}

// Records behind `prefix` bytes that belong to the target: one is changed, left out, doubled or swapped, or
// the handshake message in it is changed as above.
template <std::size_t prefix>
Mutable mutate_records(Bytes input, Chance& chance) {
  std::vector<Mutable> records;
  if (input.size() < prefix) {
    return {};
  }
  for (Bytes rest = input.subspan(prefix); rest.size() >= 5;) {
    const std::size_t size = std::min<std::size_t>(5 + (rest[3] * 256u + rest[4]), rest.size());
    records.emplace_back(rest.begin(), rest.begin() + static_cast<std::ptrdiff_t>(size));
    rest = rest.subspan(size);
  }
  if (records.empty()) {
    return {};
  }
  const std::size_t at = pick(chance, records.size());
  Mutable& record = records[at];
  switch (pick(chance, 6)) {
    case 0:
      records.erase(records.begin() + static_cast<std::ptrdiff_t>(at));
      break;
    case 1:
      records.insert(records.begin() + static_cast<std::ptrdiff_t>(at), Mutable(record));
      break;
    case 2:
      std::swap(record, records[pick(chance, records.size())]);
      break;
    case 3:
      record[0] = static_cast<std::uint8_t>(20 + pick(chance, 5));
      break;
    default: {
      Mutable body(record.begin() + 5, record.end());
      Mutable changed = record[0] == 22 ? mutate_message(body, chance) : Mutable();
      if (changed.empty()) {
        changed = body;
        mutate_bytes(changed, 8);
      }
      record.resize(5);
      record.insert(record.end(), changed.begin(), changed.end());
      put_number(record, 3, 2, changed.size());
      break;
    }
  }
  Mutable out(input.begin(), input.begin() + static_cast<std::ptrdiff_t>(prefix));
  for (const Mutable& each : records) {
    out.insert(out.end(), each.begin(), each.end());
  }
  return out;
}

}  // namespace ashlar::fuzz
