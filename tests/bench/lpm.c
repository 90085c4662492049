// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The loader of lpm.bpf.c:
 *
 * lpm load OBJECT PREFIXES DEVICE...	fill the map, run the program on what comes in; prints
 *					the time that the batch update took, in ms, as JSON
 * lpm hits				packets that were found
 *
 * The maps are pinned under /sys/fs/bpf; who removes them there and the clsact qdisc has
 * taken all away.
 */
#include <errno.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "lpm.h"

#define PIN_DIR	"/sys/fs/bpf/camwall-bench"
#define MARK	0x01000000

static void check(int err, const char *what)
{
	if (!err)
		return;
	fprintf(stderr, "lpm: %s: %s\n", what, strerror(err < 0 ? -err : errno));
	exit(1);
}

static double now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1e3 + now.tv_nsec / 1e6;
}

/* Lines "MAC LENGTH", as lists.c writes them. */
static __u32 read_prefixes(const char *file, struct lpm_key *keys, __u32 *marks)
{
	FILE *in = fopen(file, "r");
	__u32 n = 0;

	check(!in, file);
	while (n < LPM_MAX_PREFIXES) {
		__u8 *mac = keys[n].mac;

		/* NOLINTNEXTLINE(cert-err34-c): lists.c wrote it */
		if (fscanf(in, "%hhx:%hhx:%hhx:%hhx:%hhx:%hhx %u", &mac[0], &mac[1], &mac[2],
			   &mac[3], &mac[4], &mac[5], &keys[n].length) != 7)
			break;
		marks[n++] = MARK;
	}
	fclose(in);
	return n;
}

/*
 * The kernel allocates elements ahead, in an interrupt of its own. Where that comes late, as
 * on a user-mode kernel, there are none for a moment.
 */
static void update(int map, struct lpm_key *keys, __u32 *marks, __u32 n)
{
	int err = 0, idle = 0;
	__u32 done, some;

	for (done = 0; done < n && idle < 1000; done += some) {
		some = n - done;
		err = bpf_map_update_batch(map, keys + done, marks + done, &some, NULL);
		if (err && err != -ENOMEM)
			break;
		idle = some ? 0 : idle + 1;
		if (err)
			usleep(1000);
	}
	check(done < n ? err : 0, "filling the map");
}

static void fill(struct bpf_object *object, const char *file)
{
	struct lpm_key *keys = calloc(LPM_MAX_PREFIXES, sizeof(*keys));
	__u32 *marks = calloc(LPM_MAX_PREFIXES, sizeof(*marks));
	int map = bpf_object__find_map_fd_by_name(object, "prefixes");
	__u32 n;
	double start;

	check(!keys || !marks, "memory");
	n = read_prefixes(file, keys, marks);
	start = now_ms();
	update(map, keys, marks, n);
	printf("{\"prefixes\":%u,\"update_ms\":%.3f}\n", n, now_ms() - start);
	free(keys);
	free(marks);
}

static void attach(struct bpf_object *object, const char *device)
{
	LIBBPF_OPTS(bpf_tc_hook, hook, .attach_point = BPF_TC_INGRESS);
	LIBBPF_OPTS(bpf_tc_opts, opts);
	struct bpf_program *program = bpf_object__find_program_by_name(object, "classify");
	int err;

	hook.ifindex = if_nametoindex(device);
	check(!hook.ifindex, device);
	err = bpf_tc_hook_create(&hook);
	check(err == -EEXIST ? 0 : err, "clsact");
	opts.prog_fd = bpf_program__fd(program);
	check(bpf_tc_attach(&hook, &opts), "attaching the program");
}

static int load(const char *file, const char *prefixes, char *const *devices)
{
	struct bpf_object *object = bpf_object__open_file(file, NULL);

	check((int)libbpf_get_error(object), file);
	check(bpf_object__load(object), "loading the program");
	fill(object, prefixes);
	check(bpf_object__pin_maps(object, PIN_DIR), "pinning the maps under " PIN_DIR);
	for (; *devices; devices++)
		attach(object, *devices);
	bpf_object__close(object);
	return 0;
}

static int hits(void)
{
	int map = bpf_obj_get(PIN_DIR "/hits"), n = libbpf_num_possible_cpus(), i;
	__u64 *values = calloc(n, sizeof(*values)), sum = 0;
	__u32 zero = 0;

	check(map < 0 ? map : 0, PIN_DIR "/hits");
	check(bpf_map_lookup_elem(map, &zero, values), "reading the map");
	for (i = 0; i < n; i++)
		sum += values[i];
	printf("%llu\n", sum);
	free(values);
	return 0;
}

int main(int argc, char **argv)
{
	if (argc >= 5 && !strcmp(argv[1], "load"))
		return load(argv[2], argv[3], &argv[4]);
	if (argc == 2 && !strcmp(argv[1], "hits"))
		return hits();
	fputs("usage: lpm load OBJECT PREFIXES DEVICE... | lpm hits\n", stderr);
	return 2;
}
