// SPDX-License-Identifier: GPL-2.0-or-later
/* The IEEE registry: every trap that is in its data, and files that are damaged. */
#include "unit.h"

#include <sys/stat.h>
#include <utime.h>

#include "mac.h"
#include "registry.h"

#define EXTRACT	"tests/unit/data/registry"
#define HEADER	"Registry,Assignment,Organization Name,Organization Address\r\n"
#define ROW	"MA-L,4419B6,\"Hangzhou Hikvision Digital Technology Co.,Ltd.\",Hangzhou \r\n"

static const char *const files[] = { "oui.csv", "mam.csv", "oui36.csv", "iab.csv", NULL };

/* The extract in a folder of its own, to be damaged. */
static char *copy_extract(void)
{
	char *dir = unit_folder(), name[64];

	for (size_t i = 0; files[i]; i++) {
		size_t length;
		char *text;

		snprintf(name, sizeof(name), EXTRACT "/%s", files[i]);
		text = unit_read(unit_path(name), &length);
		unit_write(dir, files[i], text, length);
		free(text);
	}
	return dir;
}

static struct cw_registry *load(const char *dir)
{
	struct cw_error err = { 0 };
	struct cw_registry *registry = cw_registry_load(dir, &err);

	unit_expect_none(&err);
	assert_non_null(registry);
	return registry;
}

static struct cw_registry *load_extract(void)
{
	return load(unit_path(EXTRACT));
}

/* Who has this address; "" where nobody has. */
static const char *owner(const struct cw_registry *registry, uint64_t mac)
{
	const struct cw_assignment *found = cw_registry_find(registry, mac);

	return found ? found->organization : "";
}

static void rows_are_sorted_and_counted(void **state)
{
	struct cw_registry *registry = load_extract();
	size_t sum = 0;

	for (size_t i = 0; i < registry->n_assignments; i++) {
		const struct cw_assignment *a = &registry->assignments[i];
		char *folded = cw_organization_fold(a->organization);

		assert_true(!i || a[-1].prefix <= a->prefix);
		assert_string_equal(folded, a->folded);
		free(folded);
	}
	for (size_t len = 0; len < 49; len++)
		sum += registry->n_by_length[len];
	assert_int_equal(sum, registry->n_assignments);
	assert_int_equal(registry->n_by_length[28], 31);
	assert_int_equal(registry->n_by_length[36], 6 + 3);
	cw_registry_free(registry);
}

static void the_longest_assignment_is_found(void **state)
{
	struct cw_registry *registry = load_extract();

	assert_string_equal(owner(registry, 0x4419b6123456),
			    "Hangzhou Hikvision Digital Technology Co.,Ltd.");
	assert_string_equal(owner(registry, 0xb0b353600001),
			    "Hangzhou Hikrobot Technology Co., Ltd.");
	assert_string_equal(owner(registry, 0xb0b3536fffff),
			    "Hangzhou Hikrobot Technology Co., Ltd.");
	assert_string_equal(owner(registry, 0xb0b353700000), "WUUK LABS CORP.");
	/* No row for this one: what is left is the IEEE's. */
	assert_string_equal(owner(registry, 0xb0b353f00000), "IEEE Registration Authority");
	assert_string_equal(owner(registry, 0x70b3d5123456), "IEEE Registration Authority");
	assert_string_equal(owner(registry, 0x40d8550d7abc), "Avant Technologies");
	assert_string_equal(owner(registry, 0x020000000000), "");
	assert_string_equal(owner(registry, 0xffffffffffff), "");
	cw_registry_free(registry);
}

static void blocks_of_the_ieee_are_subdivided(void **state)
{
	static const uint64_t parents[] = {
		0xb0b353000000, 0x70b3d5000000, 0x8c1f64000000, 0x001bc5000000,
		0x0050c2000000, 0x40d855000000,
	};
	struct cw_registry *registry = load_extract();
	size_t subdivided = 0;

	for (size_t i = 0; i < sizeof(parents) / sizeof(parents[0]); i++) {
		uint64_t prefix = cw_prefix_pack(parents[i], 24, 0);
		size_t at = cw_registry_seek(registry, prefix);

		assert_int_equal(registry->assignments[at].prefix, prefix);
		assert_true(registry->assignments[at].subdivided);
	}
	for (size_t i = 0; i < registry->n_assignments; i++)
		subdivided += registry->assignments[i].subdivided;
	assert_int_equal(subdivided, sizeof(parents) / sizeof(parents[0]));
	cw_registry_free(registry);
}

static void a_part_without_its_parent_stands(void **state)
{
	struct cw_registry *registry = load_extract();

	assert_string_equal(owner(registry, 0x1c8879000001), "Newps co.,ltd");
	assert_string_equal(owner(registry, 0x1c8879f00001), "");
	cw_registry_free(registry);
}

static void private_rows_are_marked(void **state)
{
	struct cw_registry *registry = load_extract();
	size_t n = 0;

	for (size_t i = 0; i < registry->n_assignments; i++)
		n += registry->assignments[i].private;
	/* "Private Enterprise ..." and "... Private Limited" are names like others. */
	assert_int_equal(n, 5);
	assert_true(cw_registry_find(registry, 0x005079000000)->private);
	assert_false(cw_registry_find(registry, 0x70b3d5076000)->private);
	assert_false(cw_registry_find(registry, 0xe428a4000000)->private);
	cw_registry_free(registry);
}

static void a_prefix_of_many_has_a_row_for_each(void **state)
{
	static const char *const owners[] = {
		"CERN", "NETWORK RESEARCH CORPORATION", "ROYAL MELBOURNE INST OF TECH",
	};
	struct cw_registry *registry = load_extract();
	size_t at = cw_registry_seek(registry, cw_prefix_pack(0x080030000000, 24, 0));

	for (size_t i = 0; i < 3; i++)
		assert_string_equal(registry->assignments[at + i].organization, owners[i]);
	assert_int_not_equal(registry->assignments[at + 3].prefix,
			     registry->assignments[at].prefix);
	assert_string_equal(owner(registry, 0x080030000001), "CERN");
	assert_string_equal(owner(registry, 0x0001c8000001), "CONRAD CORP.");
	cw_registry_free(registry);
}

/* Whatever the order of the rows and however often they stand there. */
static void the_order_of_the_file_does_not_count(void **state)
{
	static const char *const orders[] = {
		HEADER "MA-L,080030,CERN,x\r\nMA-L,080030,RMIT,x\r\nMA-L,080030,cern ,x\r\n" ROW,
		HEADER ROW "MA-L,080030,cern,x\r\nMA-L,080030,RMIT,x\r\n" ROW "MA-L,080030,CERN,x\r\n",
	};
	char *dir = copy_extract();

	for (size_t i = 0; i < 2; i++) {
		struct cw_registry *registry;

		unit_write(dir, "oui.csv", orders[i], strlen(orders[i]));
		registry = load(dir);
		assert_int_equal(registry->n_by_length[24], 3);
		assert_string_equal(owner(registry, 0x080030000000), "CERN");
		cw_registry_free(registry);
	}
	unit_remove(dir, files);
}

static void names_are_printable(void **state)
{
	struct cw_registry *registry = load_extract();

	assert_string_equal(owner(registry, 0x901234000000),
			    "Shenzhen YOUHUA Technology Co., Ltd");
	assert_string_equal(owner(registry, 0x000cef000000), "ONE Investment Group Limited");
	assert_string_equal(owner(registry, 0x48bca6000000), "ASUNG TECHNO CO.,Ltd");
	assert_string_equal(owner(registry, 0x203233000000),
			    "SHENZHEN BILIAN ELECTRONIC CO.\xef\xbc\x8cLTD");
	assert_string_equal(owner(registry, 0x70b3d5076000),
			    "Private Enterprise \"Scientific and Production Private Enterprise\"Sparing-Vist Center\"\"");
	cw_registry_free(registry);
}

static void names_are_cleaned(void **state)
{
	static const char text[] = HEADER
		"MA-L,000001,\"a\x1b[31m\nb\",x\r\n"
		"MA-L,000002,\"\xc2\xa0 a\xff" "b\xe3\x80\",x\r\n"
		"MA-L,000003,,x\r\n";
	char *dir = copy_extract();
	struct cw_registry *registry;

	unit_write(dir, "oui.csv", text, sizeof(text) - 1);
	registry = load(dir);
	assert_string_equal(owner(registry, 0x000001000000), "a [31m b");
	assert_string_equal(owner(registry, 0x000002000000), "a?b??");
	assert_string_equal(owner(registry, 0x000003000000), "");
	cw_registry_free(registry);
	unit_remove(dir, files);
}

static void names_fold(void **state)
{
	static const char *const cases[][2] = {
		{ "ZHEJIANG DAHUA TECHNOLOGYCO.,LTD", "zhejiangdahuatechnologycoltd" },
		{ "Zhejiang Dahua Technology Co., Ltd.", "zhejiangdahuatechnologycoltd" },
		{ " Zhejiang\xc2\xa0" "Dahua\tTechnology  Co\xef\xbc\x8cLtd\xe3\x80\x80", "zhejiangdahuatechnologycoltd" },
		{ "\xe2\x80\x8b" "ASUNG\xc2\xad-TECHNO\xe2\x80\x93", "asungtechno" },
		{ "M\xc3\x9cHEND\xc4\xb0SL\xc4\xb0K", "m\xc3\xbchendislik" },
		{ "\xc5\x81\xc3\x93" "D\xc5\xb9 \xc5\xb8", "\xc5\x82\xc3\xb3" "d\xc5\xba\xc3\xbf" },
		{ "\xd0\xa0\xd0\x9d\xd0\x81 \xce\xa9", "\xd1\x80\xd0\xbd\xd1\x91\xcf\x89" },
		{ "\xef\xbc\xa8\xef\xbd\x89\xef\xbc\x92", "hi2" },
		{ "\xe7\xa7\x91\xe6\x8a\x80", "\xe7\xa7\x91\xe6\x8a\x80" },
		{ "\xff\xc3(\xe2\x82", "\xff\xc3\xe2\x82" },
		{ "\xf0\x9f\x93\xb7 A", "\xf0\x9f\x93\xb7" "a" },
		{ "???", "" },
		{ "", "" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char *folded = cw_organization_fold(cases[i][0]);

		assert_string_equal(folded, cases[i][1]);
		free(folded);
	}
}

static void expect_refusal(const char *file, const char *text, size_t length,
			   const char *message)
{
	struct cw_error err = { 0 };
	char *dir = copy_extract();

	unit_write(dir, file, text, length);
	assert_null(cw_registry_load(dir, &err));
	assert_non_null(err.message);
	assert_non_null(strstr(err.message, dir));
	unit_expect(&err, message);
	unit_remove(dir, files);
}

static void damaged_files_are_refused(void **state)
{
	static const struct {
		const char *file, *text, *message;
	} cases[] = {
		{ "oui.csv", "", "no assignment in it" },
		{ "oui.csv", HEADER, "no assignment in it" },
		{ "oui.csv", "<!DOCTYPE html>\n<html>\n</html>\n",
		  "oui.csv:1: this is a web page" },
		{ "oui.csv", ROW, "oui.csv:1: the columns are not" },
		{ "oui.csv", "Registry,Assignment,Organization Name\r\n" ROW,
		  "oui.csv:1: a row with 3 columns" },
		{ "oui.csv", HEADER ROW "MA-L,0019B6", "oui.csv:3: a row with 2 columns" },
		{ "oui.csv", HEADER ROW "MA-L,0019B6,\"Hang", "oui.csv:3: a quote that does not end" },
		{ "oui.csv", HEADER ROW "MA-L,0019B6,x,y", "oui.csv:3: the last row has no end" },
		{ "oui.csv", HEADER ROW "\r\n\r\nMA-L,0019B6,x\r\n", "oui.csv:5: a row with 3 columns" },
		{ "oui.csv", HEADER "MA-L,0019B6,x,\"a\nb\nc\"\r\nMA-L,0019B6,x\r\n",
		  "oui.csv:5: a row with 3 columns" },
		{ "oui.csv", HEADER "MA-L,0019B6,x,y,z\r\n", "oui.csv:2: a row with 5 columns" },
		{ "oui.csv", HEADER "MA-L,0019B6,\"x,y\r\n" ROW, "a quote where none belongs" },
		{ "oui.csv", HEADER "MA-L,0019B,x,y\r\n", "oui.csv:2: \"0019B\" is no assignment of MA-L, which has 6" },
		{ "oui.csv", HEADER "MA-L,0019BG,x,y\r\n", "\"0019BG\" is no assignment" },
		{ "oui.csv", HEADER "MA-L,,x,y\r\n", "\"\" is no assignment" },
		{ "mam.csv", HEADER "MA-M,0019B6,x,y\r\n", "mam.csv:2: \"0019B6\" is no assignment of MA-M" },
		{ "mam.csv", HEADER ROW, "mam.csv:2: a row of the registry \"MA-L\", where only MA-M" },
		{ "iab.csv", HEADER ROW, "where only IAB belongs: download it again (camwall registry update), or install the package ieee-data again" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		expect_refusal(cases[i].file, cases[i].text, strlen(cases[i].text),
			       cases[i].message);
	expect_refusal("oui.csv", HEADER "MA-L,00\0009B6,x,y\r\n",
		       sizeof(HEADER "MA-L,00\0009B6,x,y\r\n") - 1, "is no assignment");
}

/* A download can end anywhere: only between two rows can that not be seen. */
static void a_file_cut_anywhere_is_refused(void **state)
{
	char *dir = copy_extract(), *text;
	size_t length, kept = 0;

	text = unit_read(unit_path(EXTRACT "/oui36.csv"), &length);
	for (size_t cut = 0; cut < length; cut++) {
		struct cw_error err = { 0 };
		struct cw_registry *registry;

		unit_write(dir, "oui36.csv", text, cut);
		registry = cw_registry_load(dir, &err);
		if (registry) {
			assert_true(cut > strlen(HEADER) && text[cut - 1] == '\n');
			kept++;
		} else {
			assert_non_null(err.message);
		}
		cw_registry_free(registry);
		cw_error_clear(&err);
	}
	assert_int_equal(kept, 5);	/* six rows */
	free(text);
	unit_remove(dir, files);
}

static void every_file_has_to_be_there(void **state)
{
	for (size_t i = 0; files[i]; i++) {
		char *dir = copy_extract(), path[PATH_MAX], message[64];
		struct cw_error err = { 0 };

		snprintf(path, sizeof(path), "%s/%s", dir, files[i]);
		assert_int_equal(unlink(path), 0);
		assert_null(cw_registry_load(dir, &err));
		snprintf(message, sizeof(message), "/%s: is not there", files[i]);
		assert_non_null(strstr(err.message, message));
		unit_expect(&err, "install the package ieee-data");

		assert_int_equal(mkdir(path, 0700), 0);
		assert_null(cw_registry_load(dir, &err));
		unit_expect(&err, "cannot be read");
		assert_int_equal(rmdir(path), 0);
		unit_remove(dir, files);
	}
}

static void the_edition_is_the_newest_file(void **state)
{
	char *dir = copy_extract(), path[PATH_MAX];
	struct cw_registry *registry;

	for (int i = 0; files[i]; i++) {
		struct utimbuf times = { .modtime = 1000000 + (i == 2) * 86400 };

		snprintf(path, sizeof(path), "%s/%s", dir, files[i]);
		assert_int_equal(utime(path, &times), 0);
	}
	registry = load(dir);
	assert_int_equal(registry->edition, 1086400);
	assert_string_equal(registry->dir, dir);
	assert_int_equal(cw_registry_age_days(registry, 1086400 + 400 * 86400), 400);
	assert_int_equal(cw_registry_age_days(registry, 1086400 + 86399), 0);
	assert_int_equal(cw_registry_age_days(registry, 1000), 0);
	cw_registry_free(registry);
	unit_remove(dir, files);
}

static void set_edition(const char *dir, time_t time)
{
	struct utimbuf times = { .modtime = time };
	char path[PATH_MAX];

	for (int i = 0; files[i]; i++) {
		snprintf(path, sizeof(path), "%s/%s", dir, files[i]);
		assert_int_equal(utime(path, &times), 0);
	}
}

/* A folder that lacks a file does not count, however new the others are. */
static void the_newest_folder_counts(void **state)
{
	char *a = copy_extract(), *b = copy_extract(), path[PATH_MAX];
	const char *const dirs[] = { "/nonexistent", a, b, NULL };

	set_edition(a, 1000);
	set_edition(b, 2000);
	assert_ptr_equal(cw_registry_newest(dirs), b);
	set_edition(a, 2000);
	assert_ptr_equal(cw_registry_newest(dirs), a);
	set_edition(b, 3000);
	snprintf(path, sizeof(path), "%s/iab.csv", b);
	assert_int_equal(unlink(path), 0);
	assert_ptr_equal(cw_registry_newest(dirs), a);
	assert_null(cw_registry_newest(dirs + 3));
	unit_remove(a, files);
	unit_remove(b, files);
}

static void rows_of_each_file_are_counted(void **state)
{
	struct cw_registry *registry = load(unit_path(EXTRACT));
	char path[PATH_MAX];

	for (size_t i = 0; i < CW_REGISTRY_FILES; i++) {
		size_t length, rows = 0;
		char *text;

		snprintf(path, sizeof(path), "%s/%s", EXTRACT, cw_registry_files[i]);
		text = unit_read(unit_path(path), &length);
		/* A row may have several lines. */
		for (const char *line = strchr(text, '\n'); line; line = strchr(line + 1, '\n'))
			rows += !strncmp(line + 1, "MA-", 3) || !strncmp(line + 1, "IAB,", 4);
		assert_int_equal(registry->n_by_file[i], rows);
		free(text);
	}
	cw_registry_free(registry);
}

/* The package ieee-data, in whichever edition; the figures are those of 2022 less some room. */
static void the_real_registry_loads(void **state)
{
	struct cw_registry *registry = load(CW_REGISTRY_DEFAULT_DIR);
	size_t subdivided = 0, private = 0;

	assert_string_equal(registry->dir, CW_REGISTRY_DEFAULT_DIR);
	assert_true(registry->n_by_length[24] > 32000);
	assert_true(registry->n_by_length[28] > 4000);
	assert_true(registry->n_by_length[36] > 9000);
	for (size_t i = 0; i < registry->n_assignments; i++) {
		subdivided += registry->assignments[i].subdivided;
		private += registry->assignments[i].private;
	}
	assert_true(subdivided > 250 && subdivided < 1000);
	assert_true(private > 150 && private < 1000);
	assert_string_equal(owner(registry, 0x4419b6000000),
			    "Hangzhou Hikvision Digital Technology Co.,Ltd.");
	assert_string_equal(owner(registry, 0xb0b353600000),
			    "Hangzhou Hikrobot Technology Co., Ltd.");
	assert_non_null(cw_registry_find(registry, 0x70b3d5ffffff));
	cw_registry_free(registry);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_are_sorted_and_counted),
		cmocka_unit_test(the_longest_assignment_is_found),
		cmocka_unit_test(blocks_of_the_ieee_are_subdivided),
		cmocka_unit_test(a_part_without_its_parent_stands),
		cmocka_unit_test(private_rows_are_marked),
		cmocka_unit_test(a_prefix_of_many_has_a_row_for_each),
		cmocka_unit_test(the_order_of_the_file_does_not_count),
		cmocka_unit_test(names_are_printable),
		cmocka_unit_test(names_are_cleaned),
		cmocka_unit_test(names_fold),
		cmocka_unit_test(damaged_files_are_refused),
		cmocka_unit_test(a_file_cut_anywhere_is_refused),
		cmocka_unit_test(every_file_has_to_be_there),
		cmocka_unit_test(the_edition_is_the_newest_file),
		cmocka_unit_test(the_newest_folder_counts),
		cmocka_unit_test(rows_of_each_file_are_counted),
		cmocka_unit_test(the_real_registry_loads),
	};

	return cmocka_run_group_tests_name("registry", tests, NULL, NULL);
}
