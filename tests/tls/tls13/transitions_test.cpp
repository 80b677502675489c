// SPDX-License-Identifier: Apache-2.0
// The table of transitions of TLS 1.3 against both engines: every state with every input, and all sequences
// of real messages.
#include "catch.hpp"
#include "tls/support/stage13.hpp"

#include <set>

using namespace ashlar;
using namespace ashlar::test;

namespace {

struct Way {
  State13 state;
  Situation scene;
};

const Way kWays[] = {
    {State13::client_expects_server_hello, {}},
    {State13::client_expects_second_server_hello, {.retried = true}},
    {State13::client_expects_encrypted_extensions, {}},
    {State13::client_expects_encrypted_extensions, {.retried = true}},
    {State13::client_expects_certificate_request, {}},
    {State13::client_expects_certificate, {.client_certificate = true}},
    {State13::client_expects_certificate_verify, {}},
    {State13::client_expects_finished, {}},
    {State13::client_expects_finished, {.resumed = true}},
    {State13::client_expects_finished, {.psk = true}},
    {State13::client_expects_server_hello, {.resumed = true, .early = true}},
    {State13::client_expects_encrypted_extensions, {.resumed = true, .early = true}},
    {State13::client_expects_second_server_hello, {.resumed = true, .retried = true, .early = true}},
    {State13::client_expects_finished, {.resumed = true, .early = true}},
    {State13::client_connected, {.resumed = true, .early = true}},
    {State13::client_expects_encrypted_extensions, {.retried = true, .psk = true}},
    {State13::client_chooses_credential, {.client_certificate = true, .choosing = true}},
    {State13::client_signs_certificate_verify, {.client_certificate = true, .external = true}},
    {State13::client_connected, {}},
    {State13::client_connected, {.resumed = true, .retried = true}},
    {State13::server_expects_client_hello, {}},
    {State13::server_expects_second_client_hello, {.retried = true}},
    {State13::server_chooses_credential, {.choosing = true}},
    {State13::server_exchanges_keys, {.batch = true}},
    {State13::server_exchanges_keys, {.choosing = true, .retried = true, .batch = true}},
    {State13::server_signs_certificate_verify, {.external = true}},
    {State13::server_signs_certificate_verify, {.batch = true}},
    {State13::server_expects_end_of_early_data, {.resumed = true, .early = true}},
    {State13::server_expects_second_client_hello, {.resumed = true, .retried = true, .early = true}},
    {State13::server_expects_certificate, {.client_certificate = true}},
    {State13::server_expects_certificate_verify, {.client_certificate = true}},
    {State13::server_expects_finished, {}},
    {State13::server_expects_finished, {.resumed = true}},
    {State13::server_expects_finished, {.resumed = true, .early = true}},
    {State13::server_expects_finished, {.psk = true}},
    {State13::server_expects_second_client_hello, {.retried = true, .psk = true}},
    {State13::server_connected, {.psk = true}},
    {State13::server_connected, {.client_certificate = true, .batch = true}},
    {State13::server_connected, {}},
    {State13::server_connected, {.resumed = true, .retried = true}},
};

}  // namespace

TEST_CASE("H01 TLS 1.3 transitions: every state can be reached, and no row leads to the other side") {
  std::set<State13> reached;
  for (const Way& each : kWays) {
    reached.insert(each.state);
  }
  // The first ServerHello and ClientHello are taken by the hello, which puts the handshake in place.
  CHECK(reached.size() == tls::tls13::kStates);
  for (const auto& row : tls::tls13::kTransitions) {
    CHECK((row.from <= State13::client_connected) == (row.to <= State13::client_connected));
  }
}

TEST_CASE("H01 TLS 1.3 transitions: every state refuses every input that its rows do not name") {
  for (const Way& each : kWays) {
    // 256 handshake types and the two other content types, each against a connection of its own.
    for (int input = -2; input < 256; ++input) {
      if (input >= 25 && input != 254 && input % 61 != 0) {
        continue;  // a sample of the types that no RFC names
      }
      Stage13 stage(each.scene);
      const bool is_client = each.state <= State13::client_connected;
      tls::Connection& victim = is_client ? static_cast<tls::Connection&>(*stage.client) : *stage.server;
      REQUIRE(stage.reach(victim, each.state));
      INFO("state " << name_of(each.state) << ", input " << input);
      if (victim.wants().has(tls::Want::sign) || victim.wants().has(tls::Want::credential) ||
          victim.wants().has(tls::Want::batch)) {
        CHECK(victim.receive_window().empty());
        break;
      }
      const NumberedInput given(input, 2);
      const bool hidden = given.type != tls::ContentType::change_cipher_spec;
      const Buffer record =
          hidden ? record_for(victim, given.type, given.content) : plain_record(given.type, given.content);
      (void)drain(victim);
      const auto error = feed_all(victim, record);
      const bool refused =
          error && (*error == ErrorCode::unexpected_message || *error == ErrorCode::unexpected_record);
      bool named = tls::tls13::allowed(each.state, given.kind);
      if (each.state == State13::client_expects_server_hello) {
        // The hello has it still, for all versions: it passes HelloRequests over, and takes no
        // ChangeCipherSpec.
        named = (named && input >= 0) || input == 0;
      }
      if (each.state == State13::server_expects_second_client_hello && each.scene.early) {
        named = named || input == NumberedInput::kApplicationData;  // passed over before it is an input
      }
      CHECK(refused == !named);
      if (refused) {
        CHECK(victim.wants().has(tls::Want::write));  // an alert
      }
    }
  }
}

TEST_CASE("TLS 1.3: an alert of warning level is an error in every state, but for user_canceled") {
  for (const Way& each : kWays) {
    for (const Alert alert : {Alert::user_canceled, Alert::unrecognized_name}) {
      Stage13 stage(each.scene);
      const bool is_client = each.state <= State13::client_connected;
      tls::Connection& victim = is_client ? static_cast<tls::Connection&>(*stage.client) : *stage.server;
      REQUIRE(stage.reach(victim, each.state));
      if (!engine_of(victim).reading.active() || victim.receive_window().empty()) {
        break;  // the version is not known yet, or it rests
      }
      INFO("state " << name_of(each.state) << ", alert " << static_cast<int>(alert));
      const auto error = feed_all(
          victim, record_for(victim, tls::ContentType::alert, Buffer{1, static_cast<std::uint8_t>(alert)}));
      CHECK(error.has_value() == (alert != Alert::user_canceled));
      if (error) {
        CHECK(*error == ErrorCode::peer_alert);
      }
    }
  }
}

TEST_CASE("H01 TLS 1.3 transitions: no sequence of real messages but the right one gets anywhere") {
  const bool against_client = GENERATE(true, false);
  const bool retried = GENERATE(false, true);
  const bool resumed = GENERATE(false, true);
  const bool early = GENERATE(false, true);
  if (early && (retried || !resumed)) {  // early data that is refused means nothing
    return;
  }
  const Situation scene{
      .client_certificate = !resumed, .resumed = resumed, .retried = retried, .early = early};
  std::vector<Buffer> alphabet;
  std::set<std::size_t> changes;  // letters that are ChangeCipherSpecs: they mean nothing
  std::size_t right = 0;
  {
    Stage13 stage(scene);
    while (!stage.client->handshake_done() || !stage.server->handshake_done()) {
      for (const Buffer& record : records_of(drain(*stage.client))) {
        REQUIRE_FALSE(feed_all(*stage.server, record));
        if (!against_client) {
          alphabet.push_back(record);
        }
      }
      for (const Buffer& record : records_of(drain(*stage.server))) {
        const bool done = stage.client->handshake_done();
        REQUIRE_FALSE(feed_all(*stage.client, record));
        if (against_client && !done) {
          alphabet.push_back(record);
        }
      }
    }
    for (std::size_t i = 0; i < alphabet.size(); ++i) {
      if (alphabet[i][0] == 20) {
        changes.insert(i);
      }
    }
    right = alphabet.size() - changes.size();
  }
  alphabet.push_back(plain_record(tls::ContentType::application_data, bytes_of("data")));
  REQUIRE(changes.size() == 1);

  std::vector<std::vector<std::size_t>> alive = {{}};
  std::size_t completed = 0;
  for (std::size_t depth = 0; depth <= right + 1 && !alive.empty(); ++depth) {
    std::vector<std::vector<std::size_t>> next;
    for (const auto& prefix : alive) {
      for (std::size_t letter = 0; letter < alphabet.size(); ++letter) {
        std::size_t changes_so_far = 0;
        for (const std::size_t each : prefix) {
          changes_so_far += changes.count(each);
        }
        if (changes_so_far != 0 && changes.count(letter) != 0) {
          continue;  // one is as good as many
        }
        Stage13 stage(scene);
        tls::Connection& victim =
            against_client ? static_cast<tls::Connection&>(*stage.client) : *stage.server;
        for (const std::size_t each : prefix) {
          REQUIRE_FALSE(feed_all(victim, alphabet[each]));
        }
        if (feed_all(victim, alphabet[letter])) {
          continue;
        }
        auto sequence = prefix;
        sequence.push_back(letter);
        if (!victim.handshake_done()) {
          next.push_back(std::move(sequence));
          continue;
        }
        ++completed;
        // The one way, with a ChangeCipherSpec strewn in.
        std::vector<std::size_t> plain;
        for (const std::size_t each : sequence) {
          if (changes.count(each) == 0) {
            plain.push_back(each);
          }
        }
        CHECK(plain.size() == right);
        CHECK(std::is_sorted(plain.begin(), plain.end()));
      }
    }
    alive = std::move(next);
  }
  CHECK(completed >= 1);
}

TEST_CASE("TLS 1.3: a certificate_request_context during the handshake is empty") {
  // CertificateRequest and Certificate of a server, Certificate of a client.
  struct Row {
    State13 state;
    Situation scene;
    Buffer message;
  };
  const Row rows[] = {
      {State13::client_expects_certificate_request, {}, unhex("0d 00000c 01 41 0008 000d 0004 0002 0403")},
      {State13::client_expects_certificate_request, {}, unhex("0b 000005 01 41 000000")},
      {State13::server_expects_certificate, {.client_certificate = true}, unhex("0b 000005 01 41 000000")},
  };
  for (const Row& row : rows) {
    Stage13 stage(row.scene);
    const bool is_client = row.state <= State13::client_connected;
    tls::Connection& victim = is_client ? static_cast<tls::Connection&>(*stage.client) : *stage.server;
    REQUIRE(stage.reach(victim, row.state));
    const auto error = feed_all(victim, record_for(victim, tls::ContentType::handshake, row.message));
    REQUIRE(error);
    CHECK(*error == ErrorCode::bad_request_context);
  }
}
