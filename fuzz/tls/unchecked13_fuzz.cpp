// SPDX-License-Identifier: Apache-2.0
// TLS 1.3 with records and Finished that are not checked, so that any message gets past them; signatures are
// real
//
// The first byte says which side is under test. What a side takes is held against a plain reading of RFC
// 9846.
#include "support/mutate_tls.hpp"
#include "support/plain_tls13.hpp"
#include "tls/tls13.hpp"

namespace {

using namespace ashlar;
using fuzz::Told;
using fuzz::plain::Opinion;
using enum tls::HandshakeType;

const tls::tls13::Suite kSuite = {
    {tls::SuiteId{0xfafe}, "unchecked, TLS 1.3", "-", &fuzz::unchecked::kCipher, &fuzz::unchecked::kHash}};
const tls::tls13::Suite* const kSuites[] = {&kSuite};

const tls::Policy& policy() {
  static const tls::Policy made = [] {
    tls::Policy of = fuzz::policy13();
    of.tls13_suites = kSuites;
    return of;
  }();
  return made;
}

// The extensions behind `start` bytes of a body are all among the client's offers.
void check_asked(const fuzz::PlainHello& client, Bytes block) {
  fuzz::plain::Cursor in{block};
  std::vector<fuzz::plain::PlainExtension> extensions;
  FUZZ_CHECK(fuzz::plain::read_extensions(in, extensions));
  for (const auto& each : extensions) {
    FUZZ_CHECK(client.extension(each.type) != nullptr);
  }
}

void check_encrypted_extensions(const fuzz::PlainHello& client, Bytes body) {
  FUZZ_CHECK(fuzz::plain::judge_encrypted_extensions(body) == Opinion::right);
  check_asked(client, body);
  fuzz::plain::Cursor in{body};
  std::vector<fuzz::plain::PlainExtension> extensions;
  fuzz::plain::read_extensions(in, extensions);
  for (const auto& each : extensions) {
    if (each.type == 16) {
      const Bytes list = client.extension(16)->subspan(2), name = each.body.subspan(2);
      FUZZ_CHECK(std::search(list.begin(), list.end(), name.begin(), name.end()) != list.end());
    }
    FUZZ_CHECK(each.type != 28 || each.body[0] * 256u + each.body[1] <= (1u << 14) + 1);
  }
}

// A Certificate in the handshake (§4.4.2): no context, and of a server at least one.
void check_certificate(const fuzz::PlainHello* client, Bytes body, bool by_server) {
  FUZZ_CHECK(fuzz::plain::judge_certificate13(body) == Opinion::right);
  FUZZ_CHECK(body[0] == 0 && (!by_server || body.size() > 4));
  fuzz::plain::Cursor list{body.subspan(4)};
  while (client != nullptr && !list.done()) {
    list.vector(3);
    const std::size_t start = list.at;
    list.vector(2);
    check_asked(*client, list.data.subspan(start, list.at - start));
  }
}

// The messages that a peer may send, in their order (§2). Types alone.
void check_order(const fuzz::Witness& witness, bool is_client, bool resumed) {
  std::string order;
  for (const Told& told : witness.messages) {
    if (told.direction == tls::Direction::received && told.type != server_hello &&
        told.type != client_hello) {
      order += static_cast<char>('A' + static_cast<int>(told.type));
    }
  }
  order = order.substr(0, order.find('A' + 20) + 1);  // to Finished
  const auto is = [&](std::initializer_list<int> types) {
    std::string expected;
    for (const int type : types) {
      expected += static_cast<char>('A' + type);
    }
    return order == expected;
  };
  if (is_client) {
    FUZZ_CHECK(resumed ? is({8, 20}) : is({8, 11, 15, 20}) || is({8, 13, 11, 15, 20}));
  } else {
    FUZZ_CHECK(is({20}) || is({11, 20}) || is({11, 15, 20}));
  }
}

void judge(const fuzz::Outcome& outcome, const fuzz::Witness& witness, bool is_client) {
  const auto of_client = is_client ? tls::Direction::sent : tls::Direction::received;
  const auto of_server = is_client ? tls::Direction::received : tls::Direction::sent;
  FUZZ_CHECK(witness.handshakes_done == (outcome.done ? 1u : 0u) && witness.errors <= 1);
  const Told* offer = nullptr;
  for (const Told& told : witness.messages) {
    if (told.type == client_hello) {
      offer = &told;
    } else if (told.type == server_hello) {
      FUZZ_CHECK(offer != nullptr);
      fuzz::check_answer13(*offer, told);
    }
  }
  if (offer == nullptr) {
    FUZZ_CHECK(!outcome.done);
    return;
  }
  const fuzz::PlainHello client(offer->body, true);
  if (const Told* const told = witness.find(encrypted_extensions, of_server)) {
    check_encrypted_extensions(client, told->body);
  }
  const Told* const request = witness.find(certificate_request, of_server);
  if (request != nullptr) {
    FUZZ_CHECK(fuzz::plain::judge_certificate_request13(request->body) == Opinion::right &&
               request->body[0] == 0);
  }
  for (const bool by_server : {true, false}) {
    const auto direction = by_server ? of_server : of_client;
    const Told* const shown = witness.find(certificate, direction);
    const Told* const verify = witness.find(certificate_verify, direction);
    if (shown != nullptr) {
      check_certificate(by_server ? &client : nullptr, shown->body, by_server);
    }
    if (verify != nullptr) {
      FUZZ_CHECK(shown != nullptr);
      fuzz::check_signature13(witness, *shown, *verify, policy(), fuzz::unchecked::kHash, by_server);
    }
    FUZZ_CHECK(!outcome.done || shown == nullptr || (shown->body.size() > 4) == (verify != nullptr));
  }
  if (outcome.done) {
    FUZZ_CHECK(witness.find(finished, of_client) != nullptr && witness.find(finished, of_server) != nullptr);
    check_order(witness, is_client, witness.find(certificate, of_server) == nullptr);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size > 20000 || size < 3) {
    return -1;
  }
  const Bytes input = Bytes(data, size).subspan(1);
  if ((data[0] & 1) == 0) {
    fuzz::check_client(policy(), input, [](const fuzz::Outcome& outcome, const fuzz::Witness& witness) {
      judge(outcome, witness, true);
    });
  } else {
    fuzz::check_server(
        policy(), input, tls::ClientAuthentication::request, false,
        [](const fuzz::Outcome& outcome, const fuzz::Witness& witness) { judge(outcome, witness, false); });
  }
  return 0;
}

ASHLAR_FUZZ_MUTATOR(ashlar::fuzz::mutate_records<3>)
