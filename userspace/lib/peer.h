/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Entries of an allow list as text: "192.168.10.1 udp 123". */
#ifndef CW_PEER_H
#define CW_PEER_H

#include "error.h"
#include "policy.h"

/* "ffff:...:255.255.255.255/128 icmpv6 65535-65535" */
#define CW_PEER_STRLEN	79

/**
 * cw_peer_parse() - read an entry of an allow list
 * @text: ADDRESS[/LENGTH] [tcp|udp|icmp|icmpv6|NUMBER [PORT[-PORT]]], split by spaces
 * @allow: the entry; octets of its address beyond the family's are zero
 * @err: says what is wrong and what would be right; bits set beyond the length are an
 *	 error that names the network that was probably meant
 *
 * Return: 0, or -1 with @err set.
 */
int cw_peer_parse(const char *text, struct cw_policy_allow *allow, struct cw_error *err);

/** cw_peer_format() - write what cw_peer_parse() reads back as the same; Return: @buf */
char *cw_peer_format(const struct cw_policy_allow *allow, char buf[static CW_PEER_STRLEN + 1]);

/** cw_peer_mask() - clear the bits of an entry's address beyond its length */
void cw_peer_mask(struct cw_policy_allow *allow);

/** cw_peer_same() - whether two entries say the same */
bool cw_peer_same(const struct cw_policy_allow *a, const struct cw_policy_allow *b);

#endif
