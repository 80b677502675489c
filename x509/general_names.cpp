// SPDX-License-Identifier: Apache-2.0
#include "general_names.hpp"

#include <ashlar/asn1/oid.hpp>
#include <ashlar/asn1/string.hpp>

#include "names.hpp"

namespace ashlar::x509 {

using asn1::DerReader;
using asn1::Element;
using asn1::Tag;

namespace {

// Whether the second half of `address` is a mask: ones, then zeros.
bool has_contiguous_mask(Bytes address) {
  bool zeros = false;
  for (const std::uint8_t byte : address.subspan(address.size() / 2)) {
    for (int bit = 7; bit >= 0; bit--) {
      const bool one = ((byte >> bit) & 1) != 0;
      if (one && zeros) {
        return false;
      }
      zeros = zeros || !one;
    }
  }
  return true;
}

// An IA5String that is not empty and holds no control characters: none is part of any name.
bool is_name_text(Bytes text, bool may_be_empty) {
  for (const std::uint8_t c : text) {
    if (c < 0x20 || c > 0x7e) {
      return false;
    }
  }
  return may_be_empty || !text.empty();
}

Result<void> check_other_name(const Element& element) {
  DerReader content(element);
  ASHLAR_CHECK(content.oid());
  ASHLAR_CHECK(content.element(asn1::context_constructed(0)));
  return content.expect_end();
}

}  // namespace

Result<GeneralName> read_general_name(DerReader& reader, bool as_constraint) {
  ASHLAR_TRY(const Element element, reader.any());
  const auto header_size = static_cast<std::uint32_t>(element.whole.size() - element.content.size());
  const Error bad = DerReader::fail_at(ErrorCode::bad_general_name, element.offset - header_size);
  const unsigned number = static_cast<unsigned>(element.tag) & 0x1f;
  const auto type = static_cast<GeneralName::Type>(number);
  // Directory names are EXPLICIT, being a CHOICE; other names, X.400 addresses and EDI parties SEQUENCEs.
  const bool constructed = type == GeneralName::Type::other || type == GeneralName::Type::x400 ||
                           type == GeneralName::Type::directory || type == GeneralName::Type::edi_party;
  if (number > static_cast<unsigned>(GeneralName::Type::registered_id) ||
      element.tag != (constructed ? asn1::context_constructed(number) : asn1::context(number))) {
    return bad;
  }
  GeneralName name{type, element.content};
  switch (type) {
    case GeneralName::Type::email:
    case GeneralName::Type::dns:
    case GeneralName::Type::uri:
      if (!is_name_text(element.content, as_constraint)) {
        return bad;
      }
      break;
    case GeneralName::Type::ip: {
      const std::size_t size = as_constraint ? element.content.size() / 2 : element.content.size();
      if ((size != 4 && size != 16) || (as_constraint && element.content.size() % 2 != 0) ||
          (as_constraint && !has_contiguous_mask(element.content))) {
        return DerReader::fail_at(ErrorCode::bad_ip_address, element.offset);
      }
      break;
    }
    case GeneralName::Type::directory: {
      DerReader content(element);
      ASHLAR_TRY(name.value, read_name(content));
      ASHLAR_CHECK(content.expect_end());
      break;
    }
    case GeneralName::Type::registered_id:
      if (!asn1::is_valid_oid(element.content)) {
        return DerReader::fail_at(ErrorCode::der_bad_oid, element.offset);
      }
      break;
    case GeneralName::Type::other:
      ASHLAR_CHECK(check_other_name(element));
      [[fallthrough]];
    case GeneralName::Type::x400:
    case GeneralName::Type::edi_party:
      ASHLAR_CHECK(asn1::check_tree(element.content, element.offset));
      break;
  }
  return name;
}

Result<void> check_general_names(DerReader content) {
  if (content.empty()) {
    return content.fail(ErrorCode::der_empty);
  }
  for (std::size_t count = 1; !content.empty(); count++) {
    if (count > kMaxGeneralNames) {
      return content.fail(ErrorCode::too_many_names);
    }
    ASHLAR_CHECK(read_general_name(content));
  }
  return {};
}

std::optional<GeneralName> GeneralNames::next() {
  DerReader reader(rest_);
  auto name = read_general_name(reader);
  if (!name) {
    rest_ = {};
    return {};
  }
  rest_ = reader.peek();
  return *name;
}

}  // namespace ashlar::x509
