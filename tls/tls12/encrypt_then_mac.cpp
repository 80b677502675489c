// SPDX-License-Identifier: Apache-2.0
#include "tls12/encrypt_then_mac.hpp"

#include "extension/block.hpp"

namespace ashlar::tls::tls12 {

bool decide_encrypt_then_mac(const CipherSuite& suite, bool offered) {
  return offered && suite.cipher->encrypt_then_mac != nullptr;
}

Result<bool> check_encrypt_then_mac(const CipherSuite& suite, bool answered) {
  if (answered && suite.cipher->encrypt_then_mac == nullptr) {
    return unsolicited(ExtensionType::encrypt_then_mac);
  }
  return answered;
}

const RecordCipher& record_cipher(const CipherSuite& suite, bool encrypt_then_mac) {
  return encrypt_then_mac ? *suite.cipher->encrypt_then_mac : *suite.cipher;
}

}  // namespace ashlar::tls::tls12
