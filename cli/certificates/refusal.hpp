// SPDX-License-Identifier: Apache-2.0
// Why a chain of certificates was refused, in words: what was found, what was wanted, and what to do.
#pragma once

#include "failure/failure.hpp"

#include <ashlar/asn1/time.hpp>
#include <ashlar/base/bytes.hpp>
#include <ashlar/x509/anchor.hpp>

#include <span>
#include <string>

namespace ashlar::cli {

struct Refused {
  std::string about;             // the file or the peer
  std::span<const Bytes> chain;  // not empty
  std::string trust;             // what the anchors are: "142 roots of /etc/…"
  x509::AnchorIndex anchors;
  std::string name;  // the wanted name; empty: none
  asn1::Time now;
  bool from_peer = true;  // sent on a connection, else read from a file
};

Words refusal_words(const Refused& refused, const Error& error);

}  // namespace ashlar::cli
