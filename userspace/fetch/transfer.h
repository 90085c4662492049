/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One file from a server (libcurl): conditional, resumed where it broke off, with limits. */
#ifndef CW_TRANSFER_H
#define CW_TRANSFER_H

#include <stdbool.h>
#include <stdint.h>

#include "error.h"

/**
 * struct transfer_request - what is wanted
 * @url: https://, or http:// where an administrator has chosen that himself
 * @file: where to; what a transfer that broke off has left there is gone on from. Beside it stands
 *	  FILE.json meanwhile, which says what that is the beginning of
 * @etag, @modified: of the file at hand, as its server sent them; NULL where they are not known.
 *		     Where the server's is the same, nothing is transferred
 * @head: only ask whether it has changed; @file is not touched
 * @seconds: without any progress after which an attempt is given up
 * @max: octets that the file may have
 * @label: what is shown of the progress on standard error; NULL for nothing
 */
struct transfer_request {
	const char *url, *file, *etag, *modified, *label;
	bool head;
	long seconds;
	uint64_t max;
};

/**
 * struct transfer_result - what came of it
 * @not_modified: the server has what is at hand
 * @etag, @modified: what it has sent, or NULL; for free()
 * @modified_time: @modified in seconds since 1970; -1 where there is none
 * @size: octets of the file
 * @resumed: of them those that were there before
 */
struct transfer_result {
	bool not_modified;
	char *etag, *modified;
	int64_t modified_time;
	uint64_t size, resumed;
};

/**
 * transfer() - fetch a file
 * @result: filled where 0 is returned; for transfer_result_clear() in any case
 *
 * Certificates are checked, redirects from https to http refused. What breaks off is tried
 * again, from where it broke off, twice. What is in @file when this returns 0 is
 * on the disk, and has the server's time.
 *
 * Return: 0, or -1 with @err set; then what has come stays in @file for the next time.
 */
int transfer(const struct transfer_request *request, struct transfer_result *result,
	     struct cw_error *err);
void transfer_result_clear(struct transfer_result *result);

#endif
