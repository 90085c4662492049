/* SPDX-License-Identifier: GPL-2.0 */
/* linux/unaligned.h as of Linux 6.12: before that it was asm/unaligned.h. */
#ifndef _CW_COMPAT_LINUX_UNALIGNED_H
#define _CW_COMPAT_LINUX_UNALIGNED_H

#include <linux/version.h>

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 12, 0)
#include <asm/unaligned.h>
#else
#include_next <linux/unaligned.h>
#endif

#endif
