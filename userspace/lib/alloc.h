/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Memory in user space: where it ends, the program ends with a message. */
#ifndef CW_ALLOC_H
#define CW_ALLOC_H

#include <stdarg.h>
#include <stddef.h>

/** cw_malloc() - as malloc(), never NULL */
void *cw_malloc(size_t size);

/** cw_calloc() - as calloc(), never NULL */
void *cw_calloc(size_t n, size_t size);

/** cw_reallocarray() - as reallocarray(), never NULL */
void *cw_reallocarray(void *array, size_t n, size_t size);

/** cw_strdup() - as strdup(), never NULL */
char *cw_strdup(const char *text);

/** cw_strndup() - as strndup(), never NULL */
char *cw_strndup(const char *text, size_t n);

/** cw_asprintf() - print to a new string, for free(), never NULL */
__attribute__((format(printf, 1, 2)))
char *cw_asprintf(const char *fmt, ...);

/** cw_vasprintf() - the same, of arguments that somebody else has taken */
__attribute__((format(printf, 1, 0)))
char *cw_vasprintf(const char *fmt, va_list args);

/**
 * cw_array_room() - make room for one more element at the end of an array
 * @array: grown by no other function than this; NULL at first
 * @n: elements in it now
 * @size: octets of an element
 *
 * The room doubles whenever @n reaches a power of two, so that no capacity has to be kept.
 *
 * Return: the array, as it may have moved.
 */
void *cw_array_room(void *array, size_t n, size_t size);

#endif
