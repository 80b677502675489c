// SPDX-License-Identifier: Apache-2.0
// The runner's own ways of compressing certificates, which put bytes before them or leave some out.
#pragma once

#include "flags.hpp"

#include <ashlar/tls/registry.hpp>

namespace bogo {

// Those that the flags ask for, in the order of preference that the runner expects.
std::vector<const ashlar::tls::CertificateCompression*> compressions_of(const Flags& flags);

}  // namespace bogo
