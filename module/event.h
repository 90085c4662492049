/* SPDX-License-Identifier: GPL-2.0 */
/* Events: what listeners of the multicast group are told. */
#ifndef _CW_EVENT_H
#define _CW_EVENT_H

#include <linux/atomic.h>
#include <linux/mutex.h>
#include <linux/types.h>
#include <linux/uidgid.h>
#include <uapi/camwall.h>

struct cw_config;
struct cw_exemption;
struct cw_net;
struct sk_buff;

/**
 * struct cw_events - what a network namespace's events have in common
 * @seq: number of the last one
 * @lock: held from when an event gets its number until it is sent
 */
struct cw_events {
	atomic64_t seq;
	struct mutex lock;	/* keeps the order of events; taken last */
};

/**
 * struct cw_actor - who has done something
 * @portid: the socket
 * @uid: the user
 */
struct cw_actor {
	u32 portid;
	kuid_t uid;
};

/**
 * typedef cw_event_put_fn - write an event's own attributes
 * @msg: where to
 * @cn: the namespace
 * @data: what cw_event_send() was given
 *
 * Context: RCU read lock held; must not sleep.
 * Return: 0 or -EMSGSIZE.
 */
typedef int cw_event_put_fn(struct sk_buff *msg, struct cw_net *cn, const void *data);

void cw_events_init(struct cw_events *events);
void cw_events_open(void);
void cw_events_close(void);
void cw_event_send(struct cw_net *cn, enum camwall_event event, cw_event_put_fn *put,
		   const void *data);
void cw_event_config(struct cw_net *cn, const struct cw_actor *actor);
void cw_event_flushed(struct cw_net *cn, u32 count, const struct cw_actor *actor);
void cw_event_flood(struct cw_net *cn, u64 refused, u64 total);
void cw_event_exemption(struct cw_net *cn, const struct cw_config *config,
			const struct cw_exemption *exemption);

#endif
