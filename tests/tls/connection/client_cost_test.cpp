// SPDX-License-Identifier: Apache-2.0
// What an unauthenticated server can make a client spend (D01). Its flight may be as large and as odd as the
// bounds of messages and chains allow. It costs no more than three honest handshakes and three readings of
// its bytes.
#include "catch.hpp"
#include "support/certificates.hpp"
#include "support/sanitiser.hpp"
#include "support/skip.hpp"
#include "tls/support/cost.hpp"
#include "tls/support/pipe.hpp"

using namespace ashlar;
using namespace ashlar::test;

namespace {

// What the client trusts, and an honest server under that trust. Hostile servers reuse its messages.
struct HostileServer {
  const char* name;
  std::string_view root, leaf;
  const tls::tls12::Suite* suite;  // null: the best one
  Roots roots{root};
  Buffer root_der = der_of(root), leaf_der = der_of(leaf);
  std::vector<Buffer> flights;   // of the honest server
  std::vector<Buffer> messages;  // of the first of them

  HostileServer(const char* name, std::string_view root, std::string_view leaf, const x509::PrivateKey& key,
                const tls::tls12::Suite* suite = nullptr)
      : name(name), root(root), leaf(leaf), suite(suite) {
    Setup setup;
    Identity identity(leaf, key);
    auto client = make_client(setup);
    setup.server.credentials = &identity.credentials;
    auto server = setup.make_server();
    while (!client.handshake_done()) {
      REQUIRE_FALSE(feed_all(server, drain(client)));
      flights.push_back(drain(server));
      REQUIRE_FALSE(feed_all(client, flights.back()));
    }
    for (const Buffer& record : Refragmenter(Refragmenter::kByMessage).feed(flights[0])) {
      messages.emplace_back(record.begin() + 5, record.end());
    }
  }

  tls::Client make_client(Setup& setup) const {
    if (suite != nullptr) {
      setup.use(*suite);
    }
    setup.client.verifier = roots.verifier();
    setup.client.credentials = &setup.rsa.credentials;
    return setup.make_client();
  }
  double client_time(const std::vector<Buffer>& flights) const {
    return least_time(flights, [this](Setup& setup) { return make_client(setup); });
  }
};

Buffer framed(unsigned type, const Buffer& body) {
  return Buffer{static_cast<std::uint8_t>(type)} + prefixed(3, body);
}

Buffer certificates(const std::vector<Buffer>& chain) {
  Buffer list;
  for (const Buffer& each : chain) {
    list = list + prefixed(3, each);
  }
  return framed(11, prefixed(3, list));
}

// A SubjectPublicKeyInfo of an RSAPublicKey whose modulus has unknown factors.
Buffer rsa_spki(std::size_t bits, std::string_view exponent) {
  Buffer modulus = noise(bits / 8);
  modulus.front() |= 0x80;
  modulus.back() |= 1;
  const Buffer key = der([&](asn1::DerWriter& w) {
    const auto numbers = w.sequence();
    w.unsigned_integer(modulus);
    w.unsigned_integer(unhex(exponent));
  });
  return der([&](asn1::DerWriter& w) {
    const auto spki = w.sequence();
    w.raw(unhex("300d06092a864886f70d0101010500"));
    w.bit_string(key);
  });
}

CertificateSpec forged(const Buffer& subject, const Buffer& issuer, bool ca) {
  CertificateSpec spec;
  spec.subject = subject;
  spec.issuer = issuer;
  spec.extensions = {ca ? basic_constraints(true) : alt_names({dns("server.example")})};
  return spec;
}

std::vector<NameSpec> many_names(std::size_t count, const std::string& tail) {
  std::vector<NameSpec> names;
  for (std::size_t i = 0; i < count; i++) {
    names.push_back(dns(std::to_string(i) + tail));
  }
  return names;
}

// As many elements as fit a certificate, in an extension whose whole tree is read.
CertificateSpec dense(const Buffer& subject, const Buffer& issuer, bool ca) {
  CertificateSpec spec = forged(subject, issuer, ca);
  // In a qualifier of a policy, which may be anything.
  spec.extensions.push_back({x509::oids::kCertificatePolicies, false, der([](asn1::DerWriter& w) {
                               const auto policies = w.sequence();
                               const auto policy = w.sequence();
                               w.oid(asn1::oid("1.2.3"));
                               const auto qualifiers = w.sequence();
                               const auto qualifier = w.sequence();
                               w.oid(asn1::oid("1.2.4"));
                               const auto outer = w.sequence();
                               for (int i = 0; i < 31000; i++) {
                                 w.null();
                               }
                             })});
  return spec;
}

// A Name with this many parts.
Buffer long_name(std::size_t count) {
  return der([&](asn1::DerWriter& w) {
    const auto name = w.sequence();
    for (std::size_t i = 0; i < count; i++) {
      const auto rdn = w.set();
      const auto attribute = w.sequence();
      w.oid(x509::oids::kCommonName);
      w.element(asn1::Tag::utf8_string, bytes_of("a"));
    }
  });
}

// Seconds of reading per byte, for the slowest certificates.
double reading_time() {
  const Buffer certificates[] = {make(dense(name_of("leaf"), name_of("ca"), false)),
                                 make(forged(long_name(4500), name_of("ca"), false))};
  double longest = 0;
  for (const Buffer& certificate : certificates) {
    double least = 1e9;
    for (int round = 0; round < 7; ++round) {
      const double start = cpu_seconds();
      REQUIRE(x509::Certificate::parse(certificate));
      least = std::min(least, cpu_seconds() - start);
    }
    longest = std::max(longest, least / static_cast<double>(certificate.size()));
  }
  return longest;
}

struct Attack {
  std::string name;
  Buffer flight;
  std::size_t size;  // of its messages
};

std::vector<Attack> attacks_on(const HostileServer& scene) {
  const auto root = *x509::Certificate::parse(scene.root_der);
  const Buffer anchor = buffer_of(root.subject()), nobody = name_of("nobody");
  // The issuer's algorithm, so that the check reaches its arithmetic.
  const Buffer algorithm =
      buffer_of(x509::Certificate::parse(scene.leaf_der)->signature_algorithm_identifier());
  const auto sealed = [&](CertificateSpec spec) {
    spec.inner_algorithm = spec.outer_algorithm = algorithm;
    return make(spec);
  };
  std::vector<Attack> attacks;
  const auto add = [&](const std::string& name, const std::vector<Buffer>& messages) {
    Buffer flight;
    for (const Buffer& each : messages) {
      flight = flight + each;
    }
    attacks.push_back({name, in_records(flight, 16384), flight.size()});
    attacks.push_back({name + ", in single bytes", in_records(flight, 1), flight.size()});
  };
  const auto add_chain = [&](const std::string& name, const std::vector<Buffer>& chain) {
    add(name, {scene.messages[0], certificates(chain)});
  };
  Buffer all;
  for (const Buffer& each : scene.messages) {
    all = all + each;
  }
  attacks.push_back({"the honest flight in single bytes", in_records(all, 1), all.size()});

  std::vector<Buffer> chain = {sealed(forged(name_of("leaf"), anchor, false))};
  for (int i = 0; i < 9; i++) {
    chain.push_back(sealed(forged(anchor, anchor, true)));
    chain.back()[20] ^= static_cast<std::uint8_t>(i);
  }
  add_chain("ten that claim to be the anchor's", chain);

  for (const std::size_t bits : {2048u, 4096u, 8192u}) {
    for (const char* exponent : {"010001", "01ffffffff"}) {
      chain.clear();
      for (int i = 0; i < 10; i++) {
        CertificateSpec spec =
            forged(name_of(std::to_string(i)), i == 9 ? anchor : name_of(std::to_string(i + 1)), i > 0);
        spec.spki = rsa_spki(bits, exponent);
        chain.push_back(sealed(spec));
      }
      add_chain("a chain of RSA keys, " + std::to_string(bits) + " bits, exponent " + exponent, chain);
    }
  }

  chain = {sealed(forged(name_of("leaf"), name_of("ca"), false))};
  for (int i = 0; i < 9; i++) {
    CertificateSpec spec = forged(name_of("ca"), name_of("ca"), true);
    spec.key = static_cast<std::uint64_t>(i);
    chain.push_back(sealed(spec));
  }
  add_chain("nine of one name that issued each other", chain);

  CertificateSpec named = forged(name_of("leaf"), name_of("ca"), false);
  named.extensions = {alt_names(many_names(1024, ".example"))};
  CertificateSpec constrained = forged(name_of("ca"), anchor, true);
  constrained.extensions.push_back(name_constraints({}, many_names(1024, ".test")));
  add_chain("a thousand names under a thousand constraints", {sealed(named), sealed(constrained)});

  named.issuer = anchor;
  named.extensions = {alt_names(many_names(600, ".example"))};
  constrained = forged(anchor, anchor, true);
  constrained.extensions.push_back(alt_names(many_names(600, ".example")));
  add_chain("ten of six hundred names each",
            {sealed(named), sealed(constrained), sealed(constrained), sealed(constrained),
             sealed(constrained), sealed(constrained), sealed(constrained), sealed(constrained),
             sealed(constrained), sealed(constrained)});

  add_chain("two of thirty thousand elements",
            {sealed(dense(name_of("leaf"), anchor, false)), sealed(dense(anchor, anchor, true))});
  chain = {sealed(forged(long_name(2200), anchor, false)), sealed(forged(anchor, long_name(5000), true)),
           sealed(forged(anchor, long_name(2200), true))};
  add_chain("names of thousands of parts", chain);
  chain.clear();
  for (int i = 0; i < 10; i++) {
    chain.push_back(sealed(forged(long_name(500), long_name(500), i > 0)));
  }
  add_chain("long names that are all alike", chain);

  chain = {};
  for (int i = 0; i < 10; i++) {
    CertificateSpec spec = forged(i == 0 ? name_of("leaf") : anchor, anchor, i > 0);
    spec.extensions.push_back({asn1::oid("1.3.6.1.4.1.99999.1"), false, Buffer(12500)});
    chain.push_back(sealed(spec));
  }
  add_chain("ten large ones that claim to be the anchor's", chain);

  // The server's own certificate, which anyone may copy, and then messages that it cannot have signed.
  const bool ecdhe = scene.messages.size() == 4;
  const std::vector<Buffer> copied = {scene.messages[0], scene.messages[1]};
  if (ecdhe) {
    Buffer exchange = scene.messages[2];
    exchange.back() ^= 1;
    add("a key exchange with a bad signature", {copied[0], copied[1], exchange});
    std::vector<Buffer> padded = {scene.leaf_der};
    for (int i = 0; i < 9; i++) {
      padded.push_back(sealed(forged(anchor, anchor, true)));
    }
    add("the same among unrelated certificates", {copied[0], certificates(padded), exchange});
  } else {
    Buffer names;
    for (int i = 0; i < 20000; i++) {
      names.insert(names.end(), {0, 1, 5});
    }
    Buffer schemes;
    for (int i = 0; i < 32000; i++) {
      schemes.insert(schemes.end(), {0xfe, 0xfe});
    }
    const Buffer few = Buffer{0x06, 0x01};
    add("many names of authorities",
        {copied[0], copied[1], framed(13, prefixed(1, Buffer{1}) + prefixed(2, few) + prefixed(2, names))});
    add("many schemes",
        {copied[0], copied[1], framed(13, prefixed(1, Buffer{1}) + prefixed(2, schemes) + prefixed(2, {}))});
    add("many certificate types",
        {copied[0], copied[1], framed(13, prefixed(1, Buffer(255, 2)) + prefixed(2, few) + prefixed(2, {}))});
  }
  return attacks;
}

}  // namespace

TEST_CASE(
    "D01 cost: no flight of a server takes a client longer than three honest handshakes and three "
    "readings") {
  if (kFramesHoldCopies || kEmulated) {
    SKIP_CASE("what is watched or emulated takes other times");
  }
  const HostileServer scenes[] = {
      {"P-256", pem::kCa, pem::kEcdsaServer, ecdsa_key()},
      {"P-384", pem::kP384Ca, pem::kP384Server, ecdsa_key()},
      {"RSA key transport", pem::kCa, pem::kRsaServer, rsa_key(), &tls::kRsaAes128GcmSha256},
  };
  const double densest = reading_time();
  for (const HostileServer& scene : scenes) {
    const double honest = scene.client_time(scene.flights);
    for (const Attack& attack : attacks_on(scene)) {
      const double spent = scene.client_time({attack.flight, scene.flights[1]});
      INFO(scene.name << ": " << attack.name << ", of an honest handshake " << spent / honest);
      CHECK(spent <= 3 * honest + 3 * densest * static_cast<double>(attack.size));
    }
  }
}

TEST_CASE("D01 cost: records beyond any honest server's number are refused") {
  const HostileServer scene{"P-256", pem::kCa, pem::kEcdsaServer, ecdsa_key()};
  Setup setup;
  auto client = scene.make_client(setup);
  (void)drain(client);
  const Buffer chain(0x10000);
  const auto error = feed_all(client, in_records(scene.messages[0] + Buffer{11, 1, 0, 0} + chain, 1));
  REQUIRE(error);
  CHECK(error->code == ErrorCode::fragment_flood);
  CHECK(error->detail < 16700);
}
