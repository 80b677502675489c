// SPDX-License-Identifier: Apache-2.0
// What may happen when, in TLS 1.3: the handshakes of RFC 9846 §2 and the state machines of its Appendix A,
// one row a line.
//
// A row says: in this state, this input is taken, and that state may follow. An input without a row is
// refused before any code looks at it. A state that the row does not name cannot follow (H01). The page
// docs/tls13-states.md is printed from this table.
#pragma once

#include "tls13/states.hpp"
#include "transition_table.hpp"

namespace ashlar::tls::tls13 {

// clang-format off
inline constexpr auto kTransitions = [] {
  using enum State;
  using enum HandshakeType;
  using enum InputKind::Other;
  return std::to_array<Transition<State>>({

    // Client
    //from                                 input                   to                                   when
    { client_expects_server_hello,         server_hello,           client_expects_second_server_hello,  "HelloRetryRequest"         },
    { client_expects_server_hello,         server_hello,           client_expects_encrypted_extensions, "ServerHello"               },
    { client_expects_second_server_hello,  server_hello,           client_expects_encrypted_extensions                              },
    { client_expects_encrypted_extensions, encrypted_extensions,   client_expects_certificate_request,  "full handshake"            },
    { client_expects_encrypted_extensions, encrypted_extensions,   client_expects_finished,             "by a pre-shared key"       },
    { client_expects_certificate_request,  certificate_request,    client_expects_certificate                                       },
    { client_expects_certificate_request,  certificate,            client_expects_certificate_verify                                },
    { client_expects_certificate_request,  compressed_certificate, client_expects_certificate_verify                                },
    { client_expects_certificate,          certificate,            client_expects_certificate_verify                                },
    { client_expects_certificate,          compressed_certificate, client_expects_certificate_verify                                },
    { client_expects_certificate_verify,   certificate_verify,     client_expects_finished                                          },
    { client_expects_finished,             finished,               client_connected,                    "no certificate to show"    },
    { client_expects_finished,             finished,               client_signs_certificate_verify,     "a certificate shown"       },
    { client_expects_finished,             finished,               client_chooses_credential,           "chosen outside"            },
    { client_chooses_credential,           credential,             client_connected,                    "none"                      },
    { client_chooses_credential,           credential,             client_signs_certificate_verify                                  },
    { client_signs_certificate_verify,     private_key_answer,     client_connected                                                 },

    // A ChangeCipherSpec means nothing. Peers send one for the sake of what stands between (Appendix E.4).
    { client_expects_server_hello,         change_cipher_spec,     client_expects_server_hello                                      },
    { client_expects_second_server_hello,  change_cipher_spec,     client_expects_second_server_hello                               },
    { client_expects_encrypted_extensions, change_cipher_spec,     client_expects_encrypted_extensions                              },
    { client_expects_certificate_request,  change_cipher_spec,     client_expects_certificate_request                               },
    { client_expects_certificate,          change_cipher_spec,     client_expects_certificate                                       },
    { client_expects_certificate_verify,   change_cipher_spec,     client_expects_certificate_verify                                },
    { client_expects_finished,             change_cipher_spec,     client_expects_finished                                          },

    // After the handshake.
    { client_connected,                    application_data,       client_connected                                                 },
    { client_connected,                    new_session_ticket,     client_connected                                                 },
    { client_connected,                    key_update,             client_connected                                                 },

    // Server
    //from                                 input                   to                                   when
    { server_expects_client_hello,         client_hello,           server_expects_second_client_hello,  "no share of a common group"   },
    { server_expects_client_hello,         client_hello,           server_signs_certificate_verify,     "full handshake"               },
    { server_expects_client_hello,         client_hello,           server_expects_finished,             "by a pre-shared key"          },
    { server_expects_client_hello,         client_hello,           server_chooses_credential,           "chosen outside"               },
    { server_expects_client_hello,         client_hello,           server_exchanges_keys,               "with those of others"         },
    { server_expects_client_hello,         client_hello,           server_expects_end_of_early_data,    "early data accepted"          },
    { server_expects_second_client_hello,  client_hello,           server_signs_certificate_verify,     "full handshake"               },
    { server_expects_second_client_hello,  client_hello,           server_expects_finished,             "by a pre-shared key"          },
    { server_expects_second_client_hello,  client_hello,           server_chooses_credential,           "chosen outside"               },
    { server_expects_second_client_hello,  client_hello,           server_exchanges_keys,               "with those of others"         },
    { server_chooses_credential,           credential,             server_signs_certificate_verify                                     },
    { server_chooses_credential,           credential,             server_exchanges_keys,               "with those of others"         },
    { server_exchanges_keys,               key_exchange,           server_signs_certificate_verify                                     },
    { server_expects_end_of_early_data,    application_data,       server_expects_end_of_early_data                                    },
    { server_expects_end_of_early_data,    end_of_early_data,      server_expects_finished                                             },
    { server_signs_certificate_verify,     private_key_answer,     server_expects_certificate,          "client certificate asked for" },
    { server_signs_certificate_verify,     private_key_answer,     server_expects_finished                                             },
    { server_expects_certificate,          certificate,            server_expects_certificate_verify,   "client showed a certificate"  },
    { server_expects_certificate,          compressed_certificate, server_expects_certificate_verify,   "client showed a certificate"  },
    { server_expects_certificate,          certificate,            server_expects_finished                                             },
    { server_expects_certificate,          compressed_certificate, server_expects_finished                                             },
    { server_expects_certificate_verify,   certificate_verify,     server_expects_finished                                             },
    { server_expects_finished,             finished,               server_connected                                                    },

    // A ChangeCipherSpec means nothing.
    { server_expects_second_client_hello,  change_cipher_spec,     server_expects_second_client_hello                                  },
    { server_expects_end_of_early_data,    change_cipher_spec,     server_expects_end_of_early_data                                    },
    { server_expects_certificate,          change_cipher_spec,     server_expects_certificate                                          },
    { server_expects_certificate_verify,   change_cipher_spec,     server_expects_certificate_verify                                   },
    { server_expects_finished,             change_cipher_spec,     server_expects_finished                                             },

    // After the handshake.
    { server_connected,                    application_data,       server_connected                                                    },
    { server_connected,                    key_update,             server_connected                                                    },
  });
}();
// clang-format on

inline constexpr auto kTable = make_table<kStates>(kTransitions);
static_assert(kTable.is_unambiguous());

constexpr bool allowed(State state, InputKind input) {
  return kTable.takes(state, input);
}
constexpr bool allowed(State from, InputKind input, State to) {
  return kTable.takes(from, input, to);
}

}  // namespace ashlar::tls::tls13
