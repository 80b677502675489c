// SPDX-License-Identifier: Apache-2.0
#include <ashlar/base/one_of.hpp>
#include <ashlar/base/secret.hpp>

#include "catch.hpp"

#include <memory>

using namespace ashlar;

TEST_CASE("OneOf: holds one object, moves it, and destroys it once", "[base]") {
  using Shared = std::shared_ptr<int>;
  struct Other {
    Shared inside;
    char more[40] = {};
  };
  const Shared watched = std::make_shared<int>(7);
  {
    OneOf<int, Shared, Other> a(watched);
    CHECK(a.index() == 1);
    CHECK(a.get_if<int>() == nullptr);
    CHECK(a.get_if<Other>() == nullptr);
    REQUIRE(a.get_if<Shared>() != nullptr);
    CHECK(**a.get_if<Shared>() == 7);
    CHECK(watched.use_count() == 2);

    OneOf<int, Shared, Other> b(Other{watched});
    CHECK(watched.use_count() == 3);
    a = std::move(b);
    CHECK(a.index() == 2);
    CHECK(watched.use_count() == 2);
    a = OneOf<int, Shared, Other>(5);
    CHECK(*a.get_if<int>() == 5);
    CHECK(watched.use_count() == 1);
    OneOf<int, Shared, Other> c(std::move(a));
    CHECK(*c.get_if<int>() == 5);
    c = OneOf<int, Shared, Other>(watched);
    CHECK(watched.use_count() == 2);
  }
  CHECK(watched.use_count() == 1);
}
