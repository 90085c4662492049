// SPDX-License-Identifier: GPL-2.0-or-later
/* From the vendors and prefixes of a configuration to the prefixes of a policy. */
#include <stdlib.h>
#include <string.h>

#include "alloc.h"
#include "config_private.h"
#include "pack.h"

/* A registry that somebody has named has to be there; the default one may be missing. */
static int load_registry(struct cw_config_reader *reader)
{
	struct cw_config_report *report = reader->report;
	const char *dir = reader->options->registry_dir ?: reader->registry_dir;

	report->registry_dir = dir ? cw_strdup(dir) : NULL;
	if (!reader->n_vendors)
		return 0;
	if (!dir && !cw_registry_newest(cw_registry_default_dirs)) {
		cw_config_warn(reader, cw_strdup("no IEEE registry in " CW_REGISTRY_DEFAULT_DIRS ": vendors are matched only by the prefixes that their packs pin, and newer ones are missed: " CW_REGISTRY_REMEDY));
		report->registry_missing = true;
		return 0;
	}
	report->registry = cw_registry_load(dir, reader->err);
	return report->registry ? 0 : -1;
}

static int claim_registry(struct cw_config_reader *reader, const struct cw_config_vendor *vendor)
{
	const struct cw_registry *registry = reader->report->registry;
	size_t i;

	if (!registry)
		return cw_error_at(reader->err, reader->file, vendor->line,
				   "vendor = " CW_VENDOR_ALL " stands for the whole registry, and there is none in " CW_REGISTRY_DEFAULT_DIRS ": " CW_REGISTRY_REMEDY);
	for (i = 0; i < registry->n_assignments; i++)
		if (!registry->assignments[i].subdivided)
			cw_config_claim(reader, vendor->group, registry->assignments[i].prefix,
					CW_CLAIM_ALL, vendor->name, vendor->line);
	return 0;
}

static struct cw_pack *load_pack(struct cw_config_reader *reader,
				 const struct cw_config_vendor *vendor)
{
	struct cw_error err = { 0 };
	struct cw_pack *pack;

	pack = cw_pack_load(reader->options->pack_dirs ?: cw_pack_dirs(), vendor->name, &err);
	if (!pack)
		cw_error_at(reader->err, reader->file, vendor->line, "%s", err.message);
	cw_error_clear(&err);
	return pack;
}

static int claim_pack(struct cw_config_reader *reader, const struct cw_config_vendor *vendor)
{
	struct cw_pack *pack = load_pack(reader, vendor);
	uint64_t *prefixes = NULL;
	size_t i, n = 0;
	int ret;

	if (!pack)
		return -1;
	ret = cw_pack_resolve(pack, reader->report->registry, &prefixes, &n, reader->err);
	for (i = 0; !ret && i < n; i++)
		cw_config_claim(reader, vendor->group, prefixes[i], CW_CLAIM_PACK, vendor->name,
				vendor->line);
	if (!ret && !n)
		ret = cw_error_at(reader->err, reader->file, vendor->line,
				  "vendor %s stands for no prefix%s: %s", vendor->name,
				  reader->report->registry ? " in this registry" : " without a registry",
				  reader->report->registry ? "name its prefixes with \"prefix =\"" :
				  CW_REGISTRY_REMEDY);
	free(prefixes);
	cw_pack_free(pack);
	return ret;
}

static int claim_vendor(struct cw_config_reader *reader, const struct cw_config_vendor *vendor)
{
	if (strcmp(vendor->name, CW_VENDOR_ALL) == 0)
		return claim_registry(reader, vendor);
	return claim_pack(reader, vendor);
}

static int compare_claims(const void *a, const void *b)
{
	const struct cw_claim *x = a, *y = b;

	if (x->prefix >> 8 != y->prefix >> 8)
		return x->prefix < y->prefix ? -1 : 1;
	if (x->rank != y->rank)
		return x->rank < y->rank ? -1 : 1;
	return x->line < y->line ? -1 : x->line > y->line;
}

static char *claim_text(const struct cw_config_reader *reader, const struct cw_claim *claim)
{
	const char *group = reader->policy->groups[cw_prefix_group(claim->prefix)].name;

	if (claim->vendor)
		return cw_asprintf("%s (line %d, vendor = %s)", group, claim->line, claim->vendor);
	return cw_asprintf("%s (line %d, prefix =)", group, claim->line);
}

static int conflict(struct cw_config_reader *reader, const struct cw_claim *first,
		    const struct cw_claim *second)
{
	char *a = claim_text(reader, first), *b = claim_text(reader, second);
	char text[CW_PREFIX_STRLEN + 1];

	cw_prefix_format(first->prefix, text);
	if (first->vendor)
		cw_error_at(reader->err, reader->file, second->line,
			    "the prefix %s is in two groups, %s and %s: take one vendor out, or write \"prefix = %s\" in the group that is to have it",
			    text, a, b, text);
	else
		cw_error_at(reader->err, reader->file, second->line,
			    "the prefix %s is in two groups, %s and %s: take it out of one", text, a, b);
	free(a);
	free(b);
	return -1;
}

/* Claims are sorted: the first one to a prefix wins over all of a higher rank. */
static int settle_claims(struct cw_config_reader *reader)
{
	struct cw_policy *policy = reader->policy;
	const struct cw_claim *winner = NULL;
	size_t i;

	for (i = 0; i < reader->n_claims; i++) {
		const struct cw_claim *claim = &reader->claims[i];

		if (!winner || winner->prefix >> 8 != claim->prefix >> 8) {
			winner = claim;
			cw_policy_prefix_add(policy, claim->prefix);
			continue;
		}
		if (claim->rank == winner->rank && claim->prefix != winner->prefix)
			return conflict(reader, winner, claim);
	}
	if (policy->n_prefixes > CAMWALL_MAX_PREFIXES)
		return cw_error_at(reader->err, reader->file, 0,
				   "%zu prefixes, the kernel takes %d: name fewer vendors or shorter prefixes",
				   policy->n_prefixes, CAMWALL_MAX_PREFIXES);
	return 0;
}

static bool group_claims(const struct cw_config_reader *reader, size_t group)
{
	size_t i;

	for (i = 0; i < reader->n_claims; i++)
		if (cw_prefix_group(reader->claims[i].prefix) == group)
			return true;
	for (i = 0; i < reader->n_vendors; i++)
		if (reader->vendors[i].group == group)
			return true;
	return false;
}

static int check_groups(struct cw_config_reader *reader)
{
	size_t i;

	for (i = 0; i < reader->policy->n_groups; i++) {
		if (group_claims(reader, i))
			continue;
		return cw_error_at(reader->err, reader->file, reader->groups[i].line,
				   "group %s has neither vendor nor prefix, so that nothing is in it: add one of them",
				   reader->policy->groups[i].name);
	}
	return 0;
}

static int check_groups_left(struct cw_config_reader *reader)
{
	const struct cw_policy *policy = reader->policy;
	size_t i;

	for (i = 0; i < policy->n_groups; i++) {
		if (cw_policy_group_prefixes(policy, i))
			continue;
		return cw_error_at(reader->err, reader->file, reader->groups[i].line,
				   "group %s is left without a prefix, as other groups name all of them more closely: take the group out, or give it a prefix of its own",
				   policy->groups[i].name);
	}
	return 0;
}

int cw_config_resolve(struct cw_config_reader *reader)
{
	size_t i;

	if (check_groups(reader) < 0 || load_registry(reader) < 0)
		return -1;
	for (i = 0; i < reader->n_vendors; i++)
		if (claim_vendor(reader, &reader->vendors[i]) < 0)
			return -1;
	if (reader->n_claims)
		qsort(reader->claims, reader->n_claims, sizeof(*reader->claims),
		      compare_claims);
	if (settle_claims(reader) < 0)
		return -1;
	return check_groups_left(reader);
}
