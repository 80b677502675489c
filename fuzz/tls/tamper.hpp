// SPDX-License-Identifier: Apache-2.0
// An honest peer's records, edited by a script: dropped, doubled, swapped, cut, joined, changed, or with
// others put between them. The lengths are correct again afterwards unless the script breaks them.
#pragma once

#include "support/choices.hpp"
#include "tls/honest.hpp"

namespace ashlar::fuzz {

inline std::vector<Buffer> records_of(Bytes wire) {
  std::vector<Buffer> records;
  while (wire.size() >= 5) {
    const std::size_t size = 5 + (static_cast<std::size_t>(wire[3]) << 8 | wire[4]);
    FUZZ_CHECK(size <= wire.size());
    records.emplace_back(wire.begin(), wire.begin() + static_cast<std::ptrdiff_t>(size));
    wire = wire.subspan(size);
  }
  return records;
}

inline void repair_length(Buffer& record) {
  const std::size_t size = record.size() - 5;
  record[3] = static_cast<std::uint8_t>(size >> 8);
  record[4] = static_cast<std::uint8_t>(size);
}

// One edit, given by three bytes: the kind, the record, and a number.
inline void edit(std::vector<Buffer>& records, Choices& script) {
  const std::size_t what = script.below(10), which = script.below(records.size());
  const std::uint8_t number = script.byte();
  const auto at = records.begin() + static_cast<std::ptrdiff_t>(which);
  Buffer& record = *at;
  const std::size_t body = record.size() - 5;
  // A place in the body, chosen by an 8-bit number.
  const std::size_t place = body == 0 ? 0 : 5 + (body > 256 ? body * number / 256 : number % body);
  switch (what) {
    case 0:
      records.erase(at);
      break;
    case 1:
      records.insert(at, Buffer(record));
      break;
    case 2:
      std::swap(record, records[number % records.size()]);
      break;
    case 3:
      if (body != 0) {
        record[place] = static_cast<std::uint8_t>(record[place] ^ (1u << (script.byte() & 7)));
      }
      break;
    case 4:
      record.resize(5 + body - (body == 0 ? 0 : number % body));
      repair_length(record);
      break;
    case 5: {  // into two
      if (body < 2) {
        break;
      }
      Buffer second(record.begin(), record.begin() + 5);
      const std::size_t cut = place == 5 ? 6 : place;
      second.insert(second.end(), record.begin() + static_cast<std::ptrdiff_t>(cut), record.end());
      record.resize(cut);
      repair_length(record);
      repair_length(second);
      records.insert(records.begin() + static_cast<std::ptrdiff_t>(which) + 1, second);
      break;
    }
    case 6: {  // with the next
      if (which + 1 < records.size() && body + records[which + 1].size() < 16000) {
        const Buffer next = records[which + 1];
        record.insert(record.end(), next.begin() + 5, next.end());
        repair_length(record);
        records.erase(records.begin() + static_cast<std::ptrdiff_t>(which) + 1);
      }
      break;
    }
    case 7: {  // another before it
      const std::uint8_t type = script.byte();
      Buffer other = {type, 3, 3, 0, 0, script.byte(), script.byte()};
      other.resize(5 + number % 3);
      repair_length(other);
      records.insert(at, other);
      break;
    }
    case 8:
      record[0] = number;
      break;
    default:
      record[1 + number % 4] =
          static_cast<std::uint8_t>(record[1 + number % 4] ^ (1u << (script.byte() & 7)));
      break;
  }
}

// The bytes of an input: how it is fed, then edits.
inline Buffer tampered(const Buffer& wire, Choices& script) {
  auto records = records_of(wire);
  for (std::size_t edits = 0; edits < 16 && !script.empty() && !records.empty(); ++edits) {
    edit(records, script);
  }
  Buffer out;
  for (const Buffer& record : records) {
    out.insert(out.end(), record.begin(), record.end());
  }
  return out;
}

}  // namespace ashlar::fuzz
