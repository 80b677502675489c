// SPDX-License-Identifier: Apache-2.0
// ashlar doctor: what this machine offers, what was chosen, and whether all of it gives correct answers.
#include "algorithms/self_test.hpp"
#include "commands/commands.hpp"
#include "failure/failure.hpp"
#include "measure/contest.hpp"
#include "output/json.hpp"
#include "output/terminal.hpp"

#include <ashlar/crypto/aes.hpp>
#include <ashlar/crypto/bignum.hpp>
#include <ashlar/crypto/ccm.hpp>
#include <ashlar/crypto/chacha20poly1305.hpp>
#include <ashlar/crypto/cmac.hpp>
#include <ashlar/crypto/cpu.hpp>
#include <ashlar/crypto/ed25519.hpp>
#include <ashlar/crypto/gcm.hpp>
#include <ashlar/crypto/gcm_siv.hpp>
#include <ashlar/crypto/mldsa.hpp>
#include <ashlar/crypto/mlkem.hpp>
#include <ashlar/crypto/p256.hpp>
#include <ashlar/crypto/p384.hpp>
#include <ashlar/crypto/p521.hpp>
#include <ashlar/crypto/random.hpp>
#include <ashlar/crypto/scrypt.hpp>
#include <ashlar/crypto/sha1.hpp>
#include <ashlar/crypto/sha2.hpp>
#include <ashlar/crypto/sha3.hpp>
#include <ashlar/crypto/x25519.hpp>
#include <ashlar/crypto/xts.hpp>
#include <ashlar/posix.hpp>

#include <sys/random.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>

namespace ashlar::cli {
namespace {

struct TableRow {
  std::string name;
  bool chosen;
  bool can_run;
};
struct Table {
  std::string primitive;
  std::vector<TableRow> rows;
};

template <class Row>
Table table_of(const char* primitive, std::span<const Row> rows) {
  Table table{primitive, {}};
  const Row& best = cpu::best(rows);
  for (const Row& row : rows) {
    table.rows.push_back({std::string(row.name), &row == &best, cpu::features().contains(row.required)});
  }
  return table;
}

std::vector<Table> tables() {
  return {table_of("AES", crypto::aes_kernels()),
          table_of("AES-GCM", crypto::gcm_kernels()),
          table_of("AES-CCM", crypto::ccm_kernels()),
          table_of("AES-GCM-SIV", crypto::gcm_siv_kernels()),
          table_of("AES-XTS", crypto::xts_kernels()),
          table_of("AES-CMAC", crypto::cmac_kernels()),
          table_of("ChaCha20-Poly1305", crypto::chacha_kernels()),
          table_of("SHA-1", crypto::kSha1.kernels()),
          table_of("SHA-256", crypto::kSha256.kernels()),
          table_of("SHA-512", crypto::kSha512.kernels()),
          table_of("SHA-3", crypto::kSha3_256.kernels()),
          table_of("scrypt", crypto::scrypt_kernels()),
          table_of("bignum", crypto::bignum_kernels()),
          table_of("X25519", crypto::x25519_kernels()),
          table_of("Ed25519", crypto::ed25519_kernels()),
          table_of("P-256", crypto::p256_kernels()),
          table_of("P-384", crypto::p384_kernels()),
          table_of("P-521", crypto::p521_kernels()),
          table_of("ML-KEM", crypto::mlkem_kernels()),
          table_of("ML-DSA", crypto::mldsa_kernels())};
}

std::vector<std::string> features() {
  std::vector<std::string> out;
  for (unsigned i = 0; i < static_cast<unsigned>(cpu::Feature::count); ++i) {
    const auto feature = static_cast<cpu::Feature>(i);
    if (cpu::features().has(feature)) {
      out.emplace_back(cpu::name(feature));
    }
  }
  return out;
}

struct Entropy {
  bool ready;      // the kernel's generator is seeded: getrandom does not wait
  bool different;  // two draws differ
  int reason;      // errno of getrandom; 0 if it gave something
};
Entropy entropy() {
  std::uint8_t probe[16], first[32], second[32];
  const bool ready = ::getrandom(probe, sizeof probe, GRND_NONBLOCK) == sizeof probe;
  const int reason = ready ? 0 : errno;
  const crypto::Random random = crypto::system_random();
  const bool drawn = random.fill(first).ok() && random.fill(second).ok();
  return {ready, drawn && !equal_public(first, second), reason};
}

std::string build_text() {
  std::string text;
#if defined(__clang__)
  text += "clang " __clang_version__;
#elif defined(__GNUC__)
  text += "g++ " __VERSION__;
#endif
#ifdef NDEBUG
  text += ", without assertions";
#else
  text += ", with assertions";
#endif
#ifdef ASHLAR_NO_X86_KERNELS
  text += ", without x86 kernels";
#else
  text += ", with x86 kernels";
#endif
#ifdef ASHLAR_NO_SERVER
  text += ", without the server";
#else
  text += ", with the server";
#endif
  return text;
}

const char* root_file() {
  for (const char* const path : posix::kSystemRootFiles) {
    if (::access(path, R_OK) == 0) {
      return path;
    }
  }
  return nullptr;
}

// Measures every row on this machine. Short turns first; what seems slower is measured again for longer,
// because another program may have had the core.
struct Measured {
  std::size_t contests = 0;  // operations and sizes that have more than one row here
  std::vector<measure::Behind> behind{};
};

// only: what a name such as "aes-128-gcm seal/16384" holds.
Measured measure_rows(const std::string& only) {
  Measured found;
  Progress progress;
  measure::add_crypto();
  for (const auto& contest : measure::contests()) {
    const std::string name = measure::name_of(*contest);
    if (contest->rows.size() < 2 || name.find(only) == std::string::npos) {
      continue;
    }
    ++found.contests;
    progress.show(name);
    std::optional<measure::Behind> behind;
    for (const auto& [rounds, turn] : {std::pair(5, 3e-4), std::pair(15, 1e-3), std::pair(31, 1.5e-3)}) {
      for (measure::Row& row : contest->rows) {
        row.works.clear();
        row.cycles.clear();
        row.seconds.clear();
      }
      measure::measure(contest->rows, {.rounds = rounds, .turn = turn, .threads = 1, .filter = ""});
      behind = measure::behind(*contest);
      if (!behind) {
        break;
      }
    }
    if (behind) {
      found.behind.push_back(*behind);
    }
    contest->rows.clear();
  }
  return found;
}

void print_measured(const Measured& found) {
  std::printf("\nMeasured: %zu operations and sizes\n", found.contests);
  if (found.behind.empty()) {
    std::printf("  no row that was chosen is more than 3 %% behind another of ours\n");
    return;
  }
  std::printf("  rows that were chosen and are more than 3 %% behind another, in cycles\n");
  for (const measure::Behind& row : found.behind) {
    std::printf("  %-36s %-16s %12.0f  %-16s %12.0f\n", row.operation.c_str(), row.chosen.c_str(),
                row.chosen_cycles, row.fastest.c_str(), row.fastest_cycles);
  }
}

void print_json(const std::vector<SelfTest>& tests, const Entropy& random, bool sound,
                const Measured* measured) {
  Json out;
  out.begin_object().member("version", ASHLAR_VERSION).member("build", build_text());
  out.key("cpu_features").begin_array();
  for (const std::string& feature : features()) {
    out.value(feature);
  }
  out.end_array().member("core", cpu::name(cpu::core())).key("implementations").begin_array();
  for (const Table& table : tables()) {
    for (const TableRow& row : table.rows) {
      out.begin_object()
          .member("primitive", table.primitive)
          .member("name", row.name)
          .member("can_run", row.can_run)
          .member("chosen", row.chosen)
          .end_object();
    }
  }
  out.end_array();
  out.key("entropy")
      .begin_object()
      .member("seeded", random.ready)
      .member("draws_differ", random.different)
      .end_object();
  if (const char* const roots = root_file()) {
    out.member("roots", roots);
  }
  out.key("self_tests").begin_array();
  for (const SelfTest& test : tests) {
    out.begin_object()
        .member("name", test.name)
        .member("implementation", test.implementation)
        .member("source", test.source)
        .member("passed", test.passed)
        .end_object();
  }
  out.end_array();
  if (measured != nullptr) {
    out.member("measured", measured->contests).key("behind").begin_array();
    for (const measure::Behind& row : measured->behind) {
      out.begin_object()
          .member("operation", row.operation)
          .member("chosen", row.chosen)
          .member("chosen_cycles", row.chosen_cycles)
          .member("fastest", row.fastest)
          .member("fastest_cycles", row.fastest_cycles)
          .end_object();
    }
    out.end_array();
  }
  out.member("sound", sound).end_object();
  std::printf("%s\n", out.text().c_str());
}

void print_human(const std::vector<SelfTest>& tests, const Entropy& random) {
  const bool colour = has_colour(STDOUT_FILENO);
  const auto verdict = [colour](bool good) {
    return good ? styled("ok", Style::green, colour) : styled("FAILED", Style::red, colour);
  };
  std::printf("Ashlar %s\n  %s\n", ASHLAR_VERSION, build_text().c_str());
  std::string list;
  for (const std::string& feature : features()) {
    list += (list.empty() ? "" : " ") + feature;
  }
  std::printf("\nCPU features\n  %s\n", list.empty() ? "(none that Ashlar uses)" : list.c_str());
  std::printf("\nCore\n  %s\n", std::string(cpu::name(cpu::core())).c_str());
  std::printf("\nImplementations, best first (* chosen, - not for this CPU)\n");
  for (const Table& table : tables()) {
    std::printf("  %-17s", table.primitive.c_str());
    for (const TableRow& row : table.rows) {
      std::printf(" %s%s",
                  row.chosen    ? "*"
                  : row.can_run ? ""
                                : "-",
                  row.chosen ? styled(row.name, Style::bold, colour).c_str() : row.name.c_str());
    }
    std::printf("\n");
  }
  std::printf("\nEntropy\n  %-40s %s\n  %-40s %s\n", "the kernel's generator is seeded",
              verdict(random.ready).c_str(), "draws differ", verdict(random.different).c_str());
  const char* const roots = root_file();
  std::printf("\nRoots\n  %s\n", roots != nullptr ? roots : "no file of the system's found: give --trust");
  std::printf("\nSelf-tests\n");
  for (const SelfTest& test : tests) {
    std::printf("  %-17s %-14s %-6s %s\n", test.name.c_str(), test.implementation.c_str(),
                verdict(test.passed).c_str(), styled(test.source, Style::dim, colour).c_str());
  }
}

void run(bool json, bool measured, const std::string& only) {
  const std::vector<SelfTest> tests = run_self_tests();
  const Entropy random = entropy();
  bool sound = random.ready && random.different;
  for (const SelfTest& test : tests) {
    sound = sound && test.passed;
  }
  Measured found;
  if (!json) {
    print_human(tests, random);
    std::fflush(stdout);
  }
  if (measured) {
    found = measure_rows(only);
  }
  if (json) {
    print_json(tests, random, sound, measured ? &found : nullptr);
  } else if (measured) {
    print_measured(found);
  }
  if (!random.ready || !random.different) {
    throw Failure(Words{
        .cause = "the system gives no randomness: no key can be made and no connection begun",
        .usual = "A sandbox forbids getrandom, the kernel is older than Linux 3.17, or the machine has just "
                 "started.",
        .found = "getrandom: " +
                 (random.reason != 0 ? std::string(std::strerror(random.reason)) : "two draws are alike"),
        .wanted = "bytes from the kernel's generator",
        .next = "allow the call getrandom in the sandbox (more: ashlar explain random_unavailable)"});
  }
  if (!sound) {
    throw Failure(Words{.cause = "this build does not work on this machine",
                        .found = "self-tests above that failed",
                        .wanted = "every known answer",
                        .next = "do not use it; try ashlar --portable doctor, and report what failed"});
  }
}

}  // namespace

void add_doctor(CLI::App& app) {
  const auto json = std::make_shared<bool>(false);
  const auto measured = std::make_shared<bool>(false);
  CLI::App* const command = app.add_subcommand("doctor", "CPU features, chosen implementations, self-tests");
  command->add_flag("--json", *json, "For programs");
  const auto only = std::make_shared<std::string>();
  CLI::Option* const measure = command->add_flag(
      "--measure", *measured,
      "Measure every implementation (a few minutes) and name where the chosen one is not the fastest");
  command
      ->add_option("--only", *only,
                   "Measure only what has this in its name, such as 'aes-128-gcm seal/16384'")
      ->needs(measure);
  command->footer(
      "Exit status 0: every known answer was given; 1: something is wrong with this build or machine.\n");
  command->callback([json, measured, only] { run(*json, *measured, *only); });
}

}  // namespace ashlar::cli
