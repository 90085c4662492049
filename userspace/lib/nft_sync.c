// SPDX-License-Identifier: GPL-2.0-or-later
/* camwall's tables in nftables: made, and kept in step with policy and inventory. */
#include <netinet/in.h>
#include <linux/netfilter.h>
#include <net/if.h>
#include <stdlib.h>
#include <string.h>

#include "alloc.h"
#include "inventory.h"
#include "nft_kernel.h"
#include "nft_sync.h"

#define TRIES		20	/* while others change the ruleset */
#define PATIENCE	5	/* until only what could harm them waits for them */
#define SAME_TRIES	4	/* while they do not */

/**
 * struct seen - what the tables are made of, as it is now
 * @netdevs: those that are there, ended by NULL
 */
struct seen {
	struct cw_policy *policy;
	struct cw_device *devices;
	size_t n;
	struct cw_neighbours neighbours;
	const char **netdevs;
};

static void note(struct cw_nft_report *report, char *text)
{
	report->notes = cw_array_room(report->notes, report->n_notes, sizeof(*report->notes));
	report->notes[report->n_notes++] = text;
}

void cw_nft_report_clear(struct cw_nft_report *report)
{
	cw_nft_lines_free(report->notes, report->n_notes);
	memset(report, 0, sizeof(*report));
}

static void see_netdevs(struct seen *seen, const char *const *netdevs, struct cw_nft_report *report)
{
	size_t n = 0;

	for (; netdevs && *netdevs; netdevs++) {
		seen->netdevs = cw_array_room(seen->netdevs, n, sizeof(*seen->netdevs));
		if (if_nametoindex(*netdevs))
			seen->netdevs[n++] = *netdevs;
		else
			note(report, cw_asprintf("there is no device %s: its chain in table netdev camwall is left out until \"camwall nft sync\" finds it",
						 *netdevs));
	}
	if (seen->netdevs) {
		seen->netdevs = cw_array_room(seen->netdevs, n, sizeof(*seen->netdevs));
		seen->netdevs[n] = NULL;
	}
}

static void seen_clear(struct seen *seen)
{
	cw_policy_free(seen->policy);
	free(seen->devices);
	cw_neighbours_clear(&seen->neighbours);
	free(seen->netdevs);
}

/* The groups of the devices have to be those of the policy. */
static int see(struct seen *seen, struct cw_client *client, const char *const *netdevs,
	       struct cw_nft_report *report, struct cw_error *err)
{
	uint32_t generation;
	int tries;

	for (tries = 0; tries < TRIES; tries++) {
		seen->policy = cw_client_read(client, err);
		if (!seen->policy || cw_client_devices(client, &seen->devices, &seen->n, &generation, err) < 0)
			return -1;
		if (!seen->n || generation == seen->policy->generation)
			break;
		cw_policy_free(seen->policy);
		free(seen->devices);
		seen->policy = NULL;
		seen->devices = NULL;
	}
	if (tries == TRIES)
		return cw_error_set(err, "the policy changes all the time: try again");
	see_netdevs(seen, netdevs, report);
	return cw_neighbours_read(&seen->neighbours, err);
}

static enum cw_nft_result plan_table(struct cw_nft *nft, struct cw_nft_plan *plan,
				     struct cw_nft_table *have, struct cw_nft_table *want,
				     const struct seen *seen, bool make, struct cw_error *err)
{
	const struct cw_nft_input input = {
		.policy = seen->policy,
		.devices = seen->devices,
		.n_devices = seen->n,
		.neighbours = &seen->neighbours,
		.netdevs = seen->netdevs,
	};
	enum cw_nft_result result;

	result = cw_nft_read(nft, have, true, err);
	if (result)
		return result;
	/* The table netdev camwall comes with the first device that is named for it. */
	if (have->family == NFPROTO_NETDEV && !have->exists && !seen->netdevs)
		return CW_NFT_DONE;
	if (!have->exists && !make && have->family == NFPROTO_INET) {
		cw_error_set(err, "table inet camwall is not there: \"camwall nft install\" makes it");
		return CW_NFT_FAILED;
	}
	if (cw_nft_want(want, &input, err) < 0 || cw_nft_plan_make(plan, have, want, err) < 0)
		return CW_NFT_FAILED;
	return CW_NFT_DONE;
}

static void report_plan(struct cw_nft_report *report, struct cw_nft_plan *plan)
{
	size_t i;

	report->changed = plan->n > 0;
	report->added = plan->added;
	report->deleted = plan->deleted;
	report->refreshed = plan->refreshed;
	for (i = 0; i < plan->n; i++) {
		report->made |= plan->ops[i].type == CW_NFT_ADD_TABLE;
		report->repaired |= plan->ops[i].type != CW_NFT_ADD_ELEMENTS &&
				    plan->ops[i].type != CW_NFT_DEL_ELEMENTS;
	}
	for (i = 0; i < plan->n_kept; i++)
		note(report, plan->kept[i]);
	plan->n_kept = 0;
}

/* Where nothing goes but elements, what others do in the same moment cannot be harmed. */
static bool is_harmless(const struct cw_nft_plan *plan)
{
	size_t i;

	for (i = 0; i < plan->n; i++)
		if (plan->ops[i].type > CW_NFT_DEL_ELEMENTS)
			return false;
	return true;
}

/* @patient: a harmless plan is carried out whatever the ruleset is by then. */
static enum cw_nft_result sync_once(struct cw_nft *nft, const struct seen *seen, bool make, bool patient,
				    struct cw_nft_report *report, uint32_t *generation,
				    struct cw_error *err)
{
	struct cw_nft_table want[2] = { { .family = NFPROTO_INET }, { .family = NFPROTO_NETDEV } };
	struct cw_nft_state have = { .tables = { { .family = NFPROTO_INET }, { .family = NFPROTO_NETDEV } } };
	struct cw_nft_plan plan = { 0 };
	enum cw_nft_result result;

	result = cw_nft_generation(nft, &have.generation, err) ?:
		 plan_table(nft, &plan, &have.tables[0], &want[0], seen, make, err) ?:
		 plan_table(nft, &plan, &have.tables[1], &want[1], seen, make, err) ?:
		 cw_nft_write(nft, &plan, patient && is_harmless(&plan) ? 0 : have.generation, err);
	if (result == CW_NFT_DONE)
		report_plan(report, &plan);
	*generation = have.generation;
	cw_nft_plan_clear(&plan);
	cw_nft_state_clear(&have);
	cw_nft_table_clear(&want[0]);
	cw_nft_table_clear(&want[1]);
	return result;
}

int cw_nft_sync(struct cw_nft *nft, struct cw_client *client, const char *const *netdevs, bool make,
		struct cw_nft_report *report, struct cw_error *err)
{
	enum cw_nft_result result = CW_NFT_FAILED;
	uint32_t generation = 0, before = 0;
	struct cw_error last = { 0 };
	struct seen seen = { 0 };
	int tries, same = 0;

	memset(report, 0, sizeof(*report));
	if (see(&seen, client, netdevs, report, err) == 0) {
		result = CW_NFT_AGAIN;
		for (tries = 0; result == CW_NFT_AGAIN && tries < TRIES; tries++) {
			cw_error_clear(&last);
			result = sync_once(nft, &seen, make, tries > PATIENCE, report, &generation, &last);
			/* Elements may expire meanwhile; but what is refused again and again is no race. */
			same = generation == before ? same + 1 : 0;
			before = generation;
			if (result == CW_NFT_AGAIN && same == SAME_TRIES && last.message)
				result = CW_NFT_FAILED;
		}
		if (result == CW_NFT_AGAIN)
			cw_error_set(err, "others change the ruleset all the time, and nothing was changed: try again%s%s",
				     last.message ? ": " : "", last.message ?: "");
		else if (result)
			cw_error_set(err, "%s", last.message);
	}
	cw_error_clear(&last);
	seen_clear(&seen);
	return result ? -1 : 0;
}

static void plan_device(struct cw_nft_plan *plan, struct cw_nft_table *table,
			const struct cw_policy *policy, const struct cw_device *device,
			const struct cw_neighbours *neighbours)
{
	size_t i;

	cw_nft_want_sets(table, device->group);
	cw_nft_want_device(table, policy, device, neighbours);
	for (i = 0; i < table->n_sets; i++) {
		cw_nft_set_sort(&table->sets[i]);
		cw_nft_plan_elements(plan, table->family, NULL, &table->sets[i]);
	}
}

/* What is in a set already stays as it is, which the kernel takes for no error. */
enum cw_nft_result cw_nft_device(struct cw_nft *nft, const struct cw_policy *policy,
				 const struct cw_device *device,
				 const struct cw_neighbours *neighbours, bool netdev,
				 struct cw_error *err)
{
	struct cw_nft_table inet = { .family = NFPROTO_INET }, dev = { .family = NFPROTO_NETDEV };
	struct cw_nft_plan plan = { 0 };
	enum cw_nft_result result;

	plan_device(&plan, &inet, policy, device, neighbours);
	if (netdev)
		plan_device(&plan, &dev, policy, device, neighbours);
	result = cw_nft_write(nft, &plan, 0, err);
	cw_nft_plan_clear(&plan);
	cw_nft_table_clear(&inet);
	cw_nft_table_clear(&dev);
	return result;
}

int cw_nft_installed(struct cw_nft *nft, struct cw_error *err)
{
	struct cw_nft_table table = { .family = NFPROTO_INET };
	enum cw_nft_result result;
	int tries = 0;

	while ((result = cw_nft_exists(nft, &table, err)) == CW_NFT_AGAIN && ++tries < TRIES)
		continue;
	if (result == CW_NFT_AGAIN)
		cw_error_set(err, "others change the ruleset all the time: try again");
	return result ? -1 : table.exists;
}
