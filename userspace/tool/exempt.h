/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the sources of "camwall exempt" share. */
#ifndef CW_TOOL_EXEMPT_H
#define CW_TOOL_EXEMPT_H

#include <stdlib.h>

#include "tool.h"

/** exempt_list() - print the exemptions of a configuration, and those that the kernel holds */
enum tool_status exempt_list(const struct tool *tool, const char *config, const char *registry_dir);

#endif
