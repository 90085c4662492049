// SPDX-License-Identifier: GPL-2.0-or-later
/* The style sheet of the HTML report: light and dark, desktop, phone and paper. */
#include "html.h"

static const char colours[] =
":root{color-scheme:light dark;--ground:#fff;--ink:#1b2430;--muted:#566273;--line:#d5dbe3;--faint:#f5f7f9;"
"--accent:#1d5085;--warn:#8a4b00;--warn-ground:#fdf4e3;--gap:#9aa5b3;--pass:#5b87b8;--drop:#b23a2a;"
"--d1:#e08a4f;--d2:#7c2b45;--d3:#8a94a0;--s0:#2c6cb0;--s1:#d6871c;--s2:#2f8f71;--s3:#a34f85;--s4:#6f7e8f;--s5:#7a6a1f;--s6:#53b3d1;--s7:#a8b0ba}\n"
"@media (prefers-color-scheme:dark){:root{--ground:#11161d;--ink:#e3e8ee;--muted:#9ba8b8;--line:#2d3743;"
"--faint:#19202a;--accent:#8bbcf0;--warn:#f0bd6b;--warn-ground:#2a2212;--gap:#6a7686;--pass:#5d8fc8;--drop:#e0705f;"
"--d1:#eda774;--d2:#b86284;--d3:#8c97a5;--s0:#5b9be0;--s1:#e5a344;--s2:#4fb795;--s3:#cc7fb0;--s4:#8b9aab;--s5:#b3a050;--s6:#74cbe6;--s7:#687482}}\n";

static const char text[] =
"*{box-sizing:border-box}\n"
"html{-webkit-text-size-adjust:100%}\n"
"body{margin:0;background:var(--ground);color:var(--ink);font:16px/1.55 system-ui,-apple-system,\"Segoe UI\",Roboto,"
"\"Helvetica Neue\",Arial,\"Noto Sans\",sans-serif}\n"
".page{max-width:72rem;margin:0 auto;padding:2.5rem 2rem 4rem}\n"
"h1{font-size:1.9rem;line-height:1.2;margin:0 0 .35rem;font-weight:650;letter-spacing:-.01em}\n"
"h2{font-size:1.3rem;line-height:1.3;margin:0 0 .8rem;font-weight:650}\n"
"h3{font-size:1rem;line-height:1.4;margin:1.8rem 0 .5rem;font-weight:650}\n"
"p,ul,ol{margin:0 0 .9rem;max-width:46rem}\n"
"li{margin:.2rem 0}\n"
"a{color:var(--accent)}\n"
"section{margin-top:3rem;padding-top:1.6rem;border-top:1px solid var(--line)}\n"
"header .meta{color:var(--muted);margin:0;max-width:none}\n"
".lead{font-size:1.15rem;line-height:1.5}\n"
".muted,.none,.note{color:var(--muted)}\n"
".note{font-size:.9rem}\n"
".strong{font-weight:600}\n"
".long{overflow-wrap:anywhere}\n"
".mono{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,\"DejaVu Sans Mono\",monospace;font-size:.86em;line-height:1.69;overflow-wrap:anywhere}\n"
".tag{display:inline-block;border:1px solid currentColor;border-radius:3px;padding:0 .4em;margin-right:.35em;"
"font-size:.78rem;line-height:1.5;color:var(--accent)}\n"
".warn{background:var(--warn-ground);color:var(--warn);border-left:3px solid currentColor;padding:.6rem .9rem;max-width:none}\n"
".blank{display:inline-block;min-width:8rem;border-bottom:1px solid var(--muted);color:var(--muted);font-size:.78rem;"
"padding-top:.6rem}\n"
"nav{margin-top:1.6rem}\n"
"nav ul{display:flex;flex-wrap:wrap;gap:.2rem 1.2rem;list-style:none;padding:0;margin:0;max-width:none;font-size:.92rem}\n"
".cards{list-style:none;padding:0;max-width:none;display:grid;grid-template-columns:repeat(auto-fit,minmax(10.5rem,1fr));gap:.8rem;margin:1.4rem 0 1.6rem}\n"
".cards li{margin:0;background:var(--faint);border:1px solid var(--line);border-radius:6px;padding:.8rem 1rem}\n"
".cards span{display:block}\n"
".cards .name{color:var(--muted);font-size:.85rem}\n"
".cards .figure{font-size:1.75rem;line-height:1.25;font-weight:650;font-variant-numeric:tabular-nums}\n"
".cards .detail{color:var(--muted);font-size:.85rem}\n"
".form{max-width:46rem;margin:0 0 1rem}\n"
".form .blank{width:100%}\n"
".form th{width:50%;font-weight:400;color:var(--muted)}\n";

static const char tables[] =
".box{overflow-x:auto;max-width:100%;margin:0 0 1rem}\n"
".box:focus-visible{outline:2px solid var(--accent);outline-offset:2px}\n"
"table{border-collapse:collapse;width:100%;font-size:.9rem;line-height:1.45}\n"
"caption{text-align:left;color:var(--muted);font-size:.88rem;padding:0 0 .5rem}\n"
"th,td{text-align:left;vertical-align:top;padding:.45rem .8rem .45rem 0;border-bottom:1px solid var(--line)}\n"
"th:last-child,td:last-child{padding-right:0}\n"
"thead th{font-weight:600;color:var(--muted);border-bottom:2px solid var(--line);vertical-align:bottom}\n"
"td{overflow-wrap:break-word}\n"
".n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}\n"
".moment,.mac{white-space:nowrap}\n"
"td.n+td,th.n+th{padding-left:1.2rem}\n"
".w{width:22%}\n";

static const char charts[] =
"figure{margin:1.4rem 0 2rem}\n"
"figcaption{font-weight:600;margin-bottom:.5rem}\n"
".chart{display:flex;max-width:100%}\n"
".chart .axis{flex:none}\n"
".chart .plot{flex:1;min-width:0}\n"
"svg{display:block;overflow:visible}\n"
"svg text{fill:var(--muted);font-size:12px;font-variant-numeric:tabular-nums}\n"
".bars text{fill:var(--ink);font-size:13px}\n"
".bars .detail{fill:var(--muted)}\n"
".grid{stroke:var(--line);stroke-width:1;shape-rendering:crispEdges}\n"
".base{stroke:var(--muted);stroke-width:1;shape-rendering:crispEdges}\n"
".gap-line{fill:var(--gap);opacity:.55}\n"
".legend{display:flex;flex-wrap:wrap;gap:.1rem 1.2rem;list-style:none;padding:0;margin:.5rem 0 0;font-size:.88rem;max-width:none}\n"
".legend li{display:flex;align-items:center;gap:.45rem}\n"
"details{margin:.6rem 0 0;font-size:.92rem}\n"
"summary{cursor:pointer;color:var(--accent);margin-bottom:.5rem}\n"
".s0{fill:var(--s0)}.s1{fill:var(--s1)}.s2{fill:var(--s2)}.s3{fill:var(--s3)}.s4{fill:var(--s4)}.s5{fill:var(--s5)}"
".s6{fill:var(--s6)}.s7{fill:var(--s7)}.p0{fill:var(--pass)}.p1{fill:var(--drop)}\n"
".d0{fill:var(--drop)}.d1{fill:var(--d1)}.d2{fill:var(--d2)}.d3{fill:var(--d3)}\n";

static const char phone[] =
"@media screen and (max-width:42rem){.spare{display:none}.page{padding:1.4rem 1rem 3rem}h1{font-size:1.5rem}.lead{font-size:1.05rem}"
"section{margin-top:2.2rem}.cards{grid-template-columns:1fr 1fr}.cards .figure{font-size:1.4rem}"
".box{box-shadow:inset -8px 0 8px -8px var(--gap)}"
".box table:not(.stack){width:max-content;min-width:100%}table:not(.stack) td{max-width:17rem}"
".box:has(.stack){box-shadow:none}"
".stack,.stack tbody,.stack tr,.stack td{display:block;width:auto}.stack caption{display:block}"
".stack thead{position:absolute;clip-path:inset(50%);width:1px;height:1px;overflow:hidden}"
".stack tr{border:1px solid var(--line);border-radius:6px;background:var(--faint);padding:.6rem .8rem;margin-bottom:.7rem}"
".stack td,.stack td.n,.stack td.n+td{border:0;padding:.2rem 0 .2rem 6.6rem;text-align:left;white-space:normal;min-height:1.7rem;position:relative}"
".stack td::before{position:absolute;left:0;width:6.2rem;color:var(--muted);font-size:.82rem}}\n";

static const char paper[] =
"@page{size:A4;margin:16mm 14mm}\n"
"@media print{:root{color-scheme:light;--ground:#fff;--ink:#000;--muted:#444;--line:#bbb;--faint:#f6f6f6;--accent:#000;"
"--warn:#000;--warn-ground:#fff;--gap:#888;--pass:#5b87b8;--drop:#b23a2a;--d1:#e08a4f;--d2:#7c2b45;--d3:#8a94a0;--s0:#2c6cb0;--s1:#d6871c;--s2:#2f8f71;"
"--s3:#a34f85;--s4:#6f7e8f;--s5:#7a6a1f;--s6:#53b3d1;--s7:#a8b0ba}"
"html{font-size:10pt}body{font-size:1rem;-webkit-print-color-adjust:exact;print-color-adjust:exact}.page{max-width:none;padding:0}"
"nav,details{display:none}h1{font-size:18pt}h2{font-size:13pt}section{margin-top:1.4rem;padding-top:1rem}"
"#devices,#policies,#far{break-before:page;border-top:0;margin-top:0;padding-top:0}svg text{font-size:9px}"
"h2,h3,figcaption,caption{break-after:avoid}tr,figure,.cards li,li{break-inside:avoid}p{orphans:3;widows:3}"
"thead{display:table-header-group}.box{overflow:visible}table{font-size:8pt}th,td{padding:.25rem .5rem .25rem 0}"
".cards{grid-template-columns:repeat(5,1fr);gap:.4rem}.cards li{padding:.5rem .6rem}.cards .figure{font-size:14pt}"
".blank{color:transparent}a{text-decoration:none}}\n";

/* The heads beside the cells stand in the style sheet once, not in each row. */
static void labels(struct html *html, const struct html_table *table)
{
	const struct html_column *column;
	size_t n = 1;

	fputs("@media screen and (max-width:42rem){", html->out);
	if (table->sites && html->report->n_sites > 1)
		fprintf(html->out, "#%s td:nth-child(%zu)::before{content:\"Site\"}", table->id, n++);
	for (column = table->columns; column->head; column++)
		fprintf(html->out, "#%s td:nth-child(%zu)::before{content:\"%s\"}", table->id, n++, column->head);
	fputs("}\n", html->out);
}

void html_style(struct html *html, const struct html_table *const *stacked)
{
	static const char *const parts[] = { colours, text, tables, charts, phone, paper };
	size_t i;

	fputs("<style>\n", html->out);
	for (i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		fputs(parts[i], html->out);
	for (; *stacked; stacked++)
		labels(html, *stacked);
	fputs("</style>\n", html->out);
}
