// SPDX-License-Identifier: GPL-2.0-or-later
/* camwall vendors: the vendor packs, and the prefixes that they stand for. */
#include <stdio.h>
#include <stdlib.h>

#include "alloc.h"
#include "output.h"
#include "pack.h"

/**
 * struct vendor - a pack, resolved
 * @registry: what it was resolved against; NULL: only its pinned prefixes
 */
struct vendor {
	struct cw_pack *pack;
	const struct cw_registry *registry;
	uint64_t *prefixes;
	size_t n_prefixes;
};

static const char *registry_dir;

static int vendor_load(struct vendor *vendor, const char *name, const struct cw_registry *registry,
		       struct cw_error *err)
{
	vendor->registry = registry;
	vendor->pack = cw_pack_load(cw_pack_dirs(), name, err);
	if (!vendor->pack)
		return -1;
	return cw_pack_resolve(vendor->pack, registry, &vendor->prefixes, &vendor->n_prefixes, err);
}

static void vendor_clear(struct vendor *vendor)
{
	cw_pack_free(vendor->pack);
	free(vendor->prefixes);
}

static const char *organization(const struct vendor *vendor, uint64_t prefix)
{
	const struct cw_assignment *assignment;

	assignment = vendor->registry ?
		cw_registry_find(vendor->registry, cw_prefix_mac(prefix)) : NULL;
	if (!assignment || assignment->subdivided)
		return NULL;
	return assignment->organization;
}

static json_t *pack_json(const struct vendor *vendor)
{
	const struct cw_pack *pack = vendor->pack;
	json_t *organizations = json_array();
	size_t i;

	for (i = 0; i < pack->n_organizations; i++)
		json_array_append_new(organizations, json_text(pack->organization_titles[i]));
	return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:I}",
			 "name", json_text(pack->name), "title", json_text(pack->title),
			 "basis", json_text(pack->basis), "date", json_text(pack->date),
			 "confidence", json_text(pack->confidence), "note", json_text(pack->note),
			 "organizations", organizations,
			 "prefix_count", (json_int_t)vendor->n_prefixes);
}

static enum tool_status vendor_json(const struct tool *tool, const struct vendor *vendor)
{
	json_t *json = pack_json(vendor), *prefixes = json_array();
	char text[CW_PREFIX_STRLEN + 1];
	size_t i;

	for (i = 0; i < vendor->n_prefixes; i++)
		json_array_append_new(prefixes, json_pack("{s:s, s:o}",
							  "prefix", cw_prefix_format(vendor->prefixes[i], text),
							  "organization", json_text(organization(vendor, vendor->prefixes[i]))));
	json_object_set_new(json, "prefixes", prefixes);
	return json_end(tool, json);
}

static void print_prefixes(const struct vendor *vendor)
{
	static const char *const columns[] = { "PREFIX", "ORGANIZATION", NULL };
	struct table *table = table_new(columns);
	char text[CW_PREFIX_STRLEN + 1];
	size_t i;

	for (i = 0; i < vendor->n_prefixes; i++) {
		table_cell(table, "%s", cw_prefix_format(vendor->prefixes[i], text));
		table_cell(table, "%s", organization(vendor, vendor->prefixes[i]) ?:
			   "(pinned by the pack)");
	}
	table_end(table);
}

static void print_vendor(const struct vendor *vendor)
{
	const struct cw_pack *pack = vendor->pack;
	size_t i;

	printf("name           %s\n", pack->name);
	printf("title          %s\n", pack->title);
	printf("basis          %s\n", pack->basis);
	printf("date           %s\n", pack->date);
	printf("confidence     %s\n", pack->confidence);
	if (pack->note)
		printf("note           %s\n", pack->note);
	printf("file           %s\n", pack->file);
	for (i = 0; i < pack->n_organizations; i++)
		printf("%-14s %s\n", i ? "" : "organizations", pack->organization_titles[i]);
	printf("prefixes       %zu\n\n", vendor->n_prefixes);
	print_prefixes(vendor);
}

static enum tool_status show_vendor(const struct tool *tool, const char *name,
				    const struct cw_registry *registry)
{
	struct vendor vendor = { 0 };
	struct cw_error err = { 0 };
	enum tool_status status = TOOL_DONE;

	if (vendor_load(&vendor, name, registry, &err) < 0)
		status = tool_error(&err);
	else if (tool->json)
		status = vendor_json(tool, &vendor);
	else
		print_vendor(&vendor);
	vendor_clear(&vendor);
	return status;
}

static enum tool_status list_json(const struct tool *tool, const struct vendor *vendors, size_t n)
{
	json_t *list = json_array();
	size_t i;

	for (i = 0; i < n; i++)
		json_array_append_new(list, pack_json(&vendors[i]));
	return json_end(tool, list);
}

static void print_list(const struct vendor *vendors, size_t n)
{
	static const char *const columns[] = {
		"NAME", ">PREFIXES", "CONFIDENCE", "DATE", "TITLE", NULL
	};
	struct table *table = table_new(columns);
	size_t i;

	for (i = 0; i < n; i++) {
		table_cell(table, "%s", vendors[i].pack->name);
		table_cell(table, "%zu", vendors[i].n_prefixes);
		table_cell(table, "%s", vendors[i].pack->confidence);
		table_cell(table, "%s", vendors[i].pack->date);
		table_cell(table, "%s", vendors[i].pack->title);
	}
	table_end(table);
}

static enum tool_status list_vendors(const struct tool *tool, const struct cw_registry *registry)
{
	struct vendor *vendors;
	struct cw_error err = { 0 };
	enum tool_status status = TOOL_DONE;
	char **names;
	size_t i, n;

	if (cw_pack_list(cw_pack_dirs(), &names, &n, &err) < 0)
		return tool_error(&err);
	vendors = cw_calloc(n, sizeof(*vendors));
	for (i = 0; i < n && status == TOOL_DONE; i++)
		if (vendor_load(&vendors[i], names[i], registry, &err) < 0)
			status = tool_error(&err);
	if (status == TOOL_DONE && tool->json)
		status = list_json(tool, vendors, n);
	else if (status == TOOL_DONE)
		print_list(vendors, n);
	for (i = 0; i < n; i++) {
		vendor_clear(&vendors[i]);
		free(names[i]);
	}
	free(vendors);
	free(names);
	return status;
}

static enum tool_status vendors_run(const struct tool *tool, int argc, char **argv)
{
	struct cw_registry *registry;
	struct cw_error err = { 0 };
	enum tool_status status;

	if (argc > 1)
		return tool_usage(&vendors_command, "one pack at a time, not also %s", argv[1]);
	registry = cw_registry_load(registry_dir, &err);
	if (!registry)
		tool_warn(tool, "%s; only pinned prefixes are counted", err.message);
	cw_error_clear(&err);
	status = argc ? show_vendor(tool, argv[0], registry) : list_vendors(tool, registry);
	cw_registry_free(registry);
	return status;
}

static const struct tool_option vendors_options[] = {
	{ 0, "registry", "DIR", "read the IEEE registry from DIR", NULL, &registry_dir },
	{ 0 },
};

const struct tool_command vendors_command = {
	.name = "vendors",
	.arguments = "[NAME]",
	.summary = "list the vendor packs, or show one with its prefixes",
	.help = "List the vendor packs that a configuration can name with \"vendor =\", and how\n"
		"many prefixes each stands for with the registry at hand. With a NAME, show that\n"
		"pack: whom it stands for, on which basis, and each of its prefixes.\n",
	.options = vendors_options,
	.run = vendors_run,
};
