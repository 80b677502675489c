/* SPDX-License-Identifier: Apache-2.0
 *
 * The record header (RFC 5246 §6.2.1) in the common subset of C and C++, so that a bounded model checker can
 * prove it. It reads exactly five bytes. A header that it accepts is within the given bounds.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

typedef struct ashlar_record_header {
  uint8_t type;
  uint16_t version;
  uint16_t length;
} ashlar_record_header;

enum ashlar_record_verdict {
  ashlar_record_good,
  ashlar_record_bad_type,
  ashlar_record_bad_version,
  ashlar_record_too_long,
  ashlar_record_empty
};

/* Splits the header and checks it: a known content type, a version of SSL 3.0 or TLS, at most max_length
 * bytes, and at least one if the record is not encrypted and not application data. Once version_fixed, the
 * version is that of TLS 1.2; but an alert in the clear may have another, for who sends it may not know yet
 * what was agreed. `header` is filled in for every verdict. */
static inline enum ashlar_record_verdict ashlar_record_header_judge(const uint8_t* bytes, int version_fixed,
                                                                    int encrypted, size_t max_length,
                                                                    ashlar_record_header* header) {
  header->type = bytes[0];
  header->version = (uint16_t)((bytes[1] << 8) | bytes[2]);
  header->length = (uint16_t)((bytes[3] << 8) | bytes[4]);
  if (header->type < 20 || header->type > 23) {
    return ashlar_record_bad_type;
  }
  const int any_version = !version_fixed || (header->type == 21 && !encrypted);
  if (any_version ? bytes[1] != 3 : header->version != 0x0303) {
    return ashlar_record_bad_version;
  }
  if (header->length > max_length) {
    return ashlar_record_too_long;
  }
  if (header->length == 0 && !encrypted && header->type != 23) {
    return ashlar_record_empty;
  }
  return ashlar_record_good;
}
