/* SPDX-License-Identifier: Apache-2.0
 *
 * The bounds check on which all parsing rests, in the common subset of C and C++ so that a bounded model
 * checker can prove it. A cursor names the bytes that are left. Nothing here reads outside of them. A call
 * that fails returns 0 and leaves the cursor as it was. */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* These are C casts. They shall compile where a C++ program warns of them. */
#if defined(__cplusplus)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wold-style-cast"
#endif

struct ashlar_cursor {  // where in its input a reader is
  const uint8_t* at;
  size_t left;
};

/* Takes `count` bytes: *out names them. */
static inline int ashlar_cursor_take(struct ashlar_cursor* cursor, size_t count, const uint8_t** out) {
  if (count > cursor->left) {
    return 0;
  }
  *out = cursor->at;
  cursor->at += count;
  cursor->left -= count;
  return 1;
}

/* Takes a big-endian number of `width` bytes, 1 to 8. */
static inline int ashlar_cursor_number(struct ashlar_cursor* cursor, size_t width, uint64_t* out) {
  const uint8_t* bytes = cursor->at;
  uint64_t value = 0;
  size_t i;
  if (width == 0 || width > 8 || !ashlar_cursor_take(cursor, width, &bytes)) {
    return 0;
  }
  for (i = 0; i < width; i++) {
    value = (value << 8) | bytes[i];
  }
  *out = value;
  return 1;
}

/* Takes a length of `width` bytes (1 to 4) and then that many bytes, which *inner names. */
static inline int ashlar_cursor_prefixed(struct ashlar_cursor* cursor, size_t width,
                                         struct ashlar_cursor* inner) {
  struct ashlar_cursor probe = *cursor;
  const uint8_t* bytes = probe.at;
  uint64_t length = 0;
  if (width > 4 || !ashlar_cursor_number(&probe, width, &length)) {
    return 0;
  }
  if (length > probe.left || !ashlar_cursor_take(&probe, (size_t)length, &bytes)) {
    return 0;
  }
  inner->at = bytes;
  inner->left = (size_t)length;
  *cursor = probe;
  return 1;
}

#if defined(__cplusplus)
#pragma GCC diagnostic pop
#endif
