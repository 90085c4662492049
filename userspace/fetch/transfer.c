// SPDX-License-Identifier: GPL-2.0-or-later
/* One file from a server (libcurl): conditional, resumed where it broke off, with limits. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <curl/curl.h>

#include "alloc.h"
#include "partial.h"
#include "transfer.h"

#define TRIES		3
#define MAX_REDIRECTS	5L
#define TOTAL_FACTOR	20	/* an attempt may take so many times the limit without progress */
#define SHOW_SECONDS	0.2

enum {
	STATUS_OK = 200,
	STATUS_PARTIAL = 206,
	STATUS_NOT_MODIFIED = 304,
	STATUS_RANGE = 416,
	STATUS_SERVER = 500,
};

/**
 * struct attempt - one request and its answer
 * @fd: of the file; -1 where only the head is asked for
 * @from: octets that were in the file when it began
 * @position: octets in the file now
 * @etag, @modified: of the answer at hand, that of a redirect included
 * @range_start: first octet of a part that is sent; -1 where none is
 * @begun: the first octet of the body has come
 * @shown: when the progress was shown
 */
struct attempt {
	const struct transfer_request *request;
	struct cw_error *err;
	CURL *curl;
	int fd;
	uint64_t from, position;
	char *etag, *modified;
	int64_t range_start;
	bool begun;
	double shown;
	char message[CURL_ERROR_SIZE];
};

static void answer_clear(struct attempt *attempt)
{
	free(attempt->etag);
	free(attempt->modified);
	attempt->etag = NULL;
	attempt->modified = NULL;
	attempt->range_start = -1;
}

static long status_of(const struct attempt *attempt)
{
	long status = 0;

	curl_easy_getinfo(attempt->curl, CURLINFO_RESPONSE_CODE, &status);
	return status;
}

/* The value of a header line where it has that name; for free(). */
static char *header_value(const char *line, size_t length, const char *name)
{
	size_t n = strlen(name);

	if (length <= n || strncasecmp(line, name, n) != 0 || line[n] != ':')
		return NULL;
	line += n + 1;
	length -= n + 1;
	while (length && strchr(" \t", *line)) {
		line++;
		length--;
	}
	while (length && strchr(" \t\r\n", line[length - 1]))
		length--;
	return cw_strndup(line, length);
}

static void take(char **where, char *value)
{
	if (!value)
		return;
	free(*where);
	*where = value;
}

/* "bytes 100-199/200"; Return: where it begins, or -1 */
static int64_t range_start(const char *range)
{
	const char *number = range + strlen("bytes ");
	long long start;
	char *end;

	if (strncmp(range, "bytes ", strlen("bytes ")) != 0)
		return -1;
	errno = 0;
	start = strtoll(number, &end, 10);
	return errno || end == number || *end != '-' ? -1 : start;
}

static size_t on_header(char *line, size_t size, size_t n, void *ctx)
{
	struct attempt *attempt = ctx;
	size_t length = size * n;
	char *range;

	/* Each answer on the way begins with its status. */
	if (length > 5 && strncasecmp(line, "HTTP/", 5) == 0)
		answer_clear(attempt);
	take(&attempt->etag, header_value(line, length, "ETag"));
	take(&attempt->modified, header_value(line, length, "Last-Modified"));
	range = header_value(line, length, "Content-Range");
	if (range)
		attempt->range_start = range_start(range);
	free(range);
	return length;
}

/* What If-Range: takes: a weak ETag does not promise the same octets. */
static const char *validator_of(const struct attempt *attempt)
{
	if (attempt->etag && strncmp(attempt->etag, "W/", 2) != 0)
		return attempt->etag;
	return attempt->modified;
}

/* A part goes on where the file ends; the whole begins it anew. */
static int begin_body(struct attempt *attempt)
{
	const struct partial partial = {
		.url = (char *)attempt->request->url,
		.validator = (char *)validator_of(attempt),
	};

	if (status_of(attempt) == STATUS_PARTIAL) {
		if (attempt->range_start == (int64_t)attempt->from)
			return 0;
		return cw_error_set(attempt->err, "%s: the server has sent another part of the file than was asked for",
				    attempt->request->url);
	}
	attempt->from = 0;
	attempt->position = 0;
	if (ftruncate(attempt->fd, 0) < 0)
		return cw_error_at(attempt->err, attempt->request->file, 0, "cannot be written: %s",
				   strerror(errno));
	return partial_write(attempt->request->file, &partial, attempt->err);
}

static int too_large(struct attempt *attempt)
{
	return cw_error_set(attempt->err, "%s: more than %" PRIu64 " MiB, which no registry has: this is something else",
			    attempt->request->url, attempt->request->max >> 20);
}

static size_t on_body(char *data, size_t size, size_t n, void *ctx)
{
	struct attempt *attempt = ctx;
	size_t length = size * n, done = 0;

	if (!attempt->begun && begin_body(attempt) < 0)
		return 0;
	attempt->begun = true;
	if (attempt->position + length > attempt->request->max) {
		too_large(attempt);
		return 0;
	}
	while (done < length) {
		ssize_t written = pwrite(attempt->fd, data + done, length - done,
					 attempt->position + done);

		if (written < 0 && errno == EINTR)
			continue;
		if (written <= 0) {
			cw_error_at(attempt->err, attempt->request->file, 0, "cannot be written: %s",
				    strerror(written ? errno : ENOSPC));
			return 0;
		}
		done += written;
	}
	attempt->position += length;
	return length;
}

static double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec + ts.tv_nsec / 1e9;
}

static int on_progress(void *ctx, curl_off_t total, curl_off_t got, curl_off_t up_total, curl_off_t up)
{
	struct attempt *attempt = ctx;
	double time = now();

	if (time - attempt->shown < SHOW_SECONDS && got != total)
		return 0;
	attempt->shown = time;
	fprintf(stderr, "\r\033[K%s  %.1f MiB", attempt->request->label,
		(attempt->from + got) / 1048576.0);
	if (total > 0)
		fprintf(stderr, " of %.1f MiB, %d%%", (attempt->from + total) / 1048576.0,
			(int)((attempt->from + got) * 100 / (attempt->from + total)));
	return 0;
}

static void add_header(struct curl_slist **headers, const char *name, const char *value)
{
	char *line = value ? cw_asprintf("%s: %s", name, value) : NULL;

	if (line)
		*headers = curl_slist_append(*headers, line);
	free(line);
}

static struct curl_slist *headers_of(const struct attempt *attempt, const char *validator)
{
	struct curl_slist *headers = NULL;
	char range[40];

	/* A server that knows ETags looks at nothing else. */
	add_header(&headers, "If-None-Match", attempt->request->etag);
	add_header(&headers, "If-Modified-Since", attempt->request->modified);
	if (!attempt->from)
		return headers;
	snprintf(range, sizeof(range), "bytes=%" PRIu64 "-", attempt->from);
	add_header(&headers, "Range", range);
	add_header(&headers, "If-Range", validator);
	return headers;
}

static void set_limits(CURL *curl, const struct transfer_request *request)
{
	bool plain = strncasecmp(request->url, "http:", 5) == 0;
	const char *protocols = plain ? "http,https" : "https";

	curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, protocols);
	curl_easy_setopt(curl, CURLOPT_REDIR_PROTOCOLS_STR, protocols);
	curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 1L);
	curl_easy_setopt(curl, CURLOPT_MAXREDIRS, MAX_REDIRECTS);
	curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 1L);
	curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 2L);
	curl_easy_setopt(curl, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, request->seconds);
	curl_easy_setopt(curl, CURLOPT_LOW_SPEED_LIMIT, 1L);
	curl_easy_setopt(curl, CURLOPT_LOW_SPEED_TIME, request->seconds);
	curl_easy_setopt(curl, CURLOPT_TIMEOUT, request->seconds * TOTAL_FACTOR);
	curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(curl, CURLOPT_FAILONERROR, 1L);
}

static CURLcode perform(struct attempt *attempt, const char *validator)
{
	const struct transfer_request *request = attempt->request;
	struct curl_slist *headers = headers_of(attempt, validator);
	CURL *curl = attempt->curl;
	CURLcode code;

	curl_easy_reset(curl);
	set_limits(curl, request);
	curl_easy_setopt(curl, CURLOPT_URL, request->url);
	curl_easy_setopt(curl, CURLOPT_USERAGENT, "camwall/" CAMWALL_VERSION);
	curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
	curl_easy_setopt(curl, CURLOPT_NOBODY, request->head ? 1L : 0L);
	curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, attempt->message);
	curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, on_header);
	curl_easy_setopt(curl, CURLOPT_HEADERDATA, attempt);
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_body);
	curl_easy_setopt(curl, CURLOPT_WRITEDATA, attempt);
	if (request->label && !request->head) {
		curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
		curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, on_progress);
		curl_easy_setopt(curl, CURLOPT_XFERINFODATA, attempt);
	}
	attempt->begun = false;
	*attempt->message = '\0';
	code = curl_easy_perform(curl);
	curl_slist_free_all(headers);
	return code;
}

/* What may go better a moment later. */
static bool is_passing(CURLcode code, long status)
{
	switch (code) {
	case CURLE_PARTIAL_FILE:
	case CURLE_RECV_ERROR:
	case CURLE_SEND_ERROR:
	case CURLE_GOT_NOTHING:
	case CURLE_OPERATION_TIMEDOUT:
	case CURLE_COULDNT_CONNECT:
	case CURLE_HTTP2:
	case CURLE_HTTP2_STREAM:
		return true;
	case CURLE_HTTP_RETURNED_ERROR:
		return status >= STATUS_SERVER;
	default:
		return false;
	}
}

static int failed(const struct attempt *attempt, CURLcode code)
{
	const char *url = attempt->request->url, *text = attempt->message;
	long redirects = 0, status = status_of(attempt);

	curl_easy_getinfo(attempt->curl, CURLINFO_REDIRECT_COUNT, &redirects);
	if (!*text)
		text = curl_easy_strerror(code);
	if (code == CURLE_UNSUPPORTED_PROTOCOL)
		return cw_error_set(attempt->err, "%s: %s: give an address that begins with https://", url,
				    strncasecmp(url, "http", 4) == 0 ?
				    "the server redirects to an address that is not protected, which is not followed" :
				    "no such address can be fetched from");
	if (code == CURLE_HTTP_RETURNED_ERROR)
		return cw_error_set(attempt->err, "%s: the server answers %ld%s: look at the address in a browser, or give another one with --url",
				    url, status, status == 404 ? " (there is no such file)" : "");
	if (code == CURLE_PEER_FAILED_VERIFICATION || code == CURLE_SSL_CACERT_BADFILE)
		return cw_error_set(attempt->err, "%s: the server's certificate is not valid here (%s): is the clock right, and the package ca-certificates installed?",
				    url, text);
	if (code == CURLE_OPERATION_TIMEDOUT)
		return cw_error_set(attempt->err, "%s: nothing came for %ld seconds, in %d attempts: try again later; what has come is gone on with",
				    url, attempt->request->seconds, TRIES);
	return cw_error_set(attempt->err, "%s: %s: try again; what has come is gone on with", url, text);
}

/* Return: 0 with the last answer in @attempt, or -1 with @err set. */
static int try(struct attempt *attempt, struct partial *left)
{
	CURLcode code = CURLE_OK;
	bool anew = false;
	int tries;

	for (tries = 0; tries < TRIES; tries++) {
		if (tries)
			sleep(tries);
		code = perform(attempt, left->validator);
		if (code == CURLE_OK || attempt->err->message)
			break;
		/* The file has become shorter than what is there of it. */
		if (code == CURLE_HTTP_RETURNED_ERROR && status_of(attempt) == STATUS_RANGE && attempt->from &&
		    !anew) {
			anew = true;
			attempt->from = 0;
			attempt->position = 0;
			tries = -1;
			continue;
		}
		if (!is_passing(code, status_of(attempt)))
			break;
		partial_clear(left);
		partial_read(attempt->request->file, left);
		attempt->from = left->validator ? attempt->position : 0;
	}
	if (attempt->err->message)
		return -1;
	return code == CURLE_OK ? 0 : failed(attempt, code);
}

static int finish(struct attempt *attempt)
{
	const char *file = attempt->request->file;
	struct timespec times[2] = { { .tv_nsec = UTIME_OMIT }, { .tv_nsec = UTIME_NOW } };
	time_t modified = attempt->modified ? curl_getdate(attempt->modified, NULL) : -1;

	if (modified > 0)
		times[1] = (struct timespec){ .tv_sec = modified };
	/* An answer without a body has not emptied the file. */
	if (!attempt->begun)
		attempt->position = 0;
	if (ftruncate(attempt->fd, attempt->position) < 0 || futimens(attempt->fd, times) < 0 ||
	    fsync(attempt->fd) < 0)
		return cw_error_at(attempt->err, file, 0, "cannot be written: %s", strerror(errno));
	partial_remove(file);
	return 0;
}

static void take_result(struct attempt *attempt, struct transfer_result *result)
{
	result->not_modified = status_of(attempt) == STATUS_NOT_MODIFIED;
	result->etag = attempt->etag;
	result->modified = attempt->modified;
	result->modified_time = attempt->modified ? curl_getdate(attempt->modified, NULL) : -1;
	result->size = attempt->position;
	result->resumed = attempt->from;
	attempt->etag = NULL;
	attempt->modified = NULL;
}

static int fetch(struct attempt *attempt, struct transfer_result *result)
{
	const struct transfer_request *request = attempt->request;
	struct partial left = { 0 };
	struct stat st;
	int ret;

	attempt->fd = open(request->file, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0644);
	if (attempt->fd < 0 || fstat(attempt->fd, &st) < 0)
		return cw_error_at(attempt->err, request->file, 0, "cannot be written: %s", strerror(errno));
	partial_read(request->file, &left);
	if (left.url && left.validator && strcmp(left.url, request->url) == 0)
		attempt->from = st.st_size;
	attempt->position = attempt->from;
	ret = try(attempt, &left);
	if (!ret && status_of(attempt) != STATUS_NOT_MODIFIED)
		ret = finish(attempt);
	if (!ret)
		take_result(attempt, result);
	partial_clear(&left);
	close(attempt->fd);
	return ret;
}

static int ask(struct attempt *attempt, struct transfer_result *result)
{
	struct partial none = { 0 };

	attempt->fd = -1;
	if (try(attempt, &none) < 0)
		return -1;
	take_result(attempt, result);
	return 0;
}

int transfer(const struct transfer_request *request, struct transfer_result *result,
	     struct cw_error *err)
{
	struct attempt attempt = { .request = request, .err = err, .range_start = -1 };
	int ret;

	memset(result, 0, sizeof(*result));
	attempt.curl = curl_easy_init();
	if (!attempt.curl)
		return cw_error_set(err, "libcurl cannot be used");
	ret = request->head ? ask(&attempt, result) : fetch(&attempt, result);
	if (request->label && !request->head)
		fputs("\r\033[K", stderr);
	answer_clear(&attempt);
	curl_easy_cleanup(attempt.curl);
	return ret;
}

void transfer_result_clear(struct transfer_result *result)
{
	free(result->etag);
	free(result->modified);
	memset(result, 0, sizeof(*result));
}
