// SPDX-License-Identifier: GPL-2.0-or-later
/* What was probably meant by a word that is not known. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "alloc.h"
#include "suggest.h"

static size_t min(size_t a, size_t b)
{
	return a < b ? a : b;
}

static int differs(const char *a, const char *b)
{
	return tolower((unsigned char)*a) != tolower((unsigned char)*b);
}

/* Edits (a letter more, less, another, two swapped) from one word to the other. */
static size_t distance(const char *a, const char *b)
{
	size_t rows = strlen(a) + 1, columns = strlen(b) + 1, i, k, edits;
	size_t *d = cw_calloc(rows * columns, sizeof(*d));

#define D(row, column) d[(row) * columns + (column)]
	for (i = 0; i < rows; i++)
		D(i, 0) = i;
	for (k = 0; k < columns; k++)
		D(0, k) = k;
	for (i = 1; i < rows; i++) {
		for (k = 1; k < columns; k++) {
			D(i, k) = min(min(D(i - 1, k), D(i, k - 1)) + 1,
				      D(i - 1, k - 1) + differs(a + i - 1, b + k - 1));
			if (i > 1 && k > 1 && !differs(a + i - 1, b + k - 2) &&
			    !differs(a + i - 2, b + k - 1))
				D(i, k) = min(D(i, k), D(i - 2, k - 2) + 1);
		}
	}
	edits = D(rows - 1, columns - 1);
#undef D
	free(d);
	return edits;
}

const char *cw_suggest(const char *word, const char *const *known)
{
	size_t best = strlen(word) / 3 + 1;
	const char *nearest = NULL;

	for (; *known; known++) {
		size_t edits = distance(word, *known);

		/* A word that has nothing in common with another is no misspelling of it. */
		if (edits > best || (nearest && edits == best) || edits >= strlen(*known))
			continue;
		best = edits;
		nearest = *known;
	}
	return nearest;
}
