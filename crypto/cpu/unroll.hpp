// SPDX-License-Identifier: Apache-2.0
// ASHLAR_UNROLL, before a loop whose count is a small constant and whose arrays are registers: unrolls it at
// any level of optimisation above none.
#pragma once

#if defined(__clang__)
#define ASHLAR_UNROLL _Pragma("unroll")
// Clang warns if such a loop runs once or never.
#pragma clang diagnostic ignored "-Wpass-failed"
#elif defined(__OPTIMIZE__)
#define ASHLAR_UNROLL _Pragma("GCC unroll 16")
#else
// g++ warns that it unrolls nothing at -O0.
#define ASHLAR_UNROLL
#endif
