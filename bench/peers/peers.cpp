// SPDX-License-Identifier: Apache-2.0
#include "peers/peers.hpp"

#include "support/identity.hpp"

#include <dlfcn.h>
#include <cstdio>
#include <filesystem>

namespace ashlar::measure {

namespace {

// The modules lie beside the program.
constexpr const char* kModules[] = {
#ifdef ASHLAR_BENCH_AWS_LC
    "libbench-aws-lc.so",
#endif
#ifdef ASHLAR_BENCH_BORINGSSL
    "libbench-boringssl.so",
#endif
#ifdef ASHLAR_BENCH_OPENSSL
    "libbench-openssl.so",
#endif
    nullptr,
};

const Peer* load(const std::filesystem::path& path) {
  // RTLD_LOCAL: no library sees the symbols of another.
  void* const module = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  const void* const peer = module == nullptr ? nullptr : dlsym(module, "ashlar_bench_peer");
  if (peer == nullptr) {
    std::fprintf(stderr, "ashlar-bench: %s\n", dlerror());
    std::exit(2);
  }
  return static_cast<const Peer*>(peer);
}

PeerBytes bytes(const std::vector<std::uint8_t>& from) {
  return {from.data(), from.size()};
}

bool left_out = false;

}  // namespace

void leave_out_peers() {
  left_out = true;
}

Work LoadedPeer::prepare(const std::string& operation, std::size_t size) const {
  PeerTask task{operation.c_str(), size, {}, {}, {}};
  std::uint8_t storage[4096];
  // "chain verify, rsa-2048": an operation on certificates names their key.
  if (const std::size_t comma = operation.find(", "); comma != std::string::npos) {
    const Identity& parties = identity(operation.find("rsa", comma) != std::string::npos);
    const Bytes key = must(parties.key->write_pkcs8(storage));
    task.ca = bytes(parties.ca);
    task.leaf = bytes(parties.leaf);
    task.key = {key.data(), key.size()};
  }
  return peer_->prepare(task);
}

const std::vector<LoadedPeer>& peers() {
  static const std::vector<LoadedPeer> loaded = [] {
    std::vector<LoadedPeer> out;
    const auto folder = std::filesystem::read_symlink("/proc/self/exe").parent_path();
    for (const char* module : kModules) {
      if (module != nullptr && !left_out) {
        out.emplace_back(load(folder / module));
      }
    }
    return out;
  }();
  return loaded;
}

}  // namespace ashlar::measure
