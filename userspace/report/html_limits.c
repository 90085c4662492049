// SPDX-License-Identifier: GPL-2.0-or-later
/* What the method cannot tell, in plain words. */
#include "html.h"

void html_limits(struct html *html)
{
	html_section(html, "limits", "How this was found out, and what it cannot tell");
	fputs("<p>The gateway compares the MAC address of every frame that passes it with the prefixes that its policy "
	      "names. These come from the IEEE's public registry of assignments, by the names of the companies meant, "
	      "and from lists of prefixes with a date. Each device above is listed with the prefix that it matched.</p>\n"
	      "<ul>\n"
	      "<li>A device that is not listed is no proof that there is none.</li>\n"
	      "<li>A MAC prefix names the company that a network adapter's address was assigned to. That is not always "
	      "the one that made the camera, nor the brand on it. A Wi-Fi camera may show the maker of its radio.</li>\n"
	      "<li>A MAC address can be set by hand, or be random. Who hides a device on purpose can hide it from this "
	      "method.</li>\n"
	      "<li>A router or repeater in between puts its own address in the place of the camera's. A recorder with "
	      "camera ports of its own hides what is plugged into them.</li>\n"
	      "<li>Traffic between two ports of the same switch never passes the gateway, and is neither seen nor "
	      "blocked.</li>\n"
	      "<li>An old edition of the registry lacks the prefixes that were assigned since. The editions are with "
	      "the devices.</li>\n"
	      "<li>What the gateway did not observe is listed as a gap. Nothing is estimated for it.</li>\n"
	      "<li>Moments are those of the gateway's clock, in UTC. Days begin at 00:00 UTC. Where the period begins "
	      "or ends within a day, traffic and blocked packets are those of the whole day.</li>\n"
	      "</ul>\n", html->out);
	html_section_end(html);
}
