// SPDX-License-Identifier: GPL-2.0-or-later
/* Metrics: the whole text of a small state, what is left out, and labels that nobody should have chosen. */
#include "metrics.h"
#include "unit.h"

static struct cw_policy *sample(void)
{
	struct cw_policy *policy = cw_policy_new();
	struct cw_policy_group *group;

	policy->generation = 7;
	policy->written = 1795000000;
	group = cw_policy_group_add(policy);
	strcpy(group->name, "hikvision");
	group->action = CAMWALL_ACTION_ISOLATE;
	group->from = (struct cw_policy_counters){ 10, 1000, 6, 1, 2, 3, 0 };
	group->to = (struct cw_policy_counters){ 20, 2000, 4, 0, 0, 0, 4 };
	group = cw_policy_group_add(policy);
	strcpy(group->name, "quiet");
	cw_policy_prefix_add(policy, cw_prefix_pack(0x4419b6000000, 24, 0));
	cw_policy_prefix_add(policy, cw_prefix_pack(0xb0b353000000, 24, 1));
	return policy;
}

static char *print(const struct cw_metrics *metrics)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	assert_non_null(out);
	cw_metrics_print(metrics, out);
	fclose(out);
	return text;
}

/** struct state - what metrics are printed of */
struct state {
	struct cw_status status;
	struct cw_policy *policy;
	struct cw_listing listing;
	struct cw_metrics metrics;
};

static void begin(struct state *state, const struct cw_device *devices, size_t n)
{
	memset(state, 0, sizeof(*state));
	strcpy(state->status.version, "0.1.0");
	state->status.max_devices = 4096;
	state->status.device_evicted = 3;
	state->status.device_refused = 5;
	state->status.event_seq = 99;
	state->status.link_count = 2;
	state->policy = sample();
	state->listing = cw_listing_make(devices, n, NULL, NULL, NULL, 0);
	state->metrics = (struct cw_metrics){
		.status = &state->status, .policy = state->policy, .listing = &state->listing,
		.tool_version = "0.2.0", .now = 1795000100,
	};
}

static void end(struct state *state)
{
	cw_listing_clear(&state->listing);
	cw_policy_free(state->policy);
}

static void has(const char *text, const char *line)
{
	const char *found;
	char *whole;

	assert_true(asprintf(&whole, "\n%s\n", line) > 0);
	found = strstr(text, whole);
	free(whole);
	if (!found)
		fail_msg("no line \"%s\" in:\n%s", line, text);
}

static void has_not(const char *text, const char *part)
{
	if (strstr(text, part))
		fail_msg("\"%s\" is in:\n%s", part, text);
}

static const struct cw_device devices[] = {
	{ .mac = 0x4419b6000001, .group = "hikvision", .first_seen = 1794000000,
	  .last_seen = 1795000090, .place = { .ifname = "lan0", .has_vlan = true, .vlan = 20 },
	  .from = { 10, 1000, 6, 1, 2, 3, 0 } },
	{ .mac = 0x4419b6000002, .group = "hikvision", .first_seen = 1794000500,
	  .last_seen = 1794000600, .gone = true, .exempt = true },
	/* Of a group that a commit has taken out meanwhile. */
	{ .mac = 0x4419b6000003, .group = "former" },
};

static void unreachable(void **state)
{
	const struct cw_metrics metrics = { 0 };
	char *text = print(&metrics);

	assert_string_equal(text,
			    "# HELP camwall_up Whether the kernel module could be read, 0 or 1.\n"
			    "# TYPE camwall_up gauge\ncamwall_up 0\n");
	free(text);
}

static void bounded(void **unused)
{
	struct state state;
	char *text;

	begin(&state, devices, 3);
	text = print(&state.metrics);
	has(text, "camwall_up 1");
	has(text, "camwall_info{version=\"0.1.0\",tool_version=\"0.2.0\"} 1");
	has(text, "camwall_policy_generation 7");
	has(text, "camwall_policy_written_timestamp_seconds 1795000000");
	has(text, "camwall_group_info{group=\"hikvision\",action=\"isolate\"} 1");
	has(text, "camwall_group_prefixes{group=\"quiet\"} 1");
	has(text, "# TYPE camwall_packets_total counter");
	has(text, "camwall_packets_total{group=\"hikvision\",direction=\"from\"} 10");
	has(text, "camwall_bytes_total{group=\"hikvision\",direction=\"to\"} 2000");
	has(text, "camwall_dropped_packets_total{group=\"hikvision\",direction=\"from\",reason=\"policy\"} 1");
	has(text, "camwall_dropped_packets_total{group=\"hikvision\",direction=\"from\",reason=\"not-allowed\"} 2");
	has(text, "camwall_dropped_packets_total{group=\"hikvision\",direction=\"from\",reason=\"limit\"} 3");
	has(text, "camwall_dropped_packets_total{group=\"hikvision\",direction=\"to\",reason=\"malformed\"} 4");
	has(text, "camwall_packets_total{group=\"quiet\",direction=\"to\"} 0");
	has(text, "camwall_devices{group=\"hikvision\"} 2");
	has(text, "camwall_devices{group=\"quiet\"} 0");
	has(text, "camwall_devices_present{group=\"hikvision\"} 1");
	has(text, "camwall_devices_newest_first_seen_timestamp_seconds{group=\"hikvision\"} 1794000500");
	has_not(text, "newest_first_seen_timestamp_seconds{group=\"quiet\"}");
	has(text, "camwall_devices_max 4096");
	has(text, "camwall_devices_evicted_total 3");
	has(text, "camwall_device_refused_frames_total 5");
	has(text, "camwall_events_total 99");
	has_not(text, "camwall_registry_date");
	has_not(text, "camwall_policy_info");
	has_not(text, "camwall_exemption_next_end");
	has_not(text, "44:19:b6");
	free(text);
	end(&state);
}

static void of_each_device(void **unused)
{
	struct state state;
	char *text;

	begin(&state, devices, 2);
	state.metrics.devices = true;
	text = print(&state.metrics);
	has(text, "camwall_device_info{mac=\"44:19:b6:00:00:01\",group=\"hikvision\",vendor=\"\",organization=\"\",ifname=\"lan0\",vlan=\"20\"} 1");
	has(text, "camwall_device_info{mac=\"44:19:b6:00:00:02\",group=\"hikvision\",vendor=\"\",organization=\"\",ifname=\"\",vlan=\"\"} 1");
	has(text, "camwall_device_dropped_packets_total{mac=\"44:19:b6:00:00:01\",group=\"hikvision\",direction=\"from\",reason=\"limit\"} 3");
	has(text, "camwall_device_last_seen_timestamp_seconds{mac=\"44:19:b6:00:00:01\",group=\"hikvision\"} 1795000090");
	has(text, "camwall_device_present{mac=\"44:19:b6:00:00:02\",group=\"hikvision\"} 0");
	has(text, "camwall_device_exempt{mac=\"44:19:b6:00:00:02\",group=\"hikvision\"} 1");
	free(text);
	end(&state);
}

static void exemptions(void **unused)
{
	struct state state;
	char *text;

	begin(&state, NULL, 0);
	cw_policy_exemption_add(state.policy, 1, 1795000200, "r", "a")->in_force = true;
	cw_policy_exemption_add(state.policy, 2, 1795000050, "r", "a");
	/* It ended before the policy was written, whatever the clock says. */
	cw_policy_exemption_add(state.policy, 3, 1795000000, "r", "a");
	cw_policy_exemption_add(state.policy, 4, 1795000150, "r", "a");
	state.metrics.devices = true;
	text = print(&state.metrics);
	has(text, "camwall_exemptions{state=\"in-force\"} 1");
	has(text, "camwall_exemptions{state=\"ended\"} 2");
	has(text, "camwall_exemptions{state=\"waiting\"} 1");
	has(text, "camwall_exemption_next_end_timestamp_seconds 1795000150");
	has(text, "camwall_exemption_until_timestamp_seconds{mac=\"00:00:00:00:00:01\"} 1795000200");
	has_not(text, "camwall_exemption_until_timestamp_seconds{mac=\"00:00:00:00:00:02\"}");
	free(text);
	/* What was over when the policy was written stays over with a clock that is behind it. */
	state.metrics.now = 1794999000;
	text = print(&state.metrics);
	has(text, "camwall_exemptions{state=\"ended\"} 1");
	has(text, "camwall_exemptions{state=\"waiting\"} 2");
	free(text);
	end(&state);
}

/* Another program may have committed a group, and the system named a device, like this. */
static void hostile_labels(void **unused)
{
	struct cw_device device = { .mac = 1, .group = "a\"b\\c\nd", .place = { .ifname = "x\033[2J" } };
	struct state state;
	char *text;

	begin(&state, &device, 1);
	strcpy(state.policy->groups[0].name, "a\"b\\c\nd");
	state.metrics.devices = true;
	text = print(&state.metrics);
	has(text, "camwall_devices{group=\"a\\\"b\\\\c?d\"} 1");
	has(text, "camwall_device_info{mac=\"00:00:00:00:00:01\",group=\"a\\\"b\\\\c?d\",vendor=\"\",organization=\"\",ifname=\"x?[2J\",vlan=\"\"} 1");
	free(text);
	end(&state);
}

static void nothing_applied(void **unused)
{
	struct cw_policy *empty = cw_policy_new();
	struct state state;
	char *text;

	begin(&state, NULL, 0);
	state.metrics.policy = empty;
	state.metrics.devices = true;
	text = print(&state.metrics);
	has(text, "camwall_policy_generation 0");
	has_not(text, "camwall_packets_total");
	has_not(text, "camwall_devices{");
	has_not(text, "policy_written");
	has(text, "camwall_exemptions{state=\"in-force\"} 0");
	free(text);
	end(&state);
	cw_policy_free(empty);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(unreachable),
		cmocka_unit_test(bounded),
		cmocka_unit_test(of_each_device),
		cmocka_unit_test(exemptions),
		cmocka_unit_test(hostile_labels),
		cmocka_unit_test(nothing_applied),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
