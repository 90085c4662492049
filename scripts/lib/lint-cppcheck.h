/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What cppcheck, which reads no headers of the system, has to know of them. For scripts/lint alone. */
#define LIBBPF_OPTS(type, name, ...)	struct type name = { 0 }
#define mnl_attr_for_each(attr, nlh, offset) \
	for (attr = mnl_nlmsg_get_payload_offset(nlh, offset); attr; attr = mnl_attr_next(attr))
#define mnl_attr_for_each_nested(attr, nest) \
	for (attr = mnl_attr_get_payload(nest); attr; attr = mnl_attr_next(attr))

void err(int status, const char *format, ...) __attribute__((noreturn));
void errx(int status, const char *format, ...) __attribute__((noreturn));
