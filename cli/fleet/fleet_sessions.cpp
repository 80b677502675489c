// SPDX-License-Identifier: Apache-2.0
#include "fleet/fleet_sessions.hpp"

#include "output/terminal.hpp"

namespace ashlar::cli {

namespace {

std::string key_of(Bytes id) {
  return "ashlar:session:" + hex(id);
}

}  // namespace

tls::Resumption FleetSessions::resumption() {
  return {[](void* context, const tls::Session& session, crypto::Random random, MutBytes) -> Result<Bytes> {
            FleetSessions& self = *static_cast<FleetSessions*>(context);
            std::uint8_t room[tls::kMaxHandleSize];
            ASHLAR_TRY(const Bytes sealed, self.keys_.seal(session, random, room));
            self.redis_.set(key_of(session.id.bytes()), sealed,
                            session.expires.seconds - session.created.seconds);
            return session.id.bytes();
          },
          [](void* context, Bytes id, asn1::Time now, tls::Session& out) {
            FleetSessions& self = *static_cast<FleetSessions*>(context);
            const auto found = self.fetched_->find(key_of(id));
            return found != self.fetched_->end() && self.keys_.open(bytes_of(found->second), now, out) &&
                   equal_public(out.id.bytes(), id);
          },
          [](void* context, Bytes id) {
            if (!id.empty()) {
              static_cast<FleetSessions*>(context)->redis_.remove(key_of(id));
            }
          },
          this};
}

void FleetSessions::fetch(const tls::SessionRequest& request, const std::function<void()>& done) {
  const auto left = std::make_shared<std::size_t>(request.handles.size());
  for (const Bytes handle : request.handles.span()) {
    const std::string key = key_of(handle);
    redis_.get(key, [fetched = fetched_, key, left, done](std::string value) {
      if (!value.empty()) {
        fetched->insert_or_assign(key, std::move(value));
      }
      if (--*left == 0) {
        done();
      }
    });
  }
}

}  // namespace ashlar::cli
