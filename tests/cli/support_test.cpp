// SPDX-License-Identifier: Apache-2.0
#include "catch.hpp"
#include "cli/tool.hpp"
#include "support/bytes.hpp"
#include "support/credentials.hpp"
#include "support/describe_certificate.hpp"
#include "support/json.hpp"
#include "support/self_test.hpp"
#include "support/terminal.hpp"
#include "support/web_root.hpp"

#include <sys/stat.h>

using namespace ashlar;
using namespace ashlar::cli;
using ashlar::test::Folder;

TEST_CASE("web root: files and folders inside are opened", "[cli]") {
  const Folder folder;
  folder.write("www/index.html", "page");
  folder.write("www/sub/file.txt", "text");
  const WebRoot root(folder / "www");
  auto page = root.open("index.html");
  REQUIRE(page);
  CHECK(page->size() == 4);
  std::uint8_t bytes[10];
  CHECK(page->read(0, bytes) == 4);
  CHECK(page->read(3, bytes) == 1);
  CHECK(bytes[0] == 'e');
  CHECK(page->read(4, bytes) == 0);
  auto sub = root.open("sub");
  REQUIRE(sub);
  CHECK(sub->is_folder());
  CHECK(sub->list() == std::vector<std::string>{"file.txt"});
  auto top = root.open("");
  REQUIRE(top);
  CHECK(top->list() == std::vector<std::string>{"index.html", "sub/"});
  CHECK(!root.open("absent"));
  CHECK(!root.open("index.html/"));
}

TEST_CASE("web root: nothing outside is opened, by dots, links or absolute names", "[cli]") {
  const Folder folder;
  folder.write("secret.txt", "secret");
  folder.write("outside/secret.txt", "secret");
  folder.write("www/inside/file.txt", "text");
  std::filesystem::create_symlink(folder / "secret.txt", folder / "www/link");
  std::filesystem::create_symlink("../secret.txt", folder / "www/relative");
  std::filesystem::create_directory_symlink(folder / "outside", folder / "www/folder");
  std::filesystem::create_directory_symlink("/", folder / "www/root");
  const WebRoot root(folder / "www");
  for (const std::string& path :
       {std::string("../secret.txt"), std::string("inside/../../secret.txt"), std::string("link"),
        std::string("relative"), std::string("folder/secret.txt"), std::string("folder"),
        std::string("root/etc/passwd"), folder / "secret.txt", std::string("/etc/passwd")}) {
    INFO(path);
    CHECK(!root.open(path));
  }
}

TEST_CASE("web root: hidden names, pipes and devices are not served", "[cli]") {
  const Folder folder;
  folder.write("www/.git/config", "x");
  folder.write("www/.key", "x");
  folder.write("www/.well-known/token", "x");
  REQUIRE(mkfifo((folder / "www/pipe").c_str(), 0600) == 0);
  const WebRoot root(folder / "www");
  CHECK(!root.open(".git/config"));
  CHECK(!root.open(".key"));
  CHECK(!root.open("pipe"));
  CHECK(root.open(".well-known/token"));
  CHECK(root.open("")->list() == std::vector<std::string>{"pipe"});
}

TEST_CASE("terminal: control codes, newlines and bidirectional controls are escaped", "[cli]") {
  for (const std::string& hostile :
       {std::string("\x1b[2J"), std::string("a\nb"), std::string("a\rb"), std::string("\x07"),
        std::string("\x9b"), std::string("\xe2\x80\xae"), std::string("\xe2\x81\xa6"),
        std::string("\xc2\x9b"), std::string("a\0b", 3), std::string("\xff\xfe")}) {
    const std::string safe = escape(std::string_view(hostile));
    INFO(safe);
    CHECK(safe.find("\\") != std::string::npos);
    for (const char c : safe) {
      CHECK(static_cast<unsigned char>(c) >= 0x20);
      CHECK(static_cast<unsigned char>(c) < 0x7f);
    }
  }
  CHECK(escape(std::string_view("plain text \xc3\xa4\xe4\xb8\xad")) == "plain text \xc3\xa4\xe4\xb8\xad");
  const std::string long_text(100'000, '\x01');
  CHECK(escape(std::string_view(long_text)).size() == 400'000);
}

TEST_CASE("text: sizes, counts and hex", "[cli]") {
  CHECK(counted(1, "byte") == "1 byte");
  CHECK(counted(0, "byte") == "0 bytes");
  CHECK(size_text(9999) == "9999 bytes");
  CHECK(size_text(1'500'000) == "1.5 MB");
  const auto bytes = test::unhex("00ab7f");
  CHECK(hex(bytes) == "00ab7f");
  CHECK(hex_colons(bytes) == "00:AB:7F");
  CHECK(styled("x", Style::red, false) == "x");
}

TEST_CASE("json: strings are quoted, objects and arrays nest", "[cli]") {
  Json json;
  json.begin_object()
      .member("a", "x\"\\\n")
      .key("b")
      .begin_array()
      .value(true)
      .value(std::uint64_t{7})
      .end_array();
  json.key("c").begin_array().end_array().end_object();
  CHECK(json.text() ==
        "{\n  \"a\": \"x\\\"\\\\\\u000a\",\n  \"b\": [\n    true,\n    7\n  ],\n  \"c\": []\n}");
}

TEST_CASE("times: dates, times and seconds are read, others refused", "[cli]") {
  CHECK(parse_time("1795228200").seconds == 1795228200);
  CHECK(parse_time("2026-11-21").seconds == 1795219200);
  CHECK(parse_time("2026-11-21T03:30:00Z").seconds == 1795231800);
  CHECK(parse_time("2026-11-21 03:30:00").seconds == 1795231800);
  for (const char* const bad :
       {"", "yesterday", "2026-13-01", "2026-02-30", "2026-11-21T25:00:00Z", "2026"}) {
    INFO(bad);
    if (std::string(bad) == "2026") {
      CHECK(parse_time(bad).seconds == 2026);
    } else {
      CHECK_THROWS_AS(parse_time(bad), Failure);
    }
  }
}

TEST_CASE("validity: days left, days past, days to come", "[cli]") {
  const x509::Validity validity{{1'000'000}, {1'000'000 + 10 * 86'400}};
  CHECK(validity_state(validity, {1'000'000 + 86'400}) == "9 days left");
  CHECK(validity_state(validity, {1'000'000 - 2 * 86'400}) == "begins in 2 days");
  CHECK(validity_state(validity, {1'000'000 + 13 * 86'400}) == "expired 3 days ago");
}

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

TEST_CASE("self-tests: every known answer is given", "[cli]") {
  const auto tests = run_self_tests();
  CHECK(tests.size() >= 10);
  for (const SelfTest& test : tests) {
    INFO(test.name << " " << test.implementation);
    CHECK(test.passed);
  }
}
