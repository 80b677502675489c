// SPDX-License-Identifier: Apache-2.0
// The sessions that a client keeps for its program, serialized: an idle connection stays small.
#pragma once

#include <ashlar/tls/session.hpp>

#include "buffer.hpp"

namespace ashlar::tls {

class KeptSessions {
 public:
  explicit KeptSessions(const Allocation& allocation)
      : allocation_(allocation), entries_(allocation_.memory) {}
  KeptSessions(const KeptSessions&) = delete;
  KeptSessions& operator=(const KeptSessions&) = delete;
  const Allocation& allocation() const { return allocation_; }

  bool empty() const { return entries_.empty(); }
  // Keeps one more. Of those before it only the newest stay, so that there are at most `most`.
  Result<void> add(const Session& session, std::size_t most);
  // The newest, serialized. There is one.
  Bytes newest() const;
  void forget_newest();

 private:
  const Allocation allocation_;  // first: the buffer points to its memory
  Buffer entries_;               // each behind its size in four bytes, the newest first
};

}  // namespace ashlar::tls
