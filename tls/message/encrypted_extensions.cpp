// SPDX-License-Identifier: Apache-2.0
// EncryptedExtensions: RFC 9846 §4.3.1.
#include "extension/block.hpp"

namespace ashlar::tls::tls13 {

Result<EncryptedExtensions> EncryptedExtensions::parse(Bytes body) {
  EncryptedExtensions message;
  Reader reader(body);
  ASHLAR_TRY(message.extensions, at(Place::encrypted_extensions, read_required_extensions(reader, message)));
  return message;
}

void EncryptedExtensions::build(Writer& writer) const {
  write_extensions(*this, writer);
}

}  // namespace ashlar::tls::tls13
