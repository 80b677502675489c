// SPDX-License-Identifier: Apache-2.0
#include "compression.hpp"

#include <ashlar/crypto/random.hpp>

namespace bogo {

using namespace ashlar;

namespace {

// A prefix, and then `in` without its first bytes.
Result<Bytes> put(Bytes prefix, Bytes in, MutBytes out) {
  if (prefix.size() + in.size() > out.size()) {
    return ErrorCode::buffer_too_small;
  }
  copy_bytes(out, prefix);
  copy_bytes(out.subspan(prefix.size()), in);
  return Bytes(out.first(prefix.size() + in.size()));
}
Result<void> fill(Bytes prefix, Bytes in, MutBytes out) {
  const auto done = put(prefix, in, out);
  return done && done->size() == out.size() ? Result<void>() : ErrorCode::bad_compressed_certificate;
}

// A Certificate message begins with two zeros: without a context, and with less than 64 KiB.
constexpr std::uint8_t kZeros[] = {0, 0};
constexpr std::uint8_t kCount[] = {1, 2, 3, 4};

constexpr tls::CertificateCompression kShrinking = {
    tls::CertificateCompressionId{0xff01}, "shrinking",
    [](Bytes in, MutBytes out) -> Result<Bytes> {
      return in.size() >= 2 && equal_public(in.first(2), kZeros) ? put({}, in.subspan(2), out)
                                                                 : ErrorCode::invalid_argument;
    },
    [](Bytes in, MutBytes out) { return fill(kZeros, in, out); }};
constexpr tls::CertificateCompression kExpanding = {
    tls::CertificateCompressionId{0xff02}, "expanding",
    [](Bytes in, MutBytes out) { return put(kCount, in, out); },
    [](Bytes in, MutBytes out) -> Result<void> {
      return in.size() >= 4 && equal_public(in.first(4), kCount) ? fill({}, in.subspan(4), out)
                                                                 : ErrorCode::bad_compressed_certificate;
    }};
// One random byte before it.
constexpr tls::CertificateCompression kRandom = {tls::CertificateCompressionId{0xff03}, "random",
                                                 [](Bytes in, MutBytes out) -> Result<Bytes> {
                                                   std::uint8_t byte[1];
                                                   ASHLAR_CHECK(crypto::system_random().fill(byte));
                                                   return put(byte, in, out);
                                                 },
                                                 [](Bytes in, MutBytes out) -> Result<void> {
                                                   return !in.empty() ? fill({}, in.subspan(1), out)
                                                                      : ErrorCode::bad_compressed_certificate;
                                                 }};

}  // namespace

std::vector<const tls::CertificateCompression*> compressions_of(const Flags& flags) {
  std::vector<const tls::CertificateCompression*> out;
  for (const tls::CertificateCompression* const row : {&kExpanding, &kShrinking, &kRandom}) {
    if (flags.all_compressions || flags.one_compression == static_cast<int>(row->id)) {
      out.push_back(row);
    }
  }
  return out;
}

}  // namespace bogo
