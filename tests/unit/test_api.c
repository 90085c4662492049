// SPDX-License-Identifier: GPL-2.0-or-later
/* The functions of libcamwall.so that need no module: reading, errors, warnings, names. */
#include <pthread.h>

#include <camwall/camwall.h>

#include "unit.h"

#define POLICY	"[camwall]\ninterfaces = lan0\n[group a]\nvendor = acme\n"
#define THREADS	4
#define ROUNDS	20

static char vendors[2 * PATH_MAX], registry[2 * PATH_MAX];

static int setup(void **state)
{
	snprintf(vendors, sizeof(vendors), "%s", unit_path("tests/unit/data/vendors"));
	snprintf(registry, sizeof(registry), "%s", unit_path("tests/unit/data/registry"));
	return 0;
}

static struct camwall_config *config_new(void)
{
	struct camwall_config *config = camwall_config_new();

	camwall_config_set_vendors(config, vendors);
	camwall_config_set_registry(config, registry);
	return config;
}

/* It is there and says this; it is freed. */
static void says(char *error, const char *part)
{
	if (!error)
		fail_msg("no error, but one with \"%s\" was expected", part);
	if (!strstr(error, part))
		fail_msg("the error \"%s\" does not say \"%s\"", error, part);
	free(error);
}

static void test_text(void **state)
{
	struct camwall_config *config = config_new();
	char *error = "something";

	if (camwall_config_read_text(config, "agent", POLICY, &error) < 0)
		fail_msg("%s", error);
	assert_null(error);
	assert_true(camwall_config_registry_time(config) > 0);
	assert_null(camwall_config_warning(config, 0));
	camwall_config_free(config);
}

static void test_wrong_text(void **state)
{
	struct camwall_config *config = config_new();
	char *error;

	assert_int_equal(camwall_config_read_text(config, "agent", POLICY, NULL), 0);
	assert_int_equal(camwall_config_read_text(config, "agent", POLICY "action = drip\n", &error), -1);
	says(error, "agent:5: ");
	/* The one that was read before is not what an application would take for this one. */
	assert_int_equal(camwall_apply(NULL, config, 0, NULL, &error), -1);
	says(error, "no configuration was read");
	assert_int_equal(camwall_keep(config, &error), -1);
	says(error, "no configuration was read");
	assert_int_equal(camwall_config_read_text(config, "agent", "", &error), -1);
	says(error, "interfaces");
	assert_int_equal(camwall_config_read_text(config, "agent", "[", NULL), -1);
	camwall_config_free(config);
}

static void test_file(void **state)
{
	static const char *const names[] = { "camwall.conf", "exemptions.conf", NULL };
	struct camwall_config *config = config_new();
	char *dir = unit_folder(), path[PATH_MAX];
	char *error;

	snprintf(path, sizeof(path), "%s/camwall.conf", dir);
	assert_int_equal(camwall_config_read_file(config, path, &error), -1);
	says(error, "camwall.conf: cannot be read");
	unit_write(dir, "camwall.conf", POLICY, strlen(POLICY));
	assert_int_equal(camwall_config_read_file(config, path, &error), 0);
	assert_null(error);
	/* The exemptions beside it are read with it, and again each time. */
	unit_write(dir, "exemptions.conf", "[exempt x]\n", 11);
	assert_int_equal(camwall_config_read_file(config, path, &error), -1);
	says(error, "exemptions.conf:1: ");
	camwall_config_free(config);
	unit_remove(dir, names);
}

static void test_warnings(void **state)
{
	struct camwall_config *config = config_new();

	assert_int_equal(camwall_config_read_text(config, "agent",
						  POLICY "action = drop\nallow = 192.0.2.1\n", NULL), 0);
	assert_non_null(camwall_config_warning(config, 0));
	assert_non_null(strstr(camwall_config_warning(config, 0), "allow"));
	assert_null(camwall_config_warning(config, 1));
	camwall_config_free(config);
}

static void test_apply_flags(void **state)
{
	struct camwall_changes *changes = (void *)1;
	struct camwall_config *config = config_new();
	char *error;

	assert_int_equal(camwall_config_read_text(config, "agent", POLICY, NULL), 0);
	assert_int_equal(camwall_apply(NULL, config, 0x10, &changes, &error), -1);
	says(error, "0x10");
	assert_null(changes);
	camwall_config_free(config);
}

static void test_names(void **state)
{
	struct camwall_names *names = camwall_names_load(registry, vendors);

	assert_string_equal(camwall_names_organization(names, "28:57:be:00:00:01"),
			    "Hangzhou Hikvision Digital Technology Co.,Ltd.");
	assert_null(camwall_names_organization(names, "00:00:5e:00:53:01"));
	assert_null(camwall_names_organization(names, "no address"));
	assert_null(camwall_names_vendor(names, "no address"));
	camwall_names_free(names);
}

/* Which pack: the extract's and the pack's own words say. */
static void test_vendor(void **state)
{
	struct camwall_names *names = camwall_names_load(registry, vendors);

	assert_string_equal(camwall_names_vendor(names, "74:c9:29:00:00:01"), "named");
	camwall_names_free(names);
}

static void test_no_namespace(void **state)
{
	char *error;

	assert_null(camwall_open("not-there", &error));
	says(error, "no network namespace 'not-there'");
	assert_null(camwall_open("../etc", &error));
	says(error, "no name");
	assert_null(camwall_events_open("not-there", NULL));
}

static void test_null(void **state)
{
	camwall_close(NULL);
	camwall_config_free(NULL);
	camwall_changes_free(NULL);
	camwall_status_free(NULL);
	camwall_groups_free(NULL);
	camwall_match_free(NULL);
	camwall_names_free(NULL);
	camwall_devices_free(NULL);
	camwall_events_close(NULL);
}

static void *read_often(void *arg)
{
	const char *text = arg;
	intptr_t wrong = 0;

	for (int i = 0; i < ROUNDS; i++) {
		struct camwall_config *config = config_new();

		wrong += camwall_config_read_text(config, "agent", text, NULL) != 0;
		camwall_config_free(config);
	}
	return (void *)wrong;
}

/* Each thread has objects of its own. */
static void test_threads(void **state)
{
	pthread_t threads[THREADS];
	void *wrong;
	int i;

	for (i = 0; i < THREADS; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, read_often, POLICY), 0);
	for (i = 0; i < THREADS; i++) {
		assert_int_equal(pthread_join(threads[i], &wrong), 0);
		assert_ptr_equal(wrong, NULL);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_wrong_text),
		cmocka_unit_test(test_file),
		cmocka_unit_test(test_warnings),
		cmocka_unit_test(test_apply_flags),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_vendor),
		cmocka_unit_test(test_no_namespace),
		cmocka_unit_test(test_null),
		cmocka_unit_test(test_threads),
	};

	return cmocka_run_group_tests(tests, setup, NULL);
}
