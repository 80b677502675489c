// SPDX-License-Identifier: Apache-2.0
// A client that names none of these rows does not link what judges OCSP responses.
#include <ashlar/tls/config.hpp>

namespace ashlar::tls {

constinit const StapleJudge kStaplesJudged = {x509::check_ocsp_response, false};
constinit const StapleJudge kStaplesDemanded = {x509::check_ocsp_response, true};

}  // namespace ashlar::tls
