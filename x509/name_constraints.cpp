// SPDX-License-Identifier: Apache-2.0
// Applies constraints. A name in an excluded subtree violates them. If there are permitted subtrees of its
// form and the name lies in none of them, it violates them too. So does a name whose form is constrained in a
// way that we cannot evaluate.
#include "name_constraints.hpp"

#include <ashlar/x509/oids.hpp>

#include "dns_name.hpp"
#include "general_names.hpp"
#include "names.hpp"

namespace ashlar::x509 {

using asn1::DerReader;
using asn1::Tag;

namespace {

constexpr asn1::Tag kPermitted = asn1::context_constructed(0);
constexpr asn1::Tag kExcluded = asn1::context_constructed(1);

std::string_view after(std::string_view text, std::size_t count) {
  text.remove_prefix(count);
  return text;
}

std::string_view before(std::string_view text, std::size_t count) {
  return {text.data(), count};
}

// A host, or ".domain" for every host below it.
bool is_host_constraint(std::string_view text) {
  return text.empty() || is_dns_name(text[0] == '.' ? after(text, 1) : text);
}

struct Mailbox {
  std::string_view local;  // its letter case counts
  std::string_view host;
};

// A mailbox as in rfc822Name: local-part@host, without quotes. The host is empty if the text is not one.
Mailbox parse_mailbox(std::string_view text) {
  const std::size_t at = text.find('@');
  if (at == std::string_view::npos || at == 0 || text.find('"') != std::string_view::npos ||
      text.find(' ') != std::string_view::npos) {
    return {};
  }
  const Mailbox mailbox{before(text, at), after(text, at + 1)};
  return is_dns_name(mailbox.host) ? mailbox : Mailbox{};
}

bool is_constraint(const GeneralName& base) {
  const std::string_view text = text_of(base.value);
  switch (base.type) {
    case GeneralName::Type::dns:
      return is_host_constraint(text);
    case GeneralName::Type::uri:
      return is_host_constraint(text);
    case GeneralName::Type::email:
      return text.find('@') == std::string_view::npos ? is_host_constraint(text)
                                                      : !parse_mailbox(text).host.empty();
    default:
      return true;
  }
}

// GeneralSubtree ::= SEQUENCE { base GeneralName, minimum [0] DEFAULT 0, maximum [1] OPTIONAL }: minimum and
// maximum must have no effect. Oddities are noted when the certificate is read only.
Result<GeneralName> read_subtree(DerReader& subtrees, const Noting& note = {}) {
  ASHLAR_TRY(DerReader subtree, subtrees.sequence());
  const std::uint32_t offset = subtree.offset();
  ASHLAR_TRY(const GeneralName base, read_constraint_name(subtree, note));
  const Error bad = DerReader::fail_at(ErrorCode::bad_name_constraints, offset);
  if (subtree.next_is(asn1::context(0))) {
    ASHLAR_TRY(const asn1::Element minimum, subtree.element(asn1::context(0)));
    if (minimum.content.size() != 1 || minimum.content[0] != 0) {
      return bad;
    }
    note(Deviation::explicit_default, minimum.offset);
  }
  if (!subtree.empty() || !is_constraint(base)) {
    return bad;
  }
  if (base.type == GeneralName::Type::dns && !base.value.empty() && base.value[0] == '.') {
    note(Deviation::leading_dot_in_constraint, offset);
  }
  return base;
}

Result<void> check_subtrees(DerReader& constraints, Tag tag, const Noting& note) {
  if (!constraints.next_is(tag)) {
    return {};
  }
  ASHLAR_TRY(DerReader subtrees, constraints.nested(tag));
  if (subtrees.empty()) {
    return subtrees.fail(ErrorCode::der_empty);
  }
  for (std::size_t count = 1; !subtrees.empty(); count++) {
    if (count > kMaxSubtrees) {
      return subtrees.fail(ErrorCode::too_many_names);
    }
    ASHLAR_CHECK(read_subtree(subtrees, note));
  }
  return {};
}

// Whether a name lies in a subtree. Unknown if the name is malformed for its form; it must then not pass.
enum class Within : std::uint8_t { no, yes, unknown };

Within from_bool(bool within) {
  return within ? Within::yes : Within::no;
}

// A wildcard stands for all names that it can match. It is excluded if any of them is, and permitted if all
// are.
Within dns_within(std::string_view base, std::string_view name, bool excluded) {
  // ".example" needs at least one label before it. Only "example" itself is outside.
  const bool below_only = !base.empty() && base[0] == '.';
  if (below_only) {
    base = after(base, 1);
    if (is_dns_name(name) && equal_ignoring_case(base, name)) {
      return Within::no;
    }
  }
  if (is_wildcard_name(name)) {
    const std::string_view parent = after(name, 2);
    const bool all_inside = is_within_domain(base, parent);
    // "*.example.com" can match the excluded name "x.example.com" itself, but no name below it.
    const std::size_t dot = base.find('.');
    const bool may_be_base =
        !below_only && dot != std::string_view::npos && equal_ignoring_case(after(base, dot + 1), parent);
    return from_bool(all_inside || (excluded && may_be_base));
  }
  return is_dns_name(name) ? from_bool(is_within_domain(base, name)) : Within::unknown;
}

bool host_within(std::string_view base, std::string_view host) {
  if (base.empty()) {
    return true;
  }
  if (base[0] == '.') {
    return host.size() > base.size() && is_within_domain(after(base, 1), host);
  }
  return equal_ignoring_case(base, host);
}

Within email_within(std::string_view base, std::string_view name) {
  const Mailbox mailbox = parse_mailbox(name);
  if (mailbox.host.empty()) {
    return Within::unknown;
  }
  if (base.find('@') == std::string_view::npos) {
    return from_bool(host_within(base, mailbox.host));
  }
  const Mailbox wanted = parse_mailbox(base);
  return from_bool(wanted.local == mailbox.local && equal_ignoring_case(wanted.host, mailbox.host));
}

// The host of a URI with an authority (RFC 3986 §3.2); empty if it has none that is a name.
std::string_view uri_host(std::string_view uri) {
  const std::size_t slashes = uri.find("://");
  if (slashes == std::string_view::npos) {
    return {};
  }
  std::string_view rest = after(uri, slashes + 3);
  for (const char end : {'/', '?', '#'}) {
    const std::size_t at = rest.find(end);
    rest = at == std::string_view::npos ? rest : before(rest, at);
  }
  const std::size_t user = rest.rfind('@');
  rest = user == std::string_view::npos ? rest : after(rest, user + 1);
  const std::size_t port = rest.find(':');
  rest = port == std::string_view::npos ? rest : before(rest, port);
  return is_dns_name(rest) ? rest : std::string_view();
}

Within uri_within(std::string_view base, std::string_view name) {
  const std::string_view host = uri_host(name);
  return host.empty() ? Within::unknown : from_bool(host_within(base, host));
}

bool ip_within(Bytes base, Bytes address) {
  if (base.size() != 2 * address.size()) {
    return false;
  }
  for (std::size_t i = 0; i < address.size(); i++) {
    const std::uint8_t mask = base[address.size() + i];
    if (((address[i] ^ base[i]) & mask) != 0) {
      return false;
    }
  }
  return true;
}

Within within(const GeneralName& base, const GeneralName& name, bool excluded) {
  switch (name.type) {
    case GeneralName::Type::dns:
      return dns_within(text_of(base.value), text_of(name.value), excluded);
    case GeneralName::Type::email:
      return email_within(text_of(base.value), text_of(name.value));
    case GeneralName::Type::uri:
      return uri_within(text_of(base.value), text_of(name.value));
    case GeneralName::Type::ip:
      return from_bool(ip_within(base.value, name.value));
    case GeneralName::Type::directory:
      return from_bool(name_is_within(base.value, name.value));
    default:
      return Within::unknown;
  }
}

class Constraints {
 public:
  // Unreadable content is an error here too. It never counts as no constraints.
  static Result<Constraints> read(Bytes content, std::uint32_t& budget) {
    DerReader value(content);
    ASHLAR_TRY(DerReader fields, value.sequence());
    DerReader permitted{Bytes()}, excluded{Bytes()};
    if (fields.next_is(kPermitted)) {
      ASHLAR_TRY(permitted, fields.nested(kPermitted));
    }
    if (fields.next_is(kExcluded)) {
      ASHLAR_TRY(excluded, fields.nested(kExcluded));
    }
    ASHLAR_CHECK(fields.expect_end());
    return Constraints(permitted, excluded, budget);
  }

  Result<void> check(const GeneralName& name) {
    ASHLAR_TRY(const Verdict excluded, find(excluded_, name, true));
    if (excluded.found) {
      return ErrorCode::name_constraint_violated;
    }
    ASHLAR_TRY(const Verdict permitted, find(permitted_, name, false));
    if (permitted.constrained && !permitted.found) {
      return ErrorCode::name_constraint_violated;
    }
    return {};
  }

 private:
  Constraints(DerReader permitted, DerReader excluded, std::uint32_t& budget)
      : budget_(budget), permitted_(permitted), excluded_(excluded) {}

  struct Verdict {
    bool constrained = false;  // a subtree has the name's form
    bool found = false;
  };

  // Looks for the name in a list of subtrees. Unknown counts as found in excluded subtrees, and as not found
  // in permitted ones.
  Result<Verdict> find(DerReader subtrees, const GeneralName& name, bool excluded) {
    Verdict verdict;
    while (!subtrees.empty()) {
      if (budget_ == 0) {
        return ErrorCode::verification_budget_exhausted;
      }
      budget_--;
      ASHLAR_TRY(const GeneralName base, read_subtree(subtrees));
      if (base.type != name.type) {
        continue;
      }
      if (base.type == GeneralName::Type::directory) {
        const std::uint32_t more = unordered_comparisons(base.value);
        if (budget_ < more) {
          return ErrorCode::verification_budget_exhausted;
        }
        budget_ -= more;
      }
      verdict.constrained = true;
      const Within result = within(base, name, excluded);
      if (result == Within::yes || (excluded && result == Within::unknown)) {
        verdict.found = true;
        return verdict;
      }
    }
    return verdict;
  }

  std::uint32_t& budget_;
  DerReader permitted_;
  DerReader excluded_;
};

}  // namespace

Result<void> check_name_constraints(DerReader value, const Noting& note) {
  ASHLAR_TRY(DerReader constraints, value.sequence());
  ASHLAR_CHECK(value.expect_end());
  if (constraints.empty()) {
    return constraints.fail(ErrorCode::bad_name_constraints);
  }
  ASHLAR_CHECK(check_subtrees(constraints, kPermitted, note));
  ASHLAR_CHECK(check_subtrees(constraints, kExcluded, note));
  return constraints.expect_end();
}

Result<void> apply_name_constraints(Bytes content, Bytes subject, GeneralNames alt_names,
                                    std::uint32_t& budget) {
  ASHLAR_TRY(Constraints constraints, Constraints::read(content, budget));
  if (!is_empty_name(subject)) {
    ASHLAR_CHECK(constraints.check({GeneralName::Type::directory, subject}));
  }
  // Old certificates have the mailbox in the subject (RFC 5280 §4.2.1.10).
  NameWalker walker(subject);
  while (const auto attribute = walker.next()) {
    if (oids::kEmailAddress.is(attribute->type)) {
      ASHLAR_CHECK(constraints.check({GeneralName::Type::email, attribute->value}));
    }
  }
  while (const auto name = alt_names.next()) {
    ASHLAR_CHECK(constraints.check(*name));
  }
  return {};
}

}  // namespace ashlar::x509
