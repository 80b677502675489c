/* SPDX-License-Identifier: Apache-2.0
 *
 * The DER header (X.690 §8.1, §10.1). All parsing of certificates and keys depends on it. It is in the common
 * subset of C and C++ so that a bounded model checker can prove it. It reads nothing outside of the `left`
 * bytes at `at`. On success header_size >= 2 and header_size + content_size <= left. */
#pragma once

#include <stddef.h>
#include <stdint.h>

enum ashlar_der_status {  // the result of reading a header
  ASHLAR_DER_OK,
  ASHLAR_DER_TRUNCATED,   /* the header or the content it announces runs past the end */
  ASHLAR_DER_HIGH_TAG,    /* a tag number above 30, or the end-of-contents tag 0 */
  ASHLAR_DER_INDEFINITE,  /* length octet 0x80 */
  ASHLAR_DER_NOT_MINIMAL, /* a length that fewer octets could say */
  ASHLAR_DER_TOO_LONG     /* a length of more than four octets */
};

struct ashlar_der_header {  // identifier and length of an element
  uint8_t tag;              /* the identifier octet: class, form and number */
  size_t header_size;
  size_t content_size;
};

static inline enum ashlar_der_status ashlar_der_parse_header(const uint8_t* at, size_t left,
                                                             struct ashlar_der_header* out) {
  size_t header_size = 2;
  size_t content_size = 0;
  if (left < 1) {
    return ASHLAR_DER_TRUNCATED;
  }
  if ((at[0] & 0x1f) == 0x1f || at[0] == 0) {
    return ASHLAR_DER_HIGH_TAG;
  }
  if (left < 2) {
    return ASHLAR_DER_TRUNCATED;
  }
  if (at[1] < 0x80) {
    content_size = at[1];
  } else {
    const size_t octets = at[1] & 0x7fu;
    uint32_t length = 0;
    size_t i;
    if (octets == 0) {
      return ASHLAR_DER_INDEFINITE;
    }
    if (octets > 4) {
      return ASHLAR_DER_TOO_LONG;
    }
    if (octets > left - 2) {
      return ASHLAR_DER_TRUNCATED;
    }
    for (i = 0; i < octets; i++) {
      length = (length << 8) | at[2 + i];
    }
    if (at[2] == 0 || length < 0x80) {
      return ASHLAR_DER_NOT_MINIMAL;
    }
    header_size += octets;
    content_size = length;
  }
  if (content_size > left - header_size) {
    return ASHLAR_DER_TRUNCATED;
  }
  out->tag = at[0];
  out->header_size = header_size;
  out->content_size = content_size;
  return ASHLAR_DER_OK;
}
