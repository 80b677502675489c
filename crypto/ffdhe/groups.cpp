// SPDX-License-Identifier: Apache-2.0
// The primes of RFC 7919, Appendix A: for b bits and an X that makes both p and (p - 1) / 2 prime,
//
//   p = 2^b - 2^(b-64) + (floor(2^(b-130) e) + X) 2^64 - 1
//
// with X = 560316, 2625351 and 5736041. A test computes them this way. Exponents have the number of bits of
// §5.2 (225, 275 and 325), rounded up to bytes.
#include <ashlar/crypto/ffdhe.hpp>

namespace ashlar::crypto {
namespace {

constexpr std::uint64_t kPrime2048[] = {
    0xffffffffffffffff, 0x886b423861285c97, 0xc6f34a26c1b2effa, 0xc58ef1837d1683b2, 0x3bb5fcbc2ec22005,
    0xc3fe3b1b4c6fad73, 0x8e4f1232eef28183, 0x9172fe9ce98583ff, 0xc03404cd28342f61, 0x9e02fce1cdf7e2ec,
    0x0b07a7c8ee0a6d70, 0xae56ede76372bb19, 0x1d4f42a3de394df4, 0xb96adab760d7f468, 0xd108a94bb2c8e3fb,
    0xbc0ab182b324fb61, 0x30acca4f483a797a, 0x1df158a136ade735, 0xe2a689daf3efe872, 0x984f0c70e0e68b77,
    0xb557135e7f57c935, 0x856365553ded1af3, 0x2433f51f5f066ed0, 0xd3df1ed5d5fd6561, 0xf681b202aec4617a,
    0x7d2fe363630c75d8, 0xcc939dce249b3ef9, 0xa9e13641146433fb, 0xd8b9c583ce2d3695, 0xafdc5620273d3cf1,
    0xadf85458a2bb4a9a, 0xffffffffffffffff,
};

constexpr std::uint64_t kPrime3072[] = {
    0xffffffffffffffff, 0x25e41d2b66c62e37, 0x3c1b20ee3fd59d7c, 0x0abcd06bfa53ddef, 0x1dbf9a42d5c4484e,
    0xabc521979b0deada, 0xe86d2bc522363a0d, 0x5cae82ab9c9df69e, 0x64f2e21e71f54bff, 0xf4fd4452e2d74dd3,
    0xb4130c93bc437944, 0xaefe130985139270, 0x598cb0fac186d91c, 0x7ad91d2691f7f7ee, 0x61b46fc9d6e6c907,
    0xbc34f4def99c0238, 0xde355b3b6519035b, 0x886b4238611fcfdc, 0xc6f34a26c1b2effa, 0xc58ef1837d1683b2,
    0x3bb5fcbc2ec22005, 0xc3fe3b1b4c6fad73, 0x8e4f1232eef28183, 0x9172fe9ce98583ff, 0xc03404cd28342f61,
    0x9e02fce1cdf7e2ec, 0x0b07a7c8ee0a6d70, 0xae56ede76372bb19, 0x1d4f42a3de394df4, 0xb96adab760d7f468,
    0xd108a94bb2c8e3fb, 0xbc0ab182b324fb61, 0x30acca4f483a797a, 0x1df158a136ade735, 0xe2a689daf3efe872,
    0x984f0c70e0e68b77, 0xb557135e7f57c935, 0x856365553ded1af3, 0x2433f51f5f066ed0, 0xd3df1ed5d5fd6561,
    0xf681b202aec4617a, 0x7d2fe363630c75d8, 0xcc939dce249b3ef9, 0xa9e13641146433fb, 0xd8b9c583ce2d3695,
    0xafdc5620273d3cf1, 0xadf85458a2bb4a9a, 0xffffffffffffffff,
};

constexpr std::uint64_t kPrime4096[] = {
    0xffffffffffffffff, 0xc68a007e5e655f6a, 0x4db5a851f44182e1, 0x8ec9b55a7f88a46b, 0x0a8291cdcec97dcf,
    0x2a4ecea9f98d0acc, 0x1a1db93d7140003c, 0x092999a333cb8b7a, 0x6dc778f971ad0038, 0xa907600a918130c4,
    0xed6a1e012d9e6832, 0x7135c886efb4318a, 0x87f55ba57e31cc7a, 0x7763cf1d55034004, 0xac7d5f42d69f6d18,
    0x7930e9e4e58857b6, 0x6e6f52c3164df4fb, 0x25e41d2b669e1ef1, 0x3c1b20ee3fd59d7c, 0x0abcd06bfa53ddef,
    0x1dbf9a42d5c4484e, 0xabc521979b0deada, 0xe86d2bc522363a0d, 0x5cae82ab9c9df69e, 0x64f2e21e71f54bff,
    0xf4fd4452e2d74dd3, 0xb4130c93bc437944, 0xaefe130985139270, 0x598cb0fac186d91c, 0x7ad91d2691f7f7ee,
    0x61b46fc9d6e6c907, 0xbc34f4def99c0238, 0xde355b3b6519035b, 0x886b4238611fcfdc, 0xc6f34a26c1b2effa,
    0xc58ef1837d1683b2, 0x3bb5fcbc2ec22005, 0xc3fe3b1b4c6fad73, 0x8e4f1232eef28183, 0x9172fe9ce98583ff,
    0xc03404cd28342f61, 0x9e02fce1cdf7e2ec, 0x0b07a7c8ee0a6d70, 0xae56ede76372bb19, 0x1d4f42a3de394df4,
    0xb96adab760d7f468, 0xd108a94bb2c8e3fb, 0xbc0ab182b324fb61, 0x30acca4f483a797a, 0x1df158a136ade735,
    0xe2a689daf3efe872, 0x984f0c70e0e68b77, 0xb557135e7f57c935, 0x856365553ded1af3, 0x2433f51f5f066ed0,
    0xd3df1ed5d5fd6561, 0xf681b202aec4617a, 0x7d2fe363630c75d8, 0xcc939dce249b3ef9, 0xa9e13641146433fb,
    0xd8b9c583ce2d3695, 0xafdc5620273d3cf1, 0xadf85458a2bb4a9a, 0xffffffffffffffff,
};

}  // namespace

constinit const FfdheGroup kFfdhe2048 = {"ffdhe2048", 256, 29, kPrime2048};
constinit const FfdheGroup kFfdhe3072 = {"ffdhe3072", 384, 35, kPrime3072};
constinit const FfdheGroup kFfdhe4096 = {"ffdhe4096", 512, 41, kPrime4096};

}  // namespace ashlar::crypto
