// SPDX-License-Identifier: GPL-2.0-or-later
/* camwall nft install, sync, remove: camwall's tables come, are brought into step, and go. */
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>

#include "netns.h"
#include "nft.h"
#include "nft_define.h"
#include "nft_sync.h"
#include "output.h"

#define TRIES	5	/* to remove what others do not use at that moment */

/**
 * struct work - what install and sync work with
 * @path: of the file of defines
 * @netdevs: what --netdev names, else what the file names
 * @from_file: the latter, for cw_nft_netdevs_free()
 * @written: the file was written anew
 */
struct work {
	const struct tool *tool;
	struct cw_client *client;
	struct cw_nft *nft;
	char *path;
	const char *const *netdevs;
	char **from_file;
	bool written;
	struct cw_nft_report report;
};

static int check_netdevs(const char *const *netdevs, struct cw_error *err)
{
	for (; *netdevs; netdevs++) {
		if (cw_nft_netdev_check(*netdevs, err) < 0)
			return -1;
		if (!if_nametoindex(*netdevs))
			return cw_error_set(err, "--netdev %s: there is no such device: \"ip link\" shows them",
					    *netdevs);
	}
	return 0;
}

static int open_work(struct work *work, const struct nft_options *options, struct cw_error *err)
{
	work->client = cw_client_open(work->tool->netns, err);
	if (!work->client)
		return -1;
	work->nft = cw_nft_open(err);
	if (!work->nft)
		return -1;
	work->path = cw_nft_define_path(work->tool->netns);
	if (*options->netdevs) {
		work->netdevs = options->netdevs;
		return check_netdevs(options->netdevs, err);
	}
	if (cw_nft_define_netdevs(work->path, &work->from_file, err) < 0)
		return -1;
	work->netdevs = (const char *const *)work->from_file;
	return 0;
}

static void close_work(struct work *work)
{
	cw_nft_report_clear(&work->report);
	cw_nft_netdevs_free(work->from_file);
	free(work->path);
	cw_nft_close(work->nft);
	cw_client_close(work->client);
}

static int write_defines(struct work *work, struct cw_error *err)
{
	struct cw_policy *policy = cw_client_read(work->client, err);
	char *text = policy ? cw_nft_define_text(policy, work->netdevs, err) : NULL;
	int ret = text ? cw_nft_define_write(work->path, text, err) : -1;

	free(text);
	cw_policy_free(policy);
	work->written = ret > 0;
	return ret < 0 ? -1 : 0;
}

static enum tool_status report_json(const struct work *work)
{
	const struct cw_nft_report *report = &work->report;
	json_t *notes = json_array();
	size_t i;

	for (i = 0; i < report->n_notes; i++)
		json_array_append_new(notes, json_text(report->notes[i]));
	return json_end(work->tool, json_pack("{s:b, s:b, s:I, s:I, s:I, s:o, s:o, s:b}",
					      "made", report->made, "changed", report->changed,
					      "added", (json_int_t)report->added,
					      "deleted", (json_int_t)report->deleted,
					      "refreshed", (json_int_t)report->refreshed,
					      "notes", notes, "file", json_text(work->path),
					      "file_written", work->written));
}

static enum tool_status print_report(const struct work *work)
{
	const struct cw_nft_report *report = &work->report;
	size_t i;

	if (work->tool->json)
		return report_json(work);
	for (i = 0; i < report->n_notes; i++)
		tool_warn(work->tool, "%s", report->notes[i]);
	if (work->tool->quiet)
		return TOOL_DONE;
	if (report->made)
		printf("installed, with %zu elements\n", report->added);
	else if (report->changed)
		printf("%zu elements added, %zu deleted, %zu refreshed\n", report->added,
		       report->deleted, report->refreshed);
	else
		puts("nothing to change");
	if (work->written)
		printf("%s written\n", work->path);
	return TOOL_DONE;
}

static enum tool_status bring_into_step(const struct tool *tool, const struct nft_options *options,
					bool make)
{
	struct work work = { .tool = tool };
	struct cw_error err = { 0 };
	enum tool_status status;
	int ret;

	ret = open_work(&work, options, &err);
	if (!ret)
		ret = cw_nft_sync(work.nft, work.client, work.netdevs, make, &work.report, &err);
	if (!ret)
		ret = write_defines(&work, &err);
	status = ret ? tool_error(&err) : print_report(&work);
	close_work(&work);
	return status;
}

enum tool_status nft_install(const struct tool *tool, const struct nft_options *options,
			     int argc, char **argv)
{
	return bring_into_step(tool, options, true);
}

enum tool_status nft_sync(const struct tool *tool, const struct nft_options *options,
			  int argc, char **argv)
{
	return bring_into_step(tool, options, false);
}

static json_t *lines_json(char **lines, size_t n)
{
	json_t *list = json_array();
	size_t i;

	for (i = 0; i < n; i++)
		json_array_append_new(list, json_text(lines[i]));
	return list;
}

static enum tool_status in_use(const struct tool *tool, char **lines, size_t n)
{
	struct cw_error err = { 0 };
	size_t i;

	if (tool->json)
		json_end(tool, json_pack("{s:b, s:o}", "removed", 0, "foreign", lines_json(lines, n)));
	fflush(stdout);
	for (i = 0; !tool->json && i < n; i++)
		fprintf(stderr, "%s\n", lines[i]);
	cw_error_set(&err, "%zu thing%s of yours would go with camwall's tables, which stay: take %s out first (\"nft -a list table inet camwall\" shows handles), or give --force",
		     n, n == 1 ? "" : "s", n == 1 ? "it" : "them");
	return tool_error(&err);
}

/* The file first: camwalld would make the tables again where there is one. */
static enum cw_nft_result remove_all(struct cw_nft *nft, const struct cw_nft_state *state,
				     const char *path, struct cw_error *err)
{
	enum cw_nft_result result;

	if (cw_nft_define_remove(path, err) < 0)
		return CW_NFT_FAILED;
	result = cw_nft_remove(nft, state, err);
	if (result == CW_NFT_FAILED)
		cw_error_set(err, "the tables stay");
	return result;
}

static enum tool_status removed(const struct tool *tool, char **lines, size_t n)
{
	if (tool->json)
		return json_end(tool, json_pack("{s:b, s:o}", "removed", 1, "foreign", lines_json(lines, n)));
	if (!tool->quiet)
		printf("removed%s\n", n ? ", with what was yours in it" : "");
	return TOOL_DONE;
}

static enum tool_status remove_state(const struct tool *tool, const struct nft_options *options,
				     struct cw_nft *nft, const struct cw_nft_state *state, bool *again)
{
	char **lines, *path = cw_nft_define_path(tool->netns);
	enum tool_status status = TOOL_FAILED;
	struct cw_error err = { 0 };
	enum cw_nft_result result;
	size_t n;

	*again = false;
	cw_nft_foreign(state, &lines, &n);
	if (n && !options->force) {
		status = in_use(tool, lines, n);
	} else {
		result = remove_all(nft, state, path, &err);
		*again = result == CW_NFT_AGAIN;
		if (result == CW_NFT_DONE)
			status = removed(tool, lines, n);
		else if (result == CW_NFT_FAILED)
			tool_error(&err);
	}
	cw_error_clear(&err);
	cw_nft_lines_free(lines, n);
	free(path);
	return status;
}

/* Not there is what is wanted; and a file of defines without a table says what is not so. */
static enum tool_status remove_nothing(const struct tool *tool)
{
	char *path = cw_nft_define_path(tool->netns);
	struct cw_error err = { 0 };
	int ret = cw_nft_define_remove(path, &err);

	free(path);
	if (ret < 0)
		return tool_error(&err);
	if (tool->json)
		return json_end(tool, json_pack("{s:b, s:[]}", "removed", 0, "foreign"));
	if (!tool->quiet)
		puts("there is no table of camwall in nftables");
	return TOOL_DONE;
}

enum tool_status nft_remove(const struct tool *tool, const struct nft_options *options,
			    int argc, char **argv)
{
	enum tool_status status = TOOL_FAILED;
	struct cw_error err = { 0 };
	struct cw_nft_state state;
	struct cw_nft *nft = NULL;
	bool again = true;
	int tries;

	if (!tool->netns || cw_netns_enter(tool->netns, &err) == 0)
		nft = cw_nft_open(&err);
	if (!nft)
		return tool_error(&err);
	for (tries = 0; again && tries < TRIES; tries++) {
		again = false;
		if (cw_nft_state_read(nft, &state, &err) < 0)
			status = tool_error(&err);
		else if (!state.tables[0].exists && !state.tables[1].exists)
			status = remove_nothing(tool);
		else
			status = remove_state(tool, options, nft, &state, &again);
		cw_nft_state_clear(&state);
	}
	if (again) {
		cw_error_set(&err, "others change the ruleset all the time, and the tables stay: try again");
		status = tool_error(&err);
	}
	cw_nft_close(nft);
	return status;
}
