// SPDX-License-Identifier: Apache-2.0
// The main program of every test executable. In addition to Catch2's output it lists failed and skipped
// cases, one line each, and counts them on a last line. ./run adds these up over all executables:
//
//   FAILED: <case>
//   SKIPPED: <case>: <why>
//   CASES: 12 passed, 0 failed, 1 skipped
//
// A run without a matching case is an error, also with Catch2 2.
#if __has_include(<catch2/catch_test_macros.hpp>)
#include <catch2/catch_session.hpp>
#include <catch2/catch_test_case_info.hpp>
#include <catch2/reporters/catch_reporter_event_listener.hpp>
#include <catch2/reporters/catch_reporter_registrars.hpp>
#else
#define CATCH_CONFIG_RUNNER
#include <catch2/catch.hpp>
#endif

#include "support/skip.hpp"

#include <cstdio>
#include <string>

namespace {

#if __has_include(<catch2/catch_test_macros.hpp>)
using Listener = Catch::EventListenerBase;
std::string name_of(const Catch::TestCaseStats& stats) {
  return stats.testInfo->name;
}
#else
using Listener = Catch::TestEventListenerBase;
std::string name_of(const Catch::TestCaseStats& stats) {
  return stats.testInfo.name;
}
#endif

int cases_seen = 0;

class Counter : public Listener {
 public:
  using Listener::Listener;

  void testCaseStarting(const Catch::TestCaseInfo& info) override {
    Listener::testCaseStarting(info);
    ashlar::test::skipped_because().clear();
  }

  void testCaseEnded(const Catch::TestCaseStats& stats) override {
    Listener::testCaseEnded(stats);
    ++cases_seen;
    const std::string& why = ashlar::test::skipped_because();
    if (!stats.totals.assertions.allOk()) {
      ++failed_;
      std::printf("FAILED: %s\n", name_of(stats).c_str());
    } else if (!why.empty()) {
      ++skipped_;
      std::printf("SKIPPED: %s: %s\n", name_of(stats).c_str(), why.c_str());
    } else {
      ++passed_;
    }
    std::fflush(stdout);
  }

  void testRunEnded(const Catch::TestRunStats& stats) override {
    Listener::testRunEnded(stats);
    std::printf("CASES: %d passed, %d failed, %d skipped\n", passed_, failed_, skipped_);
    std::fflush(stdout);
  }

 private:
  int passed_ = 0;
  int failed_ = 0;
  int skipped_ = 0;
};

}  // namespace

CATCH_REGISTER_LISTENER(Counter)

int main(int argc, char** argv) {
  Catch::Session session;
  const int status = session.run(argc, argv);
  const auto& config = session.configData();
#if __has_include(<catch2/catch_test_macros.hpp>)
  const bool only_told = config.showHelp || config.listTests || config.listTags || config.listReporters ||
                         config.listListeners || config.libIdentify;
#else
  const bool only_told = config.showHelp || config.listTests || config.listTags || config.listReporters ||
                         config.listTestNamesOnly || config.libIdentify;
#endif
  if (status == 0 && cases_seen == 0 && !only_told) {
    std::fprintf(stderr, "no test case of that name here\n");
    return 2;
  }
  return status;
}
