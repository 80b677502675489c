// SPDX-License-Identifier: Apache-2.0
#include "signature.hpp"

#include <ashlar/asn1/der.hpp>
#include <ashlar/asn1/der_writer.hpp>

namespace ashlar::x509 {
namespace {

// A number, right-aligned in `out`.
Result<void> read_number(asn1::DerReader& reader, MutBytes out) {
  ASHLAR_TRY(const Bytes number, reader.unsigned_integer());
  if (number.size() > out.size()) {
    return ErrorCode::bad_signature;
  }
  std::memset(out.data(), 0, out.size());
  copy_bytes(out.subspan(out.size() - number.size()), number);
  return {};
}

Result<void> read(Bytes der, MutBytes out) {
  asn1::DerReader input(der);
  ASHLAR_TRY(asn1::DerReader numbers, input.sequence());
  ASHLAR_CHECK(input.expect_end());
  ASHLAR_CHECK(read_number(numbers, out.first(out.size() / 2)));
  ASHLAR_CHECK(read_number(numbers, out.subspan(out.size() / 2)));
  return numbers.expect_end();
}

}  // namespace

Result<void> read_ecdsa_signature(Bytes der, MutBytes out) {
  if (!read(der, out)) {
    return Error{ErrorCode::bad_signature, Place::ecdsa_signature};
  }
  return {};
}

Result<Bytes> write_ecdsa_signature(Bytes r_and_s, MutBytes out) {
  asn1::DerWriter writer(out);
  {
    const auto numbers = writer.sequence();
    writer.unsigned_integer(r_and_s.first(r_and_s.size() / 2));
    writer.unsigned_integer(r_and_s.subspan(r_and_s.size() / 2));
  }
  return writer.finish();
}

}  // namespace ashlar::x509
