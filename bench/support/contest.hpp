// SPDX-License-Identifier: Apache-2.0
// An operation at one message size is a group; who can do it takes part: each of our kernels that this CPU
// can run, and each peer. They are measured in turns, a millisecond or so each, many times over, so that what
// else happens on the machine happens to all of them alike. What is reported is the median.
//
//   Group group("sha-256", size);
//   for (const HashKernel& kernel : usable(kSha256.kernels())) {
//     group.add(kernel.name, [size, &kernel] {
//       return repeat([message = filler(size), &kernel] { ...; return true; });
//     });
//   }
//
// Peers join by themselves, wherever their adapter knows a group of that name (bench/peers).
#pragma once

#include "support/data.hpp"
#include "support/work.hpp"

#include <ashlar/base/bytes.hpp>
#include <ashlar/base/result.hpp>
#include <ashlar/crypto/cpu.hpp>

#include <cstdlib>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace ashlar::bench {

// Keys and buffers, made when the group's turn comes.
using Prepare = std::function<Work()>;

// A row whose clock changes by more than this during its turns is marked, not judged.
inline constexpr double kMostDrift = 0.03;

// How long to measure, and what.
struct Plan {
  int rounds = 31;
  double turn = 1.5e-3;  // seconds of one turn
  unsigned threads = 1;
  std::string filter;  // a regular expression that a row's name holds; empty: all
};

struct Contest;

class Group {
 public:
  // operation: such as "aes-128-gcm seal". size: bytes of one message, 0 where that means nothing. Rows are
  // named operation/implementation/size. messages: how many messages of that size an operation takes side by
  // side, where it takes several: "sha-256 of 16"; peers do them one after the other.
  explicit Group(std::string operation, std::size_t size = 0, std::size_t messages = 1);

  void add(std::string_view implementation, Prepare prepare);

 private:
  Contest* contest_;
};

// Hands all groups to Google Benchmark, in the order in which they were made, each with the peers that know
// it.
void register_groups(const Plan& plan);

// The rows of a table of implementations that this CPU can run.
template <class Table>
auto usable(const Table& table) {
  std::vector<std::reference_wrapper<const typename Table::value_type>> out;
  for (const auto& row : table) {
    if (cpu::features().contains(row.required)) {
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
void add_chacha();
void add_aes();
void add_hashes();
void add_kdf();
void add_rsa();
void add_ecc();
void add_x509();
void add_tls();

}  // namespace ashlar::bench
