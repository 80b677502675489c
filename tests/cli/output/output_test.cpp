// SPDX-License-Identifier: Apache-2.0
#include "output/terminal.hpp"

#include "catch.hpp"
#include "output/json.hpp"
#include "support/bytes.hpp"

using namespace ashlar;
using namespace ashlar::cli;

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
