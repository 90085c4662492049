/* SPDX-License-Identifier: GPL-2.0 */
/* Exemptions: devices whose group's action is not carried out for a time. */
#ifndef _CW_EXEMPT_H
#define _CW_EXEMPT_H

#include <linux/types.h>
#include <uapi/camwall.h>

struct netlink_ext_ack;

/**
 * struct cw_exemption - one device's
 * @mac: the device, below 2^48
 * @until: seconds since 1970 at which it ends
 * @reason: why; zero-terminated, may be empty
 * @approved_by: by whom; zero-terminated, may be empty
 */
struct cw_exemption {
	u64 mac;
	u64 until;
	const char *reason;
	const char *approved_by;
};

/**
 * struct cw_exemptions - those of a configuration
 * @list: sorted by address once sealed
 * @count: how many
 * @room: for how many there is memory
 * @written: seconds since 1970 when the policy was written; before that none is in force
 */
struct cw_exemptions {
	struct cw_exemption *list;
	u32 count;
	u32 room;
	u64 written;
};

int cw_exemptions_add(struct cw_exemptions *exemptions,
		      const struct cw_exemption *exemption,
		      struct netlink_ext_ack *extack);
int cw_exemptions_seal(struct cw_exemptions *exemptions,
		       struct netlink_ext_ack *extack);
void cw_exemptions_destroy(struct cw_exemptions *exemptions);
size_t cw_exemptions_size(const struct cw_exemptions *exemptions);
const struct cw_exemption *cw_exemptions_find(const struct cw_exemptions *exemptions,
					      const u8 *mac);
bool cw_exemption_in_force(const struct cw_exemptions *exemptions,
			   const struct cw_exemption *exemption);
bool cw_exempt_slow(const struct cw_exemptions *exemptions, const u8 *mac);

/**
 * cw_exempt() - whether a device is exempt now
 * @exemptions: sealed ones
 * @mac: six octets
 *
 * Context: any.
 */
static inline bool cw_exempt(const struct cw_exemptions *exemptions, const u8 *mac)
{
	return exemptions->count && cw_exempt_slow(exemptions, mac);
}

#endif
