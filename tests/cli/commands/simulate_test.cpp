// SPDX-License-Identifier: Apache-2.0
// `ashlar simulate`: when each message leaves and arrives, and the picture of it.
#include "catch.hpp"
#include "cli/server/servers.hpp"

#include <nlohmann/json.hpp>

#include <map>

using namespace ashlar::test;

namespace {

nlohmann::json simulated(Arguments more) {
  const Folder folder;
  more.insert(more.begin(), {"simulate", "--json"});
  const Finished done = run_tool(folder, more);
  INFO(done.err);
  REQUIRE(done.status == 0);
  return nlohmann::json::parse(done.out);
}

// "client ClientHello 56 84", one for each message, in the order in which they leave.
std::vector<std::string> timeline(const nlohmann::json& run) {
  std::vector<std::string> lines;
  for (const auto& message : run["messages"]) {
    lines.push_back(message["from"].get<std::string>() + " " + message["name"].get<std::string>() + " " +
                    std::to_string(message["leaves_ms"].get<int>()) + " " +
                    std::to_string(message["arrives_ms"].get<int>()));
  }
  return lines;
}

}  // namespace

TEST_CASE("simulate: TLS 1.2 as the notes draw it, full and abbreviated", "[cli]") {
  const auto runs = simulated({"--resume"});
  REQUIRE(runs.size() == 2);
  CHECK(timeline(runs[0]) ==
        std::vector<std::string>{
            "client TCP SYN 0 28", "server TCP SYN+ACK 28 56", "client ClientHello 56 84",
            "server ServerHello 84 112", "server Certificate 84 112", "server ServerKeyExchange 84 112",
            "server ServerHelloDone 84 112", "client ClientKeyExchange 112 140",
            "client ChangeCipherSpec 112 140", "client Finished 112 140", "server ChangeCipherSpec 140 168",
            "server Finished 140 168", "client request 168 196", "server response 196 224"});
  CHECK(runs[0]["client_done_ms"] == 168);
  CHECK(runs[0]["server_done_ms"] == 140);
  CHECK_FALSE(runs[0]["resumed"].get<bool>());
  CHECK(timeline(runs[1]) ==
        std::vector<std::string>{"client TCP SYN 0 28", "server TCP SYN+ACK 28 56",
                                 "client ClientHello 56 84", "server ServerHello 84 112",
                                 "server ChangeCipherSpec 84 112", "server Finished 84 112",
                                 "client ChangeCipherSpec 112 140", "client Finished 112 140",
                                 "client request 112 140", "server response 140 168"});
  CHECK(runs[1]["resumed"].get<bool>());
}

TEST_CASE("simulate: a client certificate adds three messages and no time", "[cli]") {
  const auto lines = timeline(simulated({"--client-cert"})[0]);
  for (const char* const line : {"server CertificateRequest 84 112", "client Certificate 112 140",
                                 "client CertificateVerify 112 140", "server Finished 140 168"}) {
    INFO(line);
    CHECK(std::find(lines.begin(), lines.end(), line) != lines.end());
  }
}

TEST_CASE("simulate: TLS 1.3 saves a round trip, and times follow the network", "[cli]") {
  const auto runs = simulated({"--tls", "1.3", "--one-way", "100ms", "--resume"});
  REQUIRE(runs.size() == 2);
  for (const auto& run : runs) {
    const auto lines = timeline(run);
    CHECK(run["client_done_ms"] == 400);
    for (const char* const line : {"client ClientHello 200 300", "server Finished 300 400",
                                   "client Finished 400 500", "client request 400 500"}) {
      INFO(line);
      CHECK(std::find(lines.begin(), lines.end(), line) != lines.end());
    }
  }
  CHECK(simulated({"--one-way", "0.5"})[0]["client_done_ms"] == 3);
  CHECK(simulated({"--one-way", "0ms"})[0]["client_done_ms"] == 0);
}

TEST_CASE("simulate: the picture places every message between two sides, and names the phases", "[cli]") {
  const Folder folder;
  const Finished done = run_tool(folder, {"simulate", "--resume"});
  REQUIRE(done.status == 0);
  for (const char* const part :
       {"full handshake", "abbreviated handshake", "  56  1 ClientHello --", "->  84",
        "phase 1: the hellos agree", "phase 4: both change keys", "the client at 168 ms"}) {
    INFO(part);
    CHECK(has(done.out, part));
  }
  const Finished bad = run_tool(folder, {"simulate", "--one-way", "soon"});
  CHECK(bad.status == 2);
  CHECK(has(bad.err, "Wanted:  a time from 0 to 60 seconds"));
}
