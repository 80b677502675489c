// SPDX-License-Identifier: Apache-2.0
// Key exchanges first, then signatures. What a connection rests for after its turn is for the next run.
#include <ashlar/tls/batch_signer.hpp>

#include <ashlar/crypto/rsa.hpp>
#include <ashlar/x509/sign_many.hpp>

#include "batch/exchange_many.hpp"
#include "credential/signer.hpp"
#include "engine.hpp"

namespace ashlar::tls {

namespace {

constexpr std::size_t kAtOnce = 8;

class Exchanges {
 public:
  using Request = KeyExchangeRequest;
  static std::optional<Request> asked(const Engine& engine) { return engine.key_exchange_of_batch(); }
  static const void* kind(const Request& request) { return &curve_of(*request.group); }

  void add(Engine& engine, const Request& request) {
    const std::size_t i = count_++;
    const Group& group = *request.group;
    engines_[i] = &engine;
    answers_[i].resize(group.response_share_size + group.secret_size);
    const MutBytes answer = answers_[i].reveal_mut();
    exchanges_[i] = {&group,
                     request.peer_share,
                     answer.first(group.response_share_size),
                     answer.last(group.secret_size),
                     {}};
  }
  bool full() const { return count_ == kAtOnce; }
  void run(crypto::Random random) {
    respond_many(std::span(exchanges_).first(count_), random);
    for (std::size_t i = 0; i < count_; i++) {
      const Result<void>& done = exchanges_[i].result;
      engines_[i]->provide_of_batch(Input::Kind::key_exchange_answer,
                                    done ? Result<Bytes>(answers_[i].reveal()) : Result<Bytes>(done.error()));
    }
  }

 private:
  Engine* engines_[kAtOnce] = {};
  Exchange exchanges_[kAtOnce] = {};
  SecretBuffer<kMaxShareSize + kMaxSharedSecretSize> answers_[kAtOnce];
  std::size_t count_ = 0;
};

class Signatures {
 public:
  using Request = PrivateKeyRequest;
  static std::optional<Request> asked(const Engine& engine) { return engine.signature_of_batch(); }
  static const void* kind(const Request& request) { return &request.credential->kind(); }

  void add(Engine& engine, const Request& request) {
    const std::size_t i = count_++;
    engines_[i] = &engine;
    messages_[i] = request.message;
    each_ = request.credential->kind().max_signature_size;
    signings_[i] = {key_of(request.credential->signer()),
                    request.algorithm,
                    {{&messages_[i], 1}, request.digest},
                    MutBytes(storage_).subspan(i * each_, each_),
                    Bytes()};
  }
  // Of the longest signatures one alone fits. Those are not made side by side anyway.
  bool full() const { return count_ == kAtOnce || (count_ + 1) * each_ > sizeof storage_; }
  void run(crypto::Random random) {
    x509::sign_many(std::span(signings_).first(count_), random);
    for (std::size_t i = 0; i < count_; i++) {
      engines_[i]->provide_of_batch(Input::Kind::private_key_answer, signings_[i].result);
    }
  }

 private:
  Engine* engines_[kAtOnce] = {};
  Bytes messages_[kAtOnce];
  x509::Signing signings_[kAtOnce] = {};
  std::size_t each_ = 0;  // bytes that a signature of this kind of key may have
  std::uint8_t storage_[kAtOnce * crypto::kRsaMaxSize];
  static_assert(sizeof storage_ >= x509::kMaxSignatureSize);
  std::size_t count_ = 0;
};

// Takes those that ask for such an operation out of `waiting`, up to eight of one kind, and does it. False if
// none asks. A function of its own, so that what one batch lies in is off the stack before the next.
template <class Batch>
[[gnu::noinline]] bool take_batch(std::span<Engine*> waiting, crypto::Random random) {
  Batch batch;
  const void* kind = nullptr;
  for (Engine*& engine : waiting) {
    if (engine == nullptr || batch.full()) {
      continue;
    }
    const auto request = Batch::asked(*engine);
    if (request && (kind == nullptr || kind == Batch::kind(*request))) {
      kind = Batch::kind(*request);
      batch.add(*std::exchange(engine, nullptr), *request);
    }
  }
  if (kind == nullptr) {
    return false;
  }
  batch.run(random);
  return true;
}

}  // namespace

bool BatchSigner::add(const Connection& connection) {
  if (full() || !connection.wants().has(Want::batch)) {
    return false;
  }
  for (const Connection::Impl* const waiting : std::span(waiting_).first(size_)) {
    if (waiting == connection.impl_) {
      return false;
    }
  }
  waiting_[size_++] = connection.impl_;
  return true;
}

void BatchSigner::remove(const Connection& connection) {
  std::size_t kept = 0;
  for (std::size_t i = 0; i < size_; i++) {
    if (waiting_[i] != connection.impl_) {
      waiting_[kept++] = waiting_[i];
    }
  }
  size_ = kept;
}

void BatchSigner::run() {
  const std::span<Engine*> waiting = std::span(waiting_).first(size_);
  while (take_batch<Exchanges>(waiting, random_)) {
  }
  while (take_batch<Signatures>(waiting, random_)) {
  }
  size_ = 0;
}

}  // namespace ashlar::tls
