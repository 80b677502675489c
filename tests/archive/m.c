/* SPDX-License-Identifier: Apache-2.0 */
/* The C program that the whole archive must link into. */
int main(void) {
  return 0;
}
