// SPDX-License-Identifier: Apache-2.0
#include <ashlar/base/bounded.hpp>

#include "catch.hpp"

#include <sys/wait.h>
#include <unistd.h>
#include <csignal>
#include "support/bytes.hpp"

using namespace ashlar;

TEST_CASE("bounded: D03 a full container refuses one more and keeps what it has", "[base]") {
  BoundedVector<int, 2> vector;
  CHECK(vector.push(1));
  CHECK(vector.push(2));
  CHECK(vector.push(3).error() == ErrorCode::capacity_exceeded);
  CHECK(vector.size() == 2);
  CHECK(vector[1] == 2);

  BoundedBuffer<4> buffer;
  CHECK(buffer.append(test::unhex("010203")));
  CHECK(buffer.append(test::unhex("0405")).error() == ErrorCode::capacity_exceeded);
  CHECK_BYTES(buffer.bytes(), test::unhex("010203"));
  CHECK(buffer.assign(test::unhex("0102030405")).error() == ErrorCode::capacity_exceeded);
  CHECK_BYTES(buffer.bytes(), test::unhex("010203"));
  CHECK(buffer.assign(test::unhex("06070809")));
  CHECK_BYTES(buffer.bytes(), test::unhex("06070809"));
}

TEST_CASE("bounded: an index past the end stops the program, by one too", "[base]") {
  BoundedVector<int, 4> list;
  REQUIRE(list.push(7));
  CHECK(list[0] == 7);
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    std::signal(SIGILL, SIG_DFL);
    std::signal(SIGTRAP, SIG_DFL);
    volatile int value = list[1];
    ::_exit(value == 7 ? 0 : 1);
  }
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  CHECK(WIFSIGNALED(status));
}
