// SPDX-License-Identifier: Apache-2.0
// Paths over several certificates: found where a plain search finds one, and each that is found keeps the
// rules
//
// The input describes up to eight certificates, six bytes each, and then the anchors.
#include <ashlar/x509/verify.hpp>

#include <algorithm>

#include "support/choices.hpp"
#include "x509/mock.hpp"

using namespace ashlar;
using namespace ashlar::x509;
using fuzz::MockCertificate;

namespace {

constexpr std::int64_t kNow = 1893456000;  // 2030
constexpr asn1::Oid kAnyPurpose = asn1::oid("2.5.29.37.0");

const std::string kHosts[] = {"a.example.com", "b.example.com", "example.org", "x.a.example.com"};
const std::string kDomains[] = {"example.com", "example.org", "a.example.com", "b.example.com"};

fuzz::MockName dns(const std::string& text) {
  return {0x82, {text.begin(), text.end()}};
}

struct Anchor {
  std::string subject;
  std::uint8_t key;
  std::optional<std::uint32_t> path_length;
  std::vector<fuzz::MockName> permitted, excluded;
};

MockCertificate read_certificate(fuzz::Choices& in) {
  MockCertificate c;
  const std::uint8_t names = in.byte(), keys = in.byte(), rights = in.byte(), purposes = in.byte();
  const std::uint8_t constraints = in.byte(), ids = in.byte();
  c.subject = "n" + std::to_string(names & 7);
  c.issuer = "n" + std::to_string(names >> 3 & 7);
  c.key = keys & 7;
  c.signer = keys >> 3 & 7;
  if ((keys >> 6) == 1) {
    c.not_after = {kNow - 1};
  } else if ((keys >> 6) == 2) {
    c.not_before = {kNow + 1};
  } else if ((keys >> 6) == 3) {
    c.not_before = c.not_after = {kNow};  // both ends are included
  }
  if ((rights & 1) == 0) {
    c.ca = (rights & 2) == 0;
    if (*c.ca && (rights & 4) != 0) {
      c.path_length = rights >> 3 & 3;
    }
  }
  if ((rights & 32) != 0) {
    c.key_usage = static_cast<std::uint16_t>(((rights & 64) != 0 ? 32 : 0) | ((rights & 128) != 0 ? 1 : 0));
  }
  if ((purposes & 1) != 0) {
    c.purposes.emplace();
    if ((purposes & 2) != 0) {
      c.purposes->push_back(Purpose::server_auth.extended_key_usage);
    }
    if ((purposes & 4) != 0) {
      c.purposes->push_back(Purpose::client_auth.extended_key_usage);
    }
    if ((purposes & 8) != 0) {
      c.purposes->push_back(kAnyPurpose);
    }
  }
  c.unknown_critical = (purposes & 16) != 0;
  if ((purposes & 32) != 0) {
    c.alt_names.push_back(dns(kHosts[purposes >> 6]));
  }
  if ((constraints & 1) != 0) {
    c.permitted.push_back(dns(kDomains[constraints >> 1 & 3]));
  }
  if ((constraints & 8) != 0) {
    c.excluded.push_back(dns(kDomains[constraints >> 4 & 3]));
  }
  if ((ids & 1) != 0) {
    c.subject_key_id = ids >> 2 & 7;
  }
  if ((ids & 2) != 0) {
    c.authority_key_id = ids >> 5;
  }
  return c;
}

// --- The plain reading of RFC 5280 §6 ---

bool is_below(const std::string& domain, const std::string& host) {
  return host == domain || (host.size() > domain.size() && host.ends_with("." + domain));
}
std::string text(const fuzz::MockName& name) {
  return {name.value.begin(), name.value.end()};
}

bool names_allowed(const std::vector<fuzz::MockName>& permitted, const std::vector<fuzz::MockName>& excluded,
                   const MockCertificate& c) {
  for (const auto& name : c.alt_names) {
    const auto holds = [&](const auto& base) { return is_below(text(base), text(name)); };
    if (std::any_of(excluded.begin(), excluded.end(), holds) ||
        (!permitted.empty() && std::none_of(permitted.begin(), permitted.end(), holds))) {
      return false;
    }
  }
  return true;
}

bool names_purpose(const MockCertificate& c, const asn1::Oid& wanted) {
  return c.purposes && std::any_of(c.purposes->begin(), c.purposes->end(),
                                   [&](const asn1::Oid& each) { return each.is(wanted); });
}

// What must be true of every certificate on a path.
bool is_sound(const MockCertificate& c) {
  const bool is_ca = c.ca && *c.ca;
  const bool in_time = c.not_before.seconds <= kNow && kNow <= c.not_after.seconds;
  const bool claims =
      (c.key_usage && (*c.key_usage & 32) != 0) || !c.permitted.empty() || !c.excluded.empty();
  return in_time && !c.unknown_critical && !(c.key_usage && *c.key_usage == 0) &&
         !(c.purposes && c.purposes->empty()) && (is_ca || !claims);
}
bool is_leaf(const MockCertificate& c) {
  return is_sound(c) && (!c.key_usage || (*c.key_usage & 1) != 0) &&
         (!c.purposes || names_purpose(c, Purpose::server_auth.extended_key_usage));
}
bool is_issuer(const MockCertificate& c) {
  return is_sound(c) && c.ca && *c.ca && (!c.key_usage || (*c.key_usage & 32) != 0) &&
         (!c.purposes || names_purpose(c, Purpose::server_auth.extended_key_usage) ||
          names_purpose(c, kAnyPurpose));
}
bool is_self_issued(const MockCertificate& c) {
  return c.subject == c.issuer;
}

// Whether the certificates of a path, leaf first, and the anchor belong together.
bool path_is_good(const std::vector<MockCertificate>& all, const std::vector<std::size_t>& path,
                  const Anchor& anchor) {
  std::size_t below = 0;  // intermediates that count
  for (std::size_t i = 0; i < path.size(); ++i) {
    const MockCertificate& c = all[path[i]];
    const bool last = i + 1 == path.size();
    if (!(i == 0 ? is_leaf(c) : is_issuer(c))) {
      return false;
    }
    if (c.issuer != (last ? anchor.subject : all[path[i + 1]].subject) ||
        c.signer != (last ? anchor.key : all[path[i + 1]].key)) {
      return false;
    }
    if (i > 0) {
      if (c.path_length && below > *c.path_length) {
        return false;
      }
      below += is_self_issued(c) ? 0u : 1u;
    }
    // The certificates above constrain its names. Self-issued ones are exempt, unless they are the leaf.
    if (i > 0 && is_self_issued(c)) {
      continue;
    }
    for (std::size_t j = i + 1; j < path.size(); ++j) {
      if (!names_allowed(all[path[j]].permitted, all[path[j]].excluded, c)) {
        return false;
      }
    }
    if (!names_allowed(anchor.permitted, anchor.excluded, c)) {
      return false;
    }
  }
  return !anchor.path_length || below <= *anchor.path_length;
}

// Whether any path is good, by trying all of them.
bool some_path(const std::vector<MockCertificate>& all, const std::vector<Anchor>& anchors,
               std::vector<std::size_t>& path) {
  for (const Anchor& anchor : anchors) {
    if (path_is_good(all, path, anchor)) {
      return true;
    }
  }
  for (std::size_t next = 1; next < all.size(); ++next) {
    const MockCertificate& top = all[path.back()];
    const bool there = std::any_of(path.begin(), path.end(), [&](std::size_t on) {
      return all[on].subject == all[next].subject && all[on].key == all[next].key;
    });
    if (there || all[next].subject != top.issuer || all[next].key != top.signer) {
      continue;
    }
    path.push_back(next);
    const bool found = some_path(all, anchors, path);
    path.pop_back();
    if (found) {
      return true;
    }
  }
  return false;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 8 || size > 80) {
    return -1;
  }
  fuzz::Choices in(data, size);
  const std::size_t count = 1 + in.below(8), anchor_count = 1 + in.below(3);
  std::vector<MockCertificate> all;
  std::vector<fuzz::Buffer> ders;
  for (std::size_t i = 0; i < count; ++i) {
    all.push_back(read_certificate(in));
    ders.push_back(fuzz::make(all.back()));
  }
  std::vector<Anchor> anchors;
  std::vector<fuzz::Buffer> parts;
  parts.reserve(3 * anchor_count);
  std::vector<TrustAnchor> made;
  for (std::size_t i = 0; i < anchor_count; ++i) {
    const std::uint8_t who = in.byte(), limits = in.byte();
    Anchor anchor{"n" + std::to_string(who & 7), static_cast<std::uint8_t>(who >> 3 & 7), {}, {}, {}};
    if ((limits & 1) != 0) {
      anchor.path_length = limits >> 1 & 3;
    }
    if ((limits & 8) != 0) {
      anchor.permitted.push_back(dns(kDomains[limits >> 4 & 3]));
    }
    if ((limits & 64) != 0) {
      anchor.excluded.push_back(dns(kDomains[limits >> 4 & 3]));
    }
    const auto write = [&](auto what) {
      fuzz::Buffer out(512);
      asn1::DerWriter writer(out);
      what(writer);
      out.resize(writer.size());
      parts.push_back(out);
      return Bytes(parts.back());
    };
    TrustAnchor::Parts from{};
    from.subject = write([&](asn1::DerWriter& w) { fuzz::write_mock_name(w, anchor.subject); });
    from.spki = write([&](asn1::DerWriter& w) { fuzz::write_mock_spki(w, anchor.key); });
    from.path_length = anchor.path_length;
    if (!anchor.permitted.empty() || !anchor.excluded.empty()) {
      // The value of the extension in a certificate with only these constraints.
      MockCertificate carrier;
      carrier.ca = true;
      carrier.permitted = anchor.permitted;
      carrier.excluded = anchor.excluded;
      parts.push_back(fuzz::make(carrier));
      from.name_constraints = Certificate::parse(parts.back())->name_constraints();
    }
    auto anchor_made = TrustAnchor::create(from);
    FUZZ_CHECK(anchor_made.ok());
    made.push_back(*anchor_made);
    anchors.push_back(anchor);
  }
  const std::vector<Bytes> chain(ders.begin(), ders.end());
  VerifyRequest request;
  PathReport report;
  request.chain = chain;
  request.anchors = AnchorIndex(made);
  request.keys = &fuzz::kMockKeys;
  request.now = {kNow};
  request.report = &report;
  // The index finds all anchors of a name, and only those.
  for (const TrustAnchor& each : request.anchors.all()) {
    const auto same = [&](const TrustAnchor& other) { return equal_public(other.subject(), each.subject()); };
    const auto named = request.anchors.named(each.subject_digest());
    FUZZ_CHECK(std::all_of(named.begin(), named.end(), same));
    const auto all_anchors = request.anchors.all();
    FUZZ_CHECK(static_cast<std::size_t>(std::count_if(all_anchors.begin(), all_anchors.end(), same)) ==
               named.size());
  }

  const auto verified = verify_chain_without_name(request);
  FUZZ_CHECK(report.steps().size() <= 64);
  if (verified) {
    std::vector<std::size_t> path(verified->path().begin(), verified->path().end());
    FUZZ_CHECK(!path.empty() && path[0] == 0);
    const bool good = std::any_of(anchors.begin(), anchors.end(),
                                  [&](const Anchor& anchor) { return path_is_good(all, path, anchor); });
    FUZZ_CHECK(good);
    fuzz::accepted("a path of", path.size());
    // With a name: the leaf must match it.
    for (const std::string& host : kHosts) {
      request.name = host;
      const bool is_named = std::any_of(all[0].alt_names.begin(), all[0].alt_names.end(),
                                        [&](const auto& name) { return text(name) == host; });
      FUZZ_CHECK(verify_chain(request).ok() == is_named);
    }
    // For clients: another purpose, another usage.
    request.purpose = Purpose::client_auth;
    if (!verify_chain_without_name(request)) {
      FUZZ_CHECK(std::any_of(all.begin(), all.end(),
                             [](const MockCertificate& c) { return c.purposes.has_value(); }));
    }
    return 0;
  }
  fuzz::refused(verified.error());
  if (verified.error() == ErrorCode::verification_budget_exhausted) {
    return 0;
  }
  std::vector<std::size_t> path = {0};
  FUZZ_CHECK(!some_path(all, anchors, path));
  return 0;
}
