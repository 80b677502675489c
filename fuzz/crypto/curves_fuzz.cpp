// SPDX-License-Identifier: Apache-2.0
// P-256, P-384 and P-521: every kernel as the portable one; points by the curve's equation in slow arithmetic
//
// The first byte chooses the curve; then a point's bytes with their length before them, and two scalars.
#include "ec/operations.hpp"

#include <ashlar/crypto/p256.hpp>
#include <ashlar/crypto/p384.hpp>
#include <ashlar/crypto/p521.hpp>

#include "crypto/ec/slow.hpp"
#include "crypto/every_row.hpp"
#include "support/check.hpp"
#include "support/choices.hpp"

using namespace ashlar;
using namespace ashlar::crypto;
namespace slow = test::slow;

namespace {

// By SEC 1 §2.3.4, but for what the root of a compressed point is.
bool is_encoding(const slow::Curve& curve, Bytes point) {
  const std::size_t size = curve.coordinate_size;
  if (point.size() == 1 + size && (point[0] == 2 || point[0] == 3)) {
    return slow::Number::from_bytes(point.subspan(1)) < curve.p;
  }
  if (point.size() != 1 + 2 * size || point[0] != 4) {
    return false;
  }
  const auto x = slow::Number::from_bytes(point.subspan(1, size)),
             y = slow::Number::from_bytes(point.subspan(1 + size));
  return x < curve.p && y < curve.p && curve.contains({x, y});
}

template <class Curve>
void check(const slow::Curve& curve, fuzz::Choices& in) {
  const std::size_t given = 1 + in.byte() % 160u;
  const Bytes encoded = in.take(given);
  const auto scalar = in.fill(Curve::kBytes), other = in.fill(Curve::kBytes);
  const auto table = ec::kernels<Curve>();
  const auto& portable = table.back();

  // A point as it comes.
  const auto point = EcPublicKey<Curve>::create(encoded);
  std::uint8_t bytes[Curve::kPointSize];
  if (point) {
    point->point(bytes);
    FUZZ_CHECK(is_encoding(curve, encoded) && is_encoding(curve, bytes));
    FUZZ_CHECK(equal_public(Bytes(bytes).subspan(1, Curve::kBytes), encoded.subspan(1, Curve::kBytes)));
    FUZZ_CHECK(encoded[0] == 4 ? equal_public(bytes, encoded)
                               : (bytes[Curve::kPointSize - 1] & 1) == (encoded[0] & 1));
    fuzz::accepted("a point");
  } else {
    FUZZ_CHECK(!is_encoding(curve, encoded) || encoded[0] != 4);
    fuzz::refused(point.error());
  }

  // A private key: in range by a plain comparison.
  const auto k = slow::Number::from_bytes(scalar);
  const bool in_range = !k.is_zero() && k < curve.n;
  const auto key =
      EcPrivateKey<Curve>::create(BytesOf<Curve::kBytes>(scalar.data(), Curve::kBytes), &portable);
  FUZZ_CHECK(key.ok() == in_range);
  if (!key) {
    return;
  }
  std::uint8_t expected[Curve::kPointSize];
  key->public_key().point(expected);
  FUZZ_CHECK(is_encoding(curve, expected));
  Secret<Curve::kBytes> shared;
  const bool agreed = point && key->agree(*point, shared).ok();
  FUZZ_CHECK(agreed == point.ok());
  std::uint8_t signature[Curve::kSignatureSize];
  FUZZ_CHECK(key->sign(other, nullptr, signature));
  fuzz::on_every_row(table, [&](const EcKernel<Curve>& row) {
    const auto ours = EcPrivateKey<Curve>::create(BytesOf<Curve::kBytes>(scalar.data(), Curve::kBytes), &row);
    std::uint8_t public_point[Curve::kPointSize];
    ours->public_key().point(public_point);
    FUZZ_CHECK(equal_public(public_point, expected));
    if (point) {
      Secret<Curve::kBytes> theirs;
      FUZZ_CHECK(ours->agree(*point, theirs).ok() && equal_public(theirs.reveal(), shared.reveal()));
    }
    std::uint8_t made[Curve::kSignatureSize];
    FUZZ_CHECK(ours->sign(other, nullptr, made) && equal_public(made, signature));
    const auto verifier = EcPublicKey<Curve>::create(expected, &row);
    FUZZ_CHECK(verifier && verifier->verify(other, signature).ok());
    made[in.below(Curve::kSignatureSize)] ^= 1;
    FUZZ_CHECK(!verifier->verify(other, made).ok());
    if (point) {
      // Any bytes as a signature: all rows say the same of it.
      const auto stranger = EcPublicKey<Curve>::create(encoded, &row);
      const auto reference = EcPublicKey<Curve>::create(encoded, &portable);
      std::uint8_t noise[Curve::kSignatureSize];
      copy_bytes(MutBytes(noise).first(Curve::kBytes), scalar);
      copy_bytes(MutBytes(noise).subspan(Curve::kBytes), other);
      FUZZ_CHECK(stranger->verify(other, noise).ok() == reference->verify(other, noise).ok());
    }
  });
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const slow::Curve kP256 = slow::Curve::p256(), kP384 = slow::Curve::p384(),
                           kP521 = slow::Curve::p521();
  if (size < 3 || size > 300) {
    return -1;
  }
  fuzz::Choices in(data, size);
  switch (in.below(3)) {
    case 0:
      check<P256Curve>(kP256, in);
      break;
    case 1:
      check<P384Curve>(kP384, in);
      break;
    default:
      check<P521Curve>(kP521, in);
      break;
  }
  return 0;
}
