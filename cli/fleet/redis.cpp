// SPDX-License-Identifier: Apache-2.0
// hiredis does the protocol. Asio waits for its socket, and counts the time.
#include "fleet/redis.hpp"

#include "failure/failure.hpp"
#include "files/passphrase.hpp"

#include <boost/asio/posix/stream_descriptor.hpp>

#include <hiredis/async.h>
#include <hiredis/hiredis.h>

#include <deque>
#include <optional>

namespace ashlar::cli {

namespace {

// The socket of one connection, as hiredis asks for it to be watched. hiredis owns the socket.
class Watch : public std::enable_shared_from_this<Watch> {
 public:
  Watch(asio::io_context& io, redisAsyncContext& context) : descriptor_(io), context_(&context) {}

  void attach() {
    descriptor_.assign(context_->c.fd);
    context_->ev.data = this;
    context_->ev.addRead = [](void* self) { static_cast<Watch*>(self)->reads(true); };
    context_->ev.delRead = [](void* self) { static_cast<Watch*>(self)->reads(false); };
    context_->ev.addWrite = [](void* self) { static_cast<Watch*>(self)->writes(true); };
    context_->ev.delWrite = [](void* self) { static_cast<Watch*>(self)->writes(false); };
    context_->ev.cleanup = [](void* self) { static_cast<Watch*>(self)->let_go(); };
  }

 private:
  void reads(bool wanted) {
    read_ = wanted;
    wait_read();
  }
  void writes(bool wanted) {
    write_ = wanted;
    wait_write();
  }
  void wait_read() {
    if (context_ != nullptr && read_ && !waiting_read_) {
      waiting_read_ = true;
      descriptor_.async_wait(asio::posix::stream_descriptor::wait_read,
                             [self = shared_from_this()](SystemError stopped) {
                               self->waiting_read_ = false;
                               if (!stopped && self->context_ != nullptr && self->read_) {
                                 redisAsyncHandleRead(self->context_);
                               }
                               self->wait_read();
                             });
    }
  }
  void wait_write() {
    if (context_ != nullptr && write_ && !waiting_write_) {
      waiting_write_ = true;
      descriptor_.async_wait(asio::posix::stream_descriptor::wait_write,
                             [self = shared_from_this()](SystemError stopped) {
                               self->waiting_write_ = false;
                               if (!stopped && self->context_ != nullptr && self->write_) {
                                 redisAsyncHandleWrite(self->context_);
                               }
                               self->wait_write();
                             });
    }
  }
  void let_go() {
    if (context_ != nullptr) {
      context_ = nullptr;
      descriptor_.release();
    }
  }

  asio::posix::stream_descriptor descriptor_;
  redisAsyncContext* context_;
  bool read_ = false, write_ = false, waiting_read_ = false, waiting_write_ = false;
};

using Instant = std::chrono::steady_clock::time_point;

// A command without an answer yet. They are answered in order.
struct PendingCommand {
  std::uintptr_t number;
  Instant deadline;
  std::function<void(std::string)> found;  // may be empty
};

}  // namespace

struct Redis::Client : std::enable_shared_from_this<Client> {
  Client(asio::io_context& loop, const RedisAddress& where, std::function<void(const std::string&)> teller)
      : io(loop), address(where), tell(std::move(teller)), resolver(loop), retry(loop), watchdog(loop) {
    if (!address.password_file.empty()) {
      password = read_passphrase(address.password_file);
    }
  }

  std::string name() const { return "Redis at " + address.host + ":" + address.port; }

  void connect() {
    // Also bounds the look-up of its name.
    watch_over(kPause);
    resolver.async_resolve(
        address.host, address.port,
        [self = shared_from_this()](SystemError error, const asio::ip::tcp::resolver::results_type& found) {
          if (self->stopped || self->context != nullptr || error == asio::error::operation_aborted) {
            return;
          }
          if (error || found.empty()) {
            self->lose(error ? error.message() : "no address");
            return;
          }
          self->connect_to(found.begin()->endpoint());
        });
  }

  void connect_to(const asio::ip::tcp::endpoint& endpoint) {
    redisAsyncContext* const made =
        redisAsyncConnect(endpoint.address().to_string().c_str(), endpoint.port());
    if (made == nullptr || made->err != 0) {
      const std::string why = made != nullptr ? made->errstr : "no memory";
      if (made != nullptr) {
        redisAsyncFree(made);
      }
      lose(why);
      return;
    }
    context = made;
    context->data = this;
    watch = std::make_shared<Watch>(io, *context);
    watch->attach();
    redisAsyncSetConnectCallback(context, [](const redisAsyncContext* from, int status) {
      if (Client* const self = static_cast<Client*>(from->data)) {
        status == REDIS_OK ? self->greet() : self->gone(from);
      }
    });
    redisAsyncSetDisconnectCallback(context, [](const redisAsyncContext* from, int) {
      if (Client* const self = static_cast<Client*>(from->data)) {
        self->gone(from);
      }
    });
  }

  // The password and the database come first. Only their answers make it ready.
  void greet() {
    if (!password.bytes().empty()) {
      const char* const words[] = {"AUTH", reinterpret_cast<const char*>(password.bytes().data())};
      const std::size_t sizes[] = {4, password.bytes().size()};
      redisAsyncCommandArgv(context, greeted, nullptr, 2, const_cast<const char**>(words), sizes);
    }
    redisAsyncCommand(context, greeted, this, "SELECT %d", address.database);
  }
  // privdata: not null for the last of them.
  static void greeted(redisAsyncContext* from, void* answer, void* last) {
    Client* const self = static_cast<Client*>(from->data);
    const redisReply* const reply = static_cast<const redisReply*>(answer);
    if (self == nullptr || reply == nullptr) {
      return;
    }
    if (reply->type == REDIS_REPLY_ERROR) {
      self->lose("it refused: " + std::string(reply->str, reply->len));
    } else if (last != nullptr) {
      self->ready = true;
      self->watchdog.cancel();
      if (self->told_lost) {
        self->tell(self->name() + " answers again");
        self->told_lost = false;
      }
    }
  }

  // The connection has ended, and hiredis gives it back.
  void gone(const redisAsyncContext* from) {
    const std::string why = from->errstr != nullptr && *from->errstr != '\0' ? from->errstr : "it closed";
    context->data = nullptr;
    context = nullptr;
    lose(why);
  }

  // Gives the connection up, if there is one, and tries again later.
  void lose(const std::string& why) {
    resolver.cancel();
    drop();
    if (stopped) {
      return;
    }
    if (!told_lost) {
      told_lost = true;
      tell("warning: " + name() + " does not answer: " + why +
           "; until it does, no session is shared, and who wants to resume one gets a full handshake");
    }
    retry.expires_after(kPause);
    retry.async_wait([self = shared_from_this()](SystemError error) {
      if (!error && !self->stopped && self->context == nullptr) {
        self->connect();
      }
    });
  }

  void drop() {
    ready = false;
    watchdog.cancel();
    if (redisAsyncContext* const old = std::exchange(context, nullptr)) {
      old->data = nullptr;  // its callbacks come now, and mean nothing
      redisAsyncFree(old);
    }
    for (PendingCommand& each : std::exchange(pending, {})) {
      answer(each, {});
    }
  }

  void answer(PendingCommand& command, std::string value) {
    if (command.found && !stopped) {
      asio::post(io, [found = std::move(command.found), value = std::move(value)] { found(value); });
    }
  }

  void send(std::initializer_list<std::string_view> words, std::function<void(std::string)> found) {
    PendingCommand command{++number, std::chrono::steady_clock::now() + kPatience, std::move(found)};
    std::vector<const char*> texts;
    std::vector<std::size_t> sizes;
    for (const std::string_view word : words) {
      texts.push_back(word.data());
      sizes.push_back(word.size());
    }
    if (!ready || pending.size() >= kMostPending ||
        redisAsyncCommandArgv(context, answered, reinterpret_cast<void*>(command.number),
                              static_cast<int>(texts.size()), texts.data(), sizes.data()) != REDIS_OK) {
      answer(command, {});
      return;
    }
    pending.push_back(std::move(command));
    if (pending.size() == 1) {
      watch_over(kPatience);
    }
  }
  static void answered(redisAsyncContext* from, void* answer, void* number) {
    Client* const self = static_cast<Client*>(from->data);
    const redisReply* const reply = static_cast<const redisReply*>(answer);
    if (self == nullptr || reply == nullptr || self->pending.empty() ||
        self->pending.front().number != reinterpret_cast<std::uintptr_t>(number)) {
      return;
    }
    PendingCommand command = std::move(self->pending.front());
    self->pending.pop_front();
    self->answer(command, reply->type == REDIS_REPLY_STRING ? std::string(reply->str, reply->len) : "");
    if (reply->type == REDIS_REPLY_ERROR && !self->told_refusal) {
      self->told_refusal = true;
      self->tell("warning: " + self->name() + " refused: " + std::string(reply->str, reply->len));
    }
  }

  // What is not answered in time ends the connection.
  void watch_over(std::chrono::steady_clock::duration time) {
    watchdog.expires_after(time);
    watchdog.async_wait([self = shared_from_this()](SystemError error) {
      if (error || self->stopped) {
        return;
      }
      const Instant now = std::chrono::steady_clock::now();
      if (!self->ready || (!self->pending.empty() && self->pending.front().deadline <= now)) {
        self->lose("no answer in time");
      } else if (!self->pending.empty()) {
        self->watch_over(self->pending.front().deadline - now);
      }
    });
  }

  asio::io_context& io;
  const RedisAddress address;
  FileBytes password;
  std::function<void(const std::string&)> tell;
  asio::ip::tcp::resolver resolver;
  asio::steady_timer retry, watchdog;
  redisAsyncContext* context = nullptr;
  std::shared_ptr<Watch> watch;
  std::deque<PendingCommand> pending;
  std::uintptr_t number = 0;
  bool ready = false, told_lost = false, told_refusal = false, stopped = false;
};

Redis::Redis(asio::io_context& io, const RedisAddress& address, std::function<void(const std::string&)> tell)
    : client_(std::make_shared<Client>(io, address, std::move(tell))) {
  client_->connect();
}

Redis::~Redis() {
  client_->stopped = true;
  client_->resolver.cancel();
  client_->retry.cancel();
  client_->drop();
}

void Redis::get(const std::string& key, std::function<void(std::string)> found) {
  client_->send({"GET", key}, std::move(found));
}
void Redis::set(const std::string& key, Bytes value, std::int64_t seconds) {
  client_->send({"SET", key, text_of(value), "EX", std::to_string(seconds)}, nullptr);
}
void Redis::remove(const std::string& key) {
  client_->send({"DEL", key}, nullptr);
}

}  // namespace ashlar::cli
