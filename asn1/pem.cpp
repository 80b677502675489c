// SPDX-License-Identifier: Apache-2.0
// Blocks are found by their boundary lines; a block's body is decoded character by character, in constant
// time in the characters of the alphabet. These facts are public: the places of white space and padding, the
// length of the body, and whether and where it is malformed.
#include <ashlar/asn1/pem.hpp>

#include "base64.hpp"

namespace ashlar::asn1 {
namespace {

constexpr std::string_view kDashes = "-----";
constexpr std::string_view kBegin = "-----BEGIN ";
constexpr std::string_view kEnd = "-----END ";
constexpr std::size_t kMaxLabel = 64;
constexpr std::size_t kMaxLine = 1024;
constexpr std::size_t kCharactersPerLine = 64;

Error fail(ErrorCode code, std::size_t offset) {
  return {code, Place::none, static_cast<std::uint32_t>(offset)};
}

std::string_view part(std::string_view text, std::size_t from, std::size_t count) {
  return {text.data() + from, count};
}

bool starts_with(std::string_view text, std::string_view prefix) {
  return text.size() >= prefix.size() && part(text, 0, prefix.size()) == prefix;
}

// A label is words of printable characters without '-', separated by one space or '-' (RFC 7468 §3).
bool is_label(std::string_view label) {
  bool after_separator = true;
  for (const char c : label) {
    const bool separator = c == ' ' || c == '-';
    if (c < ' ' || c > '~' || (separator && after_separator)) {
      return false;
    }
    after_separator = separator;
  }
  return !after_separator && label.size() <= kMaxLabel;
}

// A line of a text, without its end. The following line starts at `next`.
struct Line {
  std::string_view text;
  std::size_t start;
  std::size_t next;
};

// CR LF, CR and LF end a line (RFC 7468 §3).
bool is_line_end(char c) {
  return c == '\n' || c == '\r';
}

Line line_at(std::string_view text, std::size_t start) {
  std::size_t stop = start;
  while (stop < text.size() && !is_line_end(text[stop])) {
    stop++;
  }
  std::size_t next = stop;
  if (next < text.size()) {
    next += text[next] == '\r' && next + 1 < text.size() && text[next + 1] == '\n' ? 2U : 1U;
  }
  std::size_t size = stop - start;
  while (size > 0 && (text[start + size - 1] == ' ' || text[start + size - 1] == '\t')) {
    size--;
  }
  return {part(text, start, size), start, next};
}

// Whether a line starts at `at`. Ignores a UTF-8 byte order mark, which editors put before the first line.
bool starts_line(std::string_view text, std::size_t at) {
  constexpr std::string_view kMark = "\xef\xbb\xbf";
  if (at >= kMark.size() && part(text, at - kMark.size(), kMark.size()) == kMark) {
    at -= kMark.size();
  }
  return at == 0 || is_line_end(text[at - 1]);
}

// Where a line that starts with `prefix` begins, at or after `from`; npos if there is none.
std::size_t find_line(std::string_view text, std::string_view prefix, std::size_t from) {
  for (std::size_t at = text.find(prefix, from); at != std::string_view::npos;
       at = text.find(prefix, at + 1)) {
    if (starts_line(text, at)) {
      return at;
    }
  }
  return std::string_view::npos;
}

// The label of a boundary line; empty if it is not a boundary line.
std::string_view boundary_label(std::string_view line, std::string_view prefix) {
  if (!starts_with(line, prefix) || line.size() < prefix.size() + kDashes.size()) {
    return {};
  }
  const std::size_t size = line.size() - prefix.size() - kDashes.size();
  if (part(line, prefix.size() + size, kDashes.size()) != kDashes) {
    return {};
  }
  const std::string_view label = part(line, prefix.size(), size);
  return is_label(label) ? label : std::string_view();
}

bool is_white_space(char c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

// Whether this character is white space, padding or the colon of a header line: its place is public. The
// other characters are not.
bool is_structure(char character) {
  const auto c = static_cast<std::uint8_t>(character);
  ct::Mask found = ct::Mask::no();
  for (const char structure : {' ', '\t', '\r', '\n', '=', ':'}) {
    found |= ct::equal(c, static_cast<std::uint8_t>(structure));
  }
  return found.declassify();
}

}  // namespace

Result<PemText> PemReader::next_text() {
  const std::size_t begin = find_line(text_, kBegin, at_);
  if (begin == std::string_view::npos) {
    at_ = text_.size();
    return PemText{{}, {}, 0};
  }
  const Line first = line_at(text_, begin);
  const std::string_view label = boundary_label(first.text, kBegin);
  at_ = first.next;
  if (label.empty()) {
    return fail(ErrorCode::pem_bad_boundary, begin);
  }
  // The END line is the next one that starts with dashes, so that each block is scanned once.
  const std::size_t end = find_line(text_, kDashes, first.next);
  if (end == std::string_view::npos || !starts_with(part(text_, end, text_.size() - end), kEnd)) {
    at_ = end == std::string_view::npos ? text_.size() : end;
    return fail(ErrorCode::pem_no_end, begin);
  }
  const Line last = line_at(text_, end);
  at_ = last.next;
  const std::string_view end_label = boundary_label(last.text, kEnd);
  if (end_label.empty()) {
    return fail(ErrorCode::pem_bad_boundary, end);
  }
  if (end_label != label) {
    return fail(ErrorCode::pem_label_mismatch, end);
  }
  return PemText{label, part(text_, first.next, end - first.next), static_cast<std::uint32_t>(first.next)};
}

Result<MutBytes> PemText::decode(MutBytes out) const {
  std::size_t used = 0, line_start = 0, padding = 0, sextets = 0;
  std::uint64_t group = 0;
  ct::Mask valid = ct::Mask::yes();
  const auto give_up = [&](ErrorCode code, std::size_t at) {
    wipe(out);
    return fail(code, offset + at);
  };
  for (std::size_t i = 0; i < body.size(); i++) {
    if (i - line_start > kMaxLine) {
      return give_up(ErrorCode::pem_line_too_long, line_start);
    }
    const char c = body[i];
    if (is_structure(c)) {
      // Public: such characters are not part of the encoded data.
      ct::declassify(&c, 1);
      if (c == ':') {
        return give_up(ErrorCode::pem_has_headers, line_start);
      }
      if (is_line_end(c)) {
        line_start = i + 1;
      }
      if (c == '=') {
        padding++;
      }
      continue;
    }
    if (padding != 0) {
      return give_up(ErrorCode::pem_bad_base64, i);
    }
    ct::Mask in_alphabet = ct::Mask::yes();
    group = (group << 6) | decode_sextet(c, in_alphabet);
    valid &= in_alphabet;
    if (++sextets % 4 == 0) {
      if (out.size() - used < 3) {
        return give_up(ErrorCode::buffer_too_small, 0);
      }
      for (int shift = 16; shift >= 0; shift -= 8) {
        out[used++] = static_cast<std::uint8_t>(group >> shift);
      }
      group = 0;
    }
  }
  // The last group: two or three characters, padded to four, with zero bits after the last whole byte.
  const std::size_t rest = sextets % 4;
  if (rest == 1 || padding != (4 - rest) % 4) {
    return give_up(ErrorCode::pem_bad_base64, body.size());
  }
  if (rest != 0) {
    if (out.size() - used < rest - 1) {
      return give_up(ErrorCode::buffer_too_small, 0);
    }
    group <<= 6 * (4 - rest);
    for (std::size_t i = 0; i < rest - 1; i++) {
      out[used++] = static_cast<std::uint8_t>(group >> (16 - 8 * i));
    }
    valid &= ct::is_zero(group & ((std::uint64_t{1} << (rest == 2 ? 16 : 8)) - 1));
  }
  // Public: whether the text is well-formed.
  if (!valid.declassify()) {
    std::size_t at = 0;
    while (at < body.size()) {
      ct::Mask in_alphabet = ct::Mask::yes();
      decode_sextet(body[at], in_alphabet);
      // Public: the place where a text is malformed.
      if (!in_alphabet.declassify() && !is_white_space(body[at]) && body[at] != '=') {
        break;
      }
      at++;
    }
    return give_up(ErrorCode::pem_bad_base64, at);
  }
  return out.first(used);
}

Result<PemBlock> PemReader::next(MutBytes out) {
  ASHLAR_TRY(const PemText block, next_text());
  if (block.label.empty()) {
    return PemBlock{{}, {}};
  }
  ASHLAR_TRY(const MutBytes der, block.decode(out));
  return PemBlock{block.label, der};
}

Result<std::string_view> write_pem(std::string_view label, Bytes der, std::span<char> out) {
  if (!is_label(label)) {
    return ErrorCode::invalid_argument;
  }
  const std::size_t size = pem_encoded_size(label, der.size());
  if (out.size() < size) {
    return Error{ErrorCode::buffer_too_small, Place::none, static_cast<std::uint32_t>(out.size())};
  }
  std::size_t used = 0;
  const auto put = [&](std::string_view text) {
    std::memcpy(out.data() + used, text.data(), text.size());
    used += text.size();
  };
  put(kBegin);
  put(label);
  put("-----\n");
  std::size_t on_line = 0;
  for (std::size_t at = 0; at < der.size(); at += 3) {
    const std::size_t count = der.size() - at < 3 ? der.size() - at : 3;
    std::uint64_t group = 0;
    for (std::size_t i = 0; i < 3; i++) {
      group = (group << 8) | (i < count ? der[at + i] : 0);
    }
    for (std::size_t i = 0; i < 4; i++) {
      out[used++] = i <= count ? encode_sextet((group >> (18 - 6 * i)) & 63) : '=';
    }
    on_line += 4;
    if (on_line == kCharactersPerLine || at + 3 >= der.size()) {
      out[used++] = '\n';
      on_line = 0;
    }
  }
  put(kEnd);
  put(label);
  put("-----\n");
  return std::string_view(out.data(), used);
}

}  // namespace ashlar::asn1
