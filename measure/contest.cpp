// SPDX-License-Identifier: Apache-2.0
#include "measure/contest.hpp"

#include "measure/statistics.hpp"

namespace ashlar::measure {

std::vector<std::unique_ptr<Contest>>& contests() {
  static std::vector<std::unique_ptr<Contest>> all;
  return all;
}

std::string name_of(const Contest& contest) {
  const std::string many = contest.messages == 1 ? "" : " of " + std::to_string(contest.messages);
  return contest.operation + many + (contest.size == 0 ? "" : "/" + std::to_string(contest.size));
}

std::optional<Behind> behind(const Contest& contest) {
  const Row* chosen = nullptr;
  const Row* fastest = nullptr;
  const auto cycles = [](const Row& row) { return quantile(row.cycles, 0.5); };
  for (const Row& row : contest.rows) {
    if (!row.peer && !row.failed && !row.cycles.empty()) {
      chosen = chosen != nullptr ? chosen : &row;
      fastest = fastest != nullptr && cycles(*fastest) <= cycles(row) ? fastest : &row;
    }
  }
  if (chosen == nullptr || cycles(*chosen) <= kBehind * cycles(*fastest)) {
    return std::nullopt;
  }
  return Behind{name_of(contest), chosen->name, fastest->name, cycles(*chosen), cycles(*fastest)};
}

Group::Group(std::string operation, std::size_t size, std::size_t messages) {
  contests().push_back(std::make_unique<Contest>(
      Contest{.operation = std::move(operation), .size = size, .messages = messages}));
  contest_ = contests().back().get();
}

void Group::add(std::string_view implementation, Prepare prepare) {
  contest_->rows.push_back(
      {.name = std::string(implementation), .peer = false, .prepare = std::move(prepare)});
}

void add_crypto() {
  add_gcm();
  add_ccm();
  add_xts();
  add_key_wrap();
  add_chacha();
  add_aes();
  add_hashes();
  add_kdf();
  add_rsa();
  add_ecc();
  add_mlkem();
  add_mldsa();
  add_other_keys();
  add_side_by_side();
}

}  // namespace ashlar::measure
