// SPDX-License-Identifier: Apache-2.0
// Wycheproof's JSON files as tests. One TEST_CASE per file, named wycheproof-<file stem>, in a source file
// per algorithm under tests/wycheproof/<library>/, with a line in that folder's meson.build:
//
//   #include "support/wycheproof.hpp"
//   using namespace ashlar::test::wycheproof;
//
//   TEST_CASE("wycheproof-aes_gcm_test") {
//     WYCHEPROOF_FILE(file, "aes_gcm_test");          // skips the case where there are no vectors
//     file.run(
//         [](const Json& group) -> std::string {      // why a group is not ours; "" when it is
//           return group["keySize"] == 192 ? "AES-192 is no TLS cipher" : "";
//         },
//         [](const Json& group, const Json& test) {   // what we made of one vector
//           auto key = crypto::AesGcmKey::create(bytes(test, "key"));
//           if (!key) { return Outcome::refused; }
//           ...
//           return same(plaintext, bytes(test, "msg"));
//         });
//   }
//
// The verdicts: what the file calls valid must come out as `accepted`, what it calls invalid as `refused`,
// and what it calls acceptable as either; `wrong` (we took the input and computed something else) is never
// right. What we do with acceptable vectors can be pinned by flag or comment:
//   file.acceptable("MissingNull", Outcome::refused);
// run() prints how many vectors ran, and which groups are not ours and why.
#pragma once

#include "catch.hpp"
#include "support/bytes.hpp"
#include "support/skip.hpp"
#include "support/vectors.hpp"

#include <fstream>
#include <iostream>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>

namespace ashlar::test::wycheproof {

using Json = nlohmann::json;

enum class Outcome { accepted, refused, wrong };

inline const char* name(Outcome outcome) {
  return outcome == Outcome::accepted ? "accepted" : outcome == Outcome::refused ? "refused" : "wrong result";
}

// accepted when we computed what the file says, else wrong.
inline Outcome same(Bytes ours, Bytes expected) {
  return equal_public(ours, expected) ? Outcome::accepted : Outcome::wrong;
}

// A hex field of a test or a group.
inline Buffer bytes(const Json& object, const char* field) {
  return unhex(object.at(field).get<std::string>());
}

class File {
 public:
  File(const std::string& stem, const std::filesystem::path& path) : stem_(stem) {
    std::ifstream in(path);
    json_ = Json::parse(in);
  }

  // Pins what happens to the "acceptable" vectors that carry this flag or comment.
  void acceptable(const std::string& flag_or_comment, Outcome outcome) { pinned_[flag_or_comment] = outcome; }

  // not_ours(group) -> std::string; check(group, test) -> Outcome. What check throws fails the vector.
  template <class NotOurs, class Check>
  void run(NotOurs not_ours, Check check) {
    std::size_t ran = 0;
    std::size_t left_out = 0;
    std::map<std::string, std::size_t> taken;
    std::map<std::string, std::pair<std::size_t, std::size_t>> reasons;
    for (const Json& group : json_.at("testGroups")) {
      const Json& tests = group.at("tests");
      if (const std::string why = not_ours(group); !why.empty()) {
        left_out += tests.size();
        reasons[why].first += 1;
        reasons[why].second += tests.size();
        continue;
      }
      for (const Json& test : tests) {
        const std::string verdict = test.at("result");
        INFO(stem_ << " tcId " << test.at("tcId") << ": " << test.value("comment", "") << " "
                   << (test.contains("flags") ? test["flags"].dump() : "") << ", in the file " << verdict);
        std::string ours = "an exception";
        try {
          const Outcome outcome = check(group, test);
          ours = name(outcome);
          taken[verdict + " " + ours] += 1;
        } catch (const std::exception& e) {
          ours += std::string(": ") + e.what();
        }
        if (verdict == "valid") {
          CHECK(ours == "accepted");
        } else if (verdict == "invalid") {
          CHECK(ours == "refused");
        } else {
          REQUIRE(verdict == "acceptable");
          const std::string expected = pin(test);
          if (expected.empty()) {
            CHECK((ours == "accepted" || ours == "refused"));
          } else {
            CHECK(ours == expected);
          }
        }
        ++ran;
      }
    }
    std::cout << stem_ << ": " << ran << " of " << json_.at("numberOfTests") << " vectors ran";
    const char* separator = " (";
    for (const auto& [what, count] : taken) {
      std::cout << separator << count << " " << what;
      separator = ", ";
    }
    std::cout << (taken.empty() ? "\n" : ")\n");
    for (const auto& [why, counts] : reasons) {
      std::cout << "  not ours: " << counts.first << (counts.first == 1 ? " group, " : " groups, ")
                << counts.second << " vectors: " << why << "\n";
    }
    std::cout.flush();
    CHECK(ran > 0);
    CHECK(ran + left_out == json_.at("numberOfTests").get<std::size_t>());
  }

  // For files whose groups are all ours.
  template <class Check>
  void run(Check check) {
    run([](const Json&) { return std::string(); }, check);
  }

 private:
  std::string pin(const Json& test) const {
    for (const auto& [what, outcome] : pinned_) {
      bool applies = test.value("comment", "") == what;
      if (test.contains("flags")) {
        for (const auto& flag : test["flags"]) {
          applies = applies || flag == what;
        }
      }
      if (applies) {
        return name(outcome);
      }
    }
    return "";
  }

  std::string stem_;
  Json json_;
  std::map<std::string, Outcome> pinned_;
};

}  // namespace ashlar::test::wycheproof

#define WYCHEPROOF_FILE(file, stem)                                                 \
  const auto file##_path = ::ashlar::test::vector_file("wycheproof/" stem ".json"); \
  if (!file##_path) {                                                               \
    SKIP_CASE(::ashlar::test::why_no_vectors());                                    \
  }                                                                                 \
  ::ashlar::test::wycheproof::File file(stem, *file##_path)
