/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What was probably meant by a word that is not known. */
#ifndef CW_SUGGEST_H
#define CW_SUGGEST_H

/**
 * cw_suggest() - the known word that is nearest to another one
 * @word: what was written
 * @known: words, ended by NULL
 *
 * Return: the one in @known, or NULL where none is near enough to have been meant.
 */
const char *cw_suggest(const char *word, const char *const *known);

#endif
