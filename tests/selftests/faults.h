/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Allocations that fail on demand: Documentation/fault-injection of the kernel, for one task. */
#ifndef FAULTS_H
#define FAULTS_H

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/*
 * fail-nth makes the nth allocation of this task fail. What comes after it is judged by
 * failslab and fail_page_alloc, which faults.sh has told to let all fail of a task that
 * asks for it, with make-it-fail: so "onward" is from the nth one on. Where faults.sh has
 * set require-start, only allocations below the module's own code count.
 */
struct faults {
	int nth, onward;
	bool all_after;
};

static inline int faults_open_file(const char *path)
{
	int fd = open(path, O_RDWR | O_CLOEXEC);

	if (fd < 0)
		err(1, "%s", path);
	return fd;
}

static inline void faults_open(struct faults *faults, bool all_after)
{
	faults->nth = faults_open_file("/proc/thread-self/fail-nth");
	faults->onward = faults_open_file("/proc/thread-self/make-it-fail");
	faults->all_after = all_after;
}

/** faults_arm() - from here on let the @nth allocation fail; nothing may print until disarmed */
static inline void faults_arm(const struct faults *faults, unsigned int nth)
{
	char text[16];
	int len = snprintf(text, sizeof(text), "%u", nth);

	if ((faults->all_after && pwrite(faults->onward, "1", 1, 0) != 1) ||
	    pwrite(faults->nth, text, len, 0) != len)
		err(1, "arm a fault");
}

/** faults_disarm() - no more; Return: whether there were that many, so that one has failed */
static inline bool faults_disarm(const struct faults *faults)
{
	char text[16] = "";

	if ((faults->all_after && pwrite(faults->onward, "0", 1, 0) != 1) ||
	    pread(faults->nth, text, sizeof(text) - 1, 0) < 1 ||
	    pwrite(faults->nth, "0", 1, 0) != 1)
		err(1, "disarm a fault");
	return strtoul(text, NULL, 10) == 0;
}

/**
 * struct faulty - an operation, of which each allocation is to fail
 * @name: as the command line has it
 * @prepare: what comes before it, without a fault
 * @run: the operation; must not print; returns 0 or a positive errno
 * @judge: whether all is as it should be after it returned @error; says what is not
 * @clean: what comes after it
 */
struct faulty {
	const char *name;
	void (*prepare)(void);
	int (*run)(void);
	bool (*judge)(int error);
	void (*clean)(void);
};

/**
 * faults_try() - let each allocation of an operation fail in turn, until it makes no more
 *
 * Return: whether each failure was clean, and the operation succeeds without one.
 */
static inline bool faults_try(const struct faults *faults, const struct faulty *faulty)
{
	unsigned int nth, refused = 0;
	bool hit = true;
	int error;

	for (nth = 1; hit; nth++) {
		faulty->prepare();
		faults_arm(faults, nth);
		error = faulty->run();
		hit = faults_disarm(faults);
		if (!faulty->judge(error)) {
			printf("%s: allocation %u failed, and then that; the operation said: %s\n",
			       faulty->name, nth, error ? strerror(error) : "success");
			return false;
		}
		if (!hit && error) {
			printf("%s: no allocation failed, but: %s\n", faulty->name,
			       strerror(error));
			return false;
		}
		refused += !!error;
		faulty->clean();
	}
	printf("%s: %u allocations failed, one at a time%s; %u times it was refused\n",
	       faulty->name, nth - 2, faults->all_after ? " and all after it" : "", refused);
	return true;
}

#endif
