// SPDX-License-Identifier: Apache-2.0
// Two connections joined in memory. Bytes are taken from one in steps of any size and given to the other in
// steps of any size. In between, handshake messages may be cut into different records.
#pragma once

#include "tls/support/endpoint.hpp"

#include <functional>
#include <random>

namespace ashlar::test {

// Steps of a fixed size, or of random ones.
struct Steps {
  std::size_t fixed = 1 << 16;
  std::mt19937_64* engine = nullptr;
  std::size_t next() const {
    return engine != nullptr ? static_cast<std::size_t>(1 + (*engine)() % fixed) : fixed;
  }
};

// Cuts the plaintext handshake records of one direction differently. Records after ChangeCipherSpec pass
// unchanged.
class Refragmenter {
 public:
  // One message per record, or fragments of this many bytes.
  static constexpr std::size_t kByMessage = 0;
  explicit Refragmenter(std::size_t size) : size_(size) {}

  // Takes bytes and returns whole records.
  std::vector<Buffer> feed(Bytes bytes) {
    input_.insert(input_.end(), bytes.begin(), bytes.end());
    std::vector<Buffer> out;
    while (input_.size() >= 5) {
      const std::size_t length = static_cast<std::size_t>(input_[3]) * 256 + input_[4];
      if (input_.size() < 5 + length) {
        break;
      }
      Buffer record(input_.begin(), input_.begin() + static_cast<std::ptrdiff_t>(5 + length));
      input_.erase(input_.begin(), input_.begin() + static_cast<std::ptrdiff_t>(5 + length));
      if (encrypted_ || record[0] != 22) {
        encrypted_ = encrypted_ || record[0] == 20;
        out.push_back(record);
        continue;
      }
      handshake_.insert(handshake_.end(), record.begin() + 5, record.end());
      cut(out);
    }
    return out;
  }

 private:
  void cut(std::vector<Buffer>& out) {
    while (!handshake_.empty()) {
      std::size_t count = size_;
      if (size_ == kByMessage) {
        count = 4 + (static_cast<std::size_t>(handshake_[1]) << 16 |
                     static_cast<std::size_t>(handshake_[2]) << 8 | handshake_[3]);
        if (count > handshake_.size()) {
          return;
        }
      }
      count = count < handshake_.size() ? count : handshake_.size();
      Buffer record = {22, 3, 3, static_cast<std::uint8_t>(count >> 8), static_cast<std::uint8_t>(count)};
      record.insert(record.end(), handshake_.begin(),
                    handshake_.begin() + static_cast<std::ptrdiff_t>(count));
      handshake_.erase(handshake_.begin(), handshake_.begin() + static_cast<std::ptrdiff_t>(count));
      out.push_back(record);
    }
  }

  std::size_t size_;
  bool encrypted_ = false;
  Buffer input_;
  Buffer handshake_;
};

class Pipe {
 public:
  Pipe(tls::Connection& client, tls::Connection& server) : client_(client), server_(server) {}

  Steps output;
  Steps input;
  Buffer client_got;
  Buffer server_got;

  // Moves bytes in both directions until nothing moves. False if an error is the reason.
  bool run() {
    bool moved = true;
    while (moved) {
      moved = step(client_, server_, to_server_, server_got);
      moved = step(server_, client_, to_client_, client_got) || moved;
    }
    return !client_.error() && !server_.error();
  }
  // Writes everything from one side to the other, moving bytes as needed.
  bool send(tls::Connection& from, Bytes data) {
    while (!data.empty()) {
      const auto count = from.write(data);
      if (!count) {
        return false;
      }
      data = data.subspan(*count);
      if (!run()) {
        return false;
      }
    }
    return run();
  }

 private:
  bool step(tls::Connection& from, tls::Connection& to, Buffer& wire, Buffer& got) {
    bool moved = false;
    const Bytes pending = from.pending_output();
    if (!pending.empty()) {
      const std::size_t wanted = output.next();
      const std::size_t count = wanted < pending.size() ? wanted : pending.size();
      wire.insert(wire.end(), pending.begin(), pending.begin() + static_cast<std::ptrdiff_t>(count));
      from.sent(count);
      moved = true;
    }
    if (!to.application_data().empty()) {
      const Bytes ready = to.application_data();
      const std::size_t wanted = input.next();
      const std::size_t count = wanted < ready.size() ? wanted : ready.size();
      got.insert(got.end(), ready.begin(), ready.begin() + static_cast<std::ptrdiff_t>(count));
      return to.consume(count).ok();
    }
    if (!wire.empty()) {
      const std::size_t wanted = input.next();
      const std::size_t count = wanted < wire.size() ? wanted : wire.size();
      const auto taken = to.feed(Bytes(wire).first(count));
      if (taken && *taken != 0) {
        wire.erase(wire.begin(), wire.begin() + static_cast<std::ptrdiff_t>(*taken));
        moved = true;
      }
    }
    return moved;
  }

  tls::Connection& client_;
  tls::Connection& server_;
  Buffer to_server_;
  Buffer to_client_;
};

}  // namespace ashlar::test
