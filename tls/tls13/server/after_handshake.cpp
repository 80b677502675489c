// SPDX-License-Identifier: Apache-2.0
#include "tls13/after_handshake.hpp"

#include "tls13/key_update.hpp"

namespace ashlar::tls::tls13 {

namespace {

struct ServerAfterHandshake : AfterHandshake {
  using AfterHandshake::AfterHandshake;

  Result<Next> step(const Input& input) {
    ASHLAR_CHECK(input.kind == Input::Kind::message ? take_key_update(*input.message) : take_data(input));
    return Next{};
  }
};

}  // namespace

Result<Next> server_after_handshake(const Outbox& outbox, const Suite& suite, TrafficSecrets secrets,
                                    HashSecret exporter_secret) {
  return make_after_handshake<ServerAfterHandshake>(outbox, std::move(exporter_secret), suite,
                                                    std::move(secrets));
}

}  // namespace ashlar::tls::tls13
