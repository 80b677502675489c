// SPDX-License-Identifier: Apache-2.0
#include "key_kinds/mldsa.hpp"

namespace ashlar::x509 {

using asn1::DerReader;
using asn1::Element;
using asn1::Tag;

namespace {

// An OCTET STRING of this size, whatever its tag.
Result<Bytes> sized(DerReader& reader, Tag tag, std::size_t size) {
  ASHLAR_TRY(const Element found, reader.element(tag));
  if (found.content.size() != size) {
    return DerReader::fail_at(ErrorCode::bad_mldsa_key, found.offset);
  }
  return found.content;
}

}  // namespace

Result<MlDsaPrivateKeyFields> read_mldsa_private_key(DerReader content, std::size_t expanded_size) {
  MlDsaPrivateKeyFields fields;
  if (content.next_is(asn1::context(0))) {
    ASHLAR_TRY(fields.seed, sized(content, asn1::context(0), crypto::kMlDsaSeedSize));
  } else if (content.next_is(Tag::octet_string)) {
    ASHLAR_TRY(fields.expanded, sized(content, Tag::octet_string, expanded_size));
  } else if (content.next_is(Tag::sequence)) {
    ASHLAR_TRY(DerReader both, content.sequence());
    ASHLAR_TRY(fields.seed, sized(both, Tag::octet_string, crypto::kMlDsaSeedSize));
    ASHLAR_TRY(fields.expanded, sized(both, Tag::octet_string, expanded_size));
    ASHLAR_CHECK(both.expect_end());
  } else {
    return content.fail(ErrorCode::bad_mldsa_key);
  }
  ASHLAR_CHECK(content.expect_end());
  return fields;
}

}  // namespace ashlar::x509
