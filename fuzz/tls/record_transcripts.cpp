// SPDX-License-Identifier: Apache-2.0
// Writes the seeds of the connection targets: what each side sent in a handshake, with a little data and the
// end.  record-transcripts FOLDER-OF-CORPORA
//
// Run it again, and make the lists of verdicts again (README.md), when what is sent has changed on purpose.
#include "tls/recorded_signer.hpp"
#include "tls/tls13.hpp"

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>

namespace {

using namespace ashlar;
using fuzz::Buffer;
using Auth = tls::ClientAuthentication;

void save(const std::filesystem::path& file, Buffer prefix, const Buffer& bytes) {
  std::filesystem::create_directories(file.parent_path());
  prefix.insert(prefix.end(), bytes.begin(), bytes.end());
  std::ofstream out(file, std::ios::binary);
  out.write(reinterpret_cast<const char*>(prefix.data()), static_cast<std::streamsize>(prefix.size()));
}

// How a seed is fed: endpoints.hpp, Manner.
constexpr std::uint8_t kStep = 63, kEnds = 1, kCloses = 2, kReleases = 4, kMemoryFails = 8, kRecords = 16;

// Handshakes of TLS 1.3. The first byte: client13_fuzz.cpp, server13_fuzz.cpp.
void save_tls13(const std::filesystem::path& folder) {
  const tls::Policy &all = fuzz::policy13(), &retrying = fuzz::retrying13();
  for (const auto& suite : all.tls13_suites) {
    const tls::Policy one = fuzz::with_suite13(suite);
    const std::string name(suite->openssl_name);
    save(folder / "client13" / name, {0, kStep, kEnds}, fuzz::record({&all, &one}).from_server);
    save(folder / "server13" / name, {0, kStep, kEnds},
         fuzz::record({&one, &all, Auth::request}).from_client);
  }
  const auto asked = fuzz::record({&all, &all, Auth::request});
  save(folder / "client13" / "asked_for_certificate", {0, 0, kRecords}, asked.from_server);
  save(folder / "client13" / "no_memory", {0, 5, kMemoryFails}, asked.from_server);
  save(folder / "client13" / "closes", {0, kStep, kCloses}, asked.from_server);
  const auto silent = fuzz::record({&all, &all, Auth::request, false});
  save(folder / "server13" / "no_certificate", {0, 0, kRecords}, silent.from_client);
  save(folder / "server13" / "no_memory", {0, 5, kMemoryFails}, silent.from_client);
  save(folder / "server13" / "closes", {0, kStep, kCloses}, silent.from_client);
  save(folder / "client13" / "retried", {0, kStep, kEnds}, fuzz::record({&all, &retrying}).from_server);
  save(folder / "server13" / "retried", {2, kStep, kEnds},
       fuzz::record({&all, &retrying, Auth::request}).from_client);
  for (const bool known : {true, false}) {
    const auto resumed = fuzz::record_resumption13(known, all, all);
    const auto twice = fuzz::record_resumption13(known, all, retrying);
    const auto early = fuzz::record_resumption13(known, all, all, true, true);
    const std::string name = known ? "resumed" : "declined";
    save(folder / "client13" / name, {1, kStep, kEnds}, resumed.from_server);
    save(folder / "client13" / (name + "-early"), {3, kStep, kEnds}, early.from_server);
    save(folder / "client13" / (name + "-retried"), {1, kStep, kEnds}, twice.from_server);
    if (known) {
      save(folder / "server13" / name, {1, kStep, kEnds}, resumed.from_client);
      save(folder / "server13" / (name + "-early"), {5, kStep, kEnds}, early.from_client);
      save(folder / "server13" / (name + "-early-refused"), {1, kStep, kEnds}, early.from_client);
      save(folder / "server13" / (name + "-retried"), {3, kStep, kEnds}, twice.from_client);
    }
  }
}

// Of both sides, with records and Finished that are not checked: unchecked13_fuzz.cpp.
void save_unchecked13(const std::filesystem::path& folder) {
  const tls::tls13::Suite suite = {
      {tls::SuiteId{0xfafe}, "unchecked, TLS 1.3", "-", &fuzz::unchecked::kCipher, &fuzz::unchecked::kHash}};
  const tls::tls13::Suite* const alone = &suite;
  const tls::Policy policy = fuzz::with_suite13(alone);
  for (const auto authentication : {Auth::none, Auth::request}) {
    const std::string tail = authentication == Auth::none ? "" : "_asked";
    save(folder / ("server" + tail), {0, kStep, kEnds},
         fuzz::record({&policy, &policy, authentication}).from_server);
  }
  for (const bool shows : {false, true}) {
    save(folder / (shows ? "client_certificate" : "client"), {1, kStep, kEnds},
         fuzz::record({&policy, &policy, Auth::request, shows}).from_client);
  }
}

// To a server whose keys work for these alone: recorded_signer.hpp.
int save_server(const std::filesystem::path& folder) {
  const tls::Policy& compat = fuzz::compat();
  for (const auto& suite : compat.suites) {
    const tls::Policy one = fuzz::with_suite(compat, suite);
    save(folder / suite->openssl_name, {kStep, kEnds},
         fuzz::record({&one, &compat, Auth::request}).from_client);
  }
  const tls::Policy first = fuzz::with_suite(compat, compat.suites[0]);
  const auto silent = fuzz::record({&first, &compat, Auth::request, false});
  save(folder / "no_certificate", {0, kRecords}, silent.from_client);
  save(folder / "closes", {kStep, kCloses}, silent.from_client);
  save(folder / "releases", {200, kReleases}, silent.from_client);
  save(folder / "no_memory", {5, kMemoryFails}, silent.from_client);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2 || !std::filesystem::is_directory(argv[1])) {  // a mistyped name must not become a new folder
    std::fprintf(stderr, "usage: record-transcripts CORPUS, a folder that is there, such as fuzz/corpus\n");
    return 2;
  }
  const std::filesystem::path folder = argv[1];
  const tls::Policy& compat = fuzz::compat();
  for (const auto& suite : compat.suites) {
    const tls::Policy one = fuzz::with_suite(compat, suite);
    const std::string name(suite->openssl_name);
    save(folder / "client" / name, {kStep, kEnds}, fuzz::record({&compat, &one}).from_server);
  }
  const tls::Policy first = fuzz::with_suite(compat, compat.suites[0]);
  const auto asked = fuzz::record({&compat, &first, Auth::request});
  save(folder / "client" / "asked_for_certificate", {0, kRecords}, asked.from_server);
  save(folder / "client" / "closes", {kStep, kCloses}, asked.from_server);
  save(folder / "client" / "releases", {200, kReleases}, asked.from_server);
  save(folder / "client" / "no_memory", {5, kMemoryFails}, asked.from_server);

  const tls::Policy rsa = fuzz::unchecked::policy(false), ecdhe = fuzz::unchecked::policy(true);
  // The constant key's signature is not valid, so the client's ECDHE seed has a real one.
  for (const auto authentication : {Auth::none, Auth::request}) {
    const std::string tail = authentication == Auth::none ? "" : "-client-certificate";
    const auto option = static_cast<std::uint8_t>(authentication == Auth::none ? 0 : 2);
    const auto recorded = fuzz::record({&rsa, &rsa, authentication, true, true});
    save(folder / "client_unchecked" / ("rsa" + tail), {0, kStep, kEnds}, recorded.from_server);
    save(folder / "server_unchecked" / ("rsa" + tail), {option, kStep, kEnds}, recorded.from_client);
    const auto signed_one = fuzz::record({&ecdhe, &ecdhe, authentication});
    save(folder / "client_unchecked" / ("ecdhe" + tail), {1, kStep, 0}, signed_one.from_server);
    save(folder / "server_unchecked" / ("ecdhe" + tail), {static_cast<std::uint8_t>(option | 1), kStep, 0},
         signed_one.from_client);
  }
  // Saved sessions, and handshakes that use one.
  std::uint8_t room[tls::kMaxSerializedSessionSize];
  const auto saved = fuzz::shared_session().serialize(room);
  save(folder / "session" / "saved", {}, Buffer(saved->begin(), saved->end()));
  const auto resumed = fuzz::record_resumption(true, compat, compat);
  save(folder / "resuming_client" / "resumed", {kStep, kEnds}, resumed.from_server);
  save(folder / "resuming_server" / "resumed", {kStep, kEnds}, resumed.from_client);
  save(folder / "resuming_client" / "declined", {kStep, kEnds},
       fuzz::record_resumption(false, compat, compat).from_server);
  save(folder / "resuming_server" / "not_offered", {kStep, kEnds},
       fuzz::record_resumption(true, compat, compat, false).from_client);
  const tls::Policy last = fuzz::with_suite(compat, compat.suites.back());
  save(folder / "resuming_server" / "other_suite", {kStep, kEnds},
       fuzz::record_resumption(true, last, compat).from_client);

  const tls::Policy finished = fuzz::unchecked::finished_policy();
  const auto bound = fuzz::record({&finished, &finished, Auth::request});
  save(folder / "client_finished" / "asked_for_certificate", {kStep, kEnds}, bound.from_server);
  save(folder / "server_finished" / "certificate", {kStep, kEnds}, bound.from_client);
  const auto plain = fuzz::record({&finished, &finished, Auth::request, false});
  save(folder / "server_finished" / "no_certificate", {kStep, kEnds}, plain.from_client);
  save(folder / "client_finished" / "plain", {kStep, kEnds},
       fuzz::record({&finished, &finished}).from_server);

  save_tls13(folder);
  save_unchecked13(folder / "unchecked13");
  return fuzz::with_recorded_keys([&] { return save_server(folder / "server"); });
}
