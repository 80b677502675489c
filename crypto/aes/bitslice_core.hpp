// SPDX-License-Identifier: Apache-2.0
// What bitsliced AES does to eight words, one per bit of a byte, whatever the words are: 64 bits, or a vector
// register.
//
// The S-box is the circuit of Boyar and Peralta ("A depth-16 circuit for the AES S-box", 2011; 32 AND, 81
// XOR and XNOR), whose inputs and outputs count from the most significant bit. The inverse S-box has
// the same inversion between other linear layers.
#pragma once

#include "cpu/unroll.hpp"

namespace ashlar::crypto::aes {

// At -O2 too: the slices are to stay in registers.
#define ASHLAR_INLINE [[gnu::always_inline]] inline

// Inversion in GF(2^8) through GF(2^4), between the linear layers: from x7 and y1 to y21 to z0 to z17, each
// in the place of its number.
template <class Slices>
ASHLAR_INLINE void invert(const Slices (&y)[3], Slices (&out)[3]) {
  const auto x7 = y[0].w[0], y1 = y[0].w[1], y2 = y[0].w[2], y3 = y[0].w[3], y4 = y[0].w[4], y5 = y[0].w[5],
             y6 = y[0].w[6], y7 = y[0].w[7], y8 = y[1].w[0], y9 = y[1].w[1], y10 = y[1].w[2], y11 = y[1].w[3],
             y12 = y[1].w[4], y13 = y[1].w[5], y14 = y[1].w[6], y15 = y[1].w[7], y16 = y[2].w[0],
             y17 = y[2].w[1], y18 = y[2].w[2], y19 = y[2].w[3], y20 = y[2].w[4], y21 = y[2].w[5];
  const auto t2 = y12 & y15, t3 = y3 & y6, t4 = t3 ^ t2, t5 = y4 & x7, t6 = t5 ^ t2;
  const auto t7 = y13 & y16, t8 = y5 & y1, t9 = t8 ^ t7, t10 = y2 & y7, t11 = t10 ^ t7;
  const auto t12 = y9 & y11, t13 = y14 & y17, t14 = t13 ^ t12, t15 = y8 & y10, t16 = t15 ^ t12;
  const auto t17 = t4 ^ t14, t18 = t6 ^ t16, t19 = t9 ^ t14, t20 = t11 ^ t16;
  const auto t21 = t17 ^ y20, t22 = t18 ^ y19, t23 = t19 ^ y21, t24 = t20 ^ y18;
  const auto t25 = t21 ^ t22, t26 = t21 & t23, t27 = t24 ^ t26, t28 = t25 & t27, t29 = t28 ^ t22;
  const auto t30 = t23 ^ t24, t31 = t22 ^ t26, t32 = t31 & t30, t33 = t32 ^ t24, t34 = t23 ^ t33;
  const auto t35 = t27 ^ t33, t36 = t24 & t35, t37 = t36 ^ t34, t38 = t27 ^ t36, t39 = t29 & t38;
  const auto t40 = t25 ^ t39, t41 = t40 ^ t37, t42 = t29 ^ t33, t43 = t29 ^ t40, t44 = t33 ^ t37;
  const auto t45 = t42 ^ t41;
  const auto z0 = t44 & y15, z1 = t37 & y6, z2 = t33 & x7, z3 = t43 & y16, z4 = t40 & y1, z5 = t29 & y7;
  const auto z6 = t42 & y11, z7 = t45 & y17, z8 = t41 & y10, z9 = t44 & y12, z10 = t37 & y3, z11 = t33 & y4;
  const auto z12 = t43 & y13, z13 = t40 & y5, z14 = t29 & y2, z15 = t42 & y9, z16 = t45 & y14, z17 = t41 & y8;
  out[0].w[0] = z0;
  out[0].w[1] = z1;
  out[0].w[2] = z2;
  out[0].w[3] = z3;
  out[0].w[4] = z4;
  out[0].w[5] = z5;
  out[0].w[6] = z6;
  out[0].w[7] = z7;
  out[1].w[0] = z8;
  out[1].w[1] = z9;
  out[1].w[2] = z10;
  out[1].w[3] = z11;
  out[1].w[4] = z12;
  out[1].w[5] = z13;
  out[1].w[6] = z14;
  out[1].w[7] = z15;
  out[2].w[0] = z16;
  out[2].w[1] = z17;
}

// invert() of what the linear layer on top of a box makes.
template <class Slices, class... Words>
ASHLAR_INLINE void invert_all(Slices (&z)[3], const Words&... words) {
  Slices y[3] = {};
  std::size_t i = 0;
  ((y[i / 8].w[i % 8] = words, ++i), ...);
  invert(y, z);
}

// SubBytes. constant: whether to add 0x63, which a row may have put into its round keys.
template <bool constant, class Slices>
ASHLAR_INLINE void sub_bytes(Slices& s) {
  const auto x0 = s.w[7], x1 = s.w[6], x2 = s.w[5], x3 = s.w[4];
  const auto x4 = s.w[3], x5 = s.w[2], x6 = s.w[1], x7 = s.w[0];

  // The linear layer on top.
  const auto y14 = x3 ^ x5, y13 = x0 ^ x6, y9 = x0 ^ x3, y8 = x0 ^ x5;
  const auto t0 = x1 ^ x2;
  const auto y1 = t0 ^ x7, y4 = y1 ^ x3, y12 = y13 ^ y14, y2 = y1 ^ x0, y5 = y1 ^ x6, y3 = y5 ^ y8;
  const auto t1 = x4 ^ y12;
  const auto y15 = t1 ^ x5, y20 = t1 ^ x1, y6 = y15 ^ x7, y10 = y15 ^ t0, y11 = y20 ^ y9, y7 = x7 ^ y11;
  const auto y17 = y10 ^ y11, y19 = y10 ^ y8, y16 = t0 ^ y11, y21 = y13 ^ y16, y18 = x0 ^ y16;

  Slices z[3];
  invert_all(z, x7, y1, y2, y3, y4, y5, y6, y7, y8, y9, y10, y11, y12, y13, y14, y15, y16, y17, y18, y19, y20,
             y21);
  const auto z0 = z[0].w[0], z1 = z[0].w[1], z2 = z[0].w[2], z3 = z[0].w[3], z4 = z[0].w[4], z5 = z[0].w[5],
             z6 = z[0].w[6], z7 = z[0].w[7], z8 = z[1].w[0], z9 = z[1].w[1], z10 = z[1].w[2], z11 = z[1].w[3],
             z12 = z[1].w[4], z13 = z[1].w[5], z14 = z[1].w[6], z15 = z[1].w[7], z16 = z[2].w[0],
             z17 = z[2].w[1];

  // The linear layer below, with the constant 0x63 as four complements.
  const auto t46 = z15 ^ z16, t47 = z10 ^ z11, t48 = z5 ^ z13, t49 = z9 ^ z10, t50 = z2 ^ z12, t51 = z2 ^ z5;
  const auto t52 = z7 ^ z8, t53 = z0 ^ z3, t54 = z6 ^ z7, t55 = z16 ^ z17, t56 = z12 ^ t48, t57 = t50 ^ t53;
  const auto t58 = z4 ^ t46, t59 = z3 ^ t54, t60 = t46 ^ t57, t61 = z14 ^ t57, t62 = t52 ^ t58,
             t63 = t49 ^ t58;
  const auto t64 = z4 ^ t59, t65 = t61 ^ t62, t66 = z1 ^ t63, t67 = t64 ^ t65;
  const auto s3 = t53 ^ t66;
  s.w[7] = t59 ^ t63;
  s.w[6] = t64 ^ (constant ? ~s3 : s3);
  s.w[5] = t55 ^ (constant ? ~t67 : t67);
  s.w[4] = s3;
  s.w[3] = t51 ^ t66;
  s.w[2] = t47 ^ t65;
  s.w[1] = t56 ^ (constant ? ~t62 : t62);
  s.w[0] = t48 ^ (constant ? ~t60 : t60);
}

// InvSubBytes: the linear layers are those of SubBytes together with the inverse of its affine map, found by
// taking out the most frequent sum of two, again and again.
template <bool constant, class Slices>
ASHLAR_INLINE void inv_sub_bytes(Slices& s) {
  if constexpr (constant) {
    ASHLAR_UNROLL
    for (const int i : {0, 1, 5, 6}) {
      s.w[i] = ~s.w[i];
    }
  }
  const auto i0 = s.w[0], i1 = s.w[1], i2 = s.w[2], i3 = s.w[3], i4 = s.w[4], i5 = s.w[5], i6 = s.w[6],
             i7 = s.w[7];
  const auto y5 = i4 ^ i6, u0 = i0 ^ i1, y9 = i3 ^ i4, u1 = i3 ^ i6, y4 = y5 ^ u0, u2 = i2 ^ i7, u3 = i5 ^ y5,
             y8 = i6 ^ i7, y2 = u0 ^ u1, y6 = i7 ^ y5, y19 = i0 ^ i3, y3 = i4 ^ i7, u4 = i1 ^ i2,
             u5 = i0 ^ i7, u6 = i1 ^ i5, y17 = y9 ^ u4, y18 = i5 ^ y9, y1 = i0 ^ y9, y12 = u0 ^ y8,
             y13 = u0 ^ y9, x7 = i5 ^ u2, y16 = u1 ^ u6, y10 = u1 ^ u5, y14 = i3 ^ y6, y15 = i2 ^ u3,
             y20 = u2 ^ y2, y21 = i0 ^ u3, y7 = i5 ^ y4, y11 = y4 ^ u2;
  Slices z[3];
  invert_all(z, x7, y1, y2, y3, y4, y5, y6, y7, y8, y9, y10, y11, y12, y13, y14, y15, y16, y17, y18, y19, y20,
             y21);
  const auto z0 = z[0].w[0], z1 = z[0].w[1], z2 = z[0].w[2], z3 = z[0].w[3], z4 = z[0].w[4], z5 = z[0].w[5],
             z6 = z[0].w[6], z7 = z[0].w[7], z8 = z[1].w[0], z9 = z[1].w[1], z10 = z[1].w[2], z11 = z[1].w[3],
             z12 = z[1].w[4], z13 = z[1].w[5], z14 = z[1].w[6], z15 = z[1].w[7], z16 = z[2].w[0],
             z17 = z[2].w[1];
  const auto v0 = z6 ^ z15, v1 = z13 ^ v0, v2 = z12 ^ z16, v3 = v1 ^ v2, v4 = z1 ^ z8, v5 = z4 ^ v4,
             v6 = z2 ^ z10, v7 = z0 ^ z5, v8 = z11 ^ z17, v9 = z14 ^ v6, v10 = z4 ^ z7, v11 = z3 ^ v5,
             v12 = z3 ^ v3, v13 = v9 ^ v11, v14 = z0 ^ z2, v15 = z5 ^ z8, v16 = z9 ^ z15, v17 = z9 ^ z17,
             v18 = z11 ^ v2, v19 = z12 ^ v7, v20 = v8 ^ v16, v21 = v8 ^ v10, v22 = z8 ^ v14, v23 = v19 ^ v21,
             v24 = v1 ^ v6, v25 = v0 ^ v18, v26 = v1 ^ v17, v27 = v5 ^ v7, v28 = v23 ^ v24, v29 = v3 ^ v22,
             v30 = v3 ^ v27, v31 = v12 ^ v15, v32 = v13 ^ v26, v33 = v13 ^ v25, v34 = v10 ^ v12;
  s.w[0] = v20;
  s.w[1] = v34;
  s.w[2] = v30;
  s.w[3] = v28;
  s.w[4] = v29;
  s.w[5] = v33;
  s.w[6] = v32;
  s.w[7] = v31;
}

// Multiplies every byte by x in GF(2^8).
template <class Slices>
ASHLAR_INLINE Slices times_x(const Slices& s) {
  const auto& w = s.w;
  return {{w[7], w[0] ^ w[7], w[1], w[2] ^ w[7], w[3] ^ w[7], w[4], w[5], w[6]}};
}

}  // namespace ashlar::crypto::aes
