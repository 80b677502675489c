// SPDX-License-Identifier: Apache-2.0
// What there is to measure. An operation at one message size is a group. Each of our kernels that this
// CPU can run takes part. The benchmarks measure all of it beside the peers; `ashlar speed` measures it
// alone.
//
//   Group group("sha-256", size);
//   for (const HashKernel& kernel : usable(kSha256.kernels())) {
//     group.add(kernel.name, [size, &kernel] {
//       return repeat([message = filler(size), &kernel] { ...; return true; });
//     });
//   }
//
// In the benchmarks a peer joins by itself if its adapter knows a group of that name
// (bench/peers).
#pragma once

#include "measure/data.hpp"
#include "measure/turn.hpp"

#include <ashlar/base/bytes.hpp>
#include <ashlar/base/result.hpp>
#include <ashlar/crypto/cpu.hpp>

#include <cstdlib>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace ashlar::measure {

// One operation at one size, with the rows that were added to it.
struct Contest {
  std::string operation;
  std::size_t size;
  std::size_t messages;
  std::vector<Row> rows{};
};

// Operation and size, such as "aes-128-gcm seal/16384" or "sha-256 of 16/64".
std::string name_of(const Contest& contest);

// All of them, in the order in which their groups were made.
std::vector<std::unique_ptr<Contest>>& contests();

// A row of ours that was faster than the one that a program gets.
struct Behind {
  std::string operation;  // as a benchmark is named: "aes-128-gcm seal/16384"
  std::string chosen, fastest;
  double chosen_cycles, fastest_cycles;
};

// What counts as slower.
inline constexpr double kBehind = 1.03;

// After measure(): whether the first of our rows, which a program gets, is more than 3 % behind another of
// ours.
std::optional<Behind> behind(const Contest& contest);

class Group {
 public:
  // operation: such as "aes-128-gcm seal". size: bytes of one message, 0 where that means nothing. Rows are
  // named operation/implementation/size. messages: how many messages of that size one operation takes side by
  // side, as in "sha-256 of 16". Peers do them one after the other.
  explicit Group(std::string operation, std::size_t size = 0, std::size_t messages = 1);

  void add(std::string_view implementation, Prepare prepare);

 private:
  Contest* contest_;
};

// The rows of a table of implementations that this CPU can run. The one that a program gets comes first.
template <class Table>
auto usable(const Table& table) {
  using Row = typename Table::value_type;
  const Row& chosen = cpu::best(std::span<const Row>(table));
  std::vector<std::reference_wrapper<const Row>> out = {chosen};
  for (const auto& row : table) {
    if (&row != &chosen && cpu::features().contains(row.required)) {
      out.push_back(row);
    }
  }
  return out;
}

// What cannot fail in a benchmark.
template <class T>
auto must(Result<T> result) {
  if (!result) {
    std::abort();
  }
  return std::move(*result);
}

// The groups, in the order of the report.
void add_gcm();
void add_ccm();
void add_xts();
void add_key_wrap();
void add_chacha();
void add_aes();
void add_hashes();
void add_kdf();
void add_rsa();
void add_ecc();
void add_mlkem();
void add_mldsa();
void add_other_keys();
void add_side_by_side();
// All of those above: everything in crypto.
void add_crypto();

}  // namespace ashlar::measure
