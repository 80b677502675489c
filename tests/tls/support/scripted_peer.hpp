// SPDX-License-Identifier: Apache-2.0
// A peer that keeps to a script: it speaks the handshake of TLS 1.2 with the messages' own structs, keeps
// transcript and keys right, and deviates only where a test says so. What it changes goes into its transcript
// as it is sent, so its Finished is right, and the check that a deviation breaks must be made by whom it
// belongs to. It looks at what it gets: a connection that does something wrong fails the test.
#pragma once

#include "message/message.hpp"
#include "record/protection.hpp"
#include "tls/support/endpoint.hpp"
#include "tls12/key_schedule.hpp"

#include <functional>

namespace ashlar::test {

// How a connection under test ended, and what it told its peer.
struct Ending {
  std::optional<ErrorCode> error;
  std::optional<Alert> alert;
  bool done = false;  // with the handshake
};
std::ostream& operator<<(std::ostream& out, const Ending& ending);
bool operator==(const Ending& a, const Ending& b);
// The connection found this wrong, and said so with the alert of the error's row.
Ending refused(ErrorCode error);
// The handshake came to its end on both sides.
inline Ending accepted() {
  return {std::nullopt, std::nullopt, true};
}

class ScriptedPeer {
 public:
  ScriptedPeer(bool is_client, const tls::tls12::Suite& suite, const tls::Group& group);
  virtual ~ScriptedPeer() = default;
  ScriptedPeer(const ScriptedPeer&) = delete;
  ScriptedPeer& operator=(const ScriptedPeer&) = delete;

  // --- The script ---

  // Each message before it is hashed and sent, with its header: it may be changed, emptied (left out), or
  // followed by others. resize_body() makes the header fit again.
  std::function<void(tls::HandshakeType, Buffer& message)> change;
  // Called before a message is sent: whatever it sends comes first.
  std::function<void(tls::HandshakeType)> before;
  // Called where the ChangeCipherSpec is to be sent. Without one it is sent.
  std::function<void()> change_cipher_spec;
  std::vector<Buffer> chain;                    // of certificates
  const x509::PrivateKey* key = nullptr;        // signs, and decrypts premaster secrets
  const tls::Scheme* scheme = nullptr;          // what is signed with
  const tls::Scheme* named_scheme = nullptr;    // what is said; null: the same
  bool extended_master_secret = true;           // offered, or answered where it was offered
  bool each_message_in_its_own_record = false;  // otherwise a flight is one record
  std::size_t fragment = tls::kMaxPlaintextSize;

  // --- What a script may do itself ---

  void send_record(tls::ContentType type, Bytes body);
  // Sends what has been said so far.
  void flush();

  // Speaks with the connection until neither has more to say.
  Ending run(tls::Connection& connection);

  const tls::tls12::Suite& suite;
  const tls::Group& group;
  std::vector<Buffer> data;               // records of application data, opened
  tls::MasterSecret master_secret;        // set where a session is resumed
  Buffer session_id;                      // of the hello that is sent
  Buffer answered_session_id;             // of the ServerHello that was heard
  std::vector<tls::HandshakeType> heard;  // what the connection sent, in order

 protected:
  virtual void start() {}
  // Any message but the Finished; it is in the transcript.
  virtual void take(const tls::HandshakeMessage& message) = 0;
  virtual void take_change_cipher_spec() = 0;

  // What the connection under test has to do right: the test fails with what it did.
  void require(bool holds, const std::string& what) const;
  template <class T>
  T must(Result<T> result, const char* what) const {
    require(result.ok(), what);
    return std::move(*result);
  }
  void must(const Result<void>& result, const char* what) const { require(result.ok(), what); }

  // The key of the certificate that it shows; nothing if it shows none.
  std::optional<x509::PublicKey> key_of(const tls::HandshakeMessage& certificate) const;
  // Builds a message, lets the script change it, and puts it into the flight.
  void say(tls::HandshakeType type, const std::function<void(Writer&)>& build);
  void say_certificate();
  Buffer sign(Bytes message);
  void use_premaster(Bytes premaster);
  void make_keys();
  void send_change_cipher_spec();
  void say_finished();
  void read_under_new_keys();

  crypto::DeterministicRandom random_;
  std::uint8_t client_random_[32] = {};
  std::uint8_t server_random_[32] = {};
  Buffer transcript_;
  bool use_extended_master_secret_ = false;
  bool resumed_ = false;
  bool finished_ = false;

 private:
  void take_record(Bytes record);
  void take_handshake(Bytes bytes);
  void take_finished(const tls::HandshakeMessage& message);
  Buffer transcript_hash() const;

  const bool is_client_;
  Buffer flight_, output_, input_, handshake_;
  CountedMemory memory_;
  tls::Protection reading_, writing_;
  tls::KeyBlock keys_;
  std::optional<Alert> alert_;
};

// Length and type of a message's header after its body was changed.
void resize_body(Buffer& message);
// For ScriptedPeer::change: changes one type of message, and nothing else.
std::function<void(tls::HandshakeType, Buffer&)> only(tls::HandshakeType wanted,
                                                      std::function<void(Buffer&)> change);

class ScriptedServer : public ScriptedPeer {
 public:
  explicit ScriptedServer(const tls::tls12::Suite& suite, const tls::Group& group = tls::kX25519);

  std::function<void(tls::ServerHello&)> server_hello;  // before it is built
  bool asks_for_certificate = false;
  bool resumes = false;  // with session_id and master_secret

 private:
  void take(const tls::HandshakeMessage& message) override;
  void take_change_cipher_spec() override { read_under_new_keys(); }
  void answer(const tls::ClientHello& hello);
  void say_server_key_exchange();

  Buffer private_key_;
  std::optional<x509::PublicKey> client_key_;
  Buffer signed_;
};

class ScriptedClient : public ScriptedPeer {
 public:
  explicit ScriptedClient(const tls::tls12::Suite& suite, const tls::Group& group = tls::kX25519);

  std::function<void(tls::ClientHello&)> client_hello;  // before it is built
  // Besides: a session of this id, with master_secret, is asked for where session_id is set.

 private:
  void start() override;
  void take(const tls::HandshakeMessage& message) override;
  void take_change_cipher_spec() override;
  void say_rest();

  std::optional<x509::PublicKey> server_key_;
  Buffer server_share_;
  bool certificate_wanted_ = false;
};

}  // namespace ashlar::test
