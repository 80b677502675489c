// SPDX-License-Identifier: Apache-2.0
// Files of ashlar/posix.hpp: limits at their exact values, what is no regular file, and what holds no root.
#include "catch.hpp"
#include "tls/support/endpoint.hpp"

#include <ashlar/posix.hpp>

#include <fstream>

using namespace ashlar;
using namespace ashlar::test;

namespace {

// A file of this content, which goes with the object.
class File {
 public:
  explicit File(std::string_view content) {
    const int file = ::mkstemp(path_);
    REQUIRE(file >= 0);
    REQUIRE(::write(file, content.data(), content.size()) == static_cast<ssize_t>(content.size()));
    ::close(file);
  }
  ~File() { ::unlink(path_); }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  const char* path() const { return path_; }

 private:
  char path_[32] = "/tmp/ashlar-test-XXXXXX";
};

}  // namespace

TEST_CASE("posix files: a file of the limit's size is read, and a byte more is refused") {
  const File file("12345678");
  for (const std::size_t limit : {7u, 8u, 9u}) {
    const auto read = posix::read_file(file.path(), limit);
    REQUIRE(read.ok() == (limit >= 8));
    if (read) {
      CHECK(text_of(read->bytes()) == "12345678");
    } else {
      CHECK(read.error() == ErrorCode::invalid_argument);
    }
  }
  const File empty("");
  const auto nothing = posix::read_file(empty.path());
  REQUIRE(nothing);
  CHECK(nothing->bytes().empty());
}

TEST_CASE("posix files: what is not there, and what is no regular file") {
  const auto missing = posix::read_file("/nonexistent/file");
  REQUIRE_FALSE(missing);
  CHECK(missing.error() == ErrorCode::system_call_failed);
  CHECK(missing.error().detail == static_cast<std::uint32_t>(ENOENT));
  CHECK(posix::read_file("/tmp").error() == ErrorCode::invalid_argument);
  CHECK(posix::read_file("/dev/null").error() == ErrorCode::invalid_argument);
}

TEST_CASE("posix files: as many certificates as there is room for, and one more is refused") {
  const std::string two = std::string(pem::kCa) + std::string(pem::kOtherCa);
  Buffer storage(asn1::pem_decoded_capacity(two.size()));
  Bytes list[3];
  for (const std::size_t room : {1u, 2u, 3u}) {
    const auto count = posix::decode_certificates(bytes_of(two), storage, std::span(list).first(room));
    REQUIRE(count.ok() == (room >= 2));
    if (count) {
      CHECK(*count == 2);
      CHECK_BYTES(list[1], der_of(pem::kOtherCa));
    } else {
      CHECK(count.error() == ErrorCode::capacity_exceeded);
    }
  }
}

TEST_CASE("posix roots: what cannot be read is passed over and counted; no root at all is no_roots") {
  const std::string key(pem::kEcdsaKey), ca(pem::kCa);
  const std::string broken = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
  for (const std::string& text : {std::string(), key, broken}) {
    const File file(text);
    CHECK(posix::Roots::file(file.path()).error() == ErrorCode::no_roots);
  }
  const File mixed(key + broken + ca);
  const auto roots = posix::Roots::file(mixed.path());
  REQUIRE(roots);
  CHECK(roots->anchors().all().size() == 1);
  CHECK(roots->passed_over() == 1);
  CHECK(std::string(roots->path()) == mixed.path());
  CHECK(posix::Roots::file("/nonexistent/file").error() == ErrorCode::system_call_failed);
}
