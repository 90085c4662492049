// SPDX-License-Identifier: GPL-2.0-or-later
/* What the harnesses of libFuzzer share: input as a stream or a file, and what has to be so. */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "alloc.h"
#include "fuzz.h"
#include "prefix.h"

#define MAX_FILES	8

/** struct made - the folder, and the files in it */
static struct made {
	char *dir;
	char *paths[MAX_FILES];
	size_t n;
} made;

void fuzz_fail(const char *file, int line, const char *fmt, ...)
{
	va_list args;

	fprintf(stderr, "%s:%d: ", file, line);
	va_start(args, fmt);
	vfprintf(stderr, fmt, args);
	va_end(args);
	fputc('\n', stderr);
	abort();
}

FILE *fuzz_stream(const uint8_t *data, size_t size)
{
	FILE *stream = size ? fmemopen((void *)(uintptr_t)data, size, "r") : fopen("/dev/null", "re");

	fuzz_expect(stream, "no stream");
	return stream;
}

static void remove_files(void)
{
	size_t i;

	for (i = 0; i < made.n; i++) {
		unlink(made.paths[i]);
		free(made.paths[i]);
	}
	rmdir(made.dir);
	free(made.dir);
}

static const char *folder(void)
{
	const char *tmp = getenv("TMPDIR");

	if (!made.dir) {
		made.dir = cw_asprintf("%s/camwall-fuzz-XXXXXX", tmp ?: "/tmp");
		fuzz_expect(mkdtemp(made.dir), "no folder in %s", tmp ?: "/tmp");
		atexit(remove_files);
	}
	return made.dir;
}

const char *fuzz_file(const char *name)
{
	fuzz_expect(made.n < MAX_FILES, "more than %d files", MAX_FILES);
	made.paths[made.n] = cw_asprintf("%s/%s", folder(), name);
	return made.paths[made.n++];
}

void fuzz_write(const char *path, const void *data, size_t size)
{
	const struct timespec times[2] = { { .tv_sec = FUZZ_NOW }, { .tv_sec = FUZZ_NOW } };
	FILE *stream = fopen(path, "we");

	fuzz_expect(stream && fwrite(data, 1, size, stream) == size && fflush(stream) == 0 &&
		    futimens(fileno(stream), times) == 0, "%s: cannot be written", path);
	fclose(stream);
}

char *fuzz_text(const uint8_t *data, size_t size)
{
	return cw_strndup((const char *)data, size);
}

const char *fuzz_data(const char *name)
{
	fuzz_expect(access(name, R_OK) == 0, "no %s: run this in the top folder of camwall", name);
	return name;
}

static bool begins_with(const char *message, const char *file)
{
	size_t length = file ? strlen(file) : 0;

	return file && strncmp(message, file, length) == 0 && message[length] == ':';
}

void fuzz_expect_error(struct cw_error *err, const char *file, const char *other)
{
	fuzz_expect(err->message, "refused without an error");
	fuzz_expect(begins_with(err->message, file) || begins_with(err->message, other),
		    "the error does not begin with its file: %s", err->message);
	cw_error_clear(err);
}

void fuzz_expect_none(const struct cw_error *err)
{
	fuzz_expect(!err->message, "an error: %s", err->message);
}

char *fuzz_print(const struct cw_policy *policy)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	fuzz_expect(out, "no stream");
	cw_policy_print(policy, out);
	fclose(out);
	return text;
}

void fuzz_expect_same(const struct cw_policy *a, const struct cw_policy *b)
{
	struct cw_policy_change *changes;
	size_t n;

	cw_policy_diff(a, b, &changes, &n);
	fuzz_expect(!n, "not the same policy: %s", changes[0].text);
	cw_policy_changes_free(changes, n);
}

static void expect_prefixes(struct cw_policy *policy)
{
	struct cw_error err = { 0 };
	uint64_t found;
	size_t i;

	for (i = 0; i < policy->n_prefixes; i++) {
		uint64_t prefix = policy->prefixes[i];

		fuzz_expect(cw_prefix_valid(prefix) && cw_prefix_group(prefix) < policy->n_groups,
			    "%#llx is no prefix", (unsigned long long)prefix);
		fuzz_expect(!i || policy->prefixes[i - 1] >> 8 < prefix >> 8,
			    "%#llx stands twice, or in no order", (unsigned long long)prefix);
		fuzz_expect(cw_policy_lookup(policy, cw_prefix_mac(prefix), &found, &err) == 1 &&
			    cw_prefix_len(found) >= cw_prefix_len(prefix),
			    "%#llx is not found", (unsigned long long)prefix);
	}
}

/* The printed text needs neither packs nor a registry. */
static struct cw_policy *read_back(const char *text)
{
	static const char *const no_packs[] = { NULL };
	const struct cw_config_options options = {
		.registry_dir = "/nonexistent", .pack_dirs = no_packs, .now = FUZZ_NOW,
	};
	FILE *stream = fuzz_stream((const uint8_t *)text, strlen(text));
	struct cw_error err = { 0 };
	struct cw_policy *policy = cw_config_load(stream, "saved", &options, NULL, &err);

	fuzz_expect(policy, "what was saved is refused: %s\n%s", err.message, text);
	fclose(stream);
	return policy;
}

void fuzz_expect_sound(struct cw_policy *policy)
{
	char *text = fuzz_print(policy), *again;
	struct cw_policy *back = read_back(text);

	expect_prefixes(policy);
	fuzz_expect_same(policy, back);
	again = fuzz_print(back);
	fuzz_expect(strcmp(text, again) == 0, "saved again it says\n%s\ninstead of\n%s", again, text);
	cw_policy_free(back);
	free(again);
	free(text);
}
