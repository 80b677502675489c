// SPDX-License-Identifier: Apache-2.0
// The sessions of a fleet of servers, as one connection sees them: in Redis, sealed under the fleet's key.
#pragma once

#include "fleet/redis.hpp"

#include <ashlar/tls/connection.hpp>
#include <ashlar/tls/ticket_keys.hpp>

#include <map>

namespace ashlar::cli {

// What Redis holds is what a ticket would hold: who reads it reads no session, and who writes it makes none.
// A value that was moved to another session's key is refused. All servers of the fleet have the same ticket
// keys.
class FleetSessions {
 public:
  FleetSessions(Redis& redis, tls::TicketKeys& keys) : redis_(redis), keys_(keys) {}
  FleetSessions(const FleetSessions&) = delete;
  FleetSessions& operator=(const FleetSessions&) = delete;

  // For ServerConfig::sessions, with fetch_sessions; works on this object.
  tls::Resumption resumption();
  // Fetches what a client wants to resume. `done` is called once, later, when all is here that comes in time.
  void fetch(const tls::SessionRequest& request, const std::function<void()>& done);

 private:
  Redis& redis_;
  tls::TicketKeys& keys_;
  // By key. The answers may come after this object's end.
  std::shared_ptr<std::map<std::string, std::string>> fetched_ =
      std::make_shared<std::map<std::string, std::string>>();
};

}  // namespace ashlar::cli
