// SPDX-License-Identifier: Apache-2.0
// AES-CBC encryption beside SHA-1 or SHA-256 with AVX2 and BMI2, for CPUs without the SHA extensions.
#define ASHLAR_SHA_TARGET "aes,avx2,bmi,bmi2"
#define ASHLAR_SHA1_TARGET ASHLAR_SHA_TARGET
#define ASHLAR_PAIRS_TARGET ASHLAR_SHA_TARGET
#include "cbc_hmac/cbc_chain_x86.hpp"
#include "sha1/sha1_rounds.hpp"
#include "sha2/sha2_rounds.hpp"

#if ASHLAR_X86_KERNELS

namespace ashlar::crypto::cbc_hmac {
namespace {
struct Functions256 : sha2::Pairs256<Functions256> {
  using Round = sha2::Bmi2Round;
};
}  // namespace
}  // namespace ashlar::crypto::cbc_hmac

#include "cbc_hmac/cbc_hmac_x86_rounds.inc"

namespace ashlar::crypto::cbc_hmac {

void pass_sha1_avx2(void* state, const std::uint8_t* hashed, const AesSchedule& schedule, std::uint8_t iv[16],
                    const std::uint8_t* in, std::uint8_t* out, std::size_t units) {
  call_and_wipe_avx<kStack>(pass_and_clear<Sha1>, state, hashed, &schedule, iv, in, out, units);
}

void pass_sha256_avx2(void* state, const std::uint8_t* hashed, const AesSchedule& schedule,
                      std::uint8_t iv[16], const std::uint8_t* in, std::uint8_t* out, std::size_t units) {
  call_and_wipe_avx<kStack>(pass_and_clear<Sha256>, state, hashed, &schedule, iv, in, out, units);
}

}  // namespace ashlar::crypto::cbc_hmac

#endif
