// SPDX-License-Identifier: Apache-2.0
#include "hello/certificate_types.hpp"

namespace ashlar::tls {

namespace {

constexpr CertificateType kX509[] = {CertificateType::x509};
constexpr CertificateType kRaw[] = {CertificateType::raw_public_key};

}  // namespace

CertificateTypes accepted_types(const AcceptedFromPeer& accepted) {
  if (!accepted.types.empty()) {
    return accepted.types;
  }
  return accepted.keys != nullptr ? CertificateTypes(kRaw) : CertificateTypes(kX509);
}

bool has_type(CertificateTypes types, CertificateType type) {
  for (const CertificateType each : types) {
    if (each == type) {
      return true;
    }
  }
  return false;
}

bool are_types(CertificateTypes types) {
  const std::size_t known = (has_type(types, CertificateType::x509) ? 1u : 0u) +
                            (has_type(types, CertificateType::raw_public_key) ? 1u : 0u);
  return !types.empty() && known == types.size();
}

bool takes_type(Bytes listed, CertificateType type) {
  if (listed.empty()) {
    return type == CertificateType::x509;
  }
  for (const std::uint8_t each : listed) {
    if (each == static_cast<std::uint8_t>(type)) {
      return true;
    }
  }
  return false;
}

CertificateTypes own_types(const ClientConfig& config, CertificateType (&room)[2]) {
  if (!config.own_types.empty()) {
    return config.own_types;
  }
  std::size_t count = 0;
  const std::size_t credentials =
      config.credentials != nullptr && !config.ask_for_credential ? config.credentials->size() : 0;
  for (std::size_t i = 0; i < credentials && count < 2; ++i) {
    const CertificateType type = (*config.credentials)[i].type();
    if (!has_type({room, count}, type)) {
      room[count++] = type;
    }
  }
  return count != 0 ? CertificateTypes(room, count) : CertificateTypes(kX509);
}

Bytes said_types(CertificateTypes types) {
  return types.size() == 1 && types[0] == CertificateType::x509 ? Bytes() : wire_of(types);
}

std::optional<std::uint64_t> judge_of(const AcceptedFromPeer& accepted, const Verifier& verifier,
                                      CertificateType type) {
  if (!has_type(accepted_types(accepted), type)) {
    return std::nullopt;
  }
  return type == CertificateType::raw_public_key ? accepted.keys->id() : verifier.id;
}

std::optional<std::uint64_t> judge_of(const ClientConfig& config, CertificateType type) {
  const auto judge = judge_of(config.accepted, config.verifier, type);
  if (!judge || config.staples == nullptr || type != CertificateType::x509) {
    return judge;
  }
  // Any two numbers: what is judged in another way has another number.
  return *judge ^ (config.staples->demanded ? 0x6f63737064656d61 : 0x6f6373706a756467);
}

Result<CertificateType> choose_client_type(const ServerConfig& config, Bytes listed) {
  for (const CertificateType type : accepted_types(config.accepted)) {
    if (takes_type(listed, type)) {
      return type;
    }
  }
  return ErrorCode::no_common_certificate_type;
}

}  // namespace ashlar::tls
