/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What module/prefix.c needs of linux/string.h, in user space. */
#include <string.h>
