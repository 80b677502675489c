// SPDX-License-Identifier: Apache-2.0
#include "hello/key_shares.hpp"

#include "extension/key_share.hpp"

namespace ashlar::tls {

Result<void> KeyShares::make(const Group& group, bool with_part, const Policy& policy, crypto::Random random,
                             std::uint16_t grease) {
  group_ = &group;
  part_ = with_part && group.part != nullptr ? policy.group(group.part->id) : nullptr;
  private_key_ = SecretMemory(list_.memory());
  ASHLAR_CHECK(private_key_.allocate(group.private_size));
  Buffer share(list_.memory());
  ASHLAR_CHECK(share.reserve(group.start_share_size));
  share.commit(group.start_share_size);
  ASHLAR_CHECK(group.start(random, private_key_.reveal_mut(), share.bytes_mut()));
  list_.release();
  const std::size_t part_size = part_ != nullptr ? 4 + part_->start_share_size : 0;
  constexpr std::uint8_t kNothing[] = {0};
  const std::size_t grease_size = grease != 0 ? 4 + sizeof kNothing : 0;
  ASHLAR_CHECK(list_.reserve(grease_size + 4 + share.size() + part_size));
  Writer writer(list_.room());
  if (grease != 0) {
    write_key_share_entry(GroupId{grease}, kNothing, writer);
  }
  write_key_share_entry(group.id, share.bytes(), writer);
  if (part_ != nullptr) {
    write_key_share_entry(part_->id, share.bytes().subspan(group.part_share_at, part_->start_share_size),
                          writer);
  }
  ASHLAR_TRY(const Bytes written, writer.finish());
  list_.commit(written.size());
  return {};
}

const Group* KeyShares::row_of(GroupId group) const {
  if (group_ != nullptr && group_->id == group) {
    return group_;
  }
  return part_ != nullptr && part_->id == group ? part_ : nullptr;
}

Result<void> KeyShares::finish(const Group& group, Bytes peer_share, MutBytes secret) const {
  const Bytes key = private_key_.reveal();
  const bool whole = &group == group_;
  return group.finish(whole ? key : key.subspan(group_->part_private_at, group.private_size), peer_share,
                      secret);
}

}  // namespace ashlar::tls
