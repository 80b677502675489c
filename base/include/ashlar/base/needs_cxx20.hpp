// SPDX-License-Identifier: Apache-2.0
// Tells in one line that a program is compiled for an older language. Compilers stop at a header that is not
// there. After #error they would go on and print hundreds of errors.
#pragma once

#if __cplusplus < 202002L
#include <Ashlar needs C++20: compile with -std=c++20>
#endif
