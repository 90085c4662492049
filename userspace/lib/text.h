/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Text of others, made fit to be printed: nothing in it steers a terminal or hides what stands there. */
#ifndef CW_TEXT_H
#define CW_TEXT_H

#include <stddef.h>

/**
 * cw_text_clean() - make a line printable, in place
 *
 * Each control character, character that turns the direction of writing, and octet that is no
 * UTF-8, becomes '?'.
 *
 * Return: @text
 */
char *cw_text_clean(char *text);

/**
 * cw_hostname_clean_to() - a host name that can be printed, whatever its owner has made of it
 * @name: as a server has it
 * @length: its octets
 * @out: room for @length + 1 octets; may be @name itself
 *
 * As cw_text_clean(), and so are spaces, and characters that print nothing.
 *
 * Return: octets in @out, without the terminating zero.
 */
size_t cw_hostname_clean_to(const char *name, size_t length, char *out);

#endif
