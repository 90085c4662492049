/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What JSON of devices and JSON of events share. */
#ifndef CW_JSON_PRIVATE_H
#define CW_JSON_PRIVATE_H

#include <jansson.h>

#include "inventory.h"

/** cw_json_add_place() - add the keys ifname, ifindex, vlan, vlan_protocol */
void cw_json_add_place(json_t *json, const struct cw_place *place);

#endif
