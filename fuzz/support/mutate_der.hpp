// SPDX-License-Identifier: Apache-2.0
// A mutator for inputs in DER: elements are changed, left out, doubled, swapped, retagged or copied
// elsewhere, also those inside of OCTET STRINGs and BIT STRINGs, and all lengths around them are right again.
#pragma once

#include "support/mutate.hpp"
#include "support/plain.hpp"

namespace ashlar::fuzz {

struct DerNode {
  std::uint8_t tag = 0;
  Mutable content;                // of a leaf, or what stands before the children (a BIT STRING's first byte)
  std::vector<DerNode> children;  // empty: a leaf
};

inline std::vector<DerNode> der_nodes(Bytes input, unsigned depth) {
  std::vector<DerNode> nodes;
  plain::Cursor in{input};
  while (!in.done()) {
    plain::Der element;
    if (!plain::read_der(in, element)) {
      return {};
    }
    DerNode node;
    node.tag = element.tag;
    const bool bits = element.tag == 0x03 && !element.content.empty() && element.content[0] == 0;
    if (depth < 24 && ((element.tag & 0x20) != 0 || element.tag == 0x04 || bits)) {
      node.children = der_nodes(element.content.subspan(bits ? 1 : 0), depth + 1);
    }
    if (node.children.empty()) {
      node.content.assign(element.content.begin(), element.content.end());
    } else if (bits) {
      node.content = {0};
    }
    nodes.push_back(std::move(node));
  }
  return nodes;
}

inline void write_der_node(const DerNode& node, Mutable& out) {
  Mutable content = node.content;
  for (const DerNode& child : node.children) {
    write_der_node(child, content);
  }
  out.push_back(node.tag);
  const std::size_t size = content.size();
  if (size < 0x80) {
    out.push_back(static_cast<std::uint8_t>(size));
  } else {
    const std::uint8_t bytes = size < 0x100 ? 1 : size < 0x10000 ? 2 : 3;
    out.push_back(static_cast<std::uint8_t>(0x80 | bytes));
    for (std::uint8_t i = bytes; i-- > 0;) {
      out.push_back(static_cast<std::uint8_t>(size >> (8 * i)));
    }
  }
  out.insert(out.end(), content.begin(), content.end());
}

// All lists of elements, so that each has the same chance.
inline void der_lists(std::vector<DerNode>& nodes, std::vector<std::vector<DerNode>*>& lists) {
  lists.push_back(&nodes);
  for (DerNode& node : nodes) {
    if (!node.children.empty()) {
      der_lists(node.children, lists);
    }
  }
}

inline Mutable mutate_der(Bytes input, Chance& chance) {
  std::vector<DerNode> nodes = der_nodes(input, 0);
  if (nodes.empty()) {
    return {};
  }
  std::vector<std::vector<DerNode>*> lists;
  der_lists(nodes, lists);
  auto& list = *lists[pick(chance, lists.size())];
  const std::size_t at = pick(chance, list.size());
  const auto place = list.begin() + static_cast<std::ptrdiff_t>(at);
  switch (pick(chance, 7)) {
    case 0:
      if (lists.size() > 1 || list.size() > 1) {
        list.erase(place);
      }
      break;
    case 1:
      list.insert(place, DerNode(list[at]));
      break;
    case 2:
      std::swap(list[at], list[pick(chance, list.size())]);
      break;
    case 3:
      list[at].tag = static_cast<std::uint8_t>(list[at].tag ^ (1u << pick(chance, 8)));
      break;
    case 4: {
      const auto& other = *lists[pick(chance, lists.size())];
      if (!other.empty()) {
        const DerNode copy = other[pick(chance, other.size())];
        list.insert(list.begin() + static_cast<std::ptrdiff_t>(at), copy);
      }
      break;
    }
    default:
      mutate_bytes(list[at].content, 8);
      break;
  }
  Mutable out;
  for (const DerNode& node : nodes) {
    write_der_node(node, out);
  }
  return out;
}

}  // namespace ashlar::fuzz
