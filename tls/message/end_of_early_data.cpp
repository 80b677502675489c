// SPDX-License-Identifier: Apache-2.0
// EndOfEarlyData: RFC 9846 §4.5.
#include "message/tls13.hpp"

namespace ashlar::tls::tls13 {

Result<EndOfEarlyData> EndOfEarlyData::parse(Bytes body) {
  ASHLAR_CHECK(at(Place::end_of_early_data, Reader(body).expect_end()));
  return EndOfEarlyData{};
}

}  // namespace ashlar::tls::tls13
