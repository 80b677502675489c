// SPDX-License-Identifier: Apache-2.0
// A separate file, because the parser of JSON takes long to compile.
#include "support/wycheproof.hpp"

#include <fstream>
#include <iostream>
#include <utility>

namespace ashlar::test::wycheproof {

Buffer bytes(const Json& object, const char* field) {
  return unhex(object.at(field).get<std::string>());
}

File::File(const std::string& stem, const std::filesystem::path& path) : stem_(stem) {
  std::ifstream in(path);
  json_ = Json::parse(in);
}

void File::run(const NotOurs& not_ours, const Check& check) {
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

void File::run(const Check& check) {
  run([](const Json&) { return std::string(); }, check);
}

std::string File::pin(const Json& test) const {
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

}  // namespace ashlar::test::wycheproof
