// SPDX-License-Identifier: GPL-2.0-or-later
/* The devices that were found, one a row, with the evidence. */
#include "html.h"
#include "mac.h"

static const struct html_column columns[] = {
	{ "Device", "w" }, { "Where", "w" }, { "Seen (UTC)", "" }, { "Evidence", "" }, { "Traffic", "n" },
	{ "Blocked", "n" }, { 0 },
};

const struct html_table html_device_table = {
	.id = "devices-table", .sites = true, .stack = true, .columns = columns,
	.caption = "Every device seen in the period, by vendor and MAC address. Traffic and blocked packets are those of the period.",
};

static void name_cell(struct html *html, const struct report_device *device)
{
	char mac[CW_MAC_STRLEN + 1];

	html_cell(html);
	html_line(html, "strong", "%s", html->report->vendors[device->vendor].title);
	html_line(html, "mono mac", "%s", cw_mac_format(device->mac, mac));
	if (device->organization)
		html_line(html, "muted", "%s", device->organization);
	if (device->new)
		fputs("<span class=\"tag\">new</span>", html->out);
	if (device->exempt)
		fputs("<span class=\"tag\">exempt</span>", html->out);
	if (!device->present)
		fputs("<span class=\"tag\">gone</span>", html->out);
	html_cell_end(html);
}

static const char *vlan_text(const struct report_device *device, char buf[static REPORT_TEXT_LEN])
{
	if (device->vlan < 0)
		return "";
	snprintf(buf, REPORT_TEXT_LEN, ", VLAN %d", device->vlan);
	return buf;
}

static void place_cell(struct html *html, const struct report_device *device)
{
	char vlan[REPORT_TEXT_LEN];

	html_cell(html);
	if (device->hostname)
		html_line(html, "strong long", "%s", device->hostname);
	if (device->ipv4)
		html_line(html, "mono", "%s", device->ipv4);
	if (device->ipv6)
		html_line(html, "mono", "%s", device->ipv6);
	if (device->ifname)
		html_line(html, "muted", "%s%s%s%s", device->ifname, device->port ? ", port " : "",
			  device->port ?: "", vlan_text(device, vlan));
	html_cell_end(html);
}

static void seen_cell(struct html *html, const struct report_device *device)
{
	char text[REPORT_TEXT_LEN];

	html_cell(html);
	html_line(html, "moment", "first %s", report_short(device->first, text));
	if (!device->first_exact)
		html_line(html, "muted", "or before");
	html_line(html, "moment", "last %s", report_short(device->last, text));
	if (!device->clock_exact)
		html_line(html, "muted", "clock not synchronised");
	html_cell_end(html);
}

static void evidence_cell(struct html *html, const struct report_device *device)
{
	html_cell(html);
	if (device->prefix)
		html_line(html, "mono mac", "%s", device->prefix);
	html_line(html, "muted", "%s", device->evidence ?: "not recorded");
	html_cell_end(html);
}

static void traffic_cell(struct html *html, const struct report_device *device)
{
	char text[REPORT_TEXT_LEN];

	html_cell(html);
	html_line(html, "", "from %s", report_octets(device->traffic[REPORT_FROM].octets, text));
	html_line(html, "", "to %s", report_octets(device->traffic[REPORT_TO].octets, text));
	html_cell_end(html);
}

void html_devices(struct html *html)
{
	const struct report *report = html->report;
	size_t i;

	html_section(html, "devices", "Devices found");
	if (!report->n_devices) {
		html_paragraph(html, "none", "No device of the policy's vendors was seen in the period.");
		html_section_end(html);
		return;
	}
	html_paragraph(html, "note", "new: first seen in the period. gone: not seen in its last 24 hours. exempt: an exemption was in force at its end. or before: it was there already when observation began or went on. Host names, addresses and places are the last ones recorded; a host name is what the device says of itself.");
	html_table(html, &html_device_table);
	for (i = 0; i < report->n_devices; i++) {
		const struct report_device *device = &report->devices[i];

		html_row(html, device->site);
		name_cell(html, device);
		place_cell(html, device);
		seen_cell(html, device);
		evidence_cell(html, device);
		traffic_cell(html, device);
		html_count_cell(html, report_device_dropped(device));
		html_row_end(html);
	}
	html_table_end(html);
	html_section_end(html);
}
