// SPDX-License-Identifier: Apache-2.0
// A TLS connection over an Asio socket: the driver moves bytes between the two and tells a handler about the
// results.
#pragma once

#include "net/asio.hpp"

#include <ashlar/tls/connection.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace ashlar::cli {

// How a connection ended.
struct ConnectionEnd {
  enum class Reason {
    closed,    // in order, with the peer's close_notify
    failed,    // `error` says which rule was broken, or which alert came
    network,   // `network` is the system's reason
    deadline,  // the awaited data did not come in time
  };
  Reason reason = Reason::closed;
  Error error{};
  SystemError network;

  std::string text() const;
};

class ConnectionHandler {
 public:
  virtual ~ConnectionHandler() = default;
  // The handshake is done.
  virtual void established() {}
  // Returns how much was taken. Less than all: nothing more comes until Driver::resume().
  virtual std::size_t received(Bytes data) = 0;
  // The same with early data of a client, which may be a replay. Only where Driver::take_early_data was
  // called.
  virtual std::size_t early_data(Bytes data) { return data.size(); }
  // All written data was sent: there is room again.
  virtual void writable() {}
  // The connection rests in Want::batch. Call Driver::proceed() when it rests no more.
  virtual void rests() {}
  // The peer's close_notify came. The peer may still read. Call Driver::close() now.
  virtual void peer_closed() = 0;
  // The connection rests until these are fetched. `done` is called once, later.
  virtual void fetch(const tls::SessionRequest&, std::function<void()>) {}
  // Called once, last.
  virtual void ended(const ConnectionEnd& end) = 0;
};

class Driver : public std::enable_shared_from_this<Driver> {
 public:
  // The handler is called until stop() or ended().
  Driver(asio::ip::tcp::socket socket, std::shared_ptr<tls::Connection> connection,
         ConnectionHandler& handler);

  void start();
  // The server whose connection this is takes early data. Call it before start().
  void take_early_data(tls::Server& server) { early_ = &server; }
  // Protects and sends as much as there is room for. Write the rest after writable().
  std::size_t write(Bytes data);
  // Sends close_notify after the written data, and reads until the peer's close_notify.
  void close();
  // The same without waiting for the peer's close_notify.
  void close_now();
  void resume();
  // Goes on with a connection that was given what it waited for.
  void proceed() { schedule_pump(); }
  // Ends the connection with Reason::deadline unless this is called again before.
  void set_deadline(std::chrono::milliseconds from_now);
  void no_deadline() { deadline_.cancel(); }
  // Whether the peer has sent anything.
  bool heard() const { return heard_; }
  // Calls the handler no more and closes the socket.
  void stop();

  // Cuts the connection without close_notify, so that the peer notices.
  void abort();

 private:
  Bytes early_data() const { return early_ != nullptr ? early_->early_data() : Bytes(); }
  void pump();
  bool take_input();
  void fetch_sessions();
  bool hand_out();
  void start_read();
  void start_write();
  void finish(ConnectionEnd end);
  void linger();
  void drain(std::size_t left);
  void read_some();
  void schedule_pump();

  asio::ip::tcp::socket socket_;
  std::shared_ptr<tls::Connection> connection_;
  ConnectionHandler* handler_;
  tls::Server* early_ = nullptr;
  asio::steady_timer deadline_;
  // Both exist only while they hold data: an idle connection has neither.
  std::unique_ptr<std::uint8_t[]> in_;
  std::vector<std::uint8_t> out_;
  std::size_t in_at_ = 0, in_end_ = 0;
  bool reading_ = false, writing_ = false, established_ = false, paused_ = false, resumed_ = false,
       told_peer_closed_ = false;
  bool fetching_ = false;  // sessions
  bool pump_scheduled_ = false, input_over_ = false, heard_ = false, ending_ = false, finished_ = false;
  SystemError network_error_;
};

}  // namespace ashlar::cli
