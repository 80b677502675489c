// SPDX-License-Identifier: Apache-2.0
// ashlar client: standard input and output over TLS.
#include "certificates/describe.hpp"
#include "commands/commands.hpp"
#include "http/http.hpp"
#include "net/connect.hpp"
#include "net/driver.hpp"
#include "net/upgrade.hpp"
#include "options/client_setup.hpp"
#include "output/terminal.hpp"
#include "trace/messages.hpp"

#include <atomic>
#include <memory>
#include <semaphore>
#include <thread>

#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

namespace ashlar::cli {
namespace {

struct Options {
  std::string where;
  std::string name;
  std::string alpn;
  std::string starttls;
  ClientOptions connection;
  std::string session;
  std::string early_data;
  bool keep_open = false;
  bool quiet = false;
  int timeout = 30;
};

// Standard input, read in its own thread: it may be a file, a pipe or a terminal, and only a plain read works
// for all three. One piece at a time is read.
class InputThread {
 public:
  using Use = std::function<void(std::vector<std::uint8_t>)>;  // an empty piece is the end
  InputThread(asio::io_context& io, Use use) : io_(io), use_(std::move(use)) {
    if (::pipe(stop_) != 0) {
      throw Failure(system_words("a pipe", errno));
    }
    thread_ = std::thread([this] { run(); });
  }
  InputThread(const InputThread&) = delete;
  InputThread& operator=(const InputThread&) = delete;
  ~InputThread() {
    stopped_ = true;
    ::close(stop_[1]);
    taken_.release();
    thread_.join();
    ::close(stop_[0]);
  }
  // The last piece was used: the next one may be read.
  void next() { taken_.release(); }

 private:
  void run() {
    while (!stopped_) {
      pollfd waits[] = {{STDIN_FILENO, POLLIN, 0}, {stop_[0], POLLIN, 0}};
      if (::poll(waits, 2, -1) < 0 || waits[1].revents != 0) {
        return;
      }
      std::vector<std::uint8_t> piece(16 * 1024);
      const ssize_t count = ::read(STDIN_FILENO, piece.data(), piece.size());
      if (count < 0 && (errno == EINTR || errno == EAGAIN)) {
        continue;
      }
      piece.resize(count > 0 ? static_cast<std::size_t>(count) : 0);
      // This may run after the end of this object, which does not wait for it.
      asio::post(io_, [use = use_, piece = std::move(piece)]() mutable { use(std::move(piece)); });
      if (count <= 0) {
        return;
      }
      taken_.acquire();
    }
  }

  asio::io_context& io_;
  Use use_;
  std::counting_semaphore<4> taken_{0};
  std::atomic<bool> stopped_{false};
  int stop_[2] = {-1, -1};
  std::thread thread_;
};

class Terminal : public ConnectionHandler {
 public:
  Terminal(asio::io_context& io, const Options& options, const ClientSetup& setup, const std::string& about)
      : io_(io), options_(options), setup_(setup), about_(about), output_("-"), work_(io.get_executor()) {}

  // early: what goes out before standard input, as early data if it can.
  void run(asio::ip::tcp::socket socket, std::shared_ptr<tls::Client> client,
           std::vector<std::uint8_t> early) {
    client_ = client;
    waiting_ = std::move(early);
    send_early();
    driver_ = std::make_shared<Driver>(std::move(socket), client, *this);
    driver_->start();
    driver_->set_deadline(std::chrono::seconds(options_.timeout));
    io_.restart();
    try {
      io_.run();
    } catch (...) {
      driver_->stop();
      throw;
    }
    input_.reset();
    using Reason = ConnectionEnd::Reason;
    if (end_.reason == Reason::closed) {
      return;
    }
    const Words words = setup_.ending(about_, end_, client_->negotiated(), established_);
    if (established_ && end_.reason == Reason::failed && end_.error == ErrorCode::truncated_connection) {
      throw Failure(words, ExitCode::no_close_notify);
    }
    throw Failure(words, end_.reason == Reason::failed ? ExitCode::tls : ExitCode::unreachable);
  }

 private:
  void established() override {
    established_ = true;
    driver_->no_deadline();
    report();
    save_session(false);
    judge_early();
    input_ = std::make_unique<InputThread>(io_, [this](std::vector<std::uint8_t> piece) {
      if (input_ == nullptr) {
        return;  // the connection ended before the piece arrived
      }
      if (piece.empty()) {
        input_over_ = true;
      } else {
        piece_waits_ = true;
        waiting_.insert(waiting_.end(), piece.begin(), piece.end());
      }
      send();
    });
    if (!waiting_.empty()) {
      send();
    }
  }

  void send_early() {
    while (early_size_ < waiting_.size() && client_->early_data_room() > 0) {
      const auto taken = client_->write_early_data(Bytes(waiting_).subspan(early_size_));
      if (!taken || *taken == 0) {
        break;
      }
      early_size_ += *taken;
    }
  }
  // What the server refused goes out as other data does.
  void judge_early() {
    if (options_.early_data.empty()) {
      return;
    }
    const bool taken = client_->early_data_status() == tls::EarlyDataStatus::accepted;
    if (!options_.quiet) {
      std::fprintf(stderr, "ashlar client: %s of early data %s\n", counted(early_size_, "byte").c_str(),
                   early_size_ == 0 ? "sent: neither session nor server allows more"
                   : taken          ? "sent, and the server took them"
                                    : "sent, which the server refused: they are sent again");
    }
    if (taken) {
      waiting_.erase(waiting_.begin(), waiting_.begin() + static_cast<std::ptrdiff_t>(early_size_));
    }
  }

  void report() const {
    if (options_.quiet) {
      return;
    }
    const tls::Negotiated& agreed = client_->negotiated();
    std::string text = std::string(tls::name(agreed.version)) + ", " + std::string(agreed.suite->name);
    if (agreed.group != nullptr) {
      text += ", " + std::string(agreed.group->name);
    }
    if (!agreed.alpn.empty()) {
      text += ", ALPN " + escape(agreed.alpn);
    }
    text += agreed.resumed ? ", resumed" : "";
    text += legacy_text(agreed);
    text += agreed.extended_master_secret ? "" : ", no extended master secret";
    for (const Bytes der : client_->peer_certificates()) {
      if (const auto certificate = x509::Certificate::parse(der)) {
        text += "; " + name_text(certificate->subject());
      }
      break;
    }
    if (const Bytes key = client_->peer_raw_public_key(); !key.empty()) {
      text += "; raw public key sha256:" + fingerprint(key);
    }
    std::fprintf(stderr, "ashlar client: connected: %s%s\n", text.c_str(),
                 options_.connection.insecure && options_.connection.pins.empty()
                     ? "; WHO ANSWERS WAS NOT VERIFIED"
                     : "");
  }

  // over: the connection is about to end.
  void save_session(bool over) const {
    if (options_.session.empty()) {
      return;
    }
    const auto session = client_->session();
    if (!session && client_->negotiated().version == tls::ProtocolVersion::tls13 && !over) {
      return;  // its ticket comes later
    }
    if (!session) {
      std::fprintf(stderr, "ashlar client: %s: %s\n", about_.c_str(), sentence(session.error()).c_str());
      return;
    }
    FileBytes room(
        std::vector<std::uint8_t>(tls::kMaxSerializedSessionSize + session->ticket.bytes().size()));
    const MutBytes serialized = value_of(session->serialize(room.room()), options_.session);
    write_whole(options_.session, serialized, {.secret = true, .replace = true});
  }

  void send() {
    if (!waiting_.empty()) {
      const std::size_t taken = driver_->write(waiting_);
      waiting_.erase(waiting_.begin(), waiting_.begin() + static_cast<std::ptrdiff_t>(taken));
    }
    if (!waiting_.empty()) {
      return;
    }
    if (!input_over_) {
      if (std::exchange(piece_waits_, false)) {
        input_->next();
      }
    } else if (!options_.keep_open && !said_end_) {
      said_end_ = true;
      save_late_session();
      driver_->close();
    }
  }

  // TLS 1.3 gives its tickets after the handshake.
  void save_late_session() const {
    if (established_ && client_->negotiated().version == tls::ProtocolVersion::tls13) {
      save_session(true);
    }
  }

  void writable() override {
    if (!waiting_.empty()) {
      send();
    }
  }
  std::size_t received(Bytes data) override {
    output_.write(data);
    return data.size();
  }
  void peer_closed() override {
    save_late_session();
    driver_->close();
  }
  void ended(const ConnectionEnd& end) override {
    end_ = end;
    work_.reset();
    input_.reset();
  }

  asio::io_context& io_;
  const Options& options_;
  const ClientSetup& setup_;
  std::string about_;
  Output output_;
  asio::executor_work_guard<asio::io_context::executor_type> work_;
  std::shared_ptr<tls::Client> client_;
  std::shared_ptr<Driver> driver_;
  std::unique_ptr<InputThread> input_;
  std::vector<std::uint8_t> waiting_;
  std::size_t early_size_ = 0;  // so much of it was sent as early data
  bool piece_waits_ = false;    // for the next one to be read
  ConnectionEnd end_;
  bool established_ = false, input_over_ = false, said_end_ = false;
};

std::optional<tls::Session> load_session(const std::string& path) {
  struct stat info {};
  if (path.empty() || ::stat(path.c_str(), &info) != 0) {
    return std::nullopt;
  }
  constexpr std::size_t kMaxTicketSize = 65535;
  const FileBytes content = read_whole(path, tls::kMaxSerializedSessionSize + kMaxTicketSize);
  return value_of(tls::Session::parse(content.bytes()), path);
}

void run(const Options& options) {
  const StartTls* const starttls = starttls_row(options.starttls);
  const Url where = Url::parse(options.where, starttls != nullptr ? starttls->port : "443");
  ClientSetup setup(options.connection);
  tls::ClientConfig config = setup.config();
  const std::vector<std::string_view> alpn = alpn_list(options.alpn);
  config.alpn = alpn;
  config.keep_peer_certificates = true;
  std::vector<std::uint8_t> early;
  if (!options.early_data.empty()) {
    constexpr std::size_t kMostEarly = 1U << 20;
    const FileBytes content = read_whole(options.early_data, kMostEarly);
    early.assign(content.bytes().begin(), content.bytes().end());
    config.early_data = &tls::kClientEarlyData;
  }
  const std::optional<tls::Session> session = load_session(options.session);

  asio::io_context io;
  const std::string about = where.host + ":" + where.port;
  asio::ip::tcp::socket socket =
      connect(io, where.host, where.port, std::chrono::seconds(options.timeout), setup.trace());
  const std::string name = reference_name(options.name.empty() ? where.host : options.name);
  if (starttls != nullptr) {
    socket = upgrade(io, std::move(socket), *starttls, about, name, std::chrono::seconds(options.timeout),
                     setup.trace());
  }
  const auto client = std::make_shared<tls::Client>(
      value_of(tls::Client::create(config, name, session ? &*session : nullptr), about, ExitCode::tls));
  Terminal(io, options, setup, about).run(std::move(socket), client, std::move(early));
}

}  // namespace

void add_client(CLI::App& app) {
  const auto options = std::make_shared<Options>();
  CLI::App* const command = app.add_subcommand("client", "Standard input and output over TLS");
  command->add_option("where", options->where, "HOST:PORT")->required();
  command->add_option("--name", options->name, "Name that the server must be, if it is not HOST");
  command->add_option("--alpn", options->alpn, "Application protocols to offer, in order: http/1.1,…");
  add_starttls(*command, options->starttls, "Begin in the clear, and go over to TLS as this protocol does");
  add_client_options(*command, options->connection);
  CLI::Option* const session =
      command
          ->add_option(
              "--session", options->session,
              "Resume the session of this file if it is there, and save the new one to it: it holds a secret")
          ->type_name("FILE");
  command
      ->add_option(
          "--early-data", options->early_data,
          "Send this file before standard input: as early data (0-RTT), if the session's server takes "
          "it. Whoever sees it can send it again")
      ->needs(session)
      ->type_name("FILE");
  command->add_flag("--keep-open", options->keep_open,
                    "Do not send close_notify at the end of standard input: wait for the server's");
  command->add_flag("-q,--quiet", options->quiet, "Say nothing about the connection");
  command
      ->add_option("--timeout", options->timeout,
                   "Seconds for the connect, for --starttls and for the handshake")
      ->check(CLI::Range(1, 3600))
      ->capture_default_str();
  command->footer(
      "At the end of standard input close_notify is sent, and what the server still sends is printed.\n"
      "Servers that answer only while the other half is open need --keep-open.\n\n"
      "  echo hello | ashlar client localhost:4433 --trust ca.pem\n"
      "  ashlar client mail.example.com --starttls smtp\n\n" +
      exit_code_help());
  command->callback([options] { run(*options); });
}

}  // namespace ashlar::cli
