// SPDX-License-Identifier: Apache-2.0
// The shape of OCSP responses: each element of a good one is given one more, one less or another content,
// with all lengths around it right, and no signature is looked at.
#include "ocsp/response.hpp"

#include "catch.hpp"
#include "support/ocsp_responses.hpp"

#include <functional>

using namespace ashlar;
using namespace ashlar::test;

namespace {

// An element of a tree. The OCTET STRING of responseBytes is a node too, whose child is what it holds.
struct Node {
  std::uint8_t tag = 0;
  Buffer content;  // of one without children
  bool inner = false;
  std::vector<Node> children;
};

Node tree_of(asn1::DerReader& reader) {
  const auto element = reader.any();
  REQUIRE(element);
  Node node;
  node.tag = element->whole[0];
  const bool holds = node.tag == 0x04 && element->content.size() > 100;
  node.inner = (node.tag & 0x20) != 0 || holds;
  if (!node.inner) {
    node.content = buffer_of(element->content);
    return node;
  }
  for (asn1::DerReader content(element->content); !content.empty();) {
    node.children.push_back(tree_of(content));
  }
  return node;
}

Buffer written(const Node& node) {
  Buffer content = node.content;
  for (const Node& child : node.children) {
    const Buffer part = written(child);
    content.insert(content.end(), part.begin(), part.end());
  }
  Buffer out = {node.tag};
  if (content.size() >= 0x80) {
    out.push_back(static_cast<std::uint8_t>(content.size() < 0x100 ? 0x81 : 0x82));
    if (content.size() >= 0x100) {
      out.push_back(static_cast<std::uint8_t>(content.size() >> 8));
    }
  }
  out.push_back(static_cast<std::uint8_t>(content.size()));
  out.insert(out.end(), content.begin(), content.end());
  return out;
}

// Calls it with every node, the outer before the inner.
void each(Node& node, const std::function<void(Node&)>& call) {
  call(node);
  for (Node& child : node.children) {
    each(child, call);
  }
}

Node& first(Node& root, std::uint8_t tag, std::size_t number = 0) {
  Node* found = nullptr;
  each(root, [&](Node& node) {
    if (node.tag == tag && found == nullptr && number-- == 0) {
      found = &node;
    }
  });
  REQUIRE(found != nullptr);
  return *found;
}

// One of each form.
std::vector<Buffer> good_responses() {
  CertificateSpec leaf;
  leaf.serial = unhex("0123456789");
  OcspSpec plain;
  plain.certificate = make(leaf);
  plain.nonce = true;
  OcspSpec revoked = plain;
  revoked.status = 1;
  revoked.reason = 4;
  revoked.by_key = true;
  revoked.copies = 2;
  OcspSpec unknown = plain;
  unknown.status = 2;
  unknown.next_update.reset();
  unknown.nonce = false;
  return {make(plain), make(revoked), make(unknown)};
}

ErrorCode code_of(const Node& root) {
  const auto read = x509::read_basic_response(written(root));
  return read ? ErrorCode{} : read.error().code;
}

}  // namespace

TEST_CASE("X34 OCSP shape: no element has one more behind its last, whatever it is") {
  for (const Buffer& response : good_responses()) {
    asn1::DerReader reader(response);
    Node root = tree_of(reader);
    REQUIRE(written(root) == response);
    REQUIRE(code_of(root) == ErrorCode{});
    std::size_t number = 0;
    each(root, [&](Node& node) {
      ++number;
      // The signature's algorithm may have parameters. Whether it does, its row says, when the signature is
      // checked.
      if (!node.inner ||
          (node.children.size() == 1 && node.children[0].content == unhex("2a8648ce3d040302"))) {
        return;
      }
      INFO("element " << number << ", tag " << static_cast<int>(node.tag));
      for (const Node& more :
           {Node{0x05, {}, false, {}}, Node{0x30, {}, true, {}}, Node{0xa7, {}, true, {}}}) {
        node.children.push_back(more);
        CHECK(code_of(root) != ErrorCode{});
        node.children.pop_back();
      }
    });
    CHECK(number > 25);
    CHECK(code_of(root) == ErrorCode{});
  }
}

TEST_CASE("X34 OCSP shape: no element that is needed may be missing") {
  for (const Buffer& response : good_responses()) {
    asn1::DerReader reader(response);
    Node root = tree_of(reader);
    std::vector<std::string> optional;
    each(root, [&](Node& node) {
      for (std::size_t i = 0; i < node.children.size(); ++i) {
        const Node child = node.children[i];
        node.children.erase(node.children.begin() + static_cast<std::ptrdiff_t>(i));
        if (code_of(root) == ErrorCode{}) {
          optional.push_back(hex(Buffer{node.tag, child.tag}));
        }
        node.children.insert(node.children.begin() + static_cast<std::ptrdiff_t>(i), child);
      }
    });
    // Parameters of a hash, a reason, a nextUpdate, extensions, one of two entries, and the empty list of
    // none.
    for (const std::string& each_one : optional) {
      INFO(each_one);
      CHECK((each_one == "3005" || each_one == "a1a0" || each_one == "30a0" || each_one == "30a1" ||
             each_one == "3030"));
    }
  }
}

TEST_CASE("X34 OCSP shape: contents that mean nothing are refused") {
  struct Row {
    const char* what;
    std::size_t response;  // of good_responses
    std::uint8_t tag;
    std::size_t number;  // of those with the tag
    Buffer content;
    ErrorCode error;
  };
  const Row rows[] = {
      {"a status of two bytes", 0, 0x0a, 0, unhex("0000"), ErrorCode::der_integer_too_large},
      {"a negative status", 0, 0x0a, 0, unhex("80"), ErrorCode::der_integer_too_large},
      {"an empty status", 0, 0x0a, 0, {}, ErrorCode::der_integer_too_large},
      {"a hash's parameters with content", 0, 0x05, 0, unhex("00"), ErrorCode::der_bad_null},
      {"good with content", 0, 0x80, 0, unhex("00"), ErrorCode::der_bad_null},
      {"unknown with content", 2, 0x82, 0, unhex("00"), ErrorCode::der_bad_null},
      {"a reason of two bytes", 1, 0x0a, 1, unhex("0001"), ErrorCode::der_integer_too_large},
      {"a key hash of 19 bytes", 1, 0x04, 1, Buffer(19, 1), ErrorCode::unsupported_ocsp_response},
      {"a key hash of 21 bytes", 1, 0x04, 1, Buffer(21, 1), ErrorCode::unsupported_ocsp_response},
      {"an empty serial number", 0, 0x02, 0, {}, ErrorCode::der_integer_empty},
  };
  const std::vector<Buffer> responses = good_responses();
  for (const Row& row : rows) {
    INFO(row.what);
    asn1::DerReader reader(responses[row.response]);
    Node root = tree_of(reader);
    Node& changed = first(root, row.tag, row.number);
    REQUIRE_FALSE(changed.inner);
    changed.content = row.content;
    CHECK(code_of(root) == row.error);
  }
}

TEST_CASE("X34 OCSP shape: a list of extensions has one, and every entry is read") {
  const std::vector<Buffer> responses = good_responses();
  {
    asn1::DerReader reader(responses[0]);
    Node root = tree_of(reader);
    Node& extensions = first(root, 0xa1, 1);  // behind byName
    REQUIRE(extensions.children.size() == 1);
    extensions.children[0].children.clear();
    CHECK(code_of(root) == ErrorCode::der_empty);
  }
  // The second entry's status is none: the first is sound.
  asn1::DerReader reader(responses[1]);
  Node root = tree_of(reader);
  Node& second = first(root, 0xa1, 1);
  second.tag = 0x83;
  second.inner = false;
  second.children.clear();
  CHECK(code_of(root) == ErrorCode::der_unexpected_tag);
}

TEST_CASE("X34 OCSP shape: parameters of a hash are NULL or absent") {
  const Buffer response = good_responses()[0];
  asn1::DerReader reader(response);
  Node root = tree_of(reader);
  Node& parameters = first(root, 0x05);
  parameters = Node{0x04, {}, false, {}};
  CHECK(code_of(root) == ErrorCode::bad_algorithm_parameters);
}

TEST_CASE("X34 OCSP shape: behind the list of certificates comes nothing") {
  CertificateSpec leaf;
  leaf.serial = unhex("0123456789");
  OcspSpec spec;
  spec.certificate = make(leaf);
  spec.certificates = {spec.certificate};
  const Buffer response = make(spec);
  asn1::DerReader reader(response);
  Node root = tree_of(reader);
  // responseBytes [0], its SEQUENCE, the OCTET STRING, BasicOCSPResponse, certs [0]
  Node& basic = root.children[1].children[0].children[1].children[0];
  REQUIRE(basic.children.size() == 4);
  REQUIRE(basic.children[3].tag == 0xa0);
  REQUIRE(code_of(root) == ErrorCode{});
  basic.children[3].children.push_back(Node{0x05, {}, false, {}});
  CHECK(code_of(root) == ErrorCode::trailing_data);
}
