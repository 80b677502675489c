// SPDX-License-Identifier: Apache-2.0
// What small programs on POSIX systems need beside the engines: the system's clock, its root certificates,
// key and certificate files, and a loop that drives a connection over a blocking socket. Everything here is
// optional and outside the libraries, which know no files or sockets.
//
//   ASHLAR_TRY(const posix::Roots roots, posix::Roots::system());
//   const tls::TrustAnchors trust(roots.anchors());
//   const tls::ClientConfig config = posix::client_config(trust.verifier());
//   ASHLAR_TRY(const posix::Socket socket, posix::dial("example.com", "443"));
//   ASHLAR_TRY(tls::Client client, tls::Client::create(config, "example.com"));
//   posix::Stream stream(client, socket);
//   ASHLAR_CHECK(stream.write(bytes_of("GET / HTTP/1.0\r\nHost: example.com\r\n\r\n")));
//   while (true) {
//     ASHLAR_TRY(const Bytes data, stream.read());
//     if (data.empty()) break;
//     use(data);
//   }
#pragma once

#include <ashlar/asn1/pem.hpp>
#include <ashlar/base/describe.hpp>
#include <ashlar/tls/connection.hpp>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <utility>

#include <dirent.h>
#include <fcntl.h>
#include <netdb.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

namespace ashlar::posix {

// The error of the system call that just failed: its detail is errno.
inline Error system_error() {
  return {ErrorCode::system_call_failed, Place::none, static_cast<std::uint32_t>(errno)};
}

// As ashlar::describe, but a failed call to the system is told with the system's reason:
// "a call to the operating system failed: Connection refused". kDescribeSize bytes hold the longest.
inline std::string_view describe(const Error& error, std::span<char> out) {
  if (!(error == ErrorCode::system_call_failed)) {
    return ashlar::describe(error, out);
  }
  std::size_t size = 0;
  for (const char* words : {"a call to the operating system failed: ",
                            static_cast<const char*>(strerror(static_cast<int>(error.detail)))}) {
    for (; *words != '\0' && size < out.size(); ++words) {
      out[size++] = *words;
    }
  }
  return {out.data(), size};
}

// --- The clock -----------------------------------------------------------------------------------------

inline asn1::Time now() {  // by the system's clock
  timespec time{};
  clock_gettime(CLOCK_REALTIME, &time);
  return {time.tv_sec};
}
inline std::uint64_t monotonic_nanoseconds() {  // of a clock that never goes back
  timespec time{};
  clock_gettime(CLOCK_MONOTONIC, &time);
  return static_cast<std::uint64_t>(time.tv_sec) * 1'000'000'000U + static_cast<std::uint64_t>(time.tv_nsec);
}
inline tls::Clock system_clock() {  // both, for a config
  return {[](void*) { return now(); }, [](void*) { return monotonic_nanoseconds(); }, nullptr};
}

// A config with the system's clock, randomness and memory, and nothing that says who is who.
template <class Config, class Versions>
Config config_of_system(const tls::Policy& policy, Versions versions) {
  Config config{};
  config.policy = &policy;
  config.versions = versions;
  config.clock = system_clock();
  config.random = crypto::system_random();
  config.memory = tls::system_memory();
  return config;
}
// A client with this verifier and the system's clock, randomness and memory. A program that names a policy
// and its versions does not link the default ones.
inline tls::ClientConfig client_config(
    tls::Verifier verifier, const tls::Policy& policy = tls::policy::modern,
    tls::LastingSpan<const tls::ClientVersion*> versions = tls::kClientVersions) {
  auto config = config_of_system<tls::ClientConfig>(policy, versions);
  config.verifier = verifier;
  return config;
}
// A server with these credentials. It asks for no client certificate and resumes no sessions. The credentials
// must outlive the config. Policy and versions as a client's.
inline tls::ServerConfig server_config(
    const tls::Credentials& credentials, const tls::Policy& policy = tls::policy::modern,
    tls::LastingSpan<const tls::ServerVersion*> versions = tls::kServerVersions) {
  auto config = config_of_system<tls::ServerConfig>(policy, versions);
  config.credentials = &credentials;
  return config;
}
tls::ServerConfig server_config(const tls::Credentials&&) = delete;
// A server of pre-shared keys alone, without a certificate. What the lookup points to must outlive the
// config.
inline tls::ServerConfig server_config(
    tls::PskLookup psks, const tls::Policy& policy = tls::policy::psk,
    tls::LastingSpan<const tls::ServerVersion*> versions = tls::kServerVersions) {
  auto config = config_of_system<tls::ServerConfig>(policy, versions);
  config.psks = psks;
  return config;
}

// --- Files ---------------------------------------------------------------------------------------------

// Memory from malloc. It can be moved, and is wiped when it dies because it may hold a private key.
class Block {
 public:
  Block() = default;
  Block(Block&& other) noexcept : data_(other.data_), size_(other.size_) { other.data_ = nullptr; }
  Block& operator=(Block&& other) noexcept {
    std::swap(data_, other.data_);
    std::swap(size_, other.size_);
    return *this;
  }
  ~Block() {
    if (data_ != nullptr) {
      wipe(data_, size_);
      std::free(data_);
    }
  }
  static Result<Block> allocate(std::size_t size) {  // out_of_memory
    Block block;
    block.data_ = static_cast<std::uint8_t*>(std::malloc(size == 0 ? 1 : size));
    if (block.data_ == nullptr) {
      return Error{ErrorCode::out_of_memory, Place::none, static_cast<std::uint32_t>(size)};
    }
    block.size_ = size;
    return block;
  }
  MutBytes bytes() const { return {data_, size_}; }
  // Keeps the first `size` bytes. There must be at least that many.
  void shorten(std::size_t size) { size_ = size; }

 private:
  std::uint8_t* data_ = nullptr;
  std::size_t size_ = 0;
};

// A whole regular file of at most `limit` bytes. If it becomes shorter meanwhile: what is left of it.
inline Result<Block> read_file(const char* path, std::size_t limit = 16U << 20) {
  const int file = ::open(path, O_RDONLY | O_CLOEXEC);
  if (file < 0) {
    return system_error();
  }
  const auto read_all = [file, limit]() -> Result<Block> {
    struct stat info {};
    if (::fstat(file, &info) != 0) {
      return system_error();
    }
    const auto size = static_cast<std::size_t>(info.st_size);
    if (!S_ISREG(info.st_mode) || size > limit) {
      return ErrorCode::invalid_argument;
    }
    ASHLAR_TRY(Block block, Block::allocate(size));
    for (MutBytes rest = block.bytes(); !rest.empty();) {
      const ssize_t count = ::read(file, rest.data(), rest.size());
      if (count < 0 && errno == EINTR) {
        continue;
      }
      if (count < 0) {
        return system_error();
      }
      if (count == 0) {
        block.shorten(size - rest.size());
        break;
      }
      rest = rest.subspan(static_cast<std::size_t>(count));
    }
    return block;
  };
  Result<Block> result = read_all();
  ::close(file);
  return result;
}

// Decodes the certificates of a PEM text (or a single one in DER) into `storage`
// (asn1::pem_decoded_capacity(text.size()) bytes hold any) and lists them in `out`. Returns how many there
// are: capacity_exceeded beyond out.size().
inline Result<std::size_t> decode_certificates(Bytes text, MutBytes storage, std::span<Bytes> out) {
  std::size_t count = 0;
  const auto add = [&](Bytes der) -> Result<void> {
    if (count == out.size()) {
      return Error{ErrorCode::capacity_exceeded, Place::none, static_cast<std::uint32_t>(count)};
    }
    out[count++] = der;
    return {};
  };
  if (!text.empty() && text[0] == 0x30 && text.size() <= storage.size()) {
    copy_bytes(storage, text);
    ASHLAR_CHECK(add(storage.first(text.size())));
    return count;
  }
  asn1::PemReader reader(text_of(text));
  for (;;) {
    ASHLAR_TRY(const asn1::PemText block, reader.next_text());
    if (block.label.empty()) {
      return count;
    }
    // Keys and other blocks are not decoded.
    if (block.label == "CERTIFICATE" || block.label == "X509 CERTIFICATE") {
      ASHLAR_TRY(const MutBytes der, block.decode(storage));
      ASHLAR_CHECK(add(der));
      storage = storage.subspan(der.size());
    }
  }
}

// The certificates of a file, PEM or DER, in its order: a server's chain, a CA bundle.
class CertificateFile {
 public:
  static Result<CertificateFile> load(const char* path) {  // of a file
    ASHLAR_TRY(const Block text, read_file(path));
    return parse(text.bytes());
  }
  static Result<CertificateFile> parse(Bytes text) {  // of a text, which is copied
    std::size_t most = 1;
    constexpr std::string_view kBegin = "-----BEGIN ";
    for (std::string_view rest = text_of(text); rest.size() >= kBegin.size(); rest.remove_prefix(1)) {
      const std::size_t at = rest.find(kBegin);
      if (at == std::string_view::npos) {
        break;
      }
      rest.remove_prefix(at);
      ++most;
    }
    CertificateFile file;
    ASHLAR_TRY(file.index_, Block::allocate(most * sizeof(Bytes)));
    ASHLAR_TRY(file.storage_, Block::allocate(asn1::pem_decoded_capacity(text.size()) + text.size()));
    auto* const first = reinterpret_cast<Bytes*>(file.index_.bytes().data());
    for (std::size_t i = 0; i < most; ++i) {
      new (first + i) Bytes();
    }
    ASHLAR_TRY(file.count_, decode_certificates(text, file.storage_.bytes(), {first, most}));
    return file;
  }

  std::span<const Bytes> certificates() const {  // in DER, in the order of the file
    return {reinterpret_cast<const Bytes*>(index_.bytes().data()), count_};
  }

 private:
  friend class Roots;
  CertificateFile() = default;
  Block index_, storage_;
  std::size_t count_ = 0;
};

// --- Roots ---------------------------------------------------------------------------------------------

// The paths of the systems' bundles of root certificates: Debian and Alpine, Fedora, older Fedora, SUSE, the
// BSDs and macOS, FreeBSD's package.
inline constexpr const char* kSystemRootFiles[] = {
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
    "/usr/local/share/certs/ca-root-nss.crt",
};

// Trust anchors from a file. Certificates in it that cannot be anchors (not well-formed) are skipped and
// counted.
class Roots {
 public:
  // If SSL_CERT_FILE or SSL_CERT_DIR (folders, separated by colons) is set: what they name, as in other
  // programs. Else the first existing file of kSystemRootFiles. no_roots if there is none.
  static Result<Roots> system() {
    const char* const file_path = environment("SSL_CERT_FILE");
    const char* const folders = environment("SSL_CERT_DIR");
    if (file_path != nullptr || folders != nullptr) {
      return named(file_path, folders);
    }
    for (const char* const path : kSystemRootFiles) {
      if (::access(path, R_OK) == 0) {
        return file(path);
      }
    }
    return ErrorCode::no_roots;
  }
  // `path` is kept by reference. no_roots if the file holds no readable certificate.
  static Result<Roots> file(const char* path) {
    ASHLAR_TRY(CertificateFile certificates, CertificateFile::load(path));
    ASHLAR_TRY(Roots roots, create(std::move(certificates)));
    roots.path_ = path;
    return roots;
  }
  static Result<Roots> create(CertificateFile certificates) {  // from loaded certificates
    Roots roots;
    roots.certificates_ = std::move(certificates);
    const std::span<const Bytes> all = roots.certificates_.certificates();
    ASHLAR_TRY(roots.anchors_, Block::allocate(all.size() * sizeof(x509::TrustAnchor)));
    auto* const first = reinterpret_cast<x509::TrustAnchor*>(roots.anchors_.bytes().data());
    for (const Bytes der : all) {
      if (const Result<x509::Certificate> root = x509::Certificate::parse(der)) {
        new (first + roots.count_++) x509::TrustAnchor(x509::TrustAnchor::from(*root));
      }
    }
    if (roots.count_ == 0) {
      return ErrorCode::no_roots;
    }
    roots.index_ = x509::AnchorIndex({first, roots.count_});
    return roots;
  }

  // Valid as long as this object lives, or the one that it was moved to.
  const x509::AnchorIndex& anchors() const { return index_; }
  // The file or the folders that they came from; null if they came from none.
  const char* path() const { return path_; }
  // How many certificates, and files of folders, could not be read and are not trusted.
  std::size_t passed_over() const {
    return certificates_.certificates().size() - count_ + files_passed_over_;
  }

 private:
  Roots() = default;

  // A variable that is set and not empty. A program with more rights than its caller gets null.
  static const char* environment(const char* name) {
#if defined(__GLIBC__)
    const char* const value = ::secure_getenv(name);
#else
    const char* const value = std::getenv(name);
#endif
    return value != nullptr && *value != '\0' ? value : nullptr;
  }

  // The texts of many files, concatenated.
  struct Collected {
    Block text;
    std::size_t used = 0, passed_over = 0;

    Result<void> add(const char* path) {
      const Result<Block> content = read_file(path);
      const Result<CertificateFile> found =
          content ? CertificateFile::parse(content->bytes()) : Result<CertificateFile>(content.error());
      if (!found || found->certificates().empty()) {
        ++passed_over;
        return {};
      }
      for (const Bytes der : found->certificates()) {
        constexpr std::string_view kLabel = "CERTIFICATE";
        const std::size_t size = asn1::pem_encoded_size(kLabel, der.size());
        if (text.bytes().size() - used < size) {
          ASHLAR_TRY(Block larger, Block::allocate(2 * (used + size)));
          copy_bytes(larger.bytes(), Bytes(text.bytes()).first(used));
          text = std::move(larger);
        }
        const MutBytes room = text.bytes().subspan(used);
        ASHLAR_TRY(const std::string_view pem,
                   asn1::write_pem(kLabel, der, {reinterpret_cast<char*>(room.data()), room.size()}));
        used += pem.size();
      }
      return {};
    }
  };

  static Result<void> add_folder(Collected& all, std::string_view folder) {
    char path[4096];
    if (folder.empty() || folder.size() + 2 > sizeof path) {
      return {};
    }
    std::memcpy(path, folder.data(), folder.size());
    path[folder.size()] = '\0';
    DIR* const entries = ::opendir(path);
    if (entries == nullptr) {
      return system_error();
    }
    Result<void> added;
    while (const dirent* const entry = added ? ::readdir(entries) : nullptr) {
      const std::size_t size = std::strlen(entry->d_name);
      if (entry->d_name[0] == '.' || folder.size() + 1 + size + 1 > sizeof path) {
        continue;
      }
      path[folder.size()] = '/';
      std::memcpy(path + folder.size() + 1, entry->d_name, size + 1);
      struct stat info {};
      if (::stat(path, &info) == 0 && S_ISREG(info.st_mode)) {
        added = all.add(path);
      }
    }
    ::closedir(entries);
    return added;
  }

  static Result<Roots> named(const char* file_path, const char* folders) {
    if (folders == nullptr) {
      return file(file_path);
    }
    Collected all;
    if (file_path != nullptr) {
      ASHLAR_CHECK(all.add(file_path));
    }
    for (std::string_view rest = folders; !rest.empty();) {
      const std::size_t colon = rest.find(':');
      const std::size_t size = colon == std::string_view::npos ? rest.size() : colon;
      ASHLAR_CHECK(add_folder(all, {rest.data(), size}));
      rest.remove_prefix(size == rest.size() ? size : size + 1);
    }
    if (all.used == 0) {
      return ErrorCode::no_roots;
    }
    ASHLAR_TRY(CertificateFile certificates, CertificateFile::parse(Bytes(all.text.bytes()).first(all.used)));
    ASHLAR_TRY(Roots roots, create(std::move(certificates)));
    roots.path_ = file_path != nullptr ? file_path : folders;
    roots.files_passed_over_ = all.passed_over;
    return roots;
  }

  CertificateFile certificates_;
  Block anchors_;
  x509::AnchorIndex index_;
  std::size_t count_ = 0, files_passed_over_ = 0;
  const char* path_ = nullptr;
};

// --- Sockets -------------------------------------------------------------------------------------------

// A file descriptor that closes itself.
class Socket {
 public:
  explicit Socket(int descriptor) : descriptor_(descriptor) {}
  Socket(Socket&& other) noexcept : descriptor_(other.descriptor_) { other.descriptor_ = -1; }
  Socket& operator=(Socket&& other) noexcept {
    std::swap(descriptor_, other.descriptor_);
    return *this;
  }
  ~Socket() {
    if (descriptor_ >= 0) {
      ::close(descriptor_);
    }
  }
  int get() const { return descriptor_; }

 private:
  int descriptor_;
};

// Connects to a name or address; every address of the name is tried in turn. Reads and writes that take
// longer than `timeout_seconds` fail. host_not_found, or system_call_failed of the last address.
inline Result<Socket> dial(const char* host, const char* port, int timeout_seconds = 30) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* list = nullptr;
  if (::getaddrinfo(host, port, &hints, &list) != 0) {
    return ErrorCode::host_not_found;
  }
  Error error{ErrorCode::host_not_found};
  for (const addrinfo* address = list; address != nullptr; address = address->ai_next) {
    Socket socket(::socket(address->ai_family, address->ai_socktype | SOCK_CLOEXEC, address->ai_protocol));
    const timeval timeout{timeout_seconds, 0};
    if (socket.get() >= 0 &&
        ::setsockopt(socket.get(), SOL_SOCKET, SO_SNDTIMEO, &timeout, sizeof timeout) == 0 &&
        ::setsockopt(socket.get(), SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof timeout) == 0 &&
        ::connect(socket.get(), address->ai_addr, address->ai_addrlen) == 0) {
      ::freeaddrinfo(list);
      return socket;
    }
    error = system_error();
  }
  ::freeaddrinfo(list);
  return error;
}

// Drives a Client or a Server over a blocking socket. Both must outlive it. If a private key is outside,
// calls return private_key_request_pending: answer with Connection::provide and call again. If credentials
// are chosen outside: credential_request_pending and Connection::provide_credential. If sessions are fetched
// from outside: session_request_pending and Connection::sessions_fetched.
class Stream {
 public:
  Stream(tls::Connection& connection, const Socket& socket)
      : connection_(connection), socket_(socket.get()) {}
  Stream(tls::Connection&, const Socket&&) = delete;

  // Runs until data can be written. read() and write() call it themselves.
  Result<void> handshake() {
    while (!connection_.handshake_done()) {
      ASHLAR_CHECK(flush());
      if (connection_.wants().has(tls::Want::closed)) {
        return connection_.error() ? *connection_.error() : Error{ErrorCode::not_connected};
      }
      ASHLAR_CHECK(receive());
    }
    return flush();
  }

  // Sends all of `data`.
  Result<void> write(Bytes data) {
    ASHLAR_CHECK(handshake());
    while (!data.empty()) {
      ASHLAR_TRY(const std::size_t taken, connection_.write(data));
      data = data.subspan(taken);
      ASHLAR_CHECK(flush());
    }
    return {};
  }

  // Waits for data and returns it; it is valid until the next call. Empty: the peer closed in order.
  // truncated_connection: the peer stopped, and the data may be incomplete.
  Result<Bytes> read() {
    ASHLAR_CHECK(told(connection_.consume(std::exchange(handed_out_, 0))));
    if (!connection_.handshake_done()) {
      ASHLAR_CHECK(handshake());
    }
    while (connection_.application_data().empty()) {
      if (connection_.error()) {
        return *connection_.error();
      }
      // Only answers are sent here. If that fails, the data that was read matters more.
      const Result<void> sent = flush();
      if (connection_.peer_closed() || connection_.wants().has(tls::Want::closed)) {
        return Bytes();
      }
      ASHLAR_CHECK(sent);
      ASHLAR_CHECK(receive());
    }
    handed_out_ = connection_.application_data().size();
    return connection_.application_data();
  }

  // Tells the peer that nothing more will be written. What it still sends can be read.
  Result<void> close() {
    connection_.close();
    return flush();
  }

 private:
  Result<void> flush() {
    for (Bytes out = connection_.pending_output(); !out.empty(); out = connection_.pending_output()) {
      const ssize_t count = ::send(socket_, out.data(), out.size(), MSG_NOSIGNAL);
      if (count < 0 && errno != EINTR) {
        return why_unsent(system_error());
      }
      if (count > 0) {
        connection_.sent(static_cast<std::size_t>(count));
      }
    }
    return {};
  }

  // A peer that refuses says why and closes. Its reason may still be unread when sending fails.
  Error why_unsent(Error error) {
    while (!connection_.error() && !connection_.peer_closed()) {
      const MutBytes window = connection_.receive_window();
      const ssize_t count = window.empty() ? 0 : ::recv(socket_, window.data(), window.size(), MSG_DONTWAIT);
      if (count <= 0) {
        return error;
      }
      (void)connection_.received(static_cast<std::size_t>(count));
    }
    return connection_.error() ? *connection_.error() : error;
  }

  // While the connection rests, its answer does not come over the socket.
  Result<void> receive() {
    const MutBytes window = connection_.receive_window();
    if (window.empty()) {
      return connection_.error() ? *connection_.error() : Error{pending()};
    }
    const ssize_t count = ::recv(socket_, window.data(), window.size(), 0);
    if (count < 0) {
      return errno == EINTR ? Result<void>() : system_error();
    }
    return told(count == 0 ? connection_.received_end()
                           : connection_.received(static_cast<std::size_t>(count)));
  }

  ErrorCode pending() const {
    return connection_.wants().has(tls::Want::credential) ? ErrorCode::credential_request_pending
           : connection_.wants().has(tls::Want::session)  ? ErrorCode::session_request_pending
                                                          : ErrorCode::private_key_request_pending;
  }

  // If the input was wrong, tells the peer why, if it still listens. The error itself is returned in any
  // case.
  Result<void> told(Result<void> taken) {
    if (!taken) {
      (void)flush();
    }
    return taken;
  }

  tls::Connection& connection_;
  int socket_;
  std::size_t handed_out_ = 0;
};

}  // namespace ashlar::posix
