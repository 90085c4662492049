// SPDX-License-Identifier: GPL-2.0-or-later
/* The loop: events, the interval, the clock, the watchdog and signals, by one epoll. */
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>
#include <syslog.h>
#include <unistd.h>

#include "daemon.h"

#define RETRY_S		5	/* while the module is not there */
#define MAX_READY	8

int loop_add(struct daemon *daemon, int fd, struct cw_error *err)
{
	struct epoll_event event = { .events = EPOLLIN, .data.fd = fd };

	if (epoll_ctl(daemon->epoll, EPOLL_CTL_ADD, fd, &event) < 0)
		return cw_error_set(err, "epoll: %s", strerror(errno));
	return 0;
}

static void arm(int fd, uint64_t us)
{
	struct itimerspec every = {
		.it_value = { us / 1000000, us % 1000000 * 1000 },
		.it_interval = { us / 1000000, us % 1000000 * 1000 },
	};

	timerfd_settime(fd, 0, &every, NULL);
}

static void arm_interval(const struct daemon *daemon)
{
	int64_t seconds = daemon->settings.interval;

	if (!daemon->running && seconds > RETRY_S)
		seconds = RETRY_S;
	arm(daemon->interval, seconds * 1000000);
}

static void on_interval(struct daemon *daemon)
{
	bool running = daemon->running;
	uint64_t times;

	if (read(daemon->interval, &times, sizeof(times)) < 0)
		return;
	watch_clock(daemon);
	watch_start(daemon);
	watch_drain(daemon);
	record_sample(daemon);
	if (running != daemon->running)
		arm_interval(daemon);
}

static void on_clock(struct daemon *daemon)
{
	uint64_t times;

	/* ECANCELED says that the clock was set. */
	if (read(daemon->clock, &times, sizeof(times)) < 0 && errno == EAGAIN)
		return;
	if (clock_watch(daemon->clock) < 0)
		log_at(LOG_ERR, "watching the clock: %s", strerror(errno));
	watch_drain(daemon);
	watch_clock(daemon);
	watch_start(daemon);
	arm_interval(daemon);
}

static void on_watchdog(struct daemon *daemon)
{
	uint64_t times;

	if (read(daemon->watchdog, &times, sizeof(times)) > 0)
		notify("WATCHDOG=1");
}

static void reload(struct daemon *daemon)
{
	struct cw_error err = { 0 };

	if (config_load(daemon, &err) < 0) {
		log_error(LOG_ERR, "the configuration stays as it was", &err);
	} else {
		record_reloaded(daemon);
		nft_resync(daemon);
		arm_interval(daemon);
		log_at(LOG_NOTICE, "configuration, registry and packs were read again");
	}
	if (log_open(&daemon->settings, &err) < 0)
		log_error(LOG_ERR, "events are not logged", &err);
}

/* Return: whether to end. */
static bool on_signal(struct daemon *daemon)
{
	struct signalfd_siginfo info;

	if (read(daemon->signals, &info, sizeof(info)) != sizeof(info))
		return false;
	if (info.ssi_signo == SIGHUP) {
		reload(daemon);
		return false;
	}
	return true;
}

static bool on_ready(struct daemon *daemon, int fd)
{
	if (fd == daemon->signals)
		return on_signal(daemon);
	if (fd == daemon->interval)
		on_interval(daemon);
	else if (fd == daemon->clock)
		on_clock(daemon);
	else if (fd == daemon->watchdog)
		on_watchdog(daemon);
	else if (!nft_ready(daemon, fd))
		watch_drain(daemon);
	return false;
}

static int open_signals(struct daemon *daemon)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGHUP);
	sigprocmask(SIG_BLOCK, &set, NULL);
	signal(SIGPIPE, SIG_IGN);
	return daemon->signals = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
}

static int open_all(struct daemon *daemon, struct cw_error *err)
{
	int flags = TFD_NONBLOCK | TFD_CLOEXEC;

	daemon->epoll = epoll_create1(EPOLL_CLOEXEC);
	daemon->interval = timerfd_create(CLOCK_BOOTTIME, flags);
	daemon->clock = timerfd_create(CLOCK_REALTIME, flags);
	daemon->watchdog = timerfd_create(CLOCK_MONOTONIC, flags);
	if (daemon->epoll < 0 || daemon->interval < 0 || daemon->clock < 0 ||
	    daemon->watchdog < 0 || open_signals(daemon) < 0 || clock_watch(daemon->clock) < 0)
		return cw_error_set(err, "no descriptors: %s", strerror(errno));
	if (loop_add(daemon, daemon->interval, err) < 0 || loop_add(daemon, daemon->clock, err) < 0 ||
	    loop_add(daemon, daemon->watchdog, err) < 0)
		return -1;
	return loop_add(daemon, daemon->signals, err);
}

static void close_all(struct daemon *daemon)
{
	close(daemon->epoll);
	close(daemon->interval);
	close(daemon->clock);
	close(daemon->watchdog);
	close(daemon->signals);
}

static int wait_and_serve(struct daemon *daemon, bool *stop, struct cw_error *err)
{
	struct epoll_event ready[MAX_READY];
	int n, i;

	n = epoll_wait(daemon->epoll, ready, MAX_READY, daemon->more ? 0 : -1);
	if (n < 0 && errno != EINTR)
		return cw_error_set(err, "epoll: %s", strerror(errno));
	for (i = 0; i < n; i++)
		*stop |= on_ready(daemon, ready[i].data.fd);
	if (daemon->more)
		watch_drain(daemon);
	if (daemon->resample) {
		daemon->resample = false;
		record_sample(daemon);
	}
	return 0;
}

int loop_run(struct daemon *daemon, struct cw_error *err)
{
	bool stop = false;
	int ret;

	if (open_all(daemon, err) < 0 || nft_open(daemon, err) < 0)
		return -1;
	watch_start(daemon);
	arm_interval(daemon);
	if (notify_watchdog_us())
		arm(daemon->watchdog, notify_watchdog_us() / 2);
	notify("READY=1");
	do
		ret = wait_and_serve(daemon, &stop, err);
	while (!ret && !stop);
	notify("STOPPING=1");
	watch_drain(daemon);
	if (daemon->running)
		record_sample(daemon);
	watch_stop(daemon, "stopped");
	nft_close(daemon);
	close_all(daemon);
	return ret;
}
