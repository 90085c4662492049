/* SPDX-License-Identifier: GPL-2.0-or-later */
/* An error as a person reads it: what is wrong, where, and what to do about it. */
#ifndef CW_ERROR_H
#define CW_ERROR_H

/**
 * struct cw_error - the first error of an operation
 * @message: the whole sentence, "FILE:LINE: what is wrong: what to do", or
 *	     NULL where there was none; cw_error_clear() frees it
 */
struct cw_error {
	char *message;
};

/**
 * cw_error_set() - record an error; the first one stands, later ones are dropped
 * @err: where to; NULL is allowed and records nothing
 * @fmt: as for printf()
 *
 * Return: -1 always, so that a caller can write "return cw_error_set(...)".
 */
__attribute__((format(printf, 2, 3)))
int cw_error_set(struct cw_error *err, const char *fmt, ...);

/**
 * cw_error_at() - record an error in a line of a file
 * @err: where to
 * @file: name of the file
 * @line: number of the line, from 1; 0 where no line is meant
 * @fmt: as for printf()
 *
 * Return: -1 always.
 */
__attribute__((format(printf, 4, 5)))
int cw_error_at(struct cw_error *err, const char *file, int line,
		const char *fmt, ...);

/** cw_error_clear() - free what an error holds; it can be used again */
void cw_error_clear(struct cw_error *err);

#endif
