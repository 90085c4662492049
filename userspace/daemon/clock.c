// SPDX-License-Identifier: GPL-2.0-or-later
/* The clocks: wall time, boot time, whether they are synchronised, and when somebody sets them. */
#include <stdint.h>
#include <sys/timerfd.h>
#include <sys/timex.h>
#include <time.h>

#include "config.h"
#include "daemon.h"

struct cw_moment moment_now(void)
{
	struct timex timex = { 0 };
	struct timespec boottime;
	struct cw_moment now;

	clock_gettime(CLOCK_BOOTTIME, &boottime);
	now.time = time(NULL);
	now.boottime = boottime.tv_sec;
	now.synchronized = adjtimex(&timex) >= 0 && !(timex.status & STA_UNSYNC);
	return now;
}

bool clock_plausible(const struct cw_moment *now)
{
	return now->time >= CW_CONFIG_EPOCH;
}

int clock_watch(int fd)
{
	/* So far ahead that it never comes: the descriptor is for the news that the clock was set. */
	struct itimerspec never = { .it_value.tv_sec = INT32_MAX };

	never.it_value.tv_sec += time(NULL);
	return timerfd_settime(fd, TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET, &never, NULL);
}

int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_BOOTTIME, &now);
	return now.tv_sec * INT64_C(1000) + now.tv_nsec / 1000000;
}
