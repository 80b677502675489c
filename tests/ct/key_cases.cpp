// SPDX-License-Identifier: Apache-2.0
// Private keys in DER: their numbers are secret. Lengths are public, and so are the first two bytes of a
// number: a leading zero is a part of the length, and the reader must check that the encoding is
// minimal.
#include <ashlar/x509/keys.hpp>

#include "cases.hpp"
#include "crypto/rsa/keys.hpp"

#include <algorithm>

using namespace ashlar;
using namespace ashlar::ct_cases;

namespace {

// Marks the numbers in `der` as secret.
void hide(Bytes der, std::initializer_list<test::Buffer> numbers) {
  std::vector<Bytes> places;
  for (const auto& number : numbers) {
    const auto at = std::search(der.begin(), der.end(), number.begin(), number.end());
    expect(at != der.end());
    places.push_back(der.subspan(static_cast<std::size_t>(at - der.begin()), number.size()).subspan(2));
  }
  for (const Bytes place : places) {
    ct::classify(place);
  }
}

test::Buffer rsa_key_in_pkcs8() {
  const auto& text = test::kRsa2048;
  const auto modulus = test::unhex(text.modulus), exponent = test::unhex(text.public_exponent),
             d = test::unhex(text.private_exponent), p = test::unhex(text.prime1),
             q = test::unhex(text.prime2), dp = test::unhex(text.exponent1), dq = test::unhex(text.exponent2),
             inverse = test::unhex(text.coefficient);
  test::Buffer pkcs1(2560);
  asn1::DerWriter writer(pkcs1);
  {
    const auto fields = writer.sequence();
    writer.small_integer(0);
    for (const auto& number : {modulus, exponent, d, p, q, dp, dq, inverse}) {
      writer.unsigned_integer(number);
    }
  }
  const auto key = x509::PrivateKey::parse_der(*writer.finish());
  expect(key.ok());
  test::Buffer der(2560);
  const auto written = key->write_pkcs8(der);
  expect(written.ok());
  der.resize(written->size());
  hide(der, {d, p, q, dp, dq, inverse});
  return der;
}

}  // namespace

CT_CASE("keys: RSA in PKCS#8 and in PKCS#1") {
  const auto pkcs8 = rsa_key_in_pkcs8();
  expect(x509::PrivateKey::parse_der(pkcs8).ok());
  // RSAPrivateKey is the content of PKCS#8's OCTET STRING: SEQUENCE header 4, version 3, algorithm 15,
  // header 4.
  expect(x509::PrivateKey::parse_der(Bytes(pkcs8).subspan(26)).ok());
}

CT_CASE("keys: P-256 in PKCS#8 and in SEC 1") {
  const auto scalar = test::noise(32, 1);
  // An ECPrivateKey outside PKCS#8 names its curve.
  auto sec1 = test::unhex("30 31 02 01 01 04 20");
  sec1.insert(sec1.end(), scalar.begin(), scalar.end());
  const auto curve = test::unhex("a0 0a 06 08 2a 86 48 ce 3d 03 01 07");
  sec1.insert(sec1.end(), curve.begin(), curve.end());
  const auto key = x509::PrivateKey::parse_der(sec1);
  expect(key.ok());
  test::Buffer der(200);
  const auto written = key->write_pkcs8(der);
  expect(written.ok());
  der.resize(written->size());
  hide(der, {scalar});
  expect(x509::PrivateKey::parse_der(der).ok());
  hide(sec1, {scalar});
  expect(x509::PrivateKey::parse_der(sec1).ok());
}
