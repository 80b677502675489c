// SPDX-License-Identifier: Apache-2.0
#include "hello/server.hpp"
#include "config_check.hpp"
#include "engine.hpp"

namespace ashlar::tls {

Result<Server> Server::create(const ServerConfig& config) {
  ASHLAR_CHECK(check_config(config));
  ASHLAR_TRY(Engine* const engine, make_engine(settings_of(config, false)));
  Server server(engine);
  ASHLAR_TRY(const Next hello, start_server_hello(config, engine->outbox()));
  ASHLAR_CHECK(engine->put_in_place(hello));
  return Result<Server>(std::move(server));
}

Bytes Server::early_data() const {
  return impl_->early_data();
}
Result<void> Server::consume_early_data(std::size_t count) {
  return impl_->consume_early_data(count);
}

}  // namespace ashlar::tls
