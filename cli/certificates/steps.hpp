// SPDX-License-Identifier: Apache-2.0
// How the signature of one certificate was made and is checked, number by number, for people who want to
// follow.
#pragma once

#include <ashlar/x509/certificate.hpp>

#include <string>

namespace ashlar::cli {

// issuer_key: in the issuer's certificate. The library judges; beside it, textbook arithmetic computes what
// the standard compares.
struct Steps {
  std::string text;    // lines, indented by three
  bool holds = false;  // the library's verdict
};
Steps signature_steps(const x509::Certificate& certificate, const x509::PublicKey& issuer_key);

}  // namespace ashlar::cli
