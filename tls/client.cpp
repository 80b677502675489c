// SPDX-License-Identifier: Apache-2.0
#include "hello/client.hpp"
#include "config_check.hpp"
#include "engine.hpp"

namespace ashlar::tls {

Result<Client> Client::create(const ClientConfig& config, std::string_view name, const Session* session) {
  ASHLAR_CHECK(check_config(config));
  ASHLAR_TRY(Engine* const engine, make_engine(settings_of(config, true)));
  Client client(engine);
  ASHLAR_TRY(const Next hello, start_client_hello(config, engine->outbox(), name, session));
  ASHLAR_CHECK(engine->put_in_place(hello));
  ASHLAR_CHECK(engine->run());
  return Result<Client>(std::move(client));
}

Result<Session> Client::session() const {
  if (impl_->error()) {
    return *impl_->error();
  }
  if (!impl_->done() || impl_->outcome.sessions == nullptr || impl_->outcome.sessions->empty()) {
    return ErrorCode::no_session;
  }
  return Session::parse(impl_->outcome.sessions->newest());
}

Result<Session> Client::take_session() {
  Result<Session> taken = session();
  if (taken) {
    impl_->outcome.sessions->forget_newest();
    if (impl_->outcome.sessions->empty()) {
      impl_->outcome.forget_sessions();
    }
  }
  return taken;
}

}  // namespace ashlar::tls
