// SPDX-License-Identifier: Apache-2.0
#include "exchange.hpp"

#include <ashlar/base/bytes.hpp>

namespace bogo {

using namespace ashlar;

namespace {

constexpr std::size_t kReadSize = 512;

Result<void> write_different_sizes(Wire& wire) {
  constexpr std::size_t kRecord = 1U << 14;
  for (const std::size_t size :
       {std::size_t{0}, std::size_t{1}, std::size_t{255}, std::size_t{256}, std::size_t{257}, kRecord - 1,
        kRecord, kRecord + 1, 2 * kRecord - 1, 2 * kRecord, 2 * kRecord + 1}) {
    ASHLAR_CHECK(wire.write(Octets(size, 0x42)));
  }
  return {};
}

// Sends back what arrives, until the peer closes.
Result<void> echo(Wire& wire, const tls::Connection& connection, const Flags& flags) {
  Octets buffer(flags.read_size > 0 ? static_cast<std::size_t>(flags.read_size) : kReadSize);
  while (true) {
    ASHLAR_TRY(const std::size_t count, wire.read(buffer, flags.peek_then_read));
    if (count == 0) {
      return {};
    }
    if (!connection.handshake_done()) {
      throw Unexpected("there is data before the handshake is done");
    }
    const MutBytes data = MutBytes(buffer).first(count);
    for (std::uint8_t& octet : data) {
      octet = static_cast<std::uint8_t>(~octet);
    }
    ASHLAR_CHECK(wire.write(data));
  }
}

// Sends the keys that the flags have made.
Result<void> show_keys(Wire& wire, const tls::Connection& connection, const Flags& flags) {
  Octets keys(static_cast<std::size_t>(flags.export_size));
  const auto context =
      flags.use_export_context ? std::optional(bytes_of(flags.export_context)) : std::nullopt;
  ASHLAR_CHECK(connection.export_keying_material(flags.export_label, context, keys));
  return wire.write(keys);
}

}  // namespace

Result<void> exchange(Wire& wire, const tls::Connection& connection, const Flags& flags) {
  if (flags.export_size > 0) {
    ASHLAR_CHECK(show_keys(wire, connection, flags));
  }
  if (flags.write_different_record_sizes) {
    ASHLAR_CHECK(write_different_sizes(wire));
  } else if (flags.read_with_unfinished_write) {
    ASHLAR_CHECK(wire.begin_write(bytes_of(flags.shim_initial_write)));
  } else if (flags.shim_writes_first) {
    for (int i = 0; i < flags.repeat_shim_initial_write; ++i) {
      ASHLAR_CHECK(wire.write(bytes_of(flags.shim_initial_write)));
    }
  }
  if (!flags.shim_shuts_down && !flags.write_different_record_sizes) {
    ASHLAR_CHECK(echo(wire, connection, flags));
  }
  ASHLAR_CHECK(wire.close());
  return flags.shim_shuts_down && !flags.check_close_notify ? Result<void>() : wire.wait_for_close();
}

}  // namespace bogo
