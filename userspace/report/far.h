/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What FAR 52.204-25(d)(2) asks for, as far as a history has it. */
#ifndef CW_REPORT_FAR_H
#define CW_REPORT_FAR_H

#include "report.h"

/**
 * struct far_item - devices of one organisation in one group; @vendor: of the first of them
 * @organization: NULL where unknown; belongs to a device of the report
 * @devices: distinct MAC addresses; @first: when the first of them was first seen at all
 * @dropped: packets in the period
 */
struct far_item {
	const struct report_vendor *vendor;
	const struct report_group *group;
	const char *organization;
	uint64_t devices, first, dropped;
};

/** far_items() - by group and organisation; Return: an array of *@n, for free() */
struct far_item *far_items(const struct report *report, size_t *n);

/**
 * far_business_day() - start of the @n-th business day after a moment, unix seconds
 *
 * Monday to Friday, UTC. Federal holidays are not known here.
 */
uint64_t far_business_day(uint64_t moment, unsigned int n);

#endif
