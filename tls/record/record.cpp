// SPDX-License-Identifier: Apache-2.0
#include "record/record.hpp"

#include "record/record_core.h"

#include <ashlar/base/endian.hpp>

namespace ashlar::tls {
namespace {

// How plain HTTP begins: requests if we are the server, responses if we are the client.
constexpr std::string_view kHttpStarts[] = {
    "HTTP/", "GET /", "POST ", "HEAD ", "PUT /", "DELET", "OPTIO", "PATCH", "TRACE", "CONNE", "PRI *",
};

// Guesses the wrong protocol from the first bytes of a connection.
Error not_tls(BytesOf<kRecordHeaderSize> bytes) {
  for (const std::string_view start : kHttpStarts) {
    if (text_of(bytes) == start) {
      return {ErrorCode::plain_http};
    }
  }
  // SSL 2.0: a two-byte length with the top bit set, CLIENT-HELLO, and the major version.
  if ((bytes[0] & 0x80) != 0 && bytes[2] == 1 && (bytes[3] == 3 || (bytes[3] == 0 && bytes[4] == 2))) {
    return {ErrorCode::ssl2_hello};
  }
  return {ErrorCode::not_tls, Place::record, load_be32(bytes.data())};
}

Error refuse(BytesOf<kRecordHeaderSize> bytes, const ashlar_record_header& header, bool version_fixed,
             ashlar_record_verdict verdict) {
  switch (verdict) {
    case ashlar_record_bad_version:
      return {ErrorCode::bad_record_version, Place::record, header.version};
    case ashlar_record_too_long:
      return {ErrorCode::record_overflow, Place::record, header.length};
    case ashlar_record_empty:
      return {ErrorCode::empty_record, Place::record, header.type};
    default:
      return version_fixed ? Error{ErrorCode::unexpected_record, Place::record, header.type}
                           : not_tls(bytes).at(Place::record);
  }
}

}  // namespace

Result<RecordHeader> parse_record_header(BytesOf<kRecordHeaderSize> bytes, bool version_fixed, bool encrypted,
                                         std::size_t max_size) {
  ashlar_record_header header;
  const auto verdict = ashlar_record_header_judge(bytes.data(), version_fixed, encrypted, max_size, &header);
  if (verdict != ashlar_record_good) {
    return refuse(bytes, header, version_fixed, verdict);
  }
  return RecordHeader{ContentType{header.type}, ProtocolVersion{header.version}, header.length};
}

Result<std::variant<Record, NeedBytes>> open_record(MutBytes input, Protection& protection,
                                                    bool version_fixed) {
  using Opened = std::variant<Record, NeedBytes>;
  if (input.size() < kRecordHeaderSize) {
    return Opened(NeedBytes{kRecordHeaderSize});
  }
  const auto header = parse_record_header(input.first<kRecordHeaderSize>(), version_fixed,
                                          protection.active(), protection.max_fragment_size());
  if (!header) {
    return header.error();
  }
  const std::size_t wire_size = kRecordHeaderSize + header->length;
  if (input.size() < wire_size) {
    return Opened(NeedBytes{wire_size});
  }
  const std::uint64_t sequence = protection.sequence_number();
  const auto fragment = protection.open(header->type, input.subspan(kRecordHeaderSize, header->length));
  if (!fragment) {
    return fragment.error().at(Place::record);
  }
  return Opened(Record{fragment->type, header->version, sequence, *fragment, wire_size});
}

}  // namespace ashlar::tls
