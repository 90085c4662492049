/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the sections of the HTML report share: headings, tables, cells. Not for others. */
#ifndef CW_REPORT_HTML_H
#define CW_REPORT_HTML_H

#include "report.h"
#include "report_text.h"

/**
 * struct html_column - a column of a table
 * @head: its head; an array of them ends with one that is NULL
 * @class: "n" for figures, "w" for one that is wide, else ""
 */
struct html_column {
	const char *head, *class;
};

/**
 * struct html_table - a table; each row has a cell for each column
 * @id: unique in the page
 * @caption: what it lists
 * @sites: with several sites, the site stands in front of the columns
 * @stack: on a phone each row becomes a box, with the heads beside the cells
 */
struct html_table {
	const char *id, *caption;
	bool sites, stack;
	const struct html_column *columns;
};

/**
 * struct html - a page that is being written
 * @out: markup goes there by fputs(), texts by report_html() and report_htmlf()
 * @table, @column: where in which table
 */
struct html {
	FILE *out;
	const struct report *report;
	const struct html_table *table;
	size_t column;
};

/** html_style() - the style sheet; @tables: those with @stack, ended by NULL */
void html_style(struct html *html, const struct html_table *const *tables);

/** html_section() - begin a section; @id is the target of the table of contents */
void html_section(struct html *html, const char *id, const char *title);
void html_section_end(struct html *html);

/** html_table() - begin a table: its caption and heads; html_table_end() ends it */
void html_table(struct html *html, const struct html_table *table);
void html_table_end(struct html *html);

/** html_row() - begin a row; @site: of which site it is, where the table tells it */
void html_row(struct html *html, size_t site);
void html_row_end(struct html *html);

/** html_cell() - begin the next cell; html_cell_end() ends it */
void html_cell(struct html *html);
void html_cell_end(struct html *html);

/** html_text_cell() - the next cell, of a text, which is escaped */
__attribute__((format(printf, 2, 3)))
void html_text_cell(struct html *html, const char *fmt, ...);

/** html_count_cell() - the next cell, of a figure */
void html_count_cell(struct html *html, uint64_t n);

/**
 * html_line() - a line within a cell, escaped; nothing for NULL; @class: "strong", "strong long",
 *	"mono", "mono mac", "muted", "moment" or ""
 */
__attribute__((format(printf, 3, 4)))
void html_line(struct html *html, const char *class, const char *fmt, ...);

/** html_lines() - a text of lines, each a line within the cell */
void html_lines(struct html *html, const char *text);

/** html_paragraph() - a paragraph of text, escaped */
__attribute__((format(printf, 3, 4)))
void html_paragraph(struct html *html, const char *class, const char *fmt, ...);

/** html_blank() - a field that the gateway cannot know, for a pen */
void html_blank(struct html *html);

void html_summary(struct html *html);
void html_charts(struct html *html);
void html_years(struct html *html);
void html_devices(struct html *html);
void html_policies(struct html *html);
void html_blocked(struct html *html);
void html_exemptions(struct html *html);
void html_gaps(struct html *html);
void html_far(struct html *html);
void html_limits(struct html *html);

extern const struct html_table html_device_table;

#endif
