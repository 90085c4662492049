// SPDX-License-Identifier: GPL-2.0
/*
 * Events: their numbers and their sending. Each gets its number whether or not anybody
 * listens, so that a listener sees by the numbers how many it has not got.
 */
#include <linux/ktime.h>
#include <linux/rwsem.h>
#include <net/genetlink.h>

#include "config.h"
#include "event.h"
#include "main.h"
#include "netlink-gen.h"
#include "put.h"

/* The longest is one of a device, with both directions' counters, or of an exemption. */
#define CW_EVENT_SIZE	1024

/* Work items must not send to a family that is closed: its multicast group is another's. */
static DECLARE_RWSEM(cw_events_sem);
static bool cw_events_are_open;

/**
 * cw_events_init() - no event yet
 * @events: has nothing to be cleaned up
 */
void cw_events_init(struct cw_events *events)
{
	atomic64_set(&events->seq, 0);
	mutex_init(&events->lock);
}

/** cw_events_open() - the family is registered: begin to send */
void cw_events_open(void)
{
	down_write(&cw_events_sem);
	cw_events_are_open = true;
	up_write(&cw_events_sem);
}

/** cw_events_close() - the family is about to go: none is sent after this has returned */
void cw_events_close(void)
{
	down_write(&cw_events_sem);
	cw_events_are_open = false;
	up_write(&cw_events_sem);
}

static int cw_event_fill(struct sk_buff *msg, struct cw_net *cn, enum camwall_event event,
			 u64 seq, cw_event_put_fn *put, const void *data)
{
	void *hdr = genlmsg_put(msg, 0, 0, &camwall_nl_family, 0, CAMWALL_CMD_EVENT);
	int err;

	if (!hdr ||
	    nla_put_u64_64bit(msg, CAMWALL_A_EVENT_SEQ, seq, CAMWALL_A_PAD) ||
	    nla_put_u32(msg, CAMWALL_A_EVENT, event) ||
	    nla_put_u64_64bit(msg, CAMWALL_A_TIME, ktime_get_real_ns(),
			      CAMWALL_A_PAD))
		return -EMSGSIZE;
	rcu_read_lock();
	err = put(msg, cn, data);
	rcu_read_unlock();
	if (err)
		return err;
	genlmsg_end(msg, hdr);
	return 0;
}

static void cw_event_multicast(struct cw_net *cn, enum camwall_event event, u64 seq,
			       cw_event_put_fn *put, const void *data)
{
	struct sk_buff *msg;

	if (!genl_has_listeners(&camwall_nl_family, cn->net, CAMWALL_NLGRP_EVENTS))
		return;
	/* One that cannot be sent is missed by its number. */
	msg = genlmsg_new(CW_EVENT_SIZE, GFP_KERNEL);
	if (!msg)
		return;
	if (WARN_ON_ONCE(cw_event_fill(msg, cn, event, seq, put, data))) {
		nlmsg_free(msg);
		return;
	}
	genlmsg_multicast_netns(&camwall_nl_family, cn->net, msg, 0,
				CAMWALL_NLGRP_EVENTS, GFP_KERNEL);
}

/**
 * cw_event_send() - tell listeners of an event
 * @cn: the namespace
 * @event: what it is
 * @put: writes its attributes; is not called where nobody listens
 * @data: for @put
 *
 * Context: process; may sleep.
 */
void cw_event_send(struct cw_net *cn, enum camwall_event event, cw_event_put_fn *put,
		   const void *data)
{
	u64 seq;

	down_read(&cw_events_sem);
	mutex_lock(&cn->events.lock);
	seq = atomic64_inc_return(&cn->events.seq);
	if (cw_events_are_open)
		cw_event_multicast(cn, event, seq, put, data);
	mutex_unlock(&cn->events.lock);
	up_read(&cw_events_sem);
}

static int cw_put_actor(struct sk_buff *msg, const struct cw_net *cn,
			const struct cw_actor *actor)
{
	if (nla_put_u32(msg, CAMWALL_A_PORTID, actor->portid) ||
	    nla_put_u32(msg, CAMWALL_A_UID,
			from_kuid_munged(cn->net->user_ns, actor->uid)))
		return -EMSGSIZE;
	return 0;
}

static int cw_event_put_config(struct sk_buff *msg, struct cw_net *cn, const void *data)
{
	const struct cw_config *config = rcu_dereference(cn->config);

	/* The namespace may be going away. */
	if (!config)
		return cw_put_actor(msg, cn, data);
	if (nla_put_u32(msg, CAMWALL_A_GENERATION, config->generation) ||
	    nla_put_u32(msg, CAMWALL_A_GROUP_COUNT, config->n_groups) ||
	    nla_put_u32(msg, CAMWALL_A_PREFIX_COUNT, config->table.count) ||
	    nla_put_u32(msg, CAMWALL_A_EXEMPTION_COUNT, config->exemptions.count) ||
	    (config->digest_len &&
	     nla_put(msg, CAMWALL_A_DIGEST, config->digest_len, config->digest)))
		return -EMSGSIZE;
	return cw_put_actor(msg, cn, data);
}

/**
 * cw_event_config() - tell that a configuration was committed
 * @cn: the namespace
 * @actor: by whom
 *
 * Context: &cw_net.lock held, so that no other commit comes in between; may sleep.
 */
void cw_event_config(struct cw_net *cn, const struct cw_actor *actor)
{
	cw_event_send(cn, CAMWALL_EVENT_CONFIG_CHANGED, cw_event_put_config, actor);
}

struct cw_flushed {
	u32 count;
	const struct cw_actor *actor;
};

static int cw_event_put_flushed(struct sk_buff *msg, struct cw_net *cn, const void *data)
{
	const struct cw_flushed *flushed = data;

	if (nla_put_u32(msg, CAMWALL_A_DEVICE_COUNT, flushed->count))
		return -EMSGSIZE;
	return cw_put_actor(msg, cn, flushed->actor);
}

/**
 * cw_event_flushed() - tell that the inventory was emptied
 * @cn: the namespace
 * @count: devices that were in it
 * @actor: by whom
 *
 * Context: process; may sleep.
 */
void cw_event_flushed(struct cw_net *cn, u32 count, const struct cw_actor *actor)
{
	const struct cw_flushed flushed = { .count = count, .actor = actor };

	cw_event_send(cn, CAMWALL_EVENT_DEVICES_FLUSHED, cw_event_put_flushed, &flushed);
}

struct cw_flood {
	u64 refused;
	u64 total;
};

static int cw_event_put_flood(struct sk_buff *msg, struct cw_net *cn, const void *data)
{
	const struct cw_flood *flood = data;

	if (nla_put_u64_64bit(msg, CAMWALL_A_REFUSED, flood->refused, CAMWALL_A_PAD) ||
	    nla_put_u64_64bit(msg, CAMWALL_A_DEVICE_REFUSED, flood->total, CAMWALL_A_PAD))
		return -EMSGSIZE;
	return 0;
}

/**
 * cw_event_flood() - tell that devices found no place
 * @cn: the namespace
 * @refused: frames of such devices since this was told last
 * @total: frames of such devices in all
 *
 * Context: process; may sleep.
 */
void cw_event_flood(struct cw_net *cn, u64 refused, u64 total)
{
	const struct cw_flood flood = { .refused = refused, .total = total };

	cw_event_send(cn, CAMWALL_EVENT_DEVICE_FLOOD, cw_event_put_flood, &flood);
}

struct cw_ended {
	const struct cw_exemptions *exemptions;
	const struct cw_exemption *exemption;
};

static int cw_event_put_exemption(struct sk_buff *msg, struct cw_net *cn, const void *data)
{
	const struct cw_ended *ended = data;

	return cw_put_exemption(msg, ended->exemptions, ended->exemption);
}

/**
 * cw_event_exemption() - tell that an exemption has ended
 * @cn: the namespace
 * @config: what it is of
 * @exemption: the exemption
 *
 * Context: &cw_net.lock held, so that @config stays; may sleep.
 */
void cw_event_exemption(struct cw_net *cn, const struct cw_config *config,
			const struct cw_exemption *exemption)
{
	const struct cw_ended ended = {
		.exemptions = &config->exemptions, .exemption = exemption,
	};

	cw_event_send(cn, CAMWALL_EVENT_EXEMPTION_ENDED, cw_event_put_exemption, &ended);
}
