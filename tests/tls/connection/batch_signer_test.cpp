// SPDX-License-Identifier: Apache-2.0
// Servers that rest until a BatchSigner does what they rest for with that of others.
#include <ashlar/tls/batch_signer.hpp>

#include "support/stack.hpp"
#include "tls/support/faults.hpp"
#include "tls/support/tls13.hpp"

using namespace ashlar;
using namespace ashlar::test;

namespace {

constexpr const tls::Group* kBatchGroups[] = {
    &tls::kX25519,         &tls::kSecp256r1,         &tls::kSecp384r1,
    &tls::kX25519MlKem768, &tls::kSecp256r1MlKem768, &tls::kSecp384r1MlKem1024,
    &tls::kMlKem768,       &tls::kFfdhe2048};

struct BatchPair {
  tls::Client client;
  tls::Server server;
  BatchPair(tls::Client&& of_client, tls::Server&& of_server)
      : client(std::move(of_client)), server(std::move(of_server)) {}
};

// Servers of a config with `batch`, each with a client of its own.
struct BatchScene : Tls13Setup {
  explicit BatchScene(std::uint64_t seed = 1) : Tls13Setup(seed) { server.batch = true; }

  BatchPair& add() {
    pairs.push_back(std::make_unique<BatchPair>(make_client(), make_server()));
    return *pairs.back();
  }
  void add(std::size_t count) {
    while (count-- != 0) {
      add();
    }
  }
  // Passes on what there is, and hands those that rest to the batch. How many rest.
  std::size_t gather() {
    for (const auto& pair : pairs) {
      Pipe pipe(pair->client, pair->server);
      (void)pipe.run();
      (void)signer.add(pair->server);
    }
    return signer.size();
  }
  void finish() {
    while (gather() != 0) {
      signer.run();
    }
  }

  std::vector<std::unique_ptr<BatchPair>> pairs;
  tls::BatchSigner signer{server_random.random()};
};

// Overwrites the only share in a ClientHello that has one of this group.
void overwrite_share(Buffer& hello, const tls::Group& group, const Buffer& share) {
  const auto id = static_cast<std::uint16_t>(group.id);
  const std::uint8_t head[] = {static_cast<std::uint8_t>(id >> 8), static_cast<std::uint8_t>(id),
                               static_cast<std::uint8_t>(share.size() >> 8),
                               static_cast<std::uint8_t>(share.size())};
  const auto at = std::search(hello.begin(), hello.end(), std::begin(head), std::end(head));
  REQUIRE(at != hello.end());
  std::copy(share.begin(), share.end(), at + 4);
}

}  // namespace

TEST_CASE("batch: servers of TLS 1.3 exchange keys and sign together, in every group, and work") {
  BatchScene batch;
  for (const tls::Group* const& group : kBatchGroups) {
    batch.use_groups({&group, 1}, {&group, 1});
    batch.add(3);
    REQUIRE(batch.gather() == batch.pairs.size());
  }
  for (const auto& pair : batch.pairs) {
    CHECK(pair->server.wants().has(tls::Want::batch));
    CHECK_FALSE(pair->server.wants().has(tls::Want::read));
    CHECK(pair->server.receive_window().empty());
    CHECK_FALSE(pair->server.private_key_request());
    CHECK(pair->server.provide(Buffer(64)).error() == ErrorCode::no_private_key_request);
  }
  batch.signer.run();
  CHECK(batch.signer.empty());
  REQUIRE(batch.gather() == batch.pairs.size());  // now for the signatures
  batch.signer.run();
  CHECK(batch.gather() == 0);
  for (std::size_t i = 0; i < batch.pairs.size(); ++i) {
    BatchPair& pair = *batch.pairs[i];
    check_works(pair.client, pair.server);
    CHECK(pair.server.negotiated().group == kBatchGroups[i / 3]);
  }
}

TEST_CASE("batch: RSA and ECDSA, TLS 1.2 and TLS 1.3 go side by side") {
  BatchScene batch;
  std::size_t rsa = 0;
  for (int i = 0; i < 12; ++i) {
    batch.server.credentials = i % 3 == 0 ? &batch.rsa.credentials : &batch.ecdsa.credentials;
    batch.client.policy = i % 2 == 0 ? &batch.client_policy : &kTls12Compat;
    batch.add();
    (void)batch.gather();  // the config is looked at when a ClientHello comes
  }
  batch.finish();
  for (const auto& pair : batch.pairs) {
    check_works(pair->client, pair->server);
    rsa += pair->server.negotiated().server_scheme->name.starts_with("rsa_pss") ? 1u : 0u;
  }
  CHECK(rsa == 4);  // two of each version
}

TEST_CASE("batch: a client asked for a certificate, and a second ClientHello") {
  BatchScene batch;
  const Identity shown(pem::kEcdsaClient, ecdsa_key());
  static constexpr const tls::Group* kBoth[] = {&tls::kX25519, &tls::kSecp256r1};
  static constexpr const tls::Group* kSecond[] = {&tls::kSecp256r1};
  batch.use_groups(kBoth, kSecond);
  batch.server.client_authentication = tls::ClientAuthentication::require;
  batch.client.credentials = &shown.credentials;
  batch.add(9);
  batch.finish();
  for (const auto& pair : batch.pairs) {
    check_works(pair->client, pair->server);
    CHECK(pair->server.negotiated().retried);
    CHECK(pair->server.negotiated().client_authenticated);
  }
}

TEST_CASE("batch: what goes wrong with one connection ends that one alone") {
  struct Case {
    const tls::Group* group;
    Buffer share;
    ErrorCode error;
  };
  Buffer off_curve(65, 1);
  off_curve[0] = 4;
  const Case kCases[] = {
      {&tls::kX25519, Buffer(32), ErrorCode::all_zero_shared_secret},
      {&tls::kSecp256r1, off_curve, ErrorCode::point_not_on_curve},
      {&tls::kSecp256r1, Buffer(65), ErrorCode::bad_point_encoding},
      {&tls::kX25519MlKem768, Buffer(1216, 0xff), ErrorCode::kem_key_not_reduced},
  };
  for (const Case& each : kCases) {
    BatchScene batch;
    batch.use_groups({&each.group, 1}, {&each.group, 1});
    batch.add(8);
    BatchPair& bad = *batch.pairs[3];
    Buffer hello = drain(bad.client);
    overwrite_share(hello, *each.group, each.share);
    REQUIRE_FALSE(feed_all(bad.server, hello));
    batch.finish();
    for (std::size_t i = 0; i < batch.pairs.size(); ++i) {
      INFO(each.group->name << ", connection " << i);
      if (i != 3) {
        check_works(batch.pairs[i]->client, batch.pairs[i]->server);
      }
    }
    REQUIRE(bad.server.error());
    CHECK(*bad.server.error() == each.error);
    CHECK(bad.client.error() == ErrorCode::peer_alert);
  }
}

TEST_CASE("batch: a share of the wrong size is refused as it is without a batch") {
  for (const bool together : {false, true}) {
    BatchScene batch;
    static constexpr const tls::Group* kOne[] = {&tls::kSecp256r1};
    batch.use_groups(kOne, kOne);
    batch.server.batch = together;
    BatchPair& pair = batch.add();
    Buffer hello = drain(pair.client);
    // One byte less: of the share, of its list, of the extension, of all extensions, message and record.
    const std::uint8_t head[] = {0, 51, 0, 71, 0, 69, 0, 23, 0, 65};
    const auto at = std::search(hello.begin(), hello.end(), std::begin(head), std::end(head));
    REQUIRE(at != hello.end());
    at[3] = 70, at[5] = 68, at[9] = 64;
    hello.erase(at + 11);  // not the first byte, which says that the point is uncompressed
    Buffer message(hello.begin() + 5, hello.end());
    const std::size_t body = message.size() - 4;
    message[2] = static_cast<std::uint8_t>(body >> 8), message[3] = static_cast<std::uint8_t>(body);
    std::size_t extensions = 4 + 2 + 32;
    extensions += 1u + message[extensions];
    extensions += 2u + static_cast<std::size_t>(message[extensions]) * 256 + message[extensions + 1];
    extensions += 1u + message[extensions];
    const std::size_t left = message.size() - extensions - 2;
    message[extensions] = static_cast<std::uint8_t>(left >> 8);
    message[extensions + 1] = static_cast<std::uint8_t>(left);
    (void)feed_all(pair.server, plain_record(tls::ContentType::handshake, message));
    batch.finish();
    REQUIRE(pair.server.error());
    CHECK(*pair.server.error() == ErrorCode::bad_point_encoding);
  }
}

TEST_CASE("batch: a draw of randomness that fails ends one connection") {
  std::size_t failed = 0;
  for (std::size_t fail_at = 0; fail_at < 16; ++fail_at) {
    BatchScene batch;
    static constexpr const tls::Group* kOne[] = {&tls::kX25519};
    batch.use_groups(kOne, kOne);
    batch.add(8);
    FailsOnce source{batch.server_random.random()};
    source.fail_at = fail_at;
    tls::BatchSigner signer(source.random());
    for (int turn = 0; turn < 2; ++turn) {
      REQUIRE(batch.gather() != 0);
      for (const auto& pair : batch.pairs) {
        batch.signer.remove(pair->server);
        (void)signer.add(pair->server);
      }
      signer.run();
    }
    (void)batch.gather();
    std::size_t wrong = 0;
    for (const auto& pair : batch.pairs) {
      wrong += pair->server.error() ? 1u : 0u;
      CHECK((pair->server.error() ? *pair->server.error() == ErrorCode::random_unavailable
                                  : pair->server.handshake_done()));
    }
    CHECK(wrong <= 1);
    failed += wrong;
  }
  CHECK(failed >= 15);  // each key, and each nonce
}

TEST_CASE("batch: add, remove and run keep to what is there") {
  BatchScene batch;
  batch.add(3);
  tls::BatchSigner& signer = batch.signer;
  signer.run();                                     // nobody
  CHECK_FALSE(signer.add(batch.pairs[0]->server));  // it does not rest yet
  CHECK_FALSE(signer.add(batch.pairs[0]->client));
  REQUIRE(batch.gather() == 3);
  CHECK_FALSE(signer.add(batch.pairs[0]->server));  // here already
  CHECK(signer.size() == 3);
  signer.remove(batch.pairs[1]->server);
  CHECK(signer.size() == 2);
  signer.remove(batch.pairs[1]->server);  // not there
  CHECK(signer.size() == 2);
  batch.pairs[2]->server.close();  // gives the handshake up
  BatchPair moved(std::move(*batch.pairs[0]));
  signer.run();
  CHECK(moved.server.wants().has(tls::Want::batch));  // for its signature
  CHECK(batch.pairs[1]->server.wants().has(tls::Want::batch));
  CHECK_FALSE(batch.pairs[2]->server.wants().has(tls::Want::batch));
  REQUIRE(signer.add(moved.server));
  REQUIRE(signer.add(batch.pairs[1]->server));
  signer.run();
  check_works(moved.client, moved.server);
  CHECK(batch.pairs[1]->server.wants().has(tls::Want::batch));
}

TEST_CASE("batch: no more than there is room for") {
  BatchScene batch;
  batch.add(tls::BatchSigner::kMost + 1);
  CHECK(batch.gather() == tls::BatchSigner::kMost);
  CHECK(batch.signer.full());
  CHECK_FALSE(batch.signer.add(batch.pairs.back()->server));
  batch.finish();
  for (const auto& pair : batch.pairs) {
    check_works(pair->client, pair->server);
  }
}

TEST_CASE("batch: what it does not do is done as without it") {
  BatchScene batch;
  SECTION("a key that is elsewhere is asked there, after the key exchange") {
    const Identity outside(pem::kEcdsaServer, ecdsa_key(), true);
    batch.server.credentials = &outside.credentials;
    BatchPair& pair = batch.add();
    REQUIRE(batch.gather() == 1);
    batch.signer.run();
    CHECK(pair.server.wants().has(tls::Want::sign));
    CHECK_FALSE(batch.signer.add(pair.server));
    CHECK(pair.server.private_key_request());
  }
  SECTION("RSA key transport decrypts at once") {
    batch.use(tls::kRsaAes128GcmSha256);
    BatchPair& pair = batch.add();
    CHECK(batch.gather() == 0);
    check_works(pair.client, pair.server);
  }
  SECTION("a resumed session needs no signature, and its key exchange is its own") {
    batch.resumable();
    BatchPair& first = batch.add();
    batch.finish();
    const auto session = first.client.session();
    REQUIRE(session);
    auto client = batch.make_client(&*session);
    auto server = batch.make_server();
    check_works(client, server);
    CHECK(server.negotiated().resumed);
  }
}

TEST_CASE("D04 batch: every allocation that fails ends in an error, and nothing leaks") {
  std::size_t failures = 0;
  for (std::size_t fail_at = 0;; ++fail_at) {
    INFO(fail_at);
    BatchScene batch;
    batch.client.events = batch.server.events = {};
    batch.add(2);
    batch.server_memory.fail_at = batch.server_memory.calls + fail_at;
    batch.finish();
    bool failed = false;
    for (const auto& pair : batch.pairs) {
      failed = failed || pair->server.error();
      CHECK((pair->server.error() ? *pair->server.error() == ErrorCode::out_of_memory
                                  : pair->server.handshake_done()));
    }
    batch.pairs.clear();
    CHECK(batch.server_memory.current == 0);
    CHECK(batch.server_memory.wrong_sizes == 0);
    if (batch.server_memory.calls <= batch.server_memory.fail_at) {
      CHECK_FALSE(failed);
      break;
    }
    failures += failed ? 1u : 0u;
  }
  CHECK(failures >= 5);
}

TEST_CASE("batch: a run takes less than 192 KiB of stack") {
  if (kFramesHoldCopies) {
    return;
  }
  BatchScene batch;
  for (int i = 0; i < 32; ++i) {
    batch.server.credentials = i % 2 == 0 ? &batch.rsa.credentials : &batch.ecdsa.credentials;
    batch.add();
    (void)batch.gather();
  }
  std::size_t most = 0;
  while (batch.gather() != 0) {
    most = std::max(most, stack_used([&] { batch.signer.run(); }));
  }
  CHECK(most > 1000);
  CHECK(most < 192 * 1024);
}
