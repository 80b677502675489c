// SPDX-License-Identifier: Apache-2.0
// From bytes to records (RFC 5246 §6.2): one function that returns a record, says how many bytes it needs, or
// fails.
#pragma once

#include "record/protection.hpp"

#include <variant>

namespace ashlar::tls {

struct RecordHeader {
  ContentType type;
  ProtocolVersion version;
  std::uint16_t length;
};

// A record, opened in place.
struct Record {
  ContentType type;  // TLS 1.3: the one inside
  ProtocolVersion version;
  std::uint64_t sequence_number;
  OpenedFragment fragment;
  std::size_t wire_size;  // bytes of the input that it took
};
// The input is too short: this many bytes are needed in all.
struct NeedBytes {
  std::size_t total;
};

// Checks the header alone: type, version (major 3; exactly TLS 1.2 once `version_fixed`), and a length of at
// most `max_size`.
Result<RecordHeader> parse_record_header(BytesOf<kRecordHeaderSize> bytes, bool version_fixed, bool encrypted,
                                         std::size_t max_size);

// Opens the first record of `input` with the keys of the receiving direction. The plaintext lies inside
// `input`.
Result<std::variant<Record, NeedBytes>> open_record(MutBytes input, Protection& protection,
                                                    bool version_fixed);

}  // namespace ashlar::tls
