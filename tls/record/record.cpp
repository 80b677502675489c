// SPDX-License-Identifier: Apache-2.0
#include "record/record.hpp"

#include "record/record_core.h"

namespace ashlar::tls {
namespace {

// What plain HTTP begins with: requests, if we are the server, and responses, if we are the client.
constexpr std::string_view kHttpStarts[] = {
    "HTTP/", "GET /", "POST ", "HEAD ", "PUT /", "DELET", "OPTIO", "PATCH", "TRACE", "CONNE", "PRI *",
};

// Which wrong protocol the first bytes of a connection look like.
Error not_tls(BytesOf<kRecordHeaderSize> bytes) {
  for (const std::string_view start : kHttpStarts) {
    if (text_of(bytes) == start) {
      return {ErrorCode::plain_http};
    }
  }
  // A two-byte length with the top bit set, CLIENT-HELLO, and the major version.
  if ((bytes[0] & 0x80) != 0 && bytes[2] == 1 && (bytes[3] == 3 || (bytes[3] == 0 && bytes[4] == 2))) {
    return {ErrorCode::ssl2_hello};
  }
  return {ErrorCode::not_tls};
}

Result<RecordHeader> judge(BytesOf<kRecordHeaderSize> bytes, bool version_fixed, const RecordCipher* cipher) {
  ashlar_record_header header;
  switch (ashlar_record_header_judge(bytes.data(), version_fixed, cipher != nullptr,
                                     max_fragment_size(cipher), &header)) {
    case ashlar_record_bad_type:
      return version_fixed ? Error{ErrorCode::unexpected_record, Place::none, header.type} : not_tls(bytes);
    case ashlar_record_bad_version:
      return Error{ErrorCode::bad_record_version, Place::none, header.version};
    case ashlar_record_too_long:
      return Error{ErrorCode::record_overflow, Place::none, header.length};
    case ashlar_record_empty:
      return Error{ErrorCode::empty_record, Place::none, header.type};
    case ashlar_record_good:
      break;
  }
  return RecordHeader{ContentType{header.type}, ProtocolVersion{header.version}, header.length};
}

}  // namespace

Result<RecordHeader> parse_record_header(BytesOf<kRecordHeaderSize> bytes, bool version_fixed,
                                         const RecordCipher* cipher) {
  return at(Place::record, judge(bytes, version_fixed, cipher));
}

Result<std::variant<Record, NeedBytes>> open_record(MutBytes input, Protection& protection,
                                                    bool version_fixed) {
  using Opened = std::variant<Record, NeedBytes>;
  if (input.size() < kRecordHeaderSize) {
    return Opened(NeedBytes{kRecordHeaderSize});
  }
  ASHLAR_TRY(const RecordHeader header,
             parse_record_header(input.first<kRecordHeaderSize>(), version_fixed, protection.cipher()));
  const std::size_t wire_size = kRecordHeaderSize + header.length;
  if (input.size() < wire_size) {
    return Opened(NeedBytes{wire_size});
  }
  const std::uint64_t sequence = protection.sequence_number();
  ASHLAR_TRY(
      const OpenedFragment fragment,
      at(Place::record, protection.open(header.type, input.subspan(kRecordHeaderSize, header.length))));
  return Opened(Record{fragment.type, header.version, sequence, fragment, wire_size});
}

}  // namespace ashlar::tls
