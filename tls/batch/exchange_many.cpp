// SPDX-License-Identifier: Apache-2.0
// Key exchanges on one curve side by side: one row for each curve that crypto has such calls for. The curve
// of a hybrid group is done so too; what stands beside it is done for each alone.
#include "batch/exchange_many.hpp"

#include <ashlar/crypto/p256_many.hpp>
#include <ashlar/crypto/x25519_many.hpp>

#include <array>
#include <optional>

namespace ashlar::tls {

namespace {

constexpr std::size_t kMost = 8;  // at once

// The curve's part of an exchange.
struct Lane {
  Exchange* exchange;
  Bytes peer_share;
  MutBytes share, secret;
};

// Some that go on together; those that something is wrong with leave it with their result.
struct Lanes {
  Lane lane[kMost];
  std::size_t count = 0;

  // Keeps those for which try_one(lane, place) succeeds, where `place` is where the lane will be.
  template <class TryOne>
  void keep(const TryOne& try_one) {
    std::size_t kept = 0;
    for (std::size_t i = 0; i < count; i++) {
      const Lane one = lane[i];
      one.exchange->result = try_one(one, kept);
      if (one.exchange->result) {
        lane[kept++] = one;
      }
    }
    count = kept;
  }
  // make(lane, place) of each; places that are not used repeat the first, and are not handed on.
  template <class Make>
  auto each(const Make& make) const {
    const auto at = [&](std::size_t i) { return make(lane[i < count ? i : 0], i < count ? i : 0); };
    return std::array{at(0), at(1), at(2), at(3), at(4), at(5), at(6), at(7)};
  }
  void fail_all(const Result<void>& called) {
    if (!called) {
      keep([&](const Lane&, std::size_t) -> Result<void> { return called.error(); });
    }
  }
};

// Takes what the agreements gave.
template <class Agreement, std::size_t N, std::size_t kSize>
void take(Lanes& lanes, const std::array<Agreement, N>& agreements, const Secret<kSize>* secrets) {
  for (std::size_t i = 0; i < lanes.count; i++) {
    lanes.lane[i].exchange->result = agreements[i].result;
    if (agreements[i].result) {
      copy_bytes(lanes.lane[i].secret, secrets[i].reveal());
    }
  }
}

void exchange_x25519(Lanes& lanes, crypto::Random random) {
  std::optional<crypto::X25519PrivateKey> keys[kMost];
  lanes.keep([&](const Lane&, std::size_t place) -> Result<void> {
    ASHLAR_TRY(crypto::X25519PrivateKey key, crypto::X25519PrivateKey::generate(random));
    keys[place].emplace(std::move(key));
    return {};
  });
  if (lanes.count == 0) {
    return;
  }
  const auto publics = lanes.each([&](const Lane& lane, std::size_t place) {
    return crypto::X25519PublicKeyBytes{&*keys[place], lane.share.first<32>()};
  });
  Secret<32> secrets[kMost];
  auto agreements = lanes.each([&](const Lane& lane, std::size_t place) {
    return crypto::X25519Agreement{&*keys[place], lane.peer_share.first<32>(), &secrets[place], {}};
  });
  Result<void> called = crypto::x25519_public_keys_many(std::span(publics).first(lanes.count));
  if (called) {
    called = crypto::x25519_agree_many(std::span(agreements).first(lanes.count));
  }
  take(lanes, agreements, secrets);
  lanes.fail_all(called);
}

void exchange_p256(Lanes& lanes, crypto::Random random) {
  std::optional<crypto::P256PrivateKey> keys[kMost];
  std::optional<crypto::P256PublicKey> peers[kMost];
  lanes.keep([&](const Lane& lane, std::size_t place) -> Result<void> {
    ASHLAR_TRY(const crypto::P256PublicKey peer, crypto::P256PublicKey::create(lane.peer_share));
    ASHLAR_TRY(crypto::P256PrivateKey key, crypto::P256PrivateKey::generate(random));
    peers[place].emplace(peer);
    keys[place].emplace(std::move(key));
    return {};
  });
  if (lanes.count == 0) {
    return;
  }
  const auto publics = lanes.each([&](const Lane& lane, std::size_t place) {
    return crypto::P256PublicPoint{&*keys[place], lane.share.first<crypto::kP256PointSize>()};
  });
  Secret<32> secrets[kMost];
  auto agreements = lanes.each([&](const Lane&, std::size_t place) {
    return crypto::P256Agreement{&*keys[place], &*peers[place], &secrets[place], {}};
  });
  Result<void> called = crypto::p256_public_points_many(std::span(publics).first(lanes.count));
  if (called) {
    called = crypto::p256_agree_many(std::span(agreements).first(lanes.count));
  }
  take(lanes, agreements, secrets);
  lanes.fail_all(called);
}

struct Row {
  GroupId id;
  void (*exchange)(Lanes& lanes, crypto::Random random);
};
constexpr Row kRows[] = {{GroupId::x25519, exchange_x25519}, {GroupId::secp256r1, exchange_p256}};

bool has_row(const Group& group) {
  for (const Row& row : kRows) {
    if (row.id == curve_of(group).id) {
      return true;
    }
  }
  return false;
}

// All of a row, up to eight.
void exchange(const Row& row, Lanes& lanes, crypto::Random random) {
  row.exchange(lanes, random);
  lanes.keep([&](const Lane& lane, std::size_t) -> Result<void> {
    const Exchange& one = *lane.exchange;
    return one.result && one.group->respond_beside != nullptr
               ? one.group->respond_beside(random, one.peer_share, one.share, one.secret)
               : one.result;
  });
  lanes.count = 0;
}

}  // namespace

const Group& curve_of(const Group& group) {
  return group.respond_beside != nullptr ? *group.part : group;
}

void respond_many(std::span<Exchange> exchanges, crypto::Random random) {
  for (const Row& row : kRows) {
    Lanes lanes;
    for (Exchange& one : exchanges) {
      const Group& group = *one.group;
      const Group& curve = curve_of(group);
      if (curve.id != row.id) {
        continue;
      }
      // As Group::respond says it. Keys may be compressed; shares may not (RFC 8422 §5.1.2).
      if (one.peer_share.size() != group.start_share_size) {
        one.result = Error{ErrorCode::bad_point_encoding, Place::none,
                           static_cast<std::uint32_t>(one.peer_share.size())};
        continue;
      }
      one.result = {};
      lanes.lane[lanes.count++] = {&one, one.peer_share.subspan(group.part_share_at, curve.start_share_size),
                                   one.share.subspan(group.part_response_at, curve.response_share_size),
                                   one.secret.subspan(group.part_secret_at, curve.secret_size)};
      if (lanes.count == kMost) {
        exchange(row, lanes, random);
      }
    }
    if (lanes.count != 0) {
      exchange(row, lanes, random);
    }
  }
  for (Exchange& one : exchanges) {
    if (!has_row(*one.group)) {
      one.result = one.group->respond(random, one.peer_share, one.share, one.secret);
    }
  }
}

}  // namespace ashlar::tls
