// SPDX-License-Identifier: Apache-2.0
// Makes a Protocol from a class. The class says in member functions what it takes and what it does. This file
// makes the row of functions, and an object of the class in connection memory.
#pragma once

#include "outbox.hpp"
#include "protocol.hpp"
#include "warnings.hpp"

namespace ashlar::tls {

// The base of each such class: the way back to the engine, and the allocation that the object lies in.
class ProtocolObject {
 public:
  ProtocolObject(const Allocation& allocation, const Outbox& engine)
      : outbox(engine), start_(allocation.start) {}
  ProtocolObject(const ProtocolObject&) = delete;
  ProtocolObject& operator=(const ProtocolObject&) = delete;
  // `size`: what was allocated for the whole object. The memory functions are the engine's, so that an idle
  // connection does not store them twice.
  Allocation allocation(std::size_t size) const { return {outbox.settings.memory, start_, size}; }

  // For classes that need not know of the end.
  void failed(Error) const {}
  // Where a warning is only counted.
  Result<void> warned(Alert) const { return count_warning(outbox.outcome); }

  const Outbox outbox;

 private:
  void* const start_;
};

template <class Class>
void destroy_protocol(Class* object) {
  destroy_in(object, object->allocation(size_with_room<Class>()));
}

// Class is a ProtocolObject. It has kConnected, state_name(), accepts(input) and step(input). It may have
// failed(error), kHalfCloses, and export_keys(label, context, out). If one of its states waits, it has
// private_key_request(), credential_request() and key_exchange_request(), or session_request(body).
template <class Class>
constexpr Protocol protocol_of() {
  Protocol row = {
      .connected = Class::kConnected,
      .state = [](const void* context) { return static_cast<const Class*>(context)->state_name(); },
      .accepts = [](const void* context,
                    const Input& input) { return static_cast<const Class*>(context)->accepts(input); },
      .step = [](void* context, const Input& input) { return static_cast<Class*>(context)->step(input); },
      .warned = [](void* context, Alert alert) -> Result<void> {
        return static_cast<Class*>(context)->warned(alert);
      },
      .failed = [](void* context, Error error) { static_cast<Class*>(context)->failed(error); },
      .destroy = [](void* context) { destroy_protocol(static_cast<Class*>(context)); },
  };
  if constexpr (requires(Class & object) { object.before_data(Worn{}); }) {
    row.before_data = [](void* context, Worn worn) {
      return static_cast<Class*>(context)->before_data(worn);
    };
  }
  if constexpr (requires { Class::kHalfCloses; }) {
    row.half_closes = Class::kHalfCloses;
  }
  if constexpr (requires(const Class& object) { object.private_key_request(); }) {
    row.private_key_request = [](const void* context) {
      return static_cast<const Class*>(context)->private_key_request();
    };
    row.credential_request = [](const void* context) {
      return static_cast<const Class*>(context)->credential_request();
    };
    row.key_exchange_request = [](const void* context) {
      return static_cast<const Class*>(context)->key_exchange_request();
    };
  }
  if constexpr (requires(const Class& object) { object.session_request({}); }) {
    row.session_request = [](const void* context, Bytes body) {
      return static_cast<const Class*>(context)->session_request(body);
    };
  }
  if constexpr (requires(const Class& object, MutBytes out) { object.export_keys({}, {}, out); }) {
    row.export_keys = [](const void* context, std::string_view label, const std::optional<Bytes>& seed,
                         MutBytes out) {
      return static_cast<const Class*>(context)->export_keys(label, seed, out);
    };
  }
  return row;
}
template <class Class>
inline constexpr Protocol kProtocolOf = protocol_of<Class>();

// Makes an object of the class, to be put in place: Class(allocation, outbox, arguments...).
template <class Class, class... Arguments>
Result<Next> make_protocol(const Outbox& outbox, Arguments&&... arguments) {
  auto* made = make_in<Class>(outbox.settings.memory, outbox, std::forward<Arguments>(arguments)...);
  if (made == nullptr) {
    return Error{ErrorCode::out_of_memory, Place::none, sizeof(Class)};
  }
  return Next{&kProtocolOf<Class>, made};
}

}  // namespace ashlar::tls
