// SPDX-License-Identifier: GPL-2.0
/*
 * Exemptions: devices whose group's action is not carried out for a time. Nothing has to
 * happen for one to end: each packet asks the clock.
 */
#include <linux/netlink.h>
#include <linux/slab.h>
#include <linux/sort.h>
#include <linux/string.h>
#include <linux/timekeeping.h>

#include "array.h"
#include "exempt.h"
#include "prefix.h"

/**
 * cw_exemptions_add() - add an exemption
 * @exemptions: not sealed yet
 * @exemption: its strings are copied
 * @extack: gets the reason of a refusal
 *
 * Context: process; may sleep.
 * Return: 0; -E2BIG, -ENOMEM.
 */
int cw_exemptions_add(struct cw_exemptions *exemptions,
		      const struct cw_exemption *exemption,
		      struct netlink_ext_ack *extack)
{
	struct cw_exemption *grown, *mine;

	if (exemptions->count == CAMWALL_MAX_EXEMPTIONS) {
		NL_SET_ERR_MSG(extack, "too many exemptions");
		return -E2BIG;
	}
	grown = cw_array_grow(exemptions->list, exemptions->count,
			      &exemptions->room, exemptions->count + 1,
			      sizeof(*grown));
	if (!grown)
		goto nomem;
	exemptions->list = grown;
	mine = &grown[exemptions->count];
	mine->mac = exemption->mac;
	mine->until = exemption->until;
	mine->reason = kstrdup(exemption->reason, GFP_KERNEL_ACCOUNT);
	mine->approved_by = kstrdup(exemption->approved_by, GFP_KERNEL_ACCOUNT);
	exemptions->count++;
	if (!mine->reason || !mine->approved_by)
		goto nomem;
	return 0;

nomem:
	NL_SET_ERR_MSG(extack, "out of memory");
	return -ENOMEM;
}

static int cw_exemption_cmp(const void *a, const void *b)
{
	const struct cw_exemption *x = a, *y = b;

	return x->mac < y->mac ? -1 : x->mac > y->mac;
}

/**
 * cw_exemptions_seal() - make exemptions fit for packets
 * @exemptions: complete
 * @extack: gets the reason of a refusal
 *
 * Return: 0, or -EEXIST where a device has two.
 */
int cw_exemptions_seal(struct cw_exemptions *exemptions,
		       struct netlink_ext_ack *extack)
{
	u32 i;

	if (exemptions->count)
		sort(exemptions->list, exemptions->count,
		     sizeof(*exemptions->list), cw_exemption_cmp, NULL);
	for (i = 1; i < exemptions->count; i++) {
		if (exemptions->list[i - 1].mac != exemptions->list[i].mac)
			continue;
		NL_SET_ERR_MSG(extack, "a device has two exemptions");
		return -EEXIST;
	}
	return 0;
}

/**
 * cw_exemptions_destroy() - free what exemptions hold
 * @exemptions: nobody reads them any more; all zero is allowed
 */
void cw_exemptions_destroy(struct cw_exemptions *exemptions)
{
	u32 i;

	for (i = 0; i < exemptions->count; i++) {
		kfree(exemptions->list[i].reason);
		kfree(exemptions->list[i].approved_by);
	}
	kvfree(exemptions->list);
}

/**
 * cw_exemptions_size() - octets of memory that exemptions take
 * @exemptions: sealed ones
 */
size_t cw_exemptions_size(const struct cw_exemptions *exemptions)
{
	size_t size = exemptions->room * sizeof(*exemptions->list);
	u32 i;

	for (i = 0; i < exemptions->count; i++)
		size += strlen(exemptions->list[i].reason) +
			strlen(exemptions->list[i].approved_by) + 2;
	return size;
}

/**
 * cw_exemptions_find() - a device's exemption, whether it is in force or not
 * @exemptions: sealed ones
 * @mac: six octets
 *
 * Context: any.
 * Return: the exemption, or NULL.
 */
const struct cw_exemption *cw_exemptions_find(const struct cw_exemptions *exemptions,
					      const u8 *mac)
{
	u64 wanted = cw_mac_u64(mac);
	u32 low = 0, high = exemptions->count;

	while (low < high) {
		u32 at = low + (high - low) / 2;

		if (exemptions->list[at].mac == wanted)
			return &exemptions->list[at];
		if (exemptions->list[at].mac < wanted)
			low = at + 1;
		else
			high = at;
	}
	return NULL;
}

/**
 * cw_exemption_in_force() - whether an exemption has an effect now
 * @exemptions: those it is one of
 * @exemption: the exemption
 *
 * A clock that shows a time before the policy was written is wrong, and then nobody knows
 * what has ended: so nothing is exempt.
 *
 * Context: any.
 */
bool cw_exemption_in_force(const struct cw_exemptions *exemptions,
			   const struct cw_exemption *exemption)
{
	u64 now = ktime_get_real_seconds();

	return now >= exemptions->written && now < exemption->until;
}

bool cw_exempt_slow(const struct cw_exemptions *exemptions, const u8 *mac)
{
	const struct cw_exemption *exemption = cw_exemptions_find(exemptions, mac);

	return exemption && cw_exemption_in_force(exemptions, exemption);
}
