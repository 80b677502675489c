// SPDX-License-Identifier: Apache-2.0
// The Finished of TLS 1.3 that would have been right is nobody's to find.
#include "support/skip.hpp"
#include "support/stack.hpp"
#include "tls/message/build.hpp"
#include "tls/support/stage13.hpp"

using namespace ashlar;
using namespace ashlar::test;

namespace {

// The Finished that a side sends.
struct SentFinished {
  Buffer verify_data;
  tls::EventSink sink() {
    return {[](void* context, const tls::Event& event) {
              const auto* message = std::get_if<tls::MessageEvent>(&event.what);
              if (message != nullptr && message->type == tls::HandshakeType::finished &&
                  event.direction == tls::Direction::sent) {
                static_cast<SentFinished*>(context)->verify_data = buffer_of(message->body);
              }
            },
            this};
  }
};

}  // namespace

TEST_CASE("S12 TLS 1.3 finish: the Finished that would have been right does not stay on the stack") {
  if (kFramesHoldCopies) {
    SKIP_CASE("this build's stack frames keep copies of their own");
  }
  // The same randomness gives the same Finished: the first round learns it, the second one looks for it.
  Buffer expected;
  for (const bool look : {false, true}) {
    Tls13Setup setup;
    setup.use_suite(tls::kAes128GcmSha256);
    SentFinished told;
    setup.client.events = told.sink();
    auto client = setup.make_client();
    auto server = setup.make_server();
    REQUIRE_FALSE(feed_all(server, drain(client)));
    if (!look) {
      REQUIRE_FALSE(feed_all(client, drain(server)));
      expected = told.verify_data;
      REQUIRE(expected.size() == 32);
      continue;
    }
    (void)drain(server);
    const Buffer wrong =
        record_for(server, tls::ContentType::handshake, Buffer{20} + prefixed(3, Buffer(32, 0)));
    std::optional<Error> error;
    CHECK(words_left_on_stack(expected, [&] { error = feed_all(server, wrong); }) == 0);
    REQUIRE(error);
    CHECK(*error == ErrorCode::finished_mismatch);
  }
}
