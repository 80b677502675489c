// SPDX-License-Identifier: Apache-2.0
// The constant-time check of a MAC-then-encrypt record.
//
// The last byte says how long the padding is. From it follow the end of the content and the place of its MAC.
// An attacker wants to learn just that, so none of it may show before the MAC was found correct:
//
// - The padding is judged over all bytes that it could cover. Bad padding counts as no padding, and the rest
//   is done anyway (RFC 5246 §6.2.3.2).
// - The MAC is computed with HmacKey::mac_secret_size, whose work depends on public lengths only.
// - The received MAC is gathered by reading every byte that it could lie in, into a ring. The ring is then
//   turned by the bits of the offset.
//
// There is only one verdict.
#include "record/cbc_check.hpp"

#include "record/fragment_header.hpp"

namespace ashlar::tls {
namespace {

constexpr std::size_t kMaxPadding = 255;

// Copies data[start .. start + out.size()) to `out`. `start` is secret. It is at least `scan_start`, and at
// most kMaxPadding more.
void gather_mac(Bytes data, std::size_t scan_start, std::uint64_t start, MutBytes out) {
  const std::size_t size = out.size();
  std::uint8_t ring[crypto::kMaxDigestSize] = {};
  for (std::size_t lap = scan_start; lap < data.size(); lap += size) {
    const std::size_t left = data.size() - lap < size ? data.size() - lap : size;
    for (std::size_t i = 0; i < left; ++i) {
      const ct::Mask inside = ~ct::less(lap + i, start) & ct::less(lap + i, start + size);
      ring[i] |= static_cast<std::uint8_t>(data[lap + i] & inside.bits());
    }
  }
  // The offset of the first byte in the ring, after whole laps are subtracted.
  std::uint64_t offset = start - scan_start;
  for (std::size_t laps = 16; laps > 0; laps /= 2) {
    offset -= ct::select(ct::less(offset, laps * size), 0, laps * size);
  }
  // Turns by 1, 2, 4, 8, 16, 32, as the bits of the offset say.
  for (std::size_t step = 1; step < size; step *= 2) {
    const ct::Mask turn = ~ct::is_zero(offset & step);
    std::uint8_t turned[crypto::kMaxDigestSize];
    std::memcpy(turned, ring + step, size - step);
    std::memcpy(turned + size - step, ring, step);
    ct::copy_if(turn, MutBytes(ring, size), Bytes(turned, size));
  }
  copy_bytes(out, Bytes(ring, size));
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
  const std::size_t mac_size = key.size();
  CbcVerdict verdict = check_cbc_padding(data, mac_size);
  const std::size_t max_content = data.size() - mac_size - 1;
  const std::size_t min_content = max_content < kMaxPadding ? 0 : max_content - kMaxPadding;
  const std::uint64_t content = max_content - verdict.padding_size;

  std::uint8_t received[crypto::kMaxDigestSize];
  gather_mac(data, min_content, content, MutBytes(received, mac_size));
  std::uint8_t computed[crypto::kMaxDigestSize];
  const FragmentHeader header(sequence, type, static_cast<std::size_t>(content));
  key.mac_secret_size(header.bytes(), data.first(max_content), min_content, content, computed);
  verdict.good &= ct::equal(Bytes(received, mac_size), Bytes(computed, mac_size));
  wipe(received, sizeof received);
  wipe(computed, sizeof computed);
  return verdict;
}

}  // namespace ashlar::tls
