// SPDX-License-Identifier: Apache-2.0
// Reader and Writer: reads stay inside the input, and what was read writes back to the same bytes
//
// The input is a script of one byte per read, ended by 0xff, and then the data that the script reads.
#include <ashlar/base/reader.hpp>
#include <ashlar/base/writer.hpp>

#include "support/check.hpp"

#include <array>

using namespace ashlar;

namespace {

struct Walk {
  Bytes data;
  Reader script;

  void inside(Bytes read) const {
    FUZZ_CHECK(read.empty() ||
               (read.data() >= data.data() && read.data() + read.size() <= data.data() + data.size()));
  }

  // One number of `width` bytes: true if it was there.
  template <class T, class Write>
  static bool copy(Result<T> read, Write write) {
    if (read) {
      write(*read);
    }
    return static_cast<bool>(read);
  }

  // Reads what the script says and writes the same again.
  void run(Reader& reader, Writer& writer, int depth) {
    for (;;) {
      const auto op = script.u8();
      if (!op || *op == 0xff) {
        return;
      }
      const auto before_left = reader.remaining();
      const auto before_offset = reader.offset();
      bool read = false;
      switch (*op % 9) {
        case 0:
          read = copy(reader.u8(), [&](auto v) { writer.u8(v); });
          break;
        case 1:
          read = copy(reader.u16(), [&](auto v) { writer.u16(v); });
          break;
        case 2:
          read = copy(reader.u24(), [&](auto v) { writer.u24(v); });
          break;
        case 3:
          read = copy(reader.u32(), [&](auto v) { writer.u32(v); });
          break;
        case 4:
          read = copy(reader.u64(), [&](auto v) { writer.u64(v); });
          break;
        case 5:
          read = copy(reader.take(*op / 9u), [&](Bytes v) {
            inside(v);
            FUZZ_CHECK(v.size() == *op / 9u);
            writer.bytes(v);
          });
          break;
        default: {
          const unsigned width = *op % 9u - 5;
          auto inner = width == 1   ? reader.u8_prefixed()
                       : width == 2 ? reader.u16_prefixed()
                                    : reader.u24_prefixed();
          read = static_cast<bool>(inner);
          if (read) {
            inside(inner->peek());
            FUZZ_CHECK(inner->offset() == before_offset + width);
            auto scope = width == 1   ? writer.u8_scope()
                         : width == 2 ? writer.u16_scope()
                                      : writer.u24_scope();
            if (depth < 8) {
              run(*inner, writer, depth + 1);
            }
            writer.bytes(inner->take_rest());
            FUZZ_CHECK(inner->expect_end());
          }
        }
      }
      FUZZ_CHECK(reader.offset() + reader.remaining() == before_offset + before_left);
      FUZZ_CHECK(read || reader.remaining() == before_left);
      inside(reader.peek());
    }
  }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static constexpr std::size_t kMaxInput = 4096;
  if (size > kMaxInput) {
    return -1;
  }
  const Bytes input(data, size);
  std::size_t script_size = 0;
  while (script_size < size && input[script_size] != 0xff) {
    ++script_size;
  }
  const Bytes body = input.subspan(script_size == size ? size : script_size + 1);
  Walk walk{body, Reader(input.first(script_size))};
  Reader reader(body);
  std::array<std::uint8_t, kMaxInput> out;
  Writer writer(out);
  walk.run(reader, writer, 0);
  const auto written = writer.finish();
  FUZZ_CHECK(written);
  FUZZ_CHECK(equal_public(*written, body.first(body.size() - reader.remaining())));
  return 0;
}
