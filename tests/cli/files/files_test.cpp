// SPDX-License-Identifier: Apache-2.0
#include "files/files.hpp"

#include "catch.hpp"
#include "cli/tool.hpp"
#include "failure/failure.hpp"
#include "support/skip.hpp"

#include <ashlar/posix.hpp>

#include <sys/stat.h>

using namespace ashlar;
using namespace ashlar::cli;
using ashlar::test::Folder;

TEST_CASE("files: a file with a secret is for its owner alone, also when it replaces another", "[cli]") {
  const Folder folder;
  const std::string path = folder.write("key", "old");
  REQUIRE(chmod(path.c_str(), 0644) == 0);
  CHECK_THROWS_AS(write_whole(path, bytes_of("new"), {.secret = true, .replace = false}), Failure);
  CHECK(test::content_of(path) == "old");
  write_whole(path, bytes_of("new"), {.secret = true, .replace = true});
  CHECK(test::content_of(path) == "new");
  struct stat info {};
  REQUIRE(stat(path.c_str(), &info) == 0);
  CHECK((info.st_mode & 0777) == 0600);
}

TEST_CASE("files: what is too large is refused, what is read is whole", "[cli]") {
  const Folder folder;
  const std::string text(200'000, 'x');
  const std::string path = folder.write("large", text);
  CHECK(read_whole(path).text() == text);
  CHECK_THROWS_AS(read_whole(path, 199'999), Failure);
  CHECK_THROWS_AS(read_whole(folder / "absent"), Failure);
}

TEST_CASE("files: of a file that becomes shorter while it is read, what is left comes", "[cli]") {
  // Files of sysfs announce a page but hold less, which looks the same.
  const char* const path = "/sys/devices/system/cpu/online";
  struct stat info {};
  const std::string content = test::content_of(path);
  if (stat(path, &info) != 0 || content.empty() || static_cast<std::size_t>(info.st_size) <= content.size()) {
    SKIP_CASE("no such file here");
  }
  const auto read = posix::read_file(path);
  REQUIRE(read);
  CHECK(text_of(read->bytes()) == content);
}
