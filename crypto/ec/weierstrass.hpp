// SPDX-License-Identifier: Apache-2.0
// Points of y^2 = x^3 - 3x + b over any implementation of a field, in Jacobian coordinates: (X, Y, Z) stands
// for (X/Z^2, Y/Z^3). Z = 0 is the point at infinity, for any X and Y.
//
// The formulas are not complete: add and add_affine are wrong if both points are the same. Functions named
// _public check for that and branch; they are for public points. Functions for secret scalars meet only
// points that differ, and say why where they add.
#pragma once

#include "ec/montgomery.hpp"

#include <type_traits>

namespace ashlar::crypto::ec {

template <class Field>
struct Affine {
  typename Field::Element x, y;
};

template <class Field>
struct Jacobian {
  typename Field::Element x, y, z;
};

template <class Curve, class Field>
struct Weierstrass {
  using Element = typename Field::Element;
  using AffinePoint = Affine<Field>;
  using Point = Jacobian<Field>;
  using Tools = FieldTools<Field>;

  static Point infinity() { return {Field::kOne, Field::kOne, Element{}}; }
  static ct::Mask is_infinity(const Point& p) { return is_zero(p.z); }
  static Point from_affine(const AffinePoint& p) { return {p.x, p.y, Field::kOne}; }
  static void negate(Element& y) { Field::subtract(y, Element{}, y); }

  static void select(Point& out, ct::Mask mask, const Point& a, const Point& b) {
    ec::select(out.x, mask, a.x, b.x);
    ec::select(out.y, mask, a.y, b.y);
    ec::select(out.z, mask, a.z, b.z);
  }

  // x^3 - 3x + b
  static void right_side(Element& right, const Element& x) {
    Element t;
    Tools::enter(right, Curve::kB);
    Field::square(t, x);
    Field::multiply(t, t, x);
    Field::add(right, right, t);
    for (int i = 0; i < 3; i++) {
      Field::subtract(right, right, x);
    }
  }
  // Whether (x, y) solves the equation. Public: the answer is about a public point.
  static bool on_curve(const AffinePoint& p) {
    Element left, right;
    right_side(right, p.x);
    Field::square(left, p.y);
    return equal(left, right).declassify();
  }

  // Independent operations stand side by side below, so that the CPU overlaps them.

  // out = 2 p, which may be p, also for infinity. 4 products, 4 squares. No finite point has y = 0: the order
  // is odd. Half the usual Z takes the factors 2, 4 and 8 out of the formulas.
  static void twice(Point& out, const Point& p) {
    Element delta, gamma, slope, beta, t;
    Field::square(delta, p.z);
    Field::subtract(t, p.x, delta);
    Field::add(delta, p.x, delta);
    Field::square(gamma, p.y);
    Field::multiply(t, t, delta);
    Field::multiply(beta, p.x, gamma);
    Field::half(slope, t);
    Field::add(slope, slope, t);
    Field::multiply(out.z, p.y, p.z);
    Field::square(t, slope);
    Field::subtract(t, t, beta);
    Field::square(gamma, gamma);
    Field::subtract(out.x, t, beta);
    Field::subtract(t, beta, out.x);
    Field::multiply(t, t, slope);
    Field::subtract(out.y, t, gamma);
  }

  // out = p + q for finite p and q, p != q; infinity (Z = 0) if p = -q. 12 products, 4 squares.
  static void add(Point& out, const Point& p, const Point& q) {
    Element pzz, qzz, u1, s1, h, r, z;
    Field::square(qzz, q.z);
    Field::square(pzz, p.z);
    Field::multiply(s1, p.y, q.z);
    Field::multiply(r, q.y, p.z);
    Field::multiply(u1, p.x, qzz);
    Field::multiply(h, q.x, pzz);
    Field::multiply(s1, s1, qzz);
    Field::multiply(r, r, pzz);
    Field::multiply(z, p.z, q.z);
    finish_add(out, u1, s1, h, r, z);
  }

  // out = p + q for finite p, p != q; out is not p. 8 products, 3 squares.
  static void add_affine(Point& out, const Point& p, const AffinePoint& q) {
    Element zz, h, r;
    Field::square(zz, p.z);
    Field::multiply(r, q.y, p.z);
    Field::multiply(h, q.x, zz);
    Field::multiply(r, r, zz);
    finish_add(out, p.x, p.y, h, r, p.z);
  }

  // out = p + q for all points, q of either kind. Branches: for public points.
  template <class Addend>
  __attribute__((noinline)) static void add_public(Point& out, const Point& p, const Addend& q) {
    if constexpr (std::is_same_v<Addend, Point>) {
      if (is_infinity(q).declassify()) {
        out = p;
        return;
      }
    }
    if (is_infinity(p).declassify()) {
      out = to_point(q);
      return;
    }
    Point sum;
    if constexpr (std::is_same_v<Addend, Point>) {
      add(sum, p, q);
    } else {
      add_affine(sum, p, q);
    }
    // Only points with the same x give Z = 0: opposite points, where it is correct, or equal ones.
    if (is_infinity(sum).declassify() && same_y(p, to_point(q))) {
      twice(sum, p);
    }
    out = sum;
  }

  // x and y of a finite point. Constant time.
  static AffinePoint to_affine(const Point& p) {
    Element inverse, square;
    Tools::invert(inverse, p.z);
    Field::square(square, inverse);
    AffinePoint out;
    Field::multiply(out.x, p.x, square);
    Field::multiply(square, square, inverse);
    Field::multiply(out.y, p.y, square);
    wipe(&inverse, sizeof inverse);
    wipe(&square, sizeof square);
    return out;
  }

 private:
  // From u1, s1 (of p) and h, r (u2 and s2 of q), brought to the same Z, and the product z of both Z.
  static void finish_add(Point& out, const Element& u1, const Element& s1, Element& h, Element& r,
                         const Element& z) {
    Element hh, hhh, v, rr;
    Field::subtract(h, h, u1);
    Field::subtract(r, r, s1);
    Field::square(hh, h);
    Field::square(rr, r);
    Field::multiply(out.z, z, h);
    Field::multiply(hhh, hh, h);
    Field::multiply(v, u1, hh);
    Field::subtract(rr, rr, hhh);
    Field::multiply(hhh, s1, hhh);
    Field::add(hh, v, v);
    Field::subtract(out.x, rr, hh);
    Field::subtract(v, v, out.x);
    Field::multiply(v, v, r);
    Field::subtract(out.y, v, hhh);
  }
  static const Point& to_point(const Point& p) { return p; }
  static Point to_point(const AffinePoint& p) { return from_affine(p); }
  __attribute__((noinline)) static bool same_y(const Point& p, const Point& q) {
    Element a, b;
    Field::square(a, q.z);
    Field::multiply(a, a, q.z);
    Field::multiply(a, a, p.y);
    Field::square(b, p.z);
    Field::multiply(b, b, p.z);
    Field::multiply(b, b, q.y);
    return equal(a, b).declassify();
  }
};

}  // namespace ashlar::crypto::ec
