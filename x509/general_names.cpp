// SPDX-License-Identifier: Apache-2.0
#include "general_names.hpp"

#include <ashlar/asn1/oid.hpp>
#include <ashlar/asn1/string.hpp>

#include "dns_name.hpp"
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

// No name has control characters. With them, programs have read one name in two ways.
bool has_controls(Bytes text) {
  for (const std::uint8_t c : text) {
    if (c < 0x20 || c == 0x7f) {
      return true;
    }
  }
  return false;
}

bool is_ascii(Bytes text) {
  for (const std::uint8_t c : text) {
    if (c > 0x7f) {
      return false;
    }
  }
  return true;
}

void note_odd_text(GeneralName::Type type, Bytes text, std::uint32_t offset, const Noting& note) {
  if (type != GeneralName::Type::dns) {
    if (text.empty() || !is_ascii(text)) {
      note(Deviation::odd_name, offset);
    }
    return;
  }
  const std::string_view name = text_of(text);
  if (!is_dns_name(name) && !is_wildcard_name(name)) {
    note(Deviation::not_a_host_name, offset);
  } else if (name.find('_') != std::string_view::npos) {
    note(Deviation::underscore_in_host_name, offset);
  }
}

Result<void> check_other_name(const Element& element) {
  DerReader content(element);
  ASHLAR_CHECK(content.oid());
  ASHLAR_CHECK(content.element(asn1::context_constructed(0)));
  return content.expect_end();
}

Result<GeneralName> read(DerReader& reader, bool as_constraint, const Noting& note) {
  ASHLAR_TRY(const Element element, reader.any());
  const auto header_size = static_cast<std::uint32_t>(element.whole.size() - element.content.size());
  const Error bad = DerReader::fail_at(ErrorCode::bad_general_name, element.offset - header_size);
  const unsigned number = static_cast<unsigned>(element.tag) & 0x1f;
  const auto type = static_cast<GeneralName::Type>(number);
  // Directory names are a CHOICE and so EXPLICIT. Other names, X.400 addresses and EDI parties are SEQUENCEs.
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
      if (has_controls(element.content) || (as_constraint && !is_ascii(element.content))) {
        return bad;
      }
      if (!as_constraint) {
        note_odd_text(type, element.content, element.offset, note);
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
      ASHLAR_TRY(name.value, read_name(content, note));
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

}  // namespace

Result<GeneralName> read_general_name(DerReader& reader, const Noting& note) {
  return read(reader, false, note);
}

Result<GeneralName> read_constraint_name(DerReader& reader, const Noting& note) {
  return read(reader, true, note);
}

Result<void> check_general_names(DerReader content, const Noting& note) {
  if (content.empty()) {
    note(Deviation::empty_list, content.offset());
  }
  for (std::size_t count = 1; !content.empty(); count++) {
    if (count > kMaxGeneralNames) {
      return content.fail(ErrorCode::too_many_names);
    }
    ASHLAR_CHECK(read_general_name(content, note));
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
