// SPDX-License-Identifier: GPL-2.0-or-later
/* The kernel's side over generic netlink: from attributes to the parts of a policy. */
#include <string.h>
#include <sys/socket.h>
#include <netlink/attr.h>

#include "alloc.h"
#include "client_private.h"
#include "peer.h"

#define IPV4_OCTETS	4
#define IPV6_OCTETS	16

int cw_incomplete(const char *what, struct cw_error *err)
{
	return cw_error_set(err, "the module's answer has no %s: module and tool are not of the same version",
			    what);
}

uint32_t cw_get_u32(struct nlattr *attr)
{
	return attr ? nla_get_u32(attr) : 0;
}

uint64_t cw_get_u64(struct nlattr *attr)
{
	return attr ? nla_get_u64(attr) : 0;
}

uint64_t cw_get_mac(struct nlattr *attr)
{
	const unsigned char *octets = attr ? nla_data(attr) : NULL;
	uint64_t mac = 0;
	int i;

	for (i = 0; octets && i < CW_MAC_OCTETS; i++)
		mac = mac << 8 | octets[i];
	return mac;
}

void cw_get_digest(struct nlattr *attr, struct cw_digest *digest)
{
	memset(digest, 0, sizeof(*digest));
	if (!attr)
		return;
	digest->length = nla_len(attr);
	if (digest->length > sizeof(digest->octets))
		digest->length = sizeof(digest->octets);
	memcpy(digest->octets, nla_data(attr), digest->length);
}

void cw_put_mac(struct nl_msg *msg, int type, uint64_t mac)
{
	unsigned char octets[CW_MAC_OCTETS];
	int i;

	for (i = 0; i < CW_MAC_OCTETS; i++)
		octets[i] = mac >> 8 * (CW_MAC_OCTETS - 1 - i);
	cw_genl_put(msg, type, octets, sizeof(octets));
}

int cw_parse_counters(struct nlattr *nest, struct cw_policy_counters *counters,
		      struct cw_error *err)
{
	static struct nla_policy policy[CAMWALL_A_COUNTERS_MAX + 1] = {
		[CAMWALL_A_COUNTERS_PACKETS] = { .type = NLA_U64 },
		[CAMWALL_A_COUNTERS_BYTES] = { .type = NLA_U64 },
		[CAMWALL_A_COUNTERS_DROPPED] = { .type = NLA_U64 },
		[CAMWALL_A_COUNTERS_DROPPED_POLICY] = { .type = NLA_U64 },
		[CAMWALL_A_COUNTERS_DROPPED_NOT_ALLOWED] = { .type = NLA_U64 },
		[CAMWALL_A_COUNTERS_DROPPED_LIMIT] = { .type = NLA_U64 },
		[CAMWALL_A_COUNTERS_DROPPED_MALFORMED] = { .type = NLA_U64 },
	};
	struct nlattr *attrs[CAMWALL_A_COUNTERS_MAX + 1];

	if (!nest)
		return 0;
	if (nla_parse_nested(attrs, CAMWALL_A_COUNTERS_MAX, nest, policy) < 0)
		return cw_incomplete("readable counters", err);
	counters->packets = cw_get_u64(attrs[CAMWALL_A_COUNTERS_PACKETS]);
	counters->bytes = cw_get_u64(attrs[CAMWALL_A_COUNTERS_BYTES]);
	counters->dropped = cw_get_u64(attrs[CAMWALL_A_COUNTERS_DROPPED]);
	counters->dropped_policy = cw_get_u64(attrs[CAMWALL_A_COUNTERS_DROPPED_POLICY]);
	counters->dropped_not_allowed = cw_get_u64(attrs[CAMWALL_A_COUNTERS_DROPPED_NOT_ALLOWED]);
	counters->dropped_limit = cw_get_u64(attrs[CAMWALL_A_COUNTERS_DROPPED_LIMIT]);
	counters->dropped_malformed = cw_get_u64(attrs[CAMWALL_A_COUNTERS_DROPPED_MALFORMED]);
	return 0;
}

static int parse_limit(struct nlattr *nest, struct cw_policy_limit *limit, struct cw_error *err)
{
	static struct nla_policy policy[CAMWALL_A_LIMIT_MAX + 1] = {
		[CAMWALL_A_LIMIT_RATE] = { .type = NLA_U64 },
		[CAMWALL_A_LIMIT_UNIT] = { .type = NLA_U32 },
		[CAMWALL_A_LIMIT_BURST] = { .type = NLA_U64 },
	};
	struct nlattr *attrs[CAMWALL_A_LIMIT_MAX + 1];

	if (!nest)
		return 0;
	if (nla_parse_nested(attrs, CAMWALL_A_LIMIT_MAX, nest, policy) < 0)
		return cw_incomplete("readable limit", err);
	limit->rate = cw_get_u64(attrs[CAMWALL_A_LIMIT_RATE]);
	limit->unit = cw_get_u32(attrs[CAMWALL_A_LIMIT_UNIT]);
	limit->burst = cw_get_u64(attrs[CAMWALL_A_LIMIT_BURST]);
	return 0;
}

int cw_parse_group(struct nlattr *nest, struct cw_policy_group *group, uint32_t *id,
		   struct cw_error *err)
{
	static struct nla_policy policy[CAMWALL_A_GROUP_MAX + 1] = {
		[CAMWALL_A_GROUP_ID] = { .type = NLA_U32 },
		[CAMWALL_A_GROUP_NAME] = { .type = NLA_STRING,
					   .maxlen = CAMWALL_GROUP_NAME_LEN + 1 },
		[CAMWALL_A_GROUP_ACTION] = { .type = NLA_U32 },
		[CAMWALL_A_GROUP_MARK] = { .type = NLA_U32 },
		[CAMWALL_A_GROUP_PREFIX_COUNT] = { .type = NLA_U32 },
		[CAMWALL_A_GROUP_FROM] = { .type = NLA_NESTED },
		[CAMWALL_A_GROUP_TO] = { .type = NLA_NESTED },
		[CAMWALL_A_GROUP_LIMIT] = { .type = NLA_NESTED },
	};
	struct nlattr *attrs[CAMWALL_A_GROUP_MAX + 1];

	memset(group, 0, sizeof(*group));
	if (!nest || nla_parse_nested(attrs, CAMWALL_A_GROUP_MAX, nest, policy) < 0)
		return cw_incomplete("readable group", err);
	if (!attrs[CAMWALL_A_GROUP_NAME])
		return cw_incomplete("name of a group", err);
	nla_strlcpy(group->name, attrs[CAMWALL_A_GROUP_NAME], sizeof(group->name));
	group->action = cw_get_u32(attrs[CAMWALL_A_GROUP_ACTION]);
	group->has_mark = attrs[CAMWALL_A_GROUP_MARK];
	group->mark = cw_get_u32(attrs[CAMWALL_A_GROUP_MARK]);
	*id = cw_get_u32(attrs[CAMWALL_A_GROUP_ID]);
	return cw_parse_counters(attrs[CAMWALL_A_GROUP_FROM], &group->from, err) ?:
	       cw_parse_counters(attrs[CAMWALL_A_GROUP_TO], &group->to, err) ?:
	       parse_limit(attrs[CAMWALL_A_GROUP_LIMIT], &group->limit, err);
}

static int parse_address(struct nlattr **attrs, struct cw_policy_allow *allow, struct cw_error *err)
{
	const struct nlattr *address = attrs[CAMWALL_A_ALLOW_ADDRESS];
	int octets = address ? nla_len(address) : 0;

	if (octets != IPV4_OCTETS && octets != IPV6_OCTETS)
		return cw_incomplete("readable address of a peer", err);
	allow->family = octets == IPV4_OCTETS ? AF_INET : AF_INET6;
	memcpy(allow->address, nla_data(address), octets);
	allow->length = 8 * octets;
	if (attrs[CAMWALL_A_ALLOW_LENGTH] && cw_get_u32(attrs[CAMWALL_A_ALLOW_LENGTH]) < allow->length)
		allow->length = cw_get_u32(attrs[CAMWALL_A_ALLOW_LENGTH]);
	cw_peer_mask(allow);
	return 0;
}

int cw_parse_allow(struct nlattr *nest, struct cw_policy_allow *allow, uint32_t *id,
		   struct cw_error *err)
{
	static struct nla_policy policy[CAMWALL_A_ALLOW_MAX + 1] = {
		[CAMWALL_A_ALLOW_GROUP] = { .type = NLA_U32 },
		[CAMWALL_A_ALLOW_LENGTH] = { .type = NLA_U32 },
		[CAMWALL_A_ALLOW_PROTOCOL] = { .type = NLA_U32 },
		[CAMWALL_A_ALLOW_PORT_MIN] = { .type = NLA_U16 },
		[CAMWALL_A_ALLOW_PORT_MAX] = { .type = NLA_U16 },
	};
	struct nlattr *attrs[CAMWALL_A_ALLOW_MAX + 1];

	memset(allow, 0, sizeof(*allow));
	if (!nest || nla_parse_nested(attrs, CAMWALL_A_ALLOW_MAX, nest, policy) < 0)
		return cw_incomplete("readable peer", err);
	*id = cw_get_u32(attrs[CAMWALL_A_ALLOW_GROUP]);
	allow->protocol = attrs[CAMWALL_A_ALLOW_PROTOCOL] ?
			  (int)nla_get_u32(attrs[CAMWALL_A_ALLOW_PROTOCOL]) : CW_ANY_PROTOCOL;
	if (attrs[CAMWALL_A_ALLOW_PORT_MIN]) {
		allow->has_ports = true;
		allow->port_min = nla_get_u16(attrs[CAMWALL_A_ALLOW_PORT_MIN]);
		allow->port_max = allow->port_min;
	}
	if (attrs[CAMWALL_A_ALLOW_PORT_MAX])
		allow->port_max = nla_get_u16(attrs[CAMWALL_A_ALLOW_PORT_MAX]);
	return parse_address(attrs, allow, err);
}

static char *get_text(struct nlattr *attr)
{
	return attr ? cw_strndup(nla_data(attr), nla_len(attr)) : cw_strdup("");
}

int cw_parse_exemption(struct nlattr *nest, struct cw_policy_exemption *exemption,
		       struct cw_error *err)
{
	static struct nla_policy policy[CAMWALL_A_EXEMPTION_MAX + 1] = {
		[CAMWALL_A_EXEMPTION_MAC] = { .minlen = CW_MAC_OCTETS },
		[CAMWALL_A_EXEMPTION_UNTIL] = { .type = NLA_U64 },
		[CAMWALL_A_EXEMPTION_IN_FORCE] = { .type = NLA_U32 },
	};
	struct nlattr *attrs[CAMWALL_A_EXEMPTION_MAX + 1];

	memset(exemption, 0, sizeof(*exemption));
	if (!nest || nla_parse_nested(attrs, CAMWALL_A_EXEMPTION_MAX, nest, policy) < 0 ||
	    !attrs[CAMWALL_A_EXEMPTION_MAC])
		return cw_incomplete("readable exemption", err);
	exemption->mac = cw_get_mac(attrs[CAMWALL_A_EXEMPTION_MAC]);
	exemption->until = cw_get_u64(attrs[CAMWALL_A_EXEMPTION_UNTIL]);
	exemption->in_force = cw_get_u32(attrs[CAMWALL_A_EXEMPTION_IN_FORCE]);
	exemption->reason = get_text(attrs[CAMWALL_A_EXEMPTION_REASON]);
	exemption->approved_by = get_text(attrs[CAMWALL_A_EXEMPTION_APPROVED_BY]);
	return 0;
}
