/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Names of organisations as the registry has them: cleaned for people, folded for comparison. */
#ifndef CW_ORGANIZATION_H
#define CW_ORGANIZATION_H

#include <stddef.h>

/**
 * cw_organization_clean_to() - a name that can be printed
 * @name: as the registry has it
 * @length: its octets
 * @out: room for @length + 1 octets; may be @name itself
 *
 * Spaces around it go, a control character becomes a space, an octet that is no UTF-8
 * becomes '?'.
 *
 * Return: octets in @out, without the terminating zero.
 */
size_t cw_organization_clean_to(const char *name, size_t length, char *out);

/**
 * cw_organization_fold_to() - cw_organization_fold() into a buffer
 * @name: the name
 * @length: its octets
 * @out: room for @length + 1 octets; folding never makes a name longer
 *
 * Return: octets in @out, without the terminating zero.
 */
size_t cw_organization_fold_to(const char *name, size_t length, char *out);

#endif
