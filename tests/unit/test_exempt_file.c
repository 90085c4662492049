// SPDX-License-Identifier: GPL-2.0-or-later
/* The file of exemptions: added to, ended in, replaced in one step, put back, one writer at a time. */
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "unit.h"

#include "exempt_file.h"

#define OLD	"# mine\n\n[exempt 44:19:b6:00:00:01]\n  until = 2027-06-01 # June\nreason = r\napproved-by = a"
#define WRITERS	8

static struct cw_policy_exemption sample = {
	.mac = 0x4419b6000002, .until = 1806451200, .reason = "contract ends", .approved_by = "J. Doe",
};

static char *dir, path[PATH_MAX];

static int setup(void **state)
{
	dir = unit_folder();
	snprintf(path, sizeof(path), "%s/" CW_EXEMPT_FILE_NAME, dir);
	return 0;
}

static int teardown(void **state)
{
	unit_remove(dir, (const char *const[]){ CW_EXEMPT_FILE_NAME, "link.conf", NULL });
	return 0;
}

static struct cw_exempt_file open_file(const char *name)
{
	struct cw_exempt_file file;
	struct cw_error err = { 0 };

	assert_int_equal(cw_exempt_file_open(&file, name, &err), 0);
	unit_expect_none(&err);
	return file;
}

static void write_file(struct cw_exempt_file *file)
{
	struct cw_error err = { 0 };

	assert_int_equal(cw_exempt_file_write(file, &err), 0);
	unit_expect_none(&err);
}

static void expect_text(const char *expected)
{
	size_t length;
	char *text = unit_read(path, &length);

	assert_string_equal(text, expected);
	free(text);
}

/* Who may read the folder may lock it, and need never let go. */
static void nobody_is_waited_for_without_end(void **state)
{
	int fd = open(dir, O_RDONLY | O_DIRECTORY);
	struct cw_exempt_file file;
	struct cw_error err = { 0 };

	assert_int_equal(flock(fd, LOCK_EX), 0);
	assert_int_equal(cw_exempt_file_lock(path, LOCK_SH, &err), -1);
	unit_expect(&err, "another program has held its lock for 5 seconds");
	assert_int_equal(flock(fd, LOCK_SH), 0);
	assert_int_equal(cw_exempt_file_open(&file, path, &err), -1);
	unit_expect(&err, "lsof ");
	close(fd);
}

static void paths(void **state)
{
	static const char *const expected[][2] = {
		{ "/etc/camwall/camwall.conf", "/etc/camwall/exemptions.conf" },
		{ "/camwall.conf", "/exemptions.conf" },
		{ "camwall.conf", "exemptions.conf" },
		{ "a/b", "a/exemptions.conf" },
	};
	size_t i;

	for (i = 0; i < sizeof(expected) / sizeof(expected[0]); i++) {
		char *beside = cw_exempt_file_path(expected[i][0]);

		assert_string_equal(beside, expected[i][1]);
		free(beside);
	}
}

static void first_one(void **state)
{
	struct cw_exempt_file file = open_file(path);
	size_t length;
	char *text;

	assert_false(file.existed);
	cw_exempt_file_add(&file, &sample);
	write_file(&file);
	cw_exempt_file_close(&file);
	text = unit_read(path, &length);
	assert_true(text[0] == '#');
	assert_non_null(strstr(text, "\n\n[exempt 44:19:b6:00:00:02]\nuntil = 2027-03-31T00:00:00Z\n"
				     "reason = contract ends\napproved-by = J. Doe\n"));
	free(text);
}

/* All else in it is somebody's, and stays. */
static void added_and_ended(void **state)
{
	struct cw_exempt_file file;

	unit_write(dir, CW_EXEMPT_FILE_NAME, OLD, strlen(OLD));
	file = open_file(path);
	cw_exempt_file_end(&file, 4, 1800000000);
	cw_exempt_file_add(&file, &sample);
	write_file(&file);
	cw_exempt_file_close(&file);
	expect_text("# mine\n\n[exempt 44:19:b6:00:00:01]\nuntil = 2027-01-15T08:00:00Z\nreason = r\napproved-by = a\n"
		    "\n[exempt 44:19:b6:00:00:02]\nuntil = 2027-03-31T00:00:00Z\nreason = contract ends\napproved-by = J. Doe\n");
}

static void keeps_permissions(void **state)
{
	struct cw_exempt_file file;
	struct stat st;

	unit_write(dir, CW_EXEMPT_FILE_NAME, OLD, strlen(OLD));
	assert_int_equal(chmod(path, 0640), 0);
	if (!geteuid())
		assert_int_equal(chown(path, 12345, 54321), 0);
	file = open_file(path);
	cw_exempt_file_add(&file, &sample);
	write_file(&file);
	cw_exempt_file_close(&file);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0640);
	if (!geteuid()) {
		assert_int_equal(st.st_uid, 12345);
		assert_int_equal(st.st_gid, 54321);
	}
}

static void follows_links(void **state)
{
	struct cw_exempt_file file;
	char link[PATH_MAX + 16];
	struct stat st;

	unit_write(dir, CW_EXEMPT_FILE_NAME, "", 0);
	snprintf(link, sizeof(link), "%s/link.conf", dir);
	assert_int_equal(symlink(CW_EXEMPT_FILE_NAME, link), 0);
	file = open_file(link);
	cw_exempt_file_add(&file, &sample);
	write_file(&file);
	cw_exempt_file_close(&file);
	assert_int_equal(lstat(link, &st), 0);
	assert_true(S_ISLNK(st.st_mode));
	assert_int_equal(stat(path, &st), 0);
	assert_true(st.st_size > 0);
}

static void put_back(void **state)
{
	const struct timespec times[] = { { .tv_sec = 1000 }, { .tv_sec = 2000, .tv_nsec = 3000 } };
	struct cw_error err = { 0 };
	struct cw_exempt_file file;
	struct stat st;

	unit_write(dir, CW_EXEMPT_FILE_NAME, OLD, strlen(OLD));
	assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
	file = open_file(path);
	cw_exempt_file_add(&file, &sample);
	write_file(&file);
	assert_int_equal(cw_exempt_file_restore(&file, &err), 0);
	cw_exempt_file_close(&file);
	expect_text(OLD);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mtim.tv_sec, 2000);
	assert_int_equal(st.st_mtim.tv_nsec, 3000);
}

static void put_back_none(void **state)
{
	struct cw_exempt_file file = open_file(path);
	struct cw_error err = { 0 };

	cw_exempt_file_add(&file, &sample);
	write_file(&file);
	assert_int_equal(access(path, F_OK), 0);
	assert_int_equal(cw_exempt_file_restore(&file, &err), 0);
	cw_exempt_file_close(&file);
	assert_int_equal(access(path, F_OK), -1);
}

/* Root writes anywhere: as another user, in a folder that is root's. */
static void in_read_only_folder(void)
{
	struct cw_error err = { 0 };
	struct cw_exempt_file file;

	if (!geteuid() && setresuid(12345, 12345, 12345) < 0)
		_exit(2);
	if (cw_exempt_file_open(&file, path, &err) < 0)
		_exit(3);
	cw_exempt_file_add(&file, &sample);
	if (cw_exempt_file_write(&file, &err) == 0)
		_exit(4);
	if (!strstr(err.message, "cannot be written, and is as it was: Permission denied"))
		_exit(5);
	cw_exempt_file_close(&file);
	cw_error_clear(&err);
	_exit(0);
}

static void read_only_folder(void **state)
{
	int status;
	pid_t pid;

	unit_write(dir, CW_EXEMPT_FILE_NAME, OLD, strlen(OLD));
	assert_int_equal(chmod(dir, 0555), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (!pid)
		in_read_only_folder();
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(chmod(dir, 0755), 0);
	assert_int_equal(status, 0);
	expect_text(OLD);
}

static void no_folder(void **state)
{
	struct cw_exempt_file file;
	struct cw_error err = { 0 };

	assert_int_equal(cw_exempt_file_open(&file, "/nonexistent/exemptions.conf", &err), -1);
	unit_expect(&err, "/nonexistent: cannot be locked: No such file");
	unit_write(dir, CW_EXEMPT_FILE_NAME, "a\0b", 3);
	assert_int_equal(cw_exempt_file_open(&file, path, &err), -1);
	unit_expect(&err, "a zero byte");
	unlink(path);
	assert_int_equal(mkdir(path, 0755), 0);
	assert_int_equal(cw_exempt_file_open(&file, path, &err), -1);
	unit_expect(&err, "is no file");
	assert_int_equal(rmdir(path), 0);
}

static void add_one(uint64_t mac)
{
	struct cw_policy_exemption mine = sample;
	struct cw_exempt_file file;

	mine.mac = mac;
	if (cw_exempt_file_open(&file, path, NULL) < 0)
		_exit(1);
	/* Long enough for another one to come in between, were there no lock. */
	usleep(20000);
	cw_exempt_file_add(&file, &mine);
	if (cw_exempt_file_write(&file, NULL) < 0)
		_exit(1);
	cw_exempt_file_close(&file);
	_exit(0);
}

/* Each of them reads, adds its own, and writes: none is lost. */
static void two_writers(void **state)
{
	char expected[64];
	int i, status;
	size_t length;
	char *text;

	for (i = 0; i < WRITERS; i++)
		if (!fork())
			add_one(0x4419b6000000 + i);
	for (i = 0; i < WRITERS; i++) {
		assert_true(wait(&status) > 0);
		assert_int_equal(status, 0);
	}
	text = unit_read(path, &length);
	for (i = 0; i < WRITERS; i++) {
		snprintf(expected, sizeof(expected), "[exempt 44:19:b6:00:00:%02x]", i);
		assert_non_null(strstr(text, expected));
	}
	free(text);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(paths),
		TEST(nobody_is_waited_for_without_end),
		TEST(first_one),
		TEST(added_and_ended),
		TEST(keeps_permissions),
		TEST(follows_links),
		TEST(put_back),
		TEST(put_back_none),
		TEST(read_only_folder),
		TEST(no_folder),
		TEST(two_writers),
	};

	return cmocka_run_group_tests_name("exempt_file", tests, NULL, NULL);
}
