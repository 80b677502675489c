// SPDX-License-Identifier: Apache-2.0
// A peer that follows a script. It speaks the handshake of TLS 1.2 with the messages' own structs, keeps
// transcript and keys correct, and deviates only where a test says so. Changed messages go into its
// transcript as they are sent, so its Finished is correct, and only the check for the deviation itself can
// fail. It checks its input: a connection that does something wrong fails the test.
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
  bool done = false;  // whether the handshake is done
};
std::ostream& operator<<(std::ostream& out, const Ending& ending);
bool operator==(const Ending& a, const Ending& b);
// The connection found this error, and sent the alert of the error's row.
Ending refused(ErrorCode error);
// The handshake was finished on both sides.
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

  // Called with each message, with its header, before it is hashed and sent. It may change the message, empty
  // it (leave it out), or add others behind it. resize_body() corrects the header.
  std::function<void(tls::HandshakeType, Buffer& message)> change;
  // Called before a message is sent. What it sends comes first.
  std::function<void(tls::HandshakeType)> before;
  // Called in place of sending the ChangeCipherSpec. If null, it is sent.
  std::function<void()> change_cipher_spec;
  std::vector<Buffer> chain;                    // of certificates
  const x509::PrivateKey* key = nullptr;        // signs, and decrypts premaster secrets
  const tls::Scheme* scheme = nullptr;          // signs with this
  const tls::Scheme* named_scheme = nullptr;    // names this in messages; null: the same
  bool extended_master_secret = true;           // offered, or answered if offered
  bool each_message_in_its_own_record = false;  // otherwise a flight is one record
  std::size_t fragment = tls::kMaxPlaintextSize;

  // --- Calls for a script ---

  void send_record(tls::ContentType type, Bytes body);
  // Sends the messages so far.
  void flush();

  // Runs the connection until neither side has more output.
  Ending run(tls::Connection& connection);

  const tls::tls12::Suite& suite;
  const tls::Group& group;
  std::vector<Buffer> data;               // records of application data, opened
  tls::MasterSecret master_secret;        // set if a session is resumed
  Buffer session_id;                      // of the sent hello
  Buffer answered_session_id;             // of the received ServerHello
  std::vector<tls::HandshakeType> heard;  // what the connection sent, in order

 protected:
  virtual void start() {}
  // Takes any message except Finished. It is in the transcript already.
  virtual void take(const tls::HandshakeMessage& message) = 0;
  virtual void take_change_cipher_spec() = 0;

  // Requires correct behaviour of the tested connection. Otherwise the test fails with this text.
  void require(bool holds, const std::string& what) const;
  template <class T>
  T must(Result<T> result, const char* what) const {
    require(result.ok(), what);
    return std::move(*result);
  }
  void must(const Result<void>& result, const char* what) const { require(result.ok(), what); }

  // The key of the certificate that the connection shows; nothing if it shows none.
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
  const tls::Memory its_memory_ = memory_.memory();
  tls::Protection reading_, writing_;
  tls::KeyBlock keys_;
  std::optional<Alert> alert_;
};

// Corrects the length in a message's header after its body was changed.
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
  // If session_id is set, it also asks for the session with this id and with master_secret.

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
