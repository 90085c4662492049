/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the sources of the client share. */
#ifndef CW_CLIENT_PRIVATE_H
#define CW_CLIENT_PRIVATE_H

#include "client.h"
#include "events.h"
#include "genl.h"
#include "inventory.h"

#define CW_MAC_OCTETS	6
#define CW_READ_TRIES	10	/* of a dump that a commit comes into */

struct cw_client {
	struct cw_genl genl;
};

/** cw_client_ask() - send a request without attributes, and read the answer */
enum cw_genl_result cw_client_ask(struct cw_client *client, uint8_t cmd, int flags,
				  cw_genl_reply_fn *reply, void *ctx, struct cw_error *err);

/** cw_incomplete() - the module's answer lacks something; Return: -1 always */
int cw_incomplete(const char *what, struct cw_error *err);

/* The value of an attribute, or 0 where there is none. */
uint32_t cw_get_u32(struct nlattr *attr);
uint64_t cw_get_u64(struct nlattr *attr);

/** cw_get_mac() - a MAC address of CW_MAC_OCTETS octets, which the policy has checked; 0 where there is none */
uint64_t cw_get_mac(struct nlattr *attr);

/** cw_get_digest() - a digest, or one of no length */
void cw_get_digest(struct nlattr *attr, struct cw_digest *digest);

/** cw_put_mac() - add a MAC address to a request */
void cw_put_mac(struct nl_msg *msg, int type, uint64_t mac);

/** cw_parse_counters() - what was seen of one direction; Return: 0, or -1 with @err set */
int cw_parse_counters(struct nlattr *nest, struct cw_policy_counters *counters,
		      struct cw_error *err);

/** cw_parse_device() - an entry of the inventory; Return: 0, or -1 with @err set */
int cw_parse_device(struct nlattr *nest, struct cw_device *device, struct cw_error *err);

/** cw_parse_place() - the place that a nest of a device names; Return: 0, or -1 with @err set */
int cw_parse_place(struct nlattr *nest, struct cw_place *place, struct cw_error *err);

/**
 * cw_parse_event() - an event
 * @event: filled but for @lost; for cw_event_clear(), also where -1 is returned
 *
 * Return: 1, 0 where the message is none, -1 with @err set.
 */
int cw_parse_event(struct nlmsghdr *msg, struct cw_event *event, struct cw_error *err);

/*
 * From a nest of the answer to a part of a policy. @id is set to the id of the group in the
 * kernel; the strings of an exemption are for free(). Return: 0, or -1 with @err set.
 */
int cw_parse_group(struct nlattr *nest, struct cw_policy_group *group, uint32_t *id,
		   struct cw_error *err);
int cw_parse_allow(struct nlattr *nest, struct cw_policy_allow *allow, uint32_t *id,
		   struct cw_error *err);
int cw_parse_exemption(struct nlattr *nest, struct cw_policy_exemption *exemption,
		       struct cw_error *err);

#endif
