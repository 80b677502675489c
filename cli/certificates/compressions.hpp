// SPDX-License-Identifier: Apache-2.0
// The algorithms by which this tool can compress certificates (RFC 8879): those whose libraries it was built
// with.
#pragma once

#include <ashlar/tls/credential.hpp>
#include <ashlar/tls/policy.hpp>

#include <span>

namespace ashlar::cli {

std::span<const tls::CertificateCompression* const> compressions();

}  // namespace ashlar::cli
