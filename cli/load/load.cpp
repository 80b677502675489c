// SPDX-License-Identifier: Apache-2.0
#include "load/load.hpp"

#include "http/http.hpp"
#include "trace/messages.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <cmath>
#include <memory>

namespace ashlar::cli {
namespace {

using SteadyTime = std::chrono::steady_clock::time_point;

// A session comes with the handshake in TLS 1.2, and a moment later in TLS 1.3.
constexpr std::chrono::milliseconds kSessionPause{20};
constexpr int kSessionTries = 50;
// So many failures without a success are enough to know.
constexpr std::uint64_t kHopeless = 20;

double processor_seconds() {
  rusage used{};
  ::getrusage(RUSAGE_SELF, &used);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(used.ru_utime) + seconds(used.ru_stime);
}

std::string text_of_agreed(const tls::Negotiated& agreed) {
  return std::string(tls::name(agreed.version)) + ", " + suite_text(agreed) +
         (agreed.group != nullptr ? ", " + std::string(agreed.group->name) : "") + legacy_text(agreed);
}

// What all connections of a measurement share.
struct Load {
  asio::io_context& io;
  const LoadOptions& options;
  const LoadWork work;
  const tls::ClientConfig& config;
  const ClientSetup& setup;
  const tls::Session* session;
  LoadResult result = {};
  std::uint64_t begun = 0;
  SteadyTime start = std::chrono::steady_clock::now(), last = start;

  // Whether another one may begin; it is counted.
  bool begin() {
    if (begun >= options.count || std::chrono::steady_clock::now() - start >= options.time ||
        (result.done == 0 && result.failed >= kHopeless)) {
      return false;
    }
    ++begun;
    return true;
  }
  void succeeded(SteadyTime since) {
    last = std::chrono::steady_clock::now();
    ++result.done;
    result.latencies.push_back(std::chrono::duration<float, std::milli>(last - since).count());
  }
  void failed(const Words& words) {
    if (result.failed++ == 0) {
      result.failure = lines_of(words);
    }
  }
};

// One connection after the other, or one request after the other on each.
class Slot : public ConnectionHandler {
 public:
  explicit Slot(Load& load)
      : load_(load),
        socket_(load.io),
        timer_(load.io),
        request_("GET " + load.options.target + " HTTP/1.1\r\nHost: " + load.options.host +
                 "\r\nUser-Agent: ashlar-load/" ASHLAR_VERSION "\r\nAccept-Encoding: identity\r\n\r\n") {}
  ~Slot() override {
    if (driver_ != nullptr) {
      driver_->stop();
    }
  }

  void connect() {
    if (!load_.begin()) {
      return;
    }
    counted_ = false;
    since_ = std::chrono::steady_clock::now();
    socket_ = asio::ip::tcp::socket(load_.io);
    timer_.expires_after(load_.options.patience);
    timer_.async_wait([this](SystemError stopped) {
      if (!stopped) {
        SystemError ignored;
        socket_.close(ignored);
      }
    });
    socket_.async_connect(load_.options.endpoint, [this](SystemError error) {
      timer_.cancel();
      if (error) {
        const std::string text =
            error == asio::error::operation_aborted ? "no answer in time" : error.message();
        load_.failed({.cause = load_.options.about + ": no connection: " + text,
                      .found = text,
                      .wanted = "a server that takes " + std::to_string(load_.options.connections) +
                                " connections at once",
                      .next = "give fewer --connections, or look at the server's log"});
        connect();
        return;
      }
      client_ = std::make_shared<tls::Client>(
          value_of(tls::Client::create(load_.config, load_.options.name, load_.session), load_.options.about,
                   ExitCode::tls));
      established_ = answered_ = heard_ = false;
      driver_ = std::make_shared<Driver>(std::move(socket_), client_, *this);
      driver_->set_deadline(load_.options.patience);
      driver_->start();
    });
  }

 private:
  void established() override {
    established_ = true;
    if (load_.work != LoadWork::data) {
      load_.result.not_resumed += load_.session != nullptr && !client_->negotiated().resumed ? 1 : 0;
      load_.succeeded(since_);
      counted_ = true;
      driver_->close_now();
      return;
    }
    ask();
  }

  void ask() {
    since_ = std::chrono::steady_clock::now();
    counted_ = heard_ = false;
    reader_ = std::make_unique<ResponseReader>([](const ResponseHead&) {}, [](Bytes) {});
    driver_->set_deadline(load_.options.patience);
    driver_->write(bytes_of(request_));
  }

  std::size_t received(Bytes data) override {
    if (load_.work != LoadWork::data || counted_) {
      return data.size();
    }
    load_.result.bytes += data.size();
    heard_ = true;
    reader_->feed(data);
    if (reader_->complete()) {
      load_.succeeded(since_);
      counted_ = true;
      answered_ = true;
      if (load_.begin()) {
        ask();
      } else {
        driver_->close_now();
      }
    }
    return data.size();
  }

  void peer_closed() override { driver_->close(); }

  void ended(const ConnectionEnd& end) override {
    if (!counted_ && answered_ && !heard_) {
      // The server ends connections after some responses: this request goes over another one.
      --load_.begun;
    } else if (!counted_) {
      try {
        if (load_.work == LoadWork::data && established_ && end.reason == ConnectionEnd::Reason::closed) {
          // A server may end each connection behind its response.
          reader_->end(true);
          load_.succeeded(since_);
        } else {
          load_.failed(load_.setup.ending(load_.options.about, end, client_->negotiated(), established_));
        }
      } catch (const Failure& failure) {
        load_.failed({.cause = failure.what()});
      }
    }
    // The driver calls this from inside: the next one begins later.
    asio::post(load_.io, [this] { connect(); });
  }

  Load& load_;
  asio::ip::tcp::socket socket_;
  asio::steady_timer timer_;
  const std::string request_;
  SteadyTime since_;
  std::shared_ptr<tls::Client> client_;
  std::shared_ptr<Driver> driver_;
  std::unique_ptr<ResponseReader> reader_;
  bool established_ = false, counted_ = false;
  bool answered_ = false,
       heard_ = false;  // there was a response on this connection; of this one something came
};

// One connection that waits for its session.
class Sampler : public ConnectionHandler {
 public:
  Sampler(asio::io_context& io, const LoadOptions& options) : timer_(io), options_(options) {}
  ~Sampler() override { driver_->stop(); }

  void run(asio::io_context& io, asio::ip::tcp::socket socket, std::shared_ptr<tls::Client> client) {
    client_ = std::move(client);
    driver_ = std::make_shared<Driver>(std::move(socket), client_, *this);
    driver_->set_deadline(options_.patience);
    driver_->start();
    io.run();
  }

  LoadSample sample;
  bool done = false;
  ConnectionEnd end;

 private:
  void established() override {
    done = true;
    sample.agreed = text_of_agreed(client_->negotiated());
    look(kSessionTries);
  }
  void look(int tries) {
    if (auto given = client_->session()) {
      sample.session.emplace(std::move(*given));
    }
    if (sample.session || tries == 0) {
      driver_->close_now();
      return;
    }
    timer_.expires_after(kSessionPause);
    timer_.async_wait([this, tries](SystemError stopped) {
      if (!stopped) {
        look(tries - 1);
      }
    });
  }
  std::size_t received(Bytes data) override { return data.size(); }
  void peer_closed() override { driver_->close(); }
  void ended(const ConnectionEnd& how) override {
    end = how;
    timer_.cancel();
  }

  asio::steady_timer timer_;
  const LoadOptions& options_;
  std::shared_ptr<tls::Client> client_;
  std::shared_ptr<Driver> driver_;
};

}  // namespace

double LoadResult::per_second() const {
  const double seconds = std::chrono::duration<double>(elapsed).count();
  return seconds > 0 ? static_cast<double>(done) / seconds : 0;
}

double LoadResult::percentile(double percent) const {
  if (latencies.empty()) {
    return 0;
  }
  // The smallest latency that so many percent do not exceed.
  const double rank = percent / 100 * static_cast<double>(latencies.size());
  const auto index = static_cast<std::size_t>(std::max(0.0, std::ceil(rank) - 1));
  return static_cast<double>(latencies[std::min(index, latencies.size() - 1)]);
}

LoadSample sample(const LoadOptions& options, const tls::ClientConfig& config, const ClientSetup& setup) {
  asio::io_context io;
  asio::ip::tcp::socket socket(io);
  SystemError error;
  socket.connect(options.endpoint, error);
  if (error) {
    throw Failure(options.about + ": " + error.message(), ExitCode::unreachable);
  }
  const auto client = std::make_shared<tls::Client>(
      value_of(tls::Client::create(config, options.name), options.about, ExitCode::tls));
  Sampler sampler(io, options);
  sampler.run(io, std::move(socket), client);
  if (!sampler.done ||
      (sampler.end.reason == ConnectionEnd::Reason::failed && sampler.end.error == ErrorCode::peer_alert)) {
    throw Failure(setup.ending(options.about, sampler.end, client->negotiated(), sampler.done),
                  ExitCode::tls);
  }
  return std::move(sampler.sample);
}

LoadResult measure(const LoadOptions& options, LoadWork work, const tls::ClientConfig& config,
                   const ClientSetup& setup, const tls::Session* session) {
  const double before = processor_seconds();
  asio::io_context io;
  Load load{io, options, work, config, setup, work == LoadWork::resumed ? session : nullptr};
  std::vector<std::unique_ptr<Slot>> slots;
  for (unsigned i = 0; i < options.connections; ++i) {
    slots.push_back(std::make_unique<Slot>(load));
    slots.back()->connect();
  }
  io.run();
  if (load.result.done == 0) {
    throw Failure(load.result.failure.empty() ? options.about + ": nothing was measured in this time"
                                              : load.result.failure,
                  ExitCode::tls);
  }
  LoadResult& result = load.result;
  result.elapsed = load.last - load.start;
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - load.start).count();
  result.busy = seconds > 0 ? (processor_seconds() - before) / seconds : 0;
  std::sort(result.latencies.begin(), result.latencies.end());
  return std::move(result);
}

}  // namespace ashlar::cli
