// SPDX-License-Identifier: Apache-2.0
// BoringSSL's test runner starts this program for each of its tests. Flags say what to do: it connects to the
// runner and acts as a client or a server. The exit code is 0 if all went as the flags say, 89 if they ask
// for something that is missing, 90 if the connection was made but is not as required, and 1 if it failed.
// The failure is reported on standard error.
#include "checks.hpp"
#include "exchange.hpp"
#include "identity.hpp"
#include "report.hpp"
#include "rules.hpp"
#include "wire.hpp"

#include <ashlar/tls/ticket_keys.hpp>

#include <algorithm>
#include <cstdio>
#include <iterator>

namespace bogo {
namespace {

using namespace ashlar;

constexpr int kFailed = 1, kUnimplemented = 89, kUnexpected = 90;

// What the connections of one run share.
struct Run {
  std::optional<tls::Session> session;  // of a client
  std::vector<tls::MemorySessionStore::Slot> slots = std::vector<tls::MemorySessionStore::Slot>(16);
  tls::MemorySessionStore store{slots};  // of a server
  tls::TicketKeys tickets;
  std::vector<tls::ReplayCache::Slot> early_slots = std::vector<tls::ReplayCache::Slot>(64);
  tls::ReplayCache replays{early_slots, ashlar::asn1::Time{0}};
  // The runner knows how much BoringSSL takes.
  tls::ServerEarlyData early_data{14336, replays.guard()};
  std::int64_t seconds_later = 0;  // than the system's clock
};

tls::Clock clock_of(Run& run) {
  return {[](void* context) {
            return asn1::Time{posix::now().seconds + static_cast<Run*>(context)->seconds_later};
          },
          [](void*) { return posix::monotonic_nanoseconds(); }, &run};
}

// Accepts every certificate that can be read, as the runner does, or none if the flags say so. The verifier's
// error chooses the alert.
tls::Verifier verifier_of(const Flags& flags) {
  tls::Verifier verifier = tls::dangerous_accept_any_certificate();
  if (flags.verify_fail && (flags.verify_peer || flags.require_any_client_certificate)) {
    verifier.verify_function = [](const void*, const tls::PeerChain&) -> Result<tls::VerifiedPeer> {
      return ErrorCode::certificate_missing;
    };
  }
  return verifier;
}

// What is taken from the peer. Without a hash that is expected, no raw public key is good.
struct Accepted {
  explicit Accepted(const Flags& flags) {
    for (const int type : flags.accepted_types) {
      types.push_back(tls::CertificateType{static_cast<std::uint8_t>(type)});
    }
    for (const int type : flags.own_types) {
      own_types.push_back(tls::CertificateType{static_cast<std::uint8_t>(type)});
    }
    if (flags.expect_peer_key_sha256 && !flags.verify_fail) {
      std::copy_n(flags.expect_peer_key_sha256->begin(), sizeof pin.sha256, pin.sha256);
    }
    const bool raw =
        std::find(types.begin(), types.end(), tls::CertificateType::raw_public_key) != types.end();
    config = {raw ? &keys : nullptr, types};
  }
  std::vector<tls::CertificateType> types, own_types;
  tls::KeyPin pin{};
  tls::PinnedKeys keys{{&pin, 1}};
  tls::AcceptedFromPeer config;
};

// What is chosen for a client, or that nothing is.
struct Chosen {
  const tls::ServerConfig* config;
  bool fails;
};

// Answers a request for a credential with the only one there is.
auto chooser(const Flags& flags, const Identity& identity) {
  return [&flags, &identity](tls::Connection& connection) -> Result<void> {
    check_request(flags, *connection.credential_request());
    const tls::Credentials* const all = identity.credentials();
    return all != nullptr ? connection.provide_credential((*all)[0]) : connection.provide_no_credential();
  };
}
bool asks_for_credential(const Flags& flags, const Identity& identity) {
  return (flags.async || checks_request(flags)) &&
         (identity.credentials() == nullptr || identity.credentials()->size() == 1);
}

// A client's early data is what it writes first. rest: what is more than the server takes.
Result<void> send_early_data(Wire& wire, tls::Client& client, const Flags& flags, const Heard& heard,
                             std::string& rest) {
  if (flags.expect_no_offer_early_data) {
    throw Unexpected("early data is offered");
  }
  if (!flags.shim_writes_first) {
    return {};
  }
  if (flags.early_write_after_message != 0) {
    ASHLAR_CHECK(wire.handshake_until([&] {
      return heard.messages.ends_with("read hs " + std::to_string(flags.early_write_after_message) + "\n");
    }));
  }
  for (int i = 0; i < flags.repeat_shim_initial_write; ++i) {
    rest += flags.shim_initial_write;
  }
  while (!rest.empty() && client.early_data_room() != 0) {
    ASHLAR_TRY(const std::size_t taken, client.write_early_data(bytes_of(rest)));
    rest.erase(0, taken);
    ASHLAR_CHECK(wire.flush());
  }
  return {};
}

// From the first byte to close_notify. client, server: the one that it is, if early data is on; retry: the
// flags of a client whose early data is refused.
struct EarlySide {
  tls::Client* client = nullptr;
  tls::Server* server = nullptr;
  const Flags* retry = nullptr;
};
Result<void> converse(tls::Connection& connection, const Flags& given, const Identity& identity, Heard& heard,
                      bool is_resume, const EarlySide& early,
                      const std::function<void(const Flags&)>& after_handshake) {
  Wire wire(connection, given, given.async);
  wire.choose_credential = chooser(given, identity);
  wire.early_server = early.server;
  Flags flags = given;
  if (early.client != nullptr && early.client->early_data_status() == tls::EarlyDataStatus::offered) {
    std::string rest;
    ASHLAR_CHECK(send_early_data(wire, *early.client, flags, heard, rest));
    ASHLAR_CHECK(wire.handshake());
    if (early.client->early_data_status() == tls::EarlyDataStatus::refused) {
      if (given.expect_accept_early_data) {
        throw Unexpected("early data was refused");
      }
      flags = *early.retry;
    } else if (flags.shim_writes_first) {
      ASHLAR_CHECK(wire.write(bytes_of(rest)));
      flags.shim_writes_first = flags.read_with_unfinished_write = false;  // that was it
    }
  }
  if (!flags.implicit_handshake || flags.fail_ocsp_callback) {
    ASHLAR_CHECK(wire.handshake());
    if (flags.handshake_never_done) {
      throw Unexpected("the handshake was not to end");
    }
    check_negotiated(flags, connection, heard, is_resume);
    check_credential(flags, connection, identity.credentials(), heard);
    if (flags.fail_ocsp_callback) {  // a client's program judges the response now
      return ErrorCode::bad_certificate_status;
    }
  }
  // Tickets of TLS 1.3 come after the handshake.
  const bool later =
      flags.implicit_handshake || connection.negotiated().version == tls::ProtocolVersion::tls13;
  if (!later) {
    after_handshake(flags);
  }
  ASHLAR_CHECK(exchange(wire, connection, flags));
  if (later) {
    after_handshake(flags);
  }
  check_messages(flags, heard);
  return {};
}

void serve(Run& run, const Flags& flags, bool is_resume) {
  const Rules rules(flags);
  const Identity identity(flags, flags.async);
  Heard heard;
  std::vector<Octets> names;
  std::vector<Bytes> name_spans;
  if (flags.use_client_ca_list && *flags.use_client_ca_list != "<EMPTY>" &&
      *flags.use_client_ca_list != "<NULL>") {
    for (const std::string& hex : split(*flags.use_client_ca_list, ',')) {
      names.push_back(from_hex(hex));
    }
  }
  name_spans.assign(names.begin(), names.end());

  const Accepted accepted(flags);
  tls::ServerConfig config{};
  tls::ServerConfig without_choice{};
  Chosen chosen{&without_choice, flags.fail_ocsp_callback};
  config.accepted = accepted.config;
  config.policy = &rules.policy;
  config.credentials = identity.credentials();
  config.ask_for_credential = asks_for_credential(flags, identity);
  config.client_authentication = flags.require_any_client_certificate ? tls::ClientAuthentication::require
                                 : flags.verify_peer                  ? tls::ClientAuthentication::request
                                                                      : tls::ClientAuthentication::none;
  config.verifier = verifier_of(flags);
  config.client_ca_names = name_spans;
  config.clock = clock_of(run);
  config.random = crypto::system_random();
  config.memory = tls::system_memory();
  config.alpn = rules.protocol_views;
  const tls::Resumption resumption = run.store.resumption();
  config.sessions =
      flags.no_ticket && rules.versions[0] == tls::ProtocolVersion::tls13 ? nullptr : &resumption;
  // A ticket under a key that is not the first any more is renewed.
  if (!is_resume || flags.renew_ticket) {
    need(run.tickets.rotate(config.random, config.clock.now(config.clock.context)), "ticket keys");
  }
  const tls::Resumption tickets = run.tickets.resumption();
  config.tickets = flags.no_ticket || flags.skip_ticket ? nullptr : &tickets;
  config.events = Heard::sink(heard);
  config.keep_peer_certificates = true;
  config.export_keys = true;
  const tls::PskTable psks(identity.psks());
  if (!identity.psks().empty()) {
    config.psks = psks.lookup();
  }
  const Bytes hint = bytes_of(flags.psk_identity);  // which the runner compares
  config.psk_hint = hint;
  if (flags.use_ocsp_callback) {
    config.choice = {[](void* context, const tls::CredentialRequest&) -> const tls::ServerConfig* {
                       const auto& [whole, fails] = *static_cast<Chosen*>(context);
                       return fails ? nullptr : whole;
                     },
                     &chosen};
  }
  config.early_data = flags.early_data ? &run.early_data : nullptr;
  config.grease = true;  // BoringSSL's servers always do it
  without_choice = config;
  tls::Server server = need(tls::Server::create(config), "a server");
  need(converse(server, flags, identity, heard, is_resume, {nullptr, &server, nullptr},
                [&](const Flags&) {
                  const bool stored = !is_resume && run.store.size() != 0;
                  if ((flags.expect_session_id && !is_resume && !stored) ||
                      (flags.expect_no_session_id && stored)) {
                    throw Unexpected(stored ? "the session was stored" : "the session was not stored");
                  }
                }),
       "the server");
}

// A client's session: whether there is one, and whether it is another than the one that was resumed.
void keep_session(Run& run, const Flags& flags, const tls::Client& client) {
  auto session = client.session();
  const bool tls13 = client.negotiated().version == tls::ProtocolVersion::tls13;
  if (tls13 || !client.negotiated().resumed) {
    if ((!tls13 || !flags.shim_shuts_down) && session.ok() == flags.expect_no_session) {
      throw Unexpected(session ? "there is a session to resume" : "there is no session to resume");
    }
  } else if (session) {
    const bool renewed = !equal_public(session->ticket.bytes(), run.session->ticket.bytes());
    if (renewed != flags.expect_ticket_renewal) {
      throw Unexpected(renewed ? "there is a new ticket" : "there is no new ticket");
    }
  }
  if (session) {
    if (tls13 && (session->max_early_data != 0) != flags.expect_ticket_supports_early_data) {
      throw Unexpected(session->max_early_data != 0 ? "the ticket allows early data"
                                                    : "the ticket does not allow early data");
    }
    run.session = std::move(*session);
  }
}

void fetch(Run& run, const Flags& flags, const Flags& retry, bool is_resume) {
  if (flags.no_ticket) {
    throw Unimplemented("a client takes tickets");
  }
  const Rules rules(flags);
  const Identity identity(flags, flags.async);
  Heard heard;
  const Accepted accepted(flags);
  tls::ClientConfig config{};
  config.accepted = accepted.config;
  config.own_types = accepted.own_types;
  config.grease = flags.grease;
  config.permute_extensions = flags.permute_extensions;
  config.policy = &rules.policy;
  config.verifier = rules.psk_required ? tls::Verifier{} : verifier_of(flags);
  config.psks = identity.psks();
  config.clock = clock_of(run);
  config.random = crypto::system_random();
  config.memory = tls::system_memory();
  config.alpn = rules.protocol_views;
  config.credentials = identity.credentials();
  config.ask_for_credential = asks_for_credential(flags, identity);
  config.events = Heard::sink(heard);
  config.keep_peer_certificates = true;
  config.export_keys = true;
  config.request_status = flags.enable_ocsp_stapling || flags.enable_timestamps;
  config.early_data = flags.early_data ? &tls::kClientEarlyData : nullptr;
  if (is_resume && !run.session) {
    throw Unexpected("there is no session to offer");
  }
  // An address is not sent as server_name.
  const std::string name = flags.host_name.empty() ? "192.0.2.1" : flags.host_name;
  tls::Client client =
      need(tls::Client::create(config, name, is_resume ? &*run.session : nullptr), "a client");
  need(converse(client, flags, identity, heard, is_resume, {&client, nullptr, &retry},
                [&](const Flags& now) { keep_session(run, now, client); }),
       "the client");
}

int run(const std::vector<std::string>& arguments) {
  const AllFlags all = parse_flags(arguments);
  if (all.initial.is_handshaker_supported) {
    std::puts("No");
    return 0;
  }
  Run run;
  for (int i = 0; i <= all.initial.resume_count; ++i) {
    const Flags& flags = i == 0 ? all.initial : all.resume;
    if (flags.server) {
      serve(run, flags, i != 0);
    } else {
      fetch(run, flags, all.retry, i != 0);
    }
    run.seconds_later += flags.resumption_delay;
  }
  return 0;
}

int run_and_report(const std::vector<std::string>& arguments) {
  try {
    return run(arguments);
  } catch (const Unimplemented& missing) {
    std::fprintf(stderr, "not there: %s\n", missing.what());
    return kUnimplemented;
  } catch (const Unexpected& wrong) {
    std::fprintf(stderr, "unexpected: %s\n", wrong.what());
    return kUnexpected;
  } catch (const std::exception& failure) {
    std::fprintf(stderr, "%s\n", failure.what());
    return kFailed;
  }
}

}  // namespace
}  // namespace bogo

int main(int argc, char** argv) {
  const int code = bogo::run_and_report({argv + 1, argv + argc});
  // Output after this line comes from a tool such as a sanitizer.
  std::fputs("--- DONE ---\n", stderr);
  return code;
}
