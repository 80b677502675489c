// SPDX-License-Identifier: Apache-2.0
// Distinguished names (RFC 5280 §4.1.2.4): checked once, then walked and compared.
#pragma once

#include <ashlar/asn1/der.hpp>
#include <ashlar/x509/anchor.hpp>

#include "noting.hpp"

namespace ashlar::x509 {

// Reads one Name: each RDN is a non-empty SET OF, each value well-formed for its type; `note` is told of
// exceptions. Gives the whole Name, header included.
Result<Bytes> read_name(asn1::DerReader& reader, const Noting& note = {});

inline bool is_empty_name(Bytes name) {
  return name.size() <= 2;
}

// Walks the attributes of a Name that read_name has checked.
class NameWalker {
 public:
  struct Attribute {
    Bytes type;
    asn1::Tag tag;
    Bytes value;
    bool starts_rdn;  // whether it is the first of its RDN
  };

  explicit NameWalker(Bytes name);
  std::optional<Attribute> next();
  // The next attribute of one RDN.
  static std::optional<Attribute> take(asn1::DerReader& rdn, bool starts_rdn = false);

 private:
  asn1::DerReader rdns_;
  asn1::DerReader attributes_;
};

// Whether the first RDNs of `name` are those of `base` (RFC 5280 §7.1): RDN by RDN, attributes in any order,
// ignoring letter case and runs of white space. Variable time.
bool name_is_within(Bytes base, Bytes name);
// How many comparisons of attributes that takes at most where an RDN of `base` has several of them.
std::uint32_t unordered_comparisons(Bytes base);

// Less than, equal to or greater than 0: the order of byte strings, a prefix before the longer ones. Variable
// time.
int order_public(Bytes a, Bytes b);

}  // namespace ashlar::x509
