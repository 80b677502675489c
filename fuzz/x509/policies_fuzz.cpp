// SPDX-License-Identifier: Apache-2.0
// Certificate policies: a path is valid exactly if the tree of RFC 5280 §6.1, grown node by node, says so
//
// The script: what is demanded, how many certificates, and for each its policies, mappings and limits.
#include <ashlar/x509/verify.hpp>

#include "support/choices.hpp"
#include "x509/mock.hpp"

#include <algorithm>
#include <memory>

using namespace ashlar;
using fuzz::MockCertificate;

namespace {

constexpr std::int64_t kNow = 1750000000;

// --- RFC 5280 §6.1 as it is written ---

struct Node {
  std::uint8_t valid_policy;
  std::vector<std::uint8_t> expected;
  Node* parent;
  std::size_t depth;
  bool alive = true;
};

struct Tree {
  std::vector<std::unique_ptr<Node>> nodes;
  bool is_null = false;

  Tree() { nodes.push_back(std::make_unique<Node>(Node{0, {0}, nullptr, 0})); }
  Node* add(Node* parent, std::uint8_t policy, std::vector<std::uint8_t> expected) {
    nodes.push_back(std::make_unique<Node>(Node{policy, std::move(expected), parent, parent->depth + 1}));
    return nodes.back().get();
  }
  std::vector<Node*> at(std::size_t depth) const {
    std::vector<Node*> found;
    for (const auto& node : nodes) {
      if (node->alive && node->depth == depth) {
        found.push_back(node.get());
      }
    }
    return found;
  }
  bool has_child(const Node* node) const {
    return std::any_of(nodes.begin(), nodes.end(),
                       [&](const auto& other) { return other->alive && other->parent == node; });
  }
  // Nodes above `depth` without children go, from below.
  void prune(std::size_t depth) {
    for (std::size_t level = depth; level-- > 0;) {
      for (Node* node : at(level)) {
        node->alive = has_child(node);
      }
    }
    is_null = is_null || at(0).empty();
  }
};

bool holds(const std::vector<std::uint8_t>& list, std::uint8_t policy) {
  return std::find(list.begin(), list.end(), policy) != list.end();
}

// (d): the policies of certificate i.
void take(Tree& tree, std::size_t i, const std::vector<std::uint8_t>& policies, bool any_counts) {
  const std::vector<Node*> above = tree.at(i - 1);
  for (const std::uint8_t policy : policies) {
    if (policy == 0) {
      continue;
    }
    bool matched = false;
    for (Node* node : above) {
      if (holds(node->expected, policy)) {
        matched = true;
        tree.add(node, policy, {policy});
      }
    }
    for (Node* node : above) {
      if (!matched && node->valid_policy == 0) {
        tree.add(node, policy, {policy});
      }
    }
  }
  if (holds(policies, 0) && any_counts) {
    for (Node* node : above) {
      for (const std::uint8_t policy : node->expected) {
        const auto below = tree.at(i);
        if (std::none_of(below.begin(), below.end(), [&](const Node* child) {
              return child->parent == node && child->valid_policy == policy;
            })) {
          tree.add(node, policy, {policy});
        }
      }
    }
  }
  tree.prune(i);
}

// §6.1.4 (b).
void map(Tree& tree, std::size_t i, const MockCertificate& c, bool allowed) {
  std::vector<std::uint8_t> froms;
  for (const auto& mapping : c.mappings) {
    if (!holds(froms, mapping.first)) {
      froms.push_back(mapping.first);
    }
  }
  for (const std::uint8_t from : froms) {
    std::vector<std::uint8_t> targets;
    for (const auto& mapping : c.mappings) {
      if (mapping.first == from && !holds(targets, mapping.second)) {
        targets.push_back(mapping.second);
      }
    }
    bool named = false;
    for (Node* node : tree.at(i)) {
      if (node->valid_policy == from) {
        named = true;
        node->alive = allowed;
        node->expected = targets;
      }
    }
    for (Node* node : tree.at(i)) {
      if (allowed && !named && node->valid_policy == 0) {
        tree.add(node->parent, from, targets);
      }
    }
  }
  tree.prune(i);
}

bool plain_verdict(const std::vector<MockCertificate>& from_top, const x509::PolicyDemand& demand,
                   const std::vector<std::uint8_t>& acceptable) {
  const std::size_t n = from_top.size();
  std::size_t explicit_policy = demand.require_explicit ? 0 : n + 1;
  std::size_t mapping = demand.inhibit_mapping ? 0 : n + 1;
  std::size_t any = demand.inhibit_any ? 0 : n + 1;
  Tree tree;
  for (std::size_t i = 1; i <= n; ++i) {
    const MockCertificate& c = from_top[i - 1];
    const bool self_issued = c.subject == c.issuer;
    if (!c.policies) {
      tree.is_null = true;
    } else if (!tree.is_null) {
      take(tree, i, *c.policies, any > 0 || (i < n && self_issued));
    }
    if (explicit_policy == 0 && tree.is_null) {
      return false;
    }
    if (i == n) {
      break;
    }
    if (!tree.is_null) {
      map(tree, i, c, mapping > 0);
    }
    if (!self_issued) {
      explicit_policy -= explicit_policy > 0 ? 1 : 0;
      mapping -= mapping > 0 ? 1 : 0;
      any -= any > 0 ? 1 : 0;
    }
    explicit_policy = std::min<std::size_t>(explicit_policy, c.require_explicit.value_or(99));
    mapping = std::min<std::size_t>(mapping, c.inhibit_mapping.value_or(99));
    any = std::min<std::size_t>(any, c.inhibit_any.value_or(99));
  }
  explicit_policy -= explicit_policy > 0 ? 1 : 0;
  if (from_top.back().require_explicit == 0u) {
    explicit_policy = 0;
  }
  if (explicit_policy > 0) {
    return true;
  }
  if (tree.is_null) {
    return false;
  }
  // (g) (iii): a node below anyPolicy with a policy of the user's, or anyPolicy at the leaf.
  for (const Node* leaf : tree.at(n)) {
    const Node* top = leaf;
    while (top->parent->valid_policy != 0) {
      top = top->parent;
    }
    if (acceptable.empty() || top->valid_policy == 0 || holds(acceptable, top->valid_policy)) {
      return true;
    }
  }
  return false;
}

std::optional<std::uint32_t> limit_of(std::uint8_t bits) {
  return (bits & 3) == 3 ? std::nullopt : std::optional<std::uint32_t>(bits & 3);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 4 || size > 80) {
    return -1;
  }
  fuzz::Choices in(data, size);
  const std::uint8_t wanted = in.byte();
  x509::PolicyDemand demand;
  demand.require_explicit = (wanted & 1) != 0;
  demand.inhibit_mapping = (wanted & 2) != 0;
  demand.inhibit_any = (wanted & 4) != 0;
  std::vector<std::uint8_t> acceptable;
  for (std::uint8_t policy = 1; policy <= 4; ++policy) {
    if ((wanted >> (3 + policy) & 1) != 0) {
      acceptable.push_back(policy);
    }
  }
  const std::size_t count = 1 + in.below(5);
  std::vector<MockCertificate> from_top(count);
  for (std::size_t i = 0; i < count; ++i) {
    MockCertificate& c = from_top[i];
    const std::uint8_t policies = in.byte(), limits = in.byte(), how = in.byte();
    const bool self_issued = (how & 1) != 0 && i > 0;
    c.issuer = i == 0 ? "top" : from_top[i - 1].subject;
    c.subject = self_issued ? c.issuer : "n" + std::to_string(i);
    c.signer = i == 0 ? 100 : from_top[i - 1].key;
    c.key = static_cast<std::uint8_t>(i + 1);
    c.subject_key_id = c.key;
    c.authority_key_id = c.signer;
    if (i + 1 < count) {
      c.ca = true;
    }
    if ((policies & 0x80) == 0) {
      c.policies.emplace();
      for (std::uint8_t policy = 0; policy <= 4; ++policy) {
        if ((policies >> policy & 1) != 0) {
          c.policies->push_back(policy);
        }
      }
      if (c.policies->empty()) {
        c.policies.reset();  // an empty list is no certificate of this form
      }
    }
    c.require_explicit = limit_of(limits);
    c.inhibit_mapping = limit_of(limits >> 2);
    c.inhibit_any = limit_of(limits >> 4);
    for (std::size_t mappings = how >> 1 & 3; mappings > 0 && i + 1 < count; --mappings) {
      const std::uint8_t pair = in.byte();
      c.mappings.emplace_back(1 + (pair & 3), 1 + (pair >> 2 & 3));
    }
  }
  std::vector<fuzz::Buffer> ders;
  for (std::size_t i = count; i-- > 0;) {
    ders.push_back(fuzz::make(from_top[i]));
  }
  fuzz::Buffer subject(64), spki(64);
  asn1::DerWriter subject_writer(subject), spki_writer(spki);
  fuzz::write_mock_name(subject_writer, "top");
  fuzz::write_mock_spki(spki_writer, 100);
  x509::TrustAnchor::Parts parts{};
  parts.subject = Bytes(subject).first(subject_writer.size());
  parts.spki = Bytes(spki).first(spki_writer.size());
  auto anchor = x509::TrustAnchor::create(parts);
  FUZZ_CHECK(anchor.ok());
  const std::vector<Bytes> chain(ders.begin(), ders.end());
  std::vector<fuzz::Buffer> oids;
  for (const std::uint8_t policy : acceptable) {
    oids.push_back(fuzz::mock_policy(policy));
  }
  const std::vector<Bytes> views(oids.begin(), oids.end());
  demand.acceptable = views;
  x509::VerifyRequest request;
  request.chain = chain;
  request.anchors = x509::AnchorIndex({&*anchor, 1});
  request.keys = &fuzz::kMockKeys;
  request.now = {kNow};
  request.policies = demand;
  const auto verified = x509::verify_chain_without_name(request);
  const bool good = plain_verdict(from_top, demand, acceptable);
  if (verified) {
    FUZZ_CHECK(good);
    fuzz::accepted("valid");
  } else {
    // It tries the other certificates of a name then, whose keys do not fit.
    FUZZ_CHECK(!good && (verified.error() == ErrorCode::no_valid_policy ||
                         verified.error() == ErrorCode::verification_budget_exhausted));
    fuzz::refused(verified.error());
  }
  return 0;
}
