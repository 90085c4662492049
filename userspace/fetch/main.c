// SPDX-License-Identifier: GPL-2.0-or-later
/* camwall-fetch: fetches one file for "camwall registry update", so that the tool itself needs no libcurl. */
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include <curl/curl.h>
#include <jansson.h>

#include "transfer.h"

#define DEFAULT_SECONDS	30
#define MAX_OCTETS	(64ULL * 1024 * 1024)	/* ten times what the largest file has */

static const struct option options[] = {
	{ "head", no_argument, NULL, 'h' },
	{ "etag", required_argument, NULL, 'e' },
	{ "modified", required_argument, NULL, 'm' },
	{ "label", required_argument, NULL, 'l' },
	{ "seconds", required_argument, NULL, 's' },
	{ 0 },
};

static int usage(void)
{
	fputs("Usage: camwall-fetch [--head] [--etag ETAG] [--modified DATE] [--label TEXT]\n"
	      "                     [--seconds N] URL FILE\n\n"
	      "Fetch FILE from URL, or go on with what is there of it, and print what came of\n"
	      "it as JSON. It is called by \"camwall registry update\".\n", stderr);
	return 2;
}

/* Return: 0, or 2 where the command line is wrong. */
static int read_options(int argc, char **argv, struct transfer_request *request)
{
	int option;
	char *end;

	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		switch (option) {
		case 'h':
			request->head = true;
			break;
		case 'e':
			request->etag = optarg;
			break;
		case 'm':
			request->modified = optarg;
			break;
		case 'l':
			request->label = optarg;
			break;
		case 's':
			request->seconds = strtol(optarg, &end, 10);
			if (*end)
				return usage();
			break;
		default:
			return usage();
		}
	}
	if (argc - optind != 2 || request->seconds < 1)
		return usage();
	request->url = argv[optind];
	request->file = argv[optind + 1];
	return 0;
}

static void print(const struct transfer_result *result, const struct cw_error *err)
{
	json_t *json = err->message ? json_pack("{s:s}", "error", err->message) :
		       json_pack("{s:b, s:s?, s:s?, s:I, s:I, s:I}",
				 "not_modified", result->not_modified, "etag", result->etag,
				 "modified", result->modified,
				 "modified_time", (json_int_t)result->modified_time,
				 "size", (json_int_t)result->size,
				 "resumed", (json_int_t)result->resumed);

	/* A server's words that are no UTF-8. */
	if (!json)
		json = json_pack("{s:s}", "error", "the server's answer cannot be read: try another one with --url");
	json_dumpf(json, stdout, JSON_COMPACT);
	putchar('\n');
	json_decref(json);
}

int main(int argc, char **argv)
{
	struct transfer_request request = { .seconds = DEFAULT_SECONDS, .max = MAX_OCTETS };
	struct transfer_result result;
	struct cw_error err = { 0 };
	int ret;

	ret = read_options(argc, argv, &request);
	if (ret)
		return ret;
	curl_global_init(CURL_GLOBAL_DEFAULT);
	ret = transfer(&request, &result, &err);
	print(&result, &err);
	transfer_result_clear(&result);
	cw_error_clear(&err);
	curl_global_cleanup();
	return ret ? 1 : 0;
}
