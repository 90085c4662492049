// SPDX-License-Identifier: GPL-2.0-or-later
/* What is different between two policies, told by name. */
#include <stdlib.h>
#include <string.h>

#include "alloc.h"
#include "policy.h"

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

/* Takes over @text. */
static void tell(struct diff *diff, char *text)
{
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

static void tell_new_group(struct diff *diff, size_t group)
{
	const struct cw_policy_group *to = &diff->to->groups[group];
	char *mark = mark_text(to);

	tell(diff, cw_asprintf("group %s added: action %s, mark %s, %zu prefix%s", to->name,
			       cw_action_name(to->action), mark, diff->added[group],
			       plural(diff->added[group])));
	free(mark);
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
	diff_interfaces(&diff);
	diff_groups(&diff);
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
