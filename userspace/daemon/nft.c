// SPDX-License-Identifier: GPL-2.0-or-later
/* camwall's tables of nftables: in step with the policy and the inventory, and put right where others change them. */
#include <stdlib.h>
#include <string.h>
#include <sys/timerfd.h>
#include <syslog.h>
#include <time.h>
#include <unistd.h>

#include "alloc.h"
#include "daemon.h"
#include "inventory.h"
#include "nft_define.h"

/* Addresses change without an event; and timeouts are renewed in their second half. */
#define PERIOD_MIN_MS	2000
#define PERIOD_MAX_MS	60000
#define PERIOD_LEAST_MS	250	/* with the shortest idle time there is */
#define WORK_SHARE	100	/* of the time at most this part is spent with it */
#define REPAIR_MS	250	/* between two, so that a quarrel does not become a loop */
#define RETRY_MS	1000

/* A new device's addresses are looked for after 20, 60, 140, ... milliseconds. */
#define YOUNG_FIRST_MS	20LL
#define YOUNG_LAST_MS	3000

static void arm(const struct daemon *daemon)
{
	const struct nft *nft = &daemon->nft;
	struct itimerspec at = { 0 };
	int64_t due = nft->due;
	size_t i;

	for (i = 0; i < nft->n_young; i++)
		if (nft->young[i].due < due)
			due = nft->young[i].due;
	if (nft->installed) {
		at.it_value.tv_sec = due / 1000;
		at.it_value.tv_nsec = due % 1000 * 1000000 + 1;
	}
	timerfd_settime(nft->timer, TFD_TIMER_ABSTIME, &at, NULL);
}

/* A warning once, and again where it is another one. */
static void say(struct nft *nft, const char *text)
{
	if (nft->noted && strcmp(nft->noted, text) == 0)
		return;
	log_at(LOG_WARNING, "nftables: %s", text);
	free(nft->noted);
	nft->noted = cw_strdup(text);
}

/* Where there is a file of defines, the tables are wanted, also after a boot. */
static bool wanted(struct daemon *daemon)
{
	struct nft *nft = &daemon->nft;
	struct cw_error err = { 0 };
	int ret;

	cw_nft_netdevs_free(nft->netdevs);
	ret = cw_nft_define_netdevs(nft->path, &nft->netdevs, &err);
	if (ret < 0)
		say(nft, err.message);
	cw_error_clear(&err);
	return ret > 0;
}

static int64_t period(const struct nft *nft, int64_t took)
{
	int64_t quarter = (int64_t)nft->policy->idle * 1000 / 4, ms = took * WORK_SHARE;

	if (ms < PERIOD_MIN_MS)
		ms = PERIOD_MIN_MS;
	if (ms > PERIOD_MAX_MS)
		ms = PERIOD_MAX_MS;
	if (quarter && ms > quarter)
		ms = quarter;
	return ms < PERIOD_LEAST_MS ? PERIOD_LEAST_MS : ms;
}

/* What somebody else did may have been nothing that matters here. */
static void report(struct daemon *daemon, const struct cw_nft_report *report)
{
	struct nft *nft = &daemon->nft;
	size_t i;

	for (i = 0; i < report->n_notes; i++)
		say(nft, report->notes[i]);
	if (!nft->changed)
		return;
	nft->changed = false;
	if (!report->repaired && !(nft->change.elements_gone && report->added))
		return;
	nft->repaired = now_ms();
	log_repaired(&nft->change, report);
	if (daemon->running)
		pending_repaired(daemon);
}

static void failed(struct nft *nft, struct cw_error *err)
{
	if (!nft->failing)
		log_error(LOG_ERR, "nftables is not in step", err);
	cw_error_clear(err);
	nft->failing = true;
	nft->due = now_ms() + RETRY_MS;
}

static void bring_into_step(struct daemon *daemon)
{
	struct nft *nft = &daemon->nft;
	int64_t begin = now_ms();
	struct cw_nft_report result;
	struct cw_error err = { 0 };

	if (cw_nft_sync(nft->nft, daemon->client, (const char *const *)nft->netdevs, true, &result, &err) < 0) {
		failed(nft, &err);
	} else {
		cw_policy_free(nft->policy);
		nft->policy = cw_client_read(daemon->client, NULL);
		if (nft->failing)
			log_at(LOG_NOTICE, "nftables is in step again");
		nft->failing = false;
		nft->due = now_ms() + (nft->policy ? period(nft, now_ms() - begin) : RETRY_MS);
		report(daemon, &result);
	}
	cw_nft_report_clear(&result);
}

void nft_resync(struct daemon *daemon)
{
	struct nft *nft = &daemon->nft;
	struct cw_error err = { 0 };
	int there;

	if (!nft->nft || !daemon->client)
		return;
	if (daemon->tool_settings.no_nftables) {
		nft->installed = false;
	} else {
		there = cw_nft_installed(nft->nft, &err);
		if (there < 0)
			failed(nft, &err);
		/* Read in any case: the file names the devices. */
		nft->installed = wanted(daemon) || there > 0;
		if (there >= 0 && nft->installed)
			bring_into_step(daemon);
	}
	/* Who took them away on purpose, by "camwall nft remove", has done no harm. */
	nft->changed &= nft->installed;
	arm(daemon);
}

static void forget_young(struct nft *nft, size_t i)
{
	nft->young[i] = nft->young[--nft->n_young];
}

static void add_young(struct nft *nft, const struct cw_device *device)
{
	size_t i;

	for (i = 0; i < nft->n_young; i++)
		if (nft->young[i].device.mac == device->mac)
			return;
	/* In a flood the next look at all of them finds the rest. */
	if (nft->n_young == NFT_YOUNG_MAX)
		return;
	nft->young[nft->n_young++] = (struct nft_young){
		.device = *device, .due = now_ms() + YOUNG_FIRST_MS, .wait = 2 * YOUNG_FIRST_MS,
	};
}

static void put_device(struct daemon *daemon, const struct cw_device *device)
{
	struct nft *nft = &daemon->nft;
	struct cw_error err = { 0 };

	/* Not so that the next look would fail as well: that looks at all. */
	if (cw_nft_device(nft->nft, nft->policy, device, NULL, *nft->netdevs, &err) != CW_NFT_DONE)
		nft->due = now_ms();
	cw_error_clear(&err);
}

static bool same_addresses(const struct cw_device *a, const struct cw_device *b)
{
	return a->has_ipv4 == b->has_ipv4 && a->has_ipv6 == b->has_ipv6 &&
	       (!a->has_ipv4 || a->ipv4.s_addr == b->ipv4.s_addr) &&
	       (!a->has_ipv6 || IN6_ARE_ADDR_EQUAL(&a->ipv6, &b->ipv6));
}

static void look_at_young(struct daemon *daemon, int64_t now)
{
	struct nft *nft = &daemon->nft;
	struct cw_device device;
	size_t i = 0;

	while (i < nft->n_young) {
		struct nft_young *young = &nft->young[i];

		if (young->due > now) {
			i++;
			continue;
		}
		if (cw_client_device(daemon->client, young->device.mac, &device, NULL) != 1) {
			forget_young(nft, i);
			continue;
		}
		if (!same_addresses(&young->device, &device))
			put_device(daemon, &device);
		young->device = device;
		young->due = now + young->wait;
		young->wait *= 2;
		if (young->wait > YOUNG_LAST_MS)
			forget_young(nft, i);
		else
			i++;
	}
}

void nft_event(struct daemon *daemon, const struct cw_event *event)
{
	struct nft *nft = &daemon->nft;

	if (event->lost)
		nft_resync(daemon);
	if (!nft->installed || !nft->policy || !daemon->client)
		return;
	switch (event->type) {
	case CAMWALL_EVENT_DEVICE_NEW:
	case CAMWALL_EVENT_DEVICE_BACK:
	case CAMWALL_EVENT_DEVICE_MOVED:
		put_device(daemon, &event->device);
		add_young(nft, &event->device);
		break;
	case CAMWALL_EVENT_DEVICE_GONE:
		if (event->device.displaced)
			nft->due = now_ms();
		break;
	case CAMWALL_EVENT_CONFIG_CHANGED:
	case CAMWALL_EVENT_DEVICES_FLUSHED:
		bring_into_step(daemon);
		break;
	default:
		return;
	}
	arm(daemon);
}

/* Several that are put right together are told as one. */
static void on_change(struct nft *nft, const struct cw_nft_change *change)
{
	int64_t now = now_ms();
	bool gone = nft->changed && nft->change.elements_gone;

	/* Who deleted a table is named before who did less. */
	if (!nft->changed || (change->table_gone && !nft->change.table_gone))
		nft->change = *change;
	nft->change.elements_gone |= change->elements_gone | gone;
	nft->changed = true;
	nft->due = now - nft->repaired < REPAIR_MS ? nft->repaired + REPAIR_MS : now;
}

/* The descriptor goes out of the loop with its handle. */
static void deaf(struct daemon *daemon, struct cw_error *err)
{
	log_error(LOG_ERR, "changes of nftables by others are not noticed any more", err);
	cw_nft_watch_close(daemon->nft.watch);
	daemon->nft.watch = NULL;
}

static void on_watch(struct daemon *daemon)
{
	struct nft *nft = &daemon->nft;
	enum cw_nft_watch_result result;
	struct cw_nft_change change;
	struct cw_error err = { 0 };

	while ((result = cw_nft_watch_next(nft->watch, &change, &err)) == CW_NFT_WATCH_CHANGE)
		on_change(nft, &change);
	if (result == CW_NFT_WATCH_FAILED)
		deaf(daemon, &err);
	if (nft->changed && nft->due <= now_ms())
		nft_resync(daemon);
	else
		arm(daemon);
}

static void on_timer(struct daemon *daemon)
{
	struct nft *nft = &daemon->nft;
	int64_t now = now_ms();
	uint64_t times;

	if (read(nft->timer, &times, sizeof(times)) < 0 || !daemon->client)
		return;
	if (nft->policy)
		look_at_young(daemon, now);
	if (nft->due > now)
		arm(daemon);
	else
		nft_resync(daemon);
}

bool nft_ready(struct daemon *daemon, int fd)
{
	const struct nft *nft = &daemon->nft;

	if (nft->nft && fd == nft->timer)
		on_timer(daemon);
	else if (nft->watch && fd == cw_nft_watch_fd(nft->watch))
		on_watch(daemon);
	else
		return false;
	return true;
}

/* A kernel without nftables has nothing to keep in step. */
int nft_open(struct daemon *daemon, struct cw_error *err)
{
	struct cw_error missing = { 0 };
	struct nft *nft = &daemon->nft;

	nft->timer = -1;
	nft->nft = cw_nft_open(&missing);
	if (nft->nft)
		nft->watch = cw_nft_watch_open(mnl_socket_get_portid(nft->nft->socket), &missing);
	if (!nft->watch) {
		log_error(LOG_NOTICE, "nftables is left alone", &missing);
		cw_nft_close(nft->nft);
		nft->nft = NULL;
		return 0;
	}
	nft->path = cw_nft_define_path(daemon->options.netns);
	nft->timer = timerfd_create(CLOCK_BOOTTIME, TFD_NONBLOCK | TFD_CLOEXEC);
	if (nft->timer < 0)
		return cw_error_set(err, "no descriptor for a timer");
	return loop_add(daemon, nft->timer, err) ?: loop_add(daemon, cw_nft_watch_fd(nft->watch), err);
}

void nft_close(struct daemon *daemon)
{
	struct nft *nft = &daemon->nft;

	if (nft->timer >= 0)
		close(nft->timer);
	cw_nft_watch_close(nft->watch);
	cw_nft_close(nft->nft);
	cw_nft_netdevs_free(nft->netdevs);
	cw_policy_free(nft->policy);
	free(nft->noted);
	free(nft->path);
	memset(nft, 0, sizeof(*nft));
	nft->timer = -1;
}
