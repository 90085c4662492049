// SPDX-License-Identifier: GPL-2.0-or-later
/* Sections, tables and cells of the HTML report. */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "alloc.h"
#include "html.h"

void html_section(struct html *html, const char *id, const char *title)
{
	fprintf(html->out, "<section id=\"%s\" aria-labelledby=\"%s-head\">\n<h2 id=\"%s-head\">", id, id, id);
	report_html(html->out, title);
	fputs("</h2>\n", html->out);
}

void html_section_end(struct html *html)
{
	fputs("</section>\n\n", html->out);
}

static bool tells_site(const struct html *html)
{
	return html->table->sites && html->report->n_sites > 1;
}

/* A box whose content is displayed otherwise is a table no more for those who hear it, unless its roles say so. */
static const char *role(const struct html *html, const char *text)
{
	return html->table->stack ? text : "";
}

static void head(struct html *html, const char *text, const char *class)
{
	fprintf(html->out, "<th scope=\"col\"%s%s%s%s>", role(html, " role=\"columnheader\""),
		*class ? " class=\"" : "", class, *class ? "\"" : "");
	report_html(html->out, text);
	fputs("</th>", html->out);
}

void html_table(struct html *html, const struct html_table *table)
{
	const struct html_column *column;

	html->table = table;
	fprintf(html->out, "<div class=\"box\" role=\"region\" tabindex=\"0\" aria-labelledby=\"%s-caption\">\n<table id=\"%s\"%s%s>\n<caption id=\"%s-caption\">",
		table->id, table->id, table->stack ? " class=\"stack\"" : "", role(html, " role=\"table\""), table->id);
	report_html(html->out, table->caption);
	fprintf(html->out, "</caption>\n<thead%s><tr%s>", role(html, " role=\"rowgroup\""), role(html, " role=\"row\""));
	if (tells_site(html))
		head(html, "Site", "");
	for (column = table->columns; column->head; column++)
		head(html, column->head, column->class);
	fprintf(html->out, "</tr></thead>\n<tbody%s>\n", role(html, " role=\"rowgroup\""));
}

void html_table_end(struct html *html)
{
	fputs("</tbody>\n</table>\n</div>\n", html->out);
}

void html_row(struct html *html, size_t site)
{
	html->column = 0;
	fprintf(html->out, "<tr%s>", role(html, " role=\"row\""));
	if (!tells_site(html))
		return;
	fprintf(html->out, "<td%s>", role(html, " role=\"cell\""));
	report_html(html->out, html->report->sites[site].name);
	fputs("</td>", html->out);
}

void html_row_end(struct html *html)
{
	fputs("</tr>\n", html->out);
}

void html_cell(struct html *html)
{
	const char *class = html->table->columns[html->column++].class;

	fprintf(html->out, "<td%s%s%s%s>", role(html, " role=\"cell\""), *class ? " class=\"" : "", class,
		*class ? "\"" : "");
}

void html_cell_end(struct html *html)
{
	fputs("</td>", html->out);
}

/* What is printed, in an element of @tag, escaped. */
static void element(struct html *html, const char *tag, const char *class, const char *fmt, va_list args)
{
	char *text = NULL;

	if (vasprintf(&text, fmt, args) < 0)
		return;
	fprintf(html->out, "<%s%s%s%s>", tag, *class ? " class=\"" : "", class, *class ? "\"" : "");
	report_html(html->out, text);
	fprintf(html->out, "</%s>", tag);
	free(text);
}

void html_text_cell(struct html *html, const char *fmt, ...)
{
	char *text = NULL;
	va_list args;

	html_cell(html);
	va_start(args, fmt);
	if (vasprintf(&text, fmt, args) >= 0) {
		report_html(html->out, text);
		free(text);
	}
	va_end(args);
	html_cell_end(html);
}

void html_count_cell(struct html *html, uint64_t n)
{
	char text[REPORT_TEXT_LEN];

	html_text_cell(html, "%s", report_count(n, text));
}

void html_line(struct html *html, const char *class, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	element(html, "div", class, fmt, args);
	va_end(args);
}

void html_lines(struct html *html, const char *text)
{
	while (text && *text) {
		size_t length = strcspn(text, "\n");

		html_line(html, "", "%.*s", (int)length, text);
		text += length + (text[length] == '\n');
	}
}

void html_paragraph(struct html *html, const char *class, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	element(html, "p", class, fmt, args);
	va_end(args);
	putc('\n', html->out);
}

void html_blank(struct html *html)
{
	fputs("<span class=\"blank\">to be filled in</span>", html->out);
}
