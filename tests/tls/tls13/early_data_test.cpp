// SPDX-License-Identifier: Apache-2.0
// A server passes over a client's early data, of which it takes none (RFC 9846 §4.2.10).
#include "tls/message/build.hpp"
#include "tls/support/altered_hello.hpp"

using namespace ashlar;
using namespace ashlar::test;

namespace {

// A record that no key of the server opens.
Buffer early_record(std::size_t size) {
  return unhex("170303") + Buffer{static_cast<std::uint8_t>(size >> 8), static_cast<std::uint8_t>(size)} +
         noise(size, size);
}

struct EarlySetup : Tls13Setup {
  explicit EarlySetup(bool retried) {
    use_groups(kBoth, retried ? std::span<const tls::Group* const>(kP256) : kBoth);
    client.versions = kAlteredRows;
  }
  // Client and server once the hello is with the server, and behind it these records.
  std::optional<Error> start(const std::vector<Buffer>& records, bool says_so = true) {
    ours.emplace(make_client());
    theirs.emplace(make_server());
    Buffer input = alter_hello(*ours, [&](Buffer& message) {
      if (says_so) {
        put_extension_first(message, unhex("002a0000"));
      }
    });
    input = input + unhex("140303000101");
    for (const Buffer& record : records) {
      input = input + record;
    }
    return feed_all(*theirs, input);
  }

  static constexpr const tls::Group* kBoth[] = {&tls::kX25519, &tls::kSecp256r1};
  static constexpr const tls::Group* kP256[] = {&tls::kSecp256r1};
  std::optional<tls::Client> ours;
  std::optional<tls::Server> theirs;
};

}  // namespace

TEST_CASE("H23 TLS 1.3: early data is passed over, up to 16 KiB of it") {
  const bool retried = GENERATE(false, true);
  const std::size_t size = GENERATE(std::size_t{1}, std::size_t{17}, std::size_t{4096},
                                    std::size_t{tls::kMaxEarlyData - 1}, std::size_t{tls::kMaxEarlyData});
  INFO(size << (retried ? " bytes, then a second ClientHello" : " bytes"));
  EarlySetup setup(retried);
  REQUIRE_FALSE(setup.start({early_record(size)}));
  check_works(*setup.ours, *setup.theirs);
  CHECK(setup.theirs->negotiated().retried == retried);
  CHECK(setup.server_log.count("application data") == 0);
}

TEST_CASE("H23 TLS 1.3: more early data than 16 KiB ends the connection, in one record or in many") {
  const bool retried = GENERATE(false, true);
  std::vector<Buffer> records;
  std::size_t last = 0;
  SECTION("one record") {
    records = {early_record(tls::kMaxEarlyData + 1)};
    last = tls::kMaxEarlyData + 1;
  }
  SECTION("two") {
    records = {early_record(tls::kMaxEarlyData - 100), early_record(101)};
    last = 101;
  }
  SECTION("empty ones") {
    records.assign(tls::kMaxEarlyData + 1, early_record(0));
    last = 1;
  }
  EarlySetup setup(retried);
  const auto error = setup.start(records);
  REQUIRE(error);
  CHECK(*error == ErrorCode::early_data_flood);
  CHECK(alert_of(*error) == Alert::unexpected_message);
  CHECK(error->detail == last);
}

TEST_CASE("H23 TLS 1.3: early data that the ClientHello did not announce is refused") {
  const bool retried = GENERATE(false, true);
  EarlySetup setup(retried);
  const auto error = setup.start({early_record(100)}, false);
  REQUIRE(error);
  CHECK(*error == (retried ? ErrorCode::unexpected_record : ErrorCode::bad_record_mac));
}

TEST_CASE("H23 TLS 1.3: once a record of the client's second flight has come, early data is refused") {
  const bool retried = GENERATE(false, true);
  EarlySetup setup(retried);
  // A certificate that takes more than one record.
  const LongChain chain(10, 60);
  const tls::Credential credential = credential_of(chain.chain(), tls::local_signer(chain.key()));
  const tls::Credentials credentials = index_of({&credential});
  setup.client.credentials = &credentials;
  setup.server.client_authentication = tls::ClientAuthentication::require;
  REQUIRE_FALSE(setup.start({early_record(100)}));
  REQUIRE_FALSE(feed_all(*setup.ours, drain(*setup.theirs)));
  Buffer flight = drain(*setup.ours);
  if (retried) {  // behind the second ClientHello
    REQUIRE_FALSE(feed_all(*setup.theirs, flight));
    REQUIRE_FALSE(feed_all(*setup.ours, drain(*setup.theirs)));
    flight = drain(*setup.ours);
  }
  const std::size_t at = flight[0] == 20 ? 6 : 0;
  const std::size_t size = 5 + static_cast<std::size_t>(flight[at + 3]) * 256 + flight[at + 4];
  REQUIRE(flight.size() > at + size);
  REQUIRE_FALSE(feed_all(*setup.theirs, Bytes(flight).first(at + size)));
  const auto error = feed_all(*setup.theirs, early_record(100));
  REQUIRE(error);
  CHECK(*error == ErrorCode::bad_record_mac);
}

TEST_CASE("H23 TLS 1.3: early data between the parts of the second ClientHello is refused") {
  EarlySetup setup(true);
  REQUIRE_FALSE(setup.start({early_record(100)}));
  REQUIRE_FALSE(feed_all(*setup.ours, drain(*setup.theirs)));
  const Buffer flight = drain(*setup.ours);
  const Buffer change = unhex("140303000101");
  REQUIRE_FALSE(feed_all(*setup.theirs, Bytes(flight).first(change.size())));
  const Bytes hello = Bytes(flight).subspan(change.size() + 5);
  REQUIRE_FALSE(feed_all(*setup.theirs, plain_record(tls::ContentType::handshake, hello.first(50))));
  const auto error = feed_all(*setup.theirs, early_record(100));
  REQUIRE(error);
  CHECK(*error == ErrorCode::unexpected_record);
}

TEST_CASE("H23 TLS 1.3: a record of early data that is too long for a record is refused as one") {
  EarlySetup setup(GENERATE(false, true));
  const auto error = setup.start({early_record(tls::kMaxPlaintextSize + 257)});
  REQUIRE(error);
  CHECK(*error == ErrorCode::record_overflow);
}
