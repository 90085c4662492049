/* SPDX-License-Identifier: GPL-2.0-or-later */
/* An event as a line that a person reads. */
#ifndef CW_EVENT_TEXT_H
#define CW_EVENT_TEXT_H

#include "events.h"
#include "identity.h"

/**
 * cw_event_text() - what an event tells, in one line without its end
 * @identities: for the organisation of its device; may be NULL
 *
 * "2026-11-25T16:00:00Z device-new 44:19:b6:12:34:56 hikvision (Hangzhou Hikvision ...) at lan0":
 * the moment in UTC, the event's name, and the rest for people. Nothing in it steers a terminal.
 * What was lost is not in it.
 *
 * Return: a new string for free().
 */
char *cw_event_text(const struct cw_event *event, const struct cw_identities *identities);

/** cw_place_text() - "lan0", "lan0 vlan 20", "nowhere any more"; for free() */
char *cw_place_text(const struct cw_place *place);

#endif
