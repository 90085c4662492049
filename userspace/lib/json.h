/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Devices and events as JSON (jansson): the same keys in the tool, in logs and in reports. */
#ifndef CW_JSON_H
#define CW_JSON_H

#include <jansson.h>

#include "events.h"
#include "identity.h"
#include "listing.h"

/** cw_json_text() - a string, or null for NULL; where it is no UTF-8, each octet that is not ASCII becomes '?' */
json_t *cw_json_text(const char *text);

/** cw_json_counters() - packets, bytes, dropped, and why */
json_t *cw_json_counters(const struct cw_policy_counters *counters);

/** cw_json_device() - an entry of the inventory, and whose it is; @identity may be NULL */
json_t *cw_json_device(const struct cw_device *device, const struct cw_identity *identity);

/** cw_json_listed() - the same with host name, addresses and bridge port */
json_t *cw_json_listed(const struct cw_listed *listed);

/**
 * cw_json_event() - an event
 * @identities: for the organisation of its device; may be NULL
 *
 * Keys: event, seq, time, lost, and those that an event of its type has: see struct cw_event.
 */
json_t *cw_json_event(const struct cw_event *event, const struct cw_identities *identities);

#endif
