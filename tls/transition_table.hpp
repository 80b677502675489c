// SPDX-License-Identifier: Apache-2.0
// What the tables of transitions are made of, whatever the version.
#pragma once

#include <array>

#include "input_kind.hpp"

namespace ashlar::tls {

template <class State>
struct Transition {
  State from;
  InputKind input;
  State to;
  std::string_view when = {};  // what decides, where one input can lead to several states
};

// A table without its words, which only programs that read them link.
template <class State, std::size_t kStates, std::size_t kRows>
class TransitionTable {
 public:
  constexpr explicit TransitionTable(const std::array<Transition<State>, kRows>& rows) {
    for (std::size_t i = 0; i < kRows; ++i) {
      const unsigned input = rows[i].input.number();
      inputs_[number(rows[i].from)] |= std::uint64_t{1} << input;
      steps_[i] = {rows[i].from, static_cast<std::uint8_t>(input), rows[i].to};
    }
  }
  // Whether `state` takes such an input at all.
  constexpr bool takes(State state, InputKind input) const {
    return (inputs_[number(state)] >> input.number() & 1) != 0;
  }
  // Whether `to` may follow.
  constexpr bool takes(State from, InputKind input, State to) const {
    for (const Step& step : steps_) {
      if (step.from == from && step.input == input.number() && step.to == to) {
        return true;
      }
    }
    return false;
  }
  // Whether each row's input has a number of its own.
  constexpr bool is_unambiguous() const {
    for (const Step& step : steps_) {
      if (step.input == InputKind::kUnknown) {
        return false;
      }
    }
    return true;
  }

 private:
  struct Step {
    State from;
    std::uint8_t input;
    State to;
  };
  static constexpr std::size_t number(State state) { return static_cast<std::size_t>(state); }

  std::uint64_t inputs_[kStates] = {};  // that each state takes: every record is checked against one
  Step steps_[kRows] = {};
};

template <std::size_t kStates, class State, std::size_t kRows>
constexpr TransitionTable<State, kStates, kRows> make_table(
    const std::array<Transition<State>, kRows>& rows) {
  return TransitionTable<State, kStates, kRows>(rows);
}

}  // namespace ashlar::tls
