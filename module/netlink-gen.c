// SPDX-License-Identifier: ((GPL-2.0 WITH Linux-syscall-note) OR BSD-3-Clause)
/* Do not edit directly, auto-generated from: */
/*	Documentation/netlink/specs/camwall.yaml */
/* YNL-GEN kernel source */
/* YNL-ARG --function-prefix cw */
/* To regenerate run: tools/net/ynl/ynl-regen.sh */

#include <net/netlink.h>
#include <net/genetlink.h>

#include "netlink-gen.h"

#include <uapi/camwall.h>

/* Integer value ranges */
static const struct netlink_range_validation camwall_a_max_devices_range = {
	.min	= CAMWALL_DEVICES_MIN,
	.max	= CAMWALL_DEVICES_MAX,
};

static const struct netlink_range_validation camwall_a_idle_range = {
	.min	= CAMWALL_IDLE_MIN,
	.max	= CAMWALL_IDLE_MAX,
};

/* Common nested types */
const struct nla_policy camwall_allow_nl_policy[CAMWALL_A_ALLOW_PORT_MAX + 1] = {
	[CAMWALL_A_ALLOW_GROUP] = NLA_POLICY_MAX(NLA_U32, CAMWALL_MAX_GROUP_ID),
	[CAMWALL_A_ALLOW_ADDRESS] = NLA_POLICY_MAX_LEN(16),
	[CAMWALL_A_ALLOW_LENGTH] = NLA_POLICY_MAX(NLA_U32, 128),
	[CAMWALL_A_ALLOW_PROTOCOL] = NLA_POLICY_MAX(NLA_U32, 255),
	[CAMWALL_A_ALLOW_PORT_MIN] = { .type = NLA_U16, },
	[CAMWALL_A_ALLOW_PORT_MAX] = { .type = NLA_U16, },
};

const struct nla_policy camwall_counters_nl_policy[CAMWALL_A_COUNTERS_DROPPED_MALFORMED + 1] = {
	[CAMWALL_A_COUNTERS_PACKETS] = { .type = NLA_U64, },
	[CAMWALL_A_COUNTERS_BYTES] = { .type = NLA_U64, },
	[CAMWALL_A_COUNTERS_DROPPED] = { .type = NLA_U64, },
	[CAMWALL_A_COUNTERS_DROPPED_POLICY] = { .type = NLA_U64, },
	[CAMWALL_A_COUNTERS_DROPPED_NOT_ALLOWED] = { .type = NLA_U64, },
	[CAMWALL_A_COUNTERS_DROPPED_LIMIT] = { .type = NLA_U64, },
	[CAMWALL_A_COUNTERS_DROPPED_MALFORMED] = { .type = NLA_U64, },
};

const struct nla_policy camwall_exemption_nl_policy[CAMWALL_A_EXEMPTION_PAD + 1] = {
	[CAMWALL_A_EXEMPTION_MAC] = NLA_POLICY_EXACT_LEN(6),
	[CAMWALL_A_EXEMPTION_UNTIL] = { .type = NLA_U64, },
	[CAMWALL_A_EXEMPTION_REASON] = { .type = NLA_NUL_STRING, .len = CAMWALL_REASON_LEN, },
	[CAMWALL_A_EXEMPTION_APPROVED_BY] = { .type = NLA_NUL_STRING, .len = CAMWALL_APPROVED_BY_LEN, },
	[CAMWALL_A_EXEMPTION_IN_FORCE] = { .type = NLA_U32, },
};

const struct nla_policy camwall_group_nl_policy[CAMWALL_A_GROUP_LIMIT + 1] = {
	[CAMWALL_A_GROUP_ID] = NLA_POLICY_MAX(NLA_U32, CAMWALL_MAX_GROUP_ID),
	[CAMWALL_A_GROUP_NAME] = { .type = NLA_NUL_STRING, .len = CAMWALL_GROUP_NAME_LEN, },
	[CAMWALL_A_GROUP_ACTION] = NLA_POLICY_MAX(NLA_U32, 3),
	[CAMWALL_A_GROUP_MARK] = { .type = NLA_U32, },
	[CAMWALL_A_GROUP_PREFIX_COUNT] = { .type = NLA_U32, },
	[CAMWALL_A_GROUP_FROM] = NLA_POLICY_NESTED(camwall_counters_nl_policy),
	[CAMWALL_A_GROUP_TO] = NLA_POLICY_NESTED(camwall_counters_nl_policy),
	[CAMWALL_A_GROUP_LIMIT] = NLA_POLICY_NESTED(camwall_limit_nl_policy),
};

const struct nla_policy camwall_limit_nl_policy[CAMWALL_A_LIMIT_PAD + 1] = {
	[CAMWALL_A_LIMIT_RATE] = NLA_POLICY_MIN(NLA_U64, 1),
	[CAMWALL_A_LIMIT_UNIT] = NLA_POLICY_MAX(NLA_U32, 1),
	[CAMWALL_A_LIMIT_BURST] = NLA_POLICY_MIN(NLA_U64, 1),
};

/* CAMWALL_CMD_CONFIG_BEGIN - do */
static const struct nla_policy camwall_config_begin_nl_policy[CAMWALL_A_GENERATION + 1] = {
	[CAMWALL_A_GENERATION] = { .type = NLA_U32, },
};

/* CAMWALL_CMD_CONFIG_ADD - do */
static const struct nla_policy camwall_config_add_nl_policy[CAMWALL_A_IDLE + 1] = {
	[CAMWALL_A_MARK_MASK] = { .type = NLA_U32, },
	[CAMWALL_A_INTERFACE] = { .type = NLA_STRING, .len = CAMWALL_INTERFACE_LEN, },
	[CAMWALL_A_GROUP] = NLA_POLICY_NESTED(camwall_group_nl_policy),
	[CAMWALL_A_PREFIXES] = { .type = NLA_BINARY, },
	[CAMWALL_A_CONNTRACK] = NLA_POLICY_MAX(NLA_U32, 1),
	[CAMWALL_A_WRITTEN] = { .type = NLA_U64, },
	[CAMWALL_A_ALLOW] = NLA_POLICY_NESTED(camwall_allow_nl_policy),
	[CAMWALL_A_EXEMPTION] = NLA_POLICY_NESTED(camwall_exemption_nl_policy),
	[CAMWALL_A_MAX_DEVICES] = NLA_POLICY_FULL_RANGE(NLA_U32, &camwall_a_max_devices_range),
	[CAMWALL_A_IDLE] = NLA_POLICY_FULL_RANGE(NLA_U32, &camwall_a_idle_range),
};

/* CAMWALL_CMD_CONFIG_COMMIT - do */
static const struct nla_policy camwall_config_commit_nl_policy[CAMWALL_A_DIGEST + 1] = {
	[CAMWALL_A_GROUP_COUNT] = { .type = NLA_U32, },
	[CAMWALL_A_PREFIX_COUNT] = { .type = NLA_U32, },
	[CAMWALL_A_DIGEST] = NLA_POLICY_MAX_LEN(CAMWALL_DIGEST_LEN),
};

/* CAMWALL_CMD_LOOKUP - do */
static const struct nla_policy camwall_lookup_nl_policy[CAMWALL_A_MAC + 1] = {
	[CAMWALL_A_MAC] = NLA_POLICY_EXACT_LEN(6),
};

/* CAMWALL_CMD_DEVICE_GET - do */
static const struct nla_policy camwall_device_get_nl_policy[CAMWALL_A_MAC + 1] = {
	[CAMWALL_A_MAC] = NLA_POLICY_EXACT_LEN(6),
};

/* Ops table for camwall */
static const struct genl_split_ops camwall_nl_ops[] = {
	{
		.cmd		= CAMWALL_CMD_CONFIG_BEGIN,
		.doit		= cw_config_begin_doit,
		.policy		= camwall_config_begin_nl_policy,
		.maxattr	= CAMWALL_A_GENERATION,
		.flags		= GENL_UNS_ADMIN_PERM | GENL_CMD_CAP_DO,
	},
	{
		.cmd		= CAMWALL_CMD_CONFIG_ADD,
		.doit		= cw_config_add_doit,
		.policy		= camwall_config_add_nl_policy,
		.maxattr	= CAMWALL_A_IDLE,
		.flags		= GENL_UNS_ADMIN_PERM | GENL_CMD_CAP_DO,
	},
	{
		.cmd		= CAMWALL_CMD_CONFIG_COMMIT,
		.doit		= cw_config_commit_doit,
		.policy		= camwall_config_commit_nl_policy,
		.maxattr	= CAMWALL_A_DIGEST,
		.flags		= GENL_UNS_ADMIN_PERM | GENL_CMD_CAP_DO,
	},
	{
		.cmd	= CAMWALL_CMD_CONFIG_ABORT,
		.doit	= cw_config_abort_doit,
		.flags	= GENL_UNS_ADMIN_PERM | GENL_CMD_CAP_DO,
	},
	{
		.cmd	= CAMWALL_CMD_CONFIG_GET,
		.doit	= cw_config_get_doit,
		.flags	= GENL_UNS_ADMIN_PERM | GENL_CMD_CAP_DO,
	},
	{
		.cmd	= CAMWALL_CMD_STATUS_GET,
		.doit	= cw_status_get_doit,
		.flags	= GENL_UNS_ADMIN_PERM | GENL_CMD_CAP_DO,
	},
	{
		.cmd	= CAMWALL_CMD_GROUP_GET,
		.dumpit	= cw_group_get_dumpit,
		.flags	= GENL_UNS_ADMIN_PERM | GENL_CMD_CAP_DUMP,
	},
	{
		.cmd	= CAMWALL_CMD_PREFIX_GET,
		.dumpit	= cw_prefix_get_dumpit,
		.flags	= GENL_UNS_ADMIN_PERM | GENL_CMD_CAP_DUMP,
	},
	{
		.cmd	= CAMWALL_CMD_ALLOW_GET,
		.dumpit	= cw_allow_get_dumpit,
		.flags	= GENL_UNS_ADMIN_PERM | GENL_CMD_CAP_DUMP,
	},
	{
		.cmd	= CAMWALL_CMD_EXEMPTION_GET,
		.dumpit	= cw_exemption_get_dumpit,
		.flags	= GENL_UNS_ADMIN_PERM | GENL_CMD_CAP_DUMP,
	},
	{
		.cmd	= CAMWALL_CMD_LINK_GET,
		.dumpit	= cw_link_get_dumpit,
		.flags	= GENL_UNS_ADMIN_PERM | GENL_CMD_CAP_DUMP,
	},
	{
		.cmd		= CAMWALL_CMD_LOOKUP,
		.doit		= cw_lookup_doit,
		.policy		= camwall_lookup_nl_policy,
		.maxattr	= CAMWALL_A_MAC,
		.flags		= GENL_UNS_ADMIN_PERM | GENL_CMD_CAP_DO,
	},
	{
		.cmd		= CAMWALL_CMD_DEVICE_GET,
		.doit		= cw_device_get_doit,
		.policy		= camwall_device_get_nl_policy,
		.maxattr	= CAMWALL_A_MAC,
		.flags		= GENL_UNS_ADMIN_PERM | GENL_CMD_CAP_DO,
	},
	{
		.cmd	= CAMWALL_CMD_DEVICE_GET,
		.dumpit	= cw_device_get_dumpit,
		.flags	= GENL_UNS_ADMIN_PERM | GENL_CMD_CAP_DUMP,
	},
	{
		.cmd	= CAMWALL_CMD_DEVICE_FLUSH,
		.doit	= cw_device_flush_doit,
		.flags	= GENL_UNS_ADMIN_PERM | GENL_CMD_CAP_DO,
	},
};

static const struct genl_multicast_group camwall_nl_mcgrps[] = {
	[CAMWALL_NLGRP_EVENTS] = { "events", },
};

struct genl_family camwall_nl_family __ro_after_init = {
	.name		= CAMWALL_FAMILY_NAME,
	.version	= CAMWALL_FAMILY_VERSION,
	.netnsok	= true,
	.parallel_ops	= true,
	.module		= THIS_MODULE,
	.split_ops	= camwall_nl_ops,
	.n_split_ops	= ARRAY_SIZE(camwall_nl_ops),
	.mcgrps		= camwall_nl_mcgrps,
	.n_mcgrps	= ARRAY_SIZE(camwall_nl_mcgrps),
};
