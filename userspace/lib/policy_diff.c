// SPDX-License-Identifier: GPL-2.0-or-later
/* What is different between two policies, told by name. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "alloc.h"
#include "peer.h"
#include "policy.h"
#include "rate.h"
#include "timestamp.h"

/**
 * struct diff - a comparison under way
 * @peer: for each group of @to, the index of the one of that name in @from, or -1
 * @heir: for each group of @from, the index of the one of that name in @to, or -1
 * @added, @gone: prefixes of each group of @to that were added, and that are gone
 */
struct diff {
	const struct cw_policy *from, *to;
	struct cw_policy_change *changes;
	size_t n;
	int *peer, *heir;
	size_t *added, *gone;
};

/* Takes over @text, in which another program's reasons may stand: none of them steers a terminal. */
static void tell(struct diff *diff, char *text)
{
	char *c;

	for (c = text; *c; c++)
		if (iscntrl((unsigned char)*c))
			*c = '?';
	diff->changes = cw_array_room(diff->changes, diff->n, sizeof(*diff->changes));
	diff->changes[diff->n++].text = text;
}

static const char *plural(size_t n)
{
	return n == 1 ? "" : "es";
}

static bool has_interface(const struct cw_policy *policy, const char *pattern)
{
	size_t i;

	for (i = 0; i < policy->n_interfaces; i++)
		if (strcmp(policy->interfaces[i], pattern) == 0)
			return true;
	return false;
}

static void diff_interfaces(struct diff *diff)
{
	const struct cw_policy *from = diff->from, *to = diff->to;
	size_t i;

	for (i = 0; i < to->n_interfaces; i++)
		if (!has_interface(from, to->interfaces[i]))
			tell(diff, cw_asprintf("interface %s added", to->interfaces[i]));
	for (i = 0; i < from->n_interfaces; i++)
		if (!has_interface(to, from->interfaces[i]))
			tell(diff, cw_asprintf("interface %s gone", from->interfaces[i]));
}

static bool same_group(const struct diff *diff, uint64_t from, uint64_t to)
{
	return diff->peer[cw_prefix_group(to)] == (int)cw_prefix_group(from);
}

/* Both are sorted, and each prefix stands once in each: one walk over both. */
static void diff_prefixes(struct diff *diff)
{
	const struct cw_policy *from = diff->from, *to = diff->to;
	size_t i = 0, k = 0;

	while (i < from->n_prefixes || k < to->n_prefixes) {
		uint64_t old = i < from->n_prefixes ? from->prefixes[i] : UINT64_MAX;
		uint64_t new = k < to->n_prefixes ? to->prefixes[k] : UINT64_MAX;

		if (old >> 8 == new >> 8 && same_group(diff, old, new)) {
			i++;
			k++;
			continue;
		}
		if (old >> 8 <= new >> 8) {
			int heir = diff->heir[cw_prefix_group(old)];

			if (heir >= 0)
				diff->gone[heir]++;
			i++;
		}
		if (new >> 8 <= old >> 8) {
			diff->added[cw_prefix_group(new)]++;
			k++;
		}
	}
}

static char *bits_text(bool present, uint32_t bits)
{
	return present ? cw_asprintf("0x%08x", bits) : cw_strdup("none");
}

static char *mark_text(const struct cw_policy_group *group)
{
	return bits_text(group->has_mark, group->mark);
}

static void diff_mark_mask(struct diff *diff)
{
	uint32_t from = diff->from->mark_mask, to = diff->to->mark_mask;
	char *old, *new;

	if (from == to)
		return;
	old = bits_text(from, from);
	new = bits_text(to, to);
	tell(diff, cw_asprintf("mark-mask %s -> %s", old, new));
	free(old);
	free(new);
}

static void diff_conntrack(struct diff *diff)
{
	bool from = diff->from->conntrack, to = diff->to->conntrack;

	if (from != to)
		tell(diff, cw_asprintf("conntrack %s -> %s", from ? "yes" : "no", to ? "yes" : "no"));
}

static void diff_inventory(struct diff *diff)
{
	const struct cw_policy *from = diff->from, *to = diff->to;

	if (from->max_devices != to->max_devices)
		tell(diff, cw_asprintf("max-devices %u -> %u", from->max_devices, to->max_devices));
	if (from->idle != to->idle)
		tell(diff, cw_asprintf("idle %us -> %us", from->idle, to->idle));
}

/* What a group that was added does, behind its action; for free(). */
static char *details(const struct cw_policy_group *group)
{
	char rate[CW_RATE_STRLEN + 1];

	if (group->action == CAMWALL_ACTION_LIMIT && group->limit.rate)
		return cw_asprintf(" %s", cw_rate_format(&group->limit, rate));
	if (group->action == CAMWALL_ACTION_ISOLATE)
		return cw_asprintf(" with %zu peer%s allowed", group->n_allow,
				   group->n_allow == 1 ? "" : "s");
	return cw_strdup("");
}

static void tell_new_group(struct diff *diff, size_t group)
{
	const struct cw_policy_group *to = &diff->to->groups[group];
	char *mark = mark_text(to), *more = details(to);

	tell(diff, cw_asprintf("group %s added: action %s%s, mark %s, %zu prefix%s", to->name,
			       cw_action_name(to->action), more, mark, diff->added[group],
			       plural(diff->added[group])));
	free(mark);
	free(more);
}

static void tell_prefixes(struct diff *diff, size_t group)
{
	size_t added = diff->added[group], gone = diff->gone[group];
	const char *name = diff->to->groups[group].name;

	if (added && gone)
		tell(diff, cw_asprintf("group %s: %zu prefix%s added, %zu gone", name, added,
				       plural(added), gone));
	else if (added)
		tell(diff, cw_asprintf("group %s: %zu prefix%s added", name, added, plural(added)));
	else if (gone)
		tell(diff, cw_asprintf("group %s: %zu prefix%s gone", name, gone, plural(gone)));
}

static bool same_limit(const struct cw_policy_limit *a, const struct cw_policy_limit *b)
{
	if (!a->rate || !b->rate)
		return a->rate == b->rate;
	return a->rate == b->rate && a->unit == b->unit && a->burst == b->burst;
}

static void diff_limit(struct diff *diff, const struct cw_policy_group *from,
		       const struct cw_policy_group *to)
{
	char old[CW_RATE_STRLEN + 1], new[CW_RATE_STRLEN + 1];

	if (same_limit(&from->limit, &to->limit))
		return;
	tell(diff, cw_asprintf("group %s: limit %s -> %s", to->name,
			       from->limit.rate ? cw_rate_format(&from->limit, old) : "none",
			       to->limit.rate ? cw_rate_format(&to->limit, new) : "none"));
}

static bool has_peer(const struct cw_policy_group *group, const struct cw_policy_allow *allow)
{
	size_t i;

	for (i = 0; i < group->n_allow; i++)
		if (cw_peer_same(&group->allow[i], allow))
			return true;
	return false;
}

/* A list lets the same pass in any order: another order is no change. */
static void diff_allow(struct diff *diff, const struct cw_policy_group *from,
		       const struct cw_policy_group *to)
{
	char text[CW_PEER_STRLEN + 1];
	size_t i;

	for (i = 0; i < to->n_allow; i++)
		if (!has_peer(from, &to->allow[i]))
			tell(diff, cw_asprintf("group %s: allow %s added", to->name,
					       cw_peer_format(&to->allow[i], text)));
	for (i = 0; i < from->n_allow; i++)
		if (!has_peer(to, &from->allow[i]))
			tell(diff, cw_asprintf("group %s: allow %s gone", to->name,
					       cw_peer_format(&from->allow[i], text)));
}

static void tell_changed_group(struct diff *diff, size_t group)
{
	const struct cw_policy_group *from = &diff->from->groups[diff->peer[group]];
	const struct cw_policy_group *to = &diff->to->groups[group];
	char *old_mark = mark_text(from), *new_mark = mark_text(to);

	if (from->action != to->action)
		tell(diff, cw_asprintf("group %s: action %s -> %s", to->name,
				       cw_action_name(from->action), cw_action_name(to->action)));
	if (strcmp(old_mark, new_mark) != 0)
		tell(diff, cw_asprintf("group %s: mark %s -> %s", to->name, old_mark, new_mark));
	diff_limit(diff, from, to);
	diff_allow(diff, from, to);
	tell_prefixes(diff, group);
	free(old_mark);
	free(new_mark);
}

static void diff_groups(struct diff *diff)
{
	size_t i;

	for (i = 0; i < diff->to->n_groups; i++)
		diff->peer[i] = cw_policy_group_find(diff->from, diff->to->groups[i].name);
	for (i = 0; i < diff->from->n_groups; i++)
		diff->heir[i] = cw_policy_group_find(diff->to, diff->from->groups[i].name);
	diff_prefixes(diff);
	for (i = 0; i < diff->to->n_groups; i++) {
		if (diff->peer[i] < 0)
			tell_new_group(diff, i);
		else
			tell_changed_group(diff, i);
	}
	for (i = 0; i < diff->from->n_groups; i++) {
		size_t n = cw_policy_group_prefixes(diff->from, i);

		if (diff->heir[i] < 0)
			tell(diff, cw_asprintf("group %s gone, with %zu prefix%s",
					       diff->from->groups[i].name, n, plural(n)));
	}
}

static void tell_exemption(struct diff *diff, const struct cw_policy_exemption *exemption)
{
	char mac[CW_MAC_STRLEN + 1], until[CW_TIMESTAMP_STRLEN + 1];

	tell(diff, cw_asprintf("exempt %s added: until %s, %s, approved by %s",
			       cw_mac_format(exemption->mac, mac),
			       cw_timestamp_format(exemption->until, until), exemption->reason,
			       exemption->approved_by));
}

static void tell_changed_text(struct diff *diff, const char *mac, const char *key,
			      const char *from, const char *to)
{
	if (strcmp(from, to) != 0)
		tell(diff, cw_asprintf("exempt %s: %s %s -> %s", mac, key, from, to));
}

static void tell_changed_exemption(struct diff *diff, const struct cw_policy_exemption *from,
				   const struct cw_policy_exemption *to)
{
	char old[CW_TIMESTAMP_STRLEN + 1], new[CW_TIMESTAMP_STRLEN + 1], mac[CW_MAC_STRLEN + 1];

	cw_mac_format(to->mac, mac);
	if (from->until != to->until)
		tell(diff, cw_asprintf("exempt %s: until %s -> %s", mac,
				       cw_timestamp_format(from->until, old),
				       cw_timestamp_format(to->until, new)));
	tell_changed_text(diff, mac, "reason", from->reason, to->reason);
	tell_changed_text(diff, mac, "approved-by", from->approved_by, to->approved_by);
}

static void diff_exemptions(struct diff *diff)
{
	const struct cw_policy *from = diff->from, *to = diff->to;
	char mac[CW_MAC_STRLEN + 1];
	size_t i;

	for (i = 0; i < to->n_exemptions; i++) {
		const struct cw_policy_exemption *new = &to->exemptions[i];
		const struct cw_policy_exemption *old = cw_policy_exemption_find(from, new->mac);

		if (old)
			tell_changed_exemption(diff, old, new);
		else
			tell_exemption(diff, new);
	}
	for (i = 0; i < from->n_exemptions; i++)
		if (!cw_policy_exemption_find(to, from->exemptions[i].mac))
			tell(diff, cw_asprintf("exempt %s gone",
					       cw_mac_format(from->exemptions[i].mac, mac)));
}

void cw_policy_diff(const struct cw_policy *from, const struct cw_policy *to,
		    struct cw_policy_change **changes, size_t *n)
{
	struct diff diff = {
		.from = from,
		.to = to,
		.peer = cw_calloc(to->n_groups, sizeof(*diff.peer)),
		.heir = cw_calloc(from->n_groups, sizeof(*diff.heir)),
		.added = cw_calloc(to->n_groups, sizeof(*diff.added)),
		.gone = cw_calloc(to->n_groups, sizeof(*diff.gone)),
	};

	diff_mark_mask(&diff);
	diff_conntrack(&diff);
	diff_inventory(&diff);
	diff_interfaces(&diff);
	diff_groups(&diff);
	diff_exemptions(&diff);
	free(diff.peer);
	free(diff.heir);
	free(diff.added);
	free(diff.gone);
	*changes = diff.changes;
	*n = diff.n;
}

void cw_policy_changes_free(struct cw_policy_change *changes, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		free(changes[i].text);
	free(changes);
}
