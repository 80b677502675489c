// SPDX-License-Identifier: Apache-2.0
#include <ashlar/base/bytes.hpp>

#include "catch.hpp"
#include "support/bytes.hpp"

#include <sys/wait.h>
#include <unistd.h>
#include <csignal>

using namespace ashlar;

TEST_CASE("bytes: equal are those of one length that agree in every byte", "[base]") {
  const auto data = test::unhex("010203040506");
  for (std::size_t a = 0; a <= data.size(); a++) {
    for (std::size_t b = 0; b <= data.size(); b++) {
      CHECK(equal_public(Bytes(data).first(a), Bytes(data).first(b)) == (a == b));
    }
  }
  for (std::size_t at = 0; at < data.size(); at++) {
    auto other = data;
    other[at] ^= 0x80;
    CHECK_FALSE(equal_public(data, other));
  }
  CHECK(equal_public({}, {}));
}

TEST_CASE("bytes: a copy that does not fit stops the program, by one byte too", "[base]") {
  std::uint8_t to[8] = {};
  const std::uint8_t from[5] = {1, 2, 3, 4, 5};
  copy_bytes(MutBytes(to).first(5), from);
  CHECK_BYTES(Bytes(to), test::unhex("0102030405000000"));
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    for (const int signal : {SIGILL, SIGTRAP}) {
      std::signal(signal, SIG_DFL);
    }
    copy_bytes(MutBytes(to).first(4), from);
    ::_exit(0);
  }
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  CHECK(WIFSIGNALED(status));
}

TEST_CASE("bytes: a copy onto itself, forwards and backwards", "[base]") {
  auto data = test::unhex("0102030405");
  copy_bytes(MutBytes(data).subspan(1), Bytes(data).first(4));
  CHECK_BYTES(Bytes(data), test::unhex("0101020304"));
  copy_bytes(MutBytes(data), Bytes(data).subspan(1));
  CHECK_BYTES(Bytes(data), test::unhex("0102030404"));
}

TEST_CASE("bytes: buffers overlap in part where they share a byte and not the first", "[base]") {
  const std::uint8_t data[8] = {};
  const Bytes all(data);
  for (std::size_t first = 0; first <= 4; first++) {
    for (std::size_t second = 0; second <= 4; second++) {
      const Bytes a = all.subspan(first, 2), b = all.subspan(second, 3);
      const bool shares = first < second + 3 && second < first + 2;
      CHECK(overlap_partially(a, b) == (shares && first != second));
      CHECK(overlap_partially(b, a) == (shares && first != second));
    }
  }
}
