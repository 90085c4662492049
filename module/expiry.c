// SPDX-License-Identifier: GPL-2.0
/*
 * Expiry: noticing that an exemption has ended. The end itself needs nobody: each packet
 * asks the clock. So does this, every few seconds, because the clock can be set.
 */
#include <linux/jiffies.h>
#include <linux/ktime.h>
#include <linux/minmax.h>

#include "config.h"
#include "device.h"
#include "event.h"
#include "expiry.h"
#include "main.h"

#define CW_CHECK_LONGEST 5	/* seconds */

static const struct cw_config *cw_expiry_config(const struct cw_net *cn)
{
	return rcu_dereference_protected(cn->config, lockdep_is_held(&cn->lock));
}

/* Seconds until it is worth to look again; 0 where it never is. */
static u64 cw_expiry_wait(const struct cw_exemptions *exemptions, u64 now)
{
	u64 wait = CW_CHECK_LONGEST;
	u32 i;

	if (!exemptions->count)
		return 0;
	for (i = 0; i < exemptions->count; i++)
		if (exemptions->list[i].until > now)
			wait = min(wait, exemptions->list[i].until - now);
	return wait;
}

/**
 * cw_expiry_check() - tell which exemptions have ended since the last time
 * @cn: the namespace
 *
 * Those that were in force then and are over now; not those that a clock set back puts out
 * of force.
 *
 * Context: &cw_net.lock held; may sleep.
 */
void cw_expiry_check(struct cw_net *cn)
{
	const struct cw_config *config = cw_expiry_config(cn);
	u64 now = ktime_get_real_seconds(), checked = cn->expiry.checked;
	const struct cw_exemptions *exemptions;
	u32 i;

	cn->expiry.checked = now;
	if (!config || checked < config->exemptions.written)
		return;
	exemptions = &config->exemptions;
	for (i = 0; i < exemptions->count; i++)
		if (exemptions->list[i].until > checked && exemptions->list[i].until <= now)
			cw_event_exemption(cn, config, &exemptions->list[i]);
}

static void cw_expiry_schedule(struct cw_net *cn)
{
	const struct cw_config *config = cw_expiry_config(cn);
	u64 wait;

	wait = config ? cw_expiry_wait(&config->exemptions, cn->expiry.checked) : 0;
	if (wait)
		mod_delayed_work(cw_devices_wq, &cn->expiry.work, wait * HZ);
}

static void cw_expiry_work(struct work_struct *work)
{
	struct cw_net *cn = container_of(to_delayed_work(work), struct cw_net, expiry.work);

	mutex_lock(&cn->lock);
	cw_expiry_check(cn);
	cw_expiry_schedule(cn);
	mutex_unlock(&cn->lock);
}

/**
 * cw_expiry_begin() - watch the exemptions of a configuration that has just been committed
 * @cn: the namespace
 *
 * Context: &cw_net.lock held.
 */
void cw_expiry_begin(struct cw_net *cn)
{
	cn->expiry.checked = ktime_get_real_seconds();
	cw_expiry_schedule(cn);
}

/** cw_expiry_init() - nothing to watch yet */
void cw_expiry_init(struct cw_net *cn)
{
	INIT_DELAYED_WORK(&cn->expiry.work, cw_expiry_work);
}

/** cw_expiry_clean() - stop watching; the namespace has no configuration any more */
void cw_expiry_clean(struct cw_net *cn)
{
	cancel_delayed_work_sync(&cn->expiry.work);
}
