// SPDX-License-Identifier: Apache-2.0
// The states of a handshake as types, whatever its version: a state handles an input and returns the state
// that follows, and the version's table of transitions guards both. A state says in kState which one it is,
// and the version's allowed(state, input) and allowed(state, input, state) are found beside that number.
#pragma once

#include <ashlar/base/one_of.hpp>

#include <concepts>
#include <optional>

#include "input_kind.hpp"

namespace ashlar::tls {

// The state that stands in `state`.
template <class First, class... States>
auto state_of(const OneOf<First, States...>& state) {
  constexpr decltype(First::kState) kStatesOf[] = {First::kState, States::kState...};
  return kStatesOf[state.index()];
}

// What the state that stands in `state` rests for, if it rests for a request of this kind.
template <class Request, class Handshake, class... States>
std::optional<Request> request_of(const Handshake& handshake, const OneOf<States...>& state) {
  std::optional<Request> request;
  const auto ask = [&]<class S>(const S* present) {
    if constexpr (requires {
                    { present->request(handshake) } -> std::convertible_to<std::optional<Request>>;
                  }) {
      if (present != nullptr) {
        request = present->request(handshake);
      }
    }
  };
  (ask(state.template get_if<States>()), ...);
  return request;
}

// Lets the state that stands in `state` handle the input, and puts the state that it returns in its place.
// One that the table does not let follow is a mistake of ours.
template <class Handshake, class... States>
Result<void> step_state(Handshake& handshake, OneOf<States...>& state, const Input& input) {
  Result<OneOf<States...>> next = ErrorCode::internal_mistake;
  const auto try_state = [&]<class S>(S* present) {
    if (present != nullptr) {
      auto result = present->handle(handshake, input);
      if constexpr (std::is_same_v<decltype(result), Result<OneOf<States...>>>) {
        next = std::move(result);
      } else if (result) {
        next = OneOf<States...>(std::move(*result));
      } else {
        next = result.error();
      }
    }
    return present != nullptr;
  };
  (void)(try_state(state.template get_if<States>()) || ...);
  if (!next) {
    return next.error();
  }
  if (!allowed(state_of(state), kind_of(input), state_of(*next))) {
    return ErrorCode::internal_mistake;
  }
  state = std::move(*next);
  return {};
}

// The protocol of what comes after the handshake takes its place at once.
template <auto Here>
struct Connected {
  static constexpr auto kState = Here;
  template <class Handshake>
  Result<Connected> handle(Handshake&, const Input&) {
    return ErrorCode::internal_mistake;
  }
};

// One side's handshake as a Protocol, on what its version has for both sides. Self is the side, States are
// its states; name_of(state) is found beside their number.
template <class Self, class Base, class States>
struct SideOf : Base {
  SideOf(const Allocation& allocation, const Outbox& engine, States first)
      : Base(allocation, engine), state(std::move(first)) {}

  static constexpr bool kConnected = false;
  std::string_view state_name() const { return name_of(state_of(state)); }
  bool accepts(const Input& input) const { return allowed(state_of(state), kind_of(input)); }
  std::optional<PrivateKeyRequest> private_key_request() const {
    return request_of<PrivateKeyRequest>(static_cast<const Self&>(*this), state);
  }
  std::optional<CredentialRequest> credential_request() const {
    return request_of<CredentialRequest>(static_cast<const Self&>(*this), state);
  }
  std::optional<KeyExchangeRequest> key_exchange_request() const {
    return request_of<KeyExchangeRequest>(static_cast<const Self&>(*this), state);
  }

  States state;
  const Credential* credential = nullptr;  // the one that is shown
  std::optional<Credential> provided;      // if it was chosen outside: our handle of it
};

}  // namespace ashlar::tls
