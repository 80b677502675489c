// SPDX-License-Identifier: Apache-2.0
#include "certificates/describe.hpp"

#include "failure/failure.hpp"
#include "output/terminal.hpp"

#include <ashlar/asn1/der.hpp>
#include <ashlar/base/describe.hpp>
#include <ashlar/crypto/sha2.hpp>
#include <ashlar/x509/oids.hpp>

#include <arpa/inet.h>

#include <algorithm>

namespace ashlar::cli {
namespace {

using Lines = std::vector<std::string>;

std::string ip_text(Bytes address) {
  char text[INET6_ADDRSTRLEN] = "";
  if (address.size() == 4 || address.size() == 16) {
    inet_ntop(address.size() == 4 ? AF_INET : AF_INET6, address.data(), text, sizeof text);
    return text;
  }
  return hex(address);
}

std::string general_name_text(const x509::GeneralName& name) {
  using Type = x509::GeneralName::Type;
  switch (name.type) {
    case Type::dns:
      return "DNS " + escape(name.value);
    case Type::email:
      return "email " + escape(name.value);
    case Type::uri:
      return "URI " + escape(name.value);
    case Type::ip:
      return "IP " + ip_text(name.value);
    case Type::directory:
      return "directory " + name_text(name.value);
    case Type::registered_id:
      return "OID " + oid_text(name.value);
    case Type::other:
    case Type::x400:
    case Type::edi_party:
      break;
  }
  return "other " + hex(name.value);
}

// The OID that an AlgorithmIdentifier, or a SEQUENCE that begins with one, starts with.
std::string algorithm_text(Bytes der) {
  asn1::DerReader reader(der);
  auto sequence = reader.sequence();
  if (sequence && sequence->next_is(asn1::Tag::sequence)) {
    sequence = sequence->sequence();
  }
  if (sequence) {
    if (const auto oid = sequence->oid()) {
      return oid_text(*oid);
    }
  }
  return "unknown";
}

}  // namespace

std::string oid_text(Bytes oid) {
  if (const std::string_view name = x509::oid_name(oid); !name.empty()) {
    return std::string(name);
  }
  char dotted[512];
  return std::string(x509::format_oid(oid, dotted));
}

std::string name_text(Bytes name) {
  std::vector<char> room(8 * name.size() + 64);
  const std::string_view text = x509::format_name(name, room);
  return text.empty() ? "(empty)" : std::string(text);
}

std::string serial_text(Bytes serial) {
  while (serial.size() > 1 && serial[0] == 0) {
    serial = serial.subspan(1);
  }
  std::string text = hex(serial);
  for (char& c : text) {
    c = c >= 'a' && c <= 'f' ? static_cast<char>(c - 'a' + 'A') : c;
  }
  return text;
}

Lines alt_names(const x509::Certificate& certificate) {
  Lines out;
  x509::GeneralNames names = certificate.subject_alt_names();
  while (const auto name = names.next()) {
    out.push_back(general_name_text(*name));
  }
  return out;
}

Lines deviations(const x509::Certificate& certificate) {
  Lines texts;
  for (const x509::FoundDeviation& found : certificate.deviations().span()) {
    const x509::DeviationRow& row = x509::row_of(found.rule);
    char place[128];
    describe_detail::Line line(place);
    line.add_place(found.place);
    texts.push_back(std::string(row.name) + " at " + std::string(line.text()) + " (byte " +
                    std::to_string(found.offset) + "): " + std::string(row.text) + " [" +
                    std::string(row.clause) + "]");
  }
  return texts;
}

Lines key_usages(const x509::Certificate& certificate) {
  static constexpr const char* kNames[] = {"digitalSignature", "contentCommitment", "keyEncipherment",
                                           "dataEncipherment", "keyAgreement",      "keyCertSign",
                                           "cRLSign",          "encipherOnly",      "decipherOnly"};
  Lines out;
  for (unsigned bit = 0; certificate.has_key_usage() && bit < std::size(kNames); ++bit) {
    if (certificate.allows(static_cast<x509::KeyUsage>(1U << bit))) {
      out.emplace_back(kNames[bit]);
    }
  }
  return out;
}

Lines extended_key_usages(const x509::Certificate& certificate) {
  Lines out;
  for (const x509::Extension& extension : certificate.extensions()) {
    if (!x509::oids::kExtendedKeyUsage.is(extension.oid)) {
      continue;
    }
    asn1::DerReader outer(extension.value);
    // Certificate::parse has checked it.
    auto purposes = outer.sequence();
    while (purposes && !purposes->empty()) {
      const auto oid = purposes->oid();
      if (!oid) {
        break;
      }
      out.push_back(oid_text(*oid));
    }
  }
  return out;
}

// Certificate::parse has checked what is read here.
Lines policies(const x509::Certificate& certificate) {
  Lines out;
  const x509::PolicyRules& rules = certificate.policy_rules();
  for (asn1::DerReader list(rules.policies); !list.empty();) {
    auto information = list.sequence();
    const auto oid = information->oid();
    out.push_back(x509::oids::kAnyPolicy.is(*oid) ? "any" : oid_text(*oid));
  }
  for (asn1::DerReader list(rules.mappings); !list.empty();) {
    auto mapping = list.sequence();
    const auto from = mapping->oid();
    const auto to = mapping->oid();
    out.push_back(oid_text(*from) + " maps to " + oid_text(*to));
  }
  const auto demand = [&out](std::optional<std::uint32_t> skip, const std::string& what) {
    if (skip) {
      out.push_back(what + (*skip == 0 ? "" : " after " + counted(*skip, "certificate")));
    }
  };
  demand(rules.require_explicit, "one is demanded");
  demand(rules.inhibit_mapping, "no mapping");
  demand(rules.inhibit_any, "any counts no longer");
  return out;
}

std::string public_key_text(const x509::Certificate& certificate) {
  const auto key = certificate.public_key(x509::kAllKeys);
  if (!key) {
    return algorithm_text(certificate.spki()) + " (not one that Ashlar uses)";
  }
  std::string text = key_text(*key);
  if (const auto exponent = key->kind().public_exponent) {
    text += ", exponent " + std::to_string(exponent(*key));
  }
  return text;
}

std::string signature_text(const x509::Certificate& certificate) {
  const auto method = certificate.signature_method(x509::kAllKeys);
  return method.ok() && *method
             ? std::string((*method)->algorithm->name)
             : algorithm_text(certificate.signature_algorithm_identifier()) + " (not one that Ashlar checks)";
}

std::string validity_state(const x509::Validity& validity, asn1::Time now) {
  constexpr std::int64_t kDay = 24 * 60 * 60;
  if (now < validity.not_before) {
    return "begins in " +
           counted(static_cast<std::uint64_t>((validity.not_before.seconds - now.seconds) / kDay), "day");
  }
  if (now > validity.not_after) {
    return "expired " +
           counted(static_cast<std::uint64_t>((now.seconds - validity.not_after.seconds) / kDay), "day") +
           " ago";
  }
  return counted(static_cast<std::uint64_t>((validity.not_after.seconds - now.seconds) / kDay), "day") +
         " left";
}

std::string joined(const Lines& parts) {
  std::string text;
  for (const std::string& part : parts) {
    text += (text.empty() ? "" : ", ") + part;
  }
  return text;
}

std::string key_kinds() {
  Lines names;
  for (const x509::PrivateKeyKind* const each : x509::kAllPrivateKeys) {
    names.emplace_back(each->kind.name);
  }
  return joined(names);
}

std::string key_text(const x509::PublicKey& key) {
  return std::string(key.kind().name) + ", " + std::to_string(key.bits()) + " bits";
}

std::string time_text(asn1::Time time) {
  char text[20];
  return std::string(asn1::format(time, text));
}

asn1::Time parse_time(const std::string& text) {
  const bool all_digits = !text.empty() && text.find_first_not_of("0123456789") == std::string::npos;
  if (all_digits && text.size() <= 11) {
    return {std::stoll(text)};
  }
  std::string digits;
  for (const char c : text) {
    if (c >= '0' && c <= '9') {
      digits += c;
    }
  }
  if (digits.size() == 8) {
    digits += "000000";
  }
  const bool spelled = std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= '0' && c <= '9') || c == '-' || c == ':' || c == 'T' || c == 'Z' || c == ' ';
  });
  if (spelled) {
    digits += 'Z';
    if (const auto time = asn1::Time::parse_generalized_time(bytes_of(digits))) {
      return *time;
    }
  }
  throw Failure(Words{.cause = "this is not a time",
                      .found = "\"" + escape(std::string_view(text)) + "\"",
                      .wanted = "a day, a day and a time in UTC, or seconds since 1970",
                      .next = "write it as 2026-11-21, 2026-11-21T03:00:00Z or 1795230000"},
                ExitCode::usage);
}

std::string fingerprint(Bytes data) {
  return hex_colons(crypto::digest(crypto::kSha256, data).bytes());
}

}  // namespace ashlar::cli
