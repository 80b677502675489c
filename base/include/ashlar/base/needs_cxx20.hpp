// SPDX-License-Identifier: Apache-2.0
// Tells a program that is compiled for an older language, in one line: a header that is not there is the one
// error after which compilers stop, where #error would be followed by hundreds.
#pragma once

#if __cplusplus < 202002L
#include <Ashlar needs C++20: compile with -std=c++20>
#endif
