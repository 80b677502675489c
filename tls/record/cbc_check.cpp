// SPDX-License-Identifier: Apache-2.0
// The constant-time check of a MAC-then-encrypt record.
//
// The length of the padding, read from the last byte, decides where the content ends and where its MAC lies,
// and until the MAC has been found right all of that is the attacker's question. So: the padding is judged
// over all bytes it could cover; a bad one counts as no padding, and the rest is done all the same (RFC 5246
// §6.2.3.2); the MAC is computed with HmacKey::mac_secret_size, whose work depends on public lengths only;
// and the received MAC is gathered by reading every byte it could lie in, into a ring that is then turned by
// the bits of the offset. There is one verdict.
#include "record/cbc_check.hpp"

#include "record/fragment_header.hpp"

namespace ashlar::tls {
namespace {

constexpr std::size_t kMacSize = 32;
constexpr std::size_t kMaxPadding = 255;

// Copies data[start .. start + kMacSize) to `out`, `start` being secret and at least `scan_start`.
void gather_mac(Bytes data, std::size_t scan_start, std::uint64_t start, MutBytesOf<kMacSize> out) {
  std::uint8_t ring[kMacSize] = {};
  for (std::size_t i = scan_start; i < data.size(); ++i) {
    const ct::Mask inside = ~ct::less(i, start) & ct::less(i, start + kMacSize);
    ring[(i - scan_start) % kMacSize] |= static_cast<std::uint8_t>(data[i] & inside.bits());
  }
  // The first byte lies in the ring at this offset: turn by 1, 2, 4, 8, 16 where its bits say so.
  const std::uint64_t offset = start - scan_start;
  for (std::size_t step = 1; step < kMacSize; step *= 2) {
    const ct::Mask turn = ~ct::is_zero(offset & step);
    std::uint8_t turned[kMacSize];
    for (std::size_t i = 0; i < kMacSize; ++i) {
      turned[i] = ring[(i + step) % kMacSize];
    }
    ct::copy_if(turn, ring, turned);
  }
  copy_bytes(out, ring);
}

}  // namespace

CbcVerdict check_cbc_padding(Bytes data, std::size_t reserved) {
  const std::uint64_t padding = data.back();
  ct::Mask good = ~ct::less(data.size() - 1 - reserved, padding);
  const std::size_t scan = data.size() < kMaxPadding + 1 ? data.size() : kMaxPadding + 1;
  std::uint64_t difference = 0;
  for (std::size_t i = 0; i < scan; ++i) {
    const ct::Mask covered = ~ct::less(padding, i);
    difference |= covered.bits() & (data[data.size() - 1 - i] ^ padding);
  }
  good &= ct::is_zero(difference);
  return {good, ct::select(good, padding, 0)};
}

CbcVerdict check_mac_then_encrypt(const crypto::HmacKey& key, std::uint64_t sequence, ContentType type,
                                  Bytes data) {
  CbcVerdict verdict = check_cbc_padding(data, kMacSize);
  const std::size_t max_content = data.size() - kMacSize - 1;
  const std::size_t min_content = max_content < kMaxPadding ? 0 : max_content - kMaxPadding;
  const std::uint64_t content = max_content - verdict.padding_size;

  std::uint8_t received[kMacSize];
  gather_mac(data, min_content, content, received);
  std::uint8_t computed[kMacSize];
  const FragmentHeader header(sequence, type, static_cast<std::size_t>(content));
  key.mac_secret_size(header.bytes(), data.first(max_content), min_content, content, computed);
  verdict.good &= ct::equal(received, computed);
  wipe(received, sizeof received);
  wipe(computed, sizeof computed);
  return verdict;
}

}  // namespace ashlar::tls
