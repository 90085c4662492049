// SPDX-License-Identifier: GPL-2.0
/* A configuration's life: filled, checked as a whole, published, freed after a grace period. */
#include <linux/ctype.h>
#include <linux/glob.h>
#include <linux/in.h>
#include <linux/netlink.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "array.h"
#include "config.h"

static struct workqueue_struct *cw_free_wq;

/**
 * cw_config_alloc() - an empty configuration
 *
 * Context: process; may sleep.
 * Return: for cw_config_free(), or NULL where there is no memory.
 */
struct cw_config *cw_config_alloc(void)
{
	struct cw_config *config;

	config = kzalloc(sizeof(*config), GFP_KERNEL_ACCOUNT);
	if (!config)
		return NULL;
	config->max_devices = CAMWALL_DEVICES_DEFAULT;
	config->idle = CAMWALL_IDLE_DEFAULT;
	return config;
}

/**
 * cw_config_join() - what packets see while a commit is under way
 * @next: a finished configuration, which comes into force
 * @previous: what was in force before; not joint
 *
 * What either forbids is dropped, so that no packet passes of which one half was judged by
 * the one and the other half by the other. Every packet has to ask: the prefixes of the
 * joint one say of no address that it is not listed.
 *
 * Context: process; may sleep.
 * Return: for cw_config_retire(), before @next and @previous go; NULL where there is no
 * memory.
 */
struct cw_config *cw_config_join(const struct cw_config *next,
				 const struct cw_config *previous)
{
	struct cw_config *joint = cw_config_alloc();

	if (!joint)
		return NULL;
	cw_prefix_table_init_open(&joint->table);
	joint->next = next;
	joint->previous = previous;
	return joint;
}

/**
 * cw_config_free() - free a configuration that no packet can see
 * @config: may be NULL
 *
 * Context: process; may sleep.
 */
void cw_config_free(struct cw_config *config)
{
	unsigned int id;

	if (!config)
		return;
	if (config->next) {
		/* What it refers to goes on its own (cw_config_join()). */
		kfree(config);
		return;
	}
	for (id = 0; id < config->n_ids; id++) {
		cw_group_state_put(config->groups[id].state);
		kvfree(config->groups[id].allow);
	}
	kfree(config->groups);
	kfree(config->interfaces);
	cw_exemptions_destroy(&config->exemptions);
	cw_prefix_table_destroy(&config->table);
	kfree(config);
}

static void cw_config_free_work(struct work_struct *work)
{
	cw_config_free(container_of(to_rcu_work(work), struct cw_config,
				    free_work));
}

/**
 * cw_config_retire() - free a configuration once the packets that see it are gone
 * @config: no longer published; may be NULL
 *
 * Context: any.
 */
void cw_config_retire(struct cw_config *config)
{
	if (!config)
		return;
	INIT_RCU_WORK(&config->free_work, cw_config_free_work);
	queue_rcu_work(cw_free_wq, &config->free_work);
}

/**
 * cw_config_add_interface() - add a pattern of device names
 * @config: not published yet
 * @pattern: zero-terminated; one that is there already is not added again
 * @extack: gets the reason of a refusal
 *
 * Context: process; may sleep.
 * Return: 0; -EINVAL, -E2BIG, -ENOMEM.
 */
int cw_config_add_interface(struct cw_config *config, const char *pattern,
			    struct netlink_ext_ack *extack)
{
	char (*grown)[CAMWALL_INTERFACE_LEN + 1];
	unsigned int i;

	if (!*pattern) {
		NL_SET_ERR_MSG(extack, "an interface pattern is empty");
		return -EINVAL;
	}
	for (i = 0; i < config->n_interfaces; i++)
		if (!strcmp(config->interfaces[i], pattern))
			return 0;
	if (config->n_interfaces == CAMWALL_MAX_INTERFACES) {
		NL_SET_ERR_MSG(extack, "too many interface patterns");
		return -E2BIG;
	}
	grown = krealloc_array(config->interfaces, config->n_interfaces + 1,
			       sizeof(*grown), GFP_KERNEL_ACCOUNT);
	if (!grown) {
		NL_SET_ERR_MSG(extack, "out of memory");
		return -ENOMEM;
	}
	config->interfaces = grown;
	strscpy(grown[config->n_interfaces++], pattern, sizeof(*grown));
	return 0;
}

static bool cw_group_name_valid(const char *name)
{
	if (!isascii(*name) || !isalpha(*name))
		return false;
	while (*++name)
		if (!isascii(*name) || !(isalnum(*name) || *name == '-' || *name == '_'))
			return false;
	return true;
}

static struct cw_group *cw_config_group(const struct cw_config *config,
					const char *name)
{
	unsigned int id;

	for (id = 0; id < config->n_ids; id++)
		if (!strcmp(config->groups[id].name, name))
			return &config->groups[id];
	return NULL;
}

static int cw_config_grow_groups(struct cw_config *config, unsigned int n_ids)
{
	struct cw_group *grown;

	if (n_ids <= config->n_ids)
		return 0;
	grown = krealloc_array(config->groups, n_ids, sizeof(*grown),
			       GFP_KERNEL_ACCOUNT);
	if (!grown)
		return -ENOMEM;
	memset(grown + config->n_ids, 0,
	       (n_ids - config->n_ids) * sizeof(*grown));
	config->groups = grown;
	config->n_ids = n_ids;
	return 0;
}

/**
 * cw_config_add_group() - add a group
 * @config: not published yet
 * @spec: the group; its id is at most CAMWALL_MAX_GROUP_ID
 * @extack: gets the reason of a refusal
 *
 * Context: process; may sleep.
 * Return: 0; -EINVAL, -EEXIST, -ENOMEM.
 */
int cw_config_add_group(struct cw_config *config,
			const struct cw_group_spec *spec,
			struct netlink_ext_ack *extack)
{
	struct cw_group *group;

	if (!cw_group_name_valid(spec->name)) {
		NL_SET_ERR_MSG(extack, "a group name is a letter, then letters, digits, '-' and '_'");
		return -EINVAL;
	}
	if (cw_config_group(config, spec->name)) {
		NL_SET_ERR_MSG(extack, "a group of this name is there already");
		return -EEXIST;
	}
	if (spec->id < config->n_ids && config->groups[spec->id].name[0]) {
		NL_SET_ERR_MSG(extack, "a group with this id is there already");
		return -EEXIST;
	}
	if (spec->has_mark && !spec->mark) {
		NL_SET_ERR_MSG(extack, "mark 0 is no tag: leave it out, or choose another value");
		return -EINVAL;
	}
	if (cw_config_grow_groups(config, spec->id + 1)) {
		NL_SET_ERR_MSG(extack, "out of memory");
		return -ENOMEM;
	}
	group = &config->groups[spec->id];
	group->limit = spec->limit;
	if (spec->action == CAMWALL_ACTION_LIMIT && !cw_limit_init(&group->limit)) {
		NL_SET_ERR_MSG(extack, "the action limit needs a rate within max-rate and a burst of less than an hour");
		return -EINVAL;
	}
	group->action = spec->action;
	group->has_mark = spec->has_mark;
	group->mark = spec->mark;
	strscpy(group->name, spec->name, sizeof(group->name));
	config->n_groups++;
	return 0;
}

static bool cw_allow_valid(const struct cw_allow *allow)
{
	if (allow->length > (allow->family == AF_INET ? 32 : 128))
		return false;
	if (!allow->has_ports)
		return true;
	return !allow->any_protocol && allow->port_min <= allow->port_max &&
	       (allow->protocol == IPPROTO_TCP || allow->protocol == IPPROTO_UDP);
}

/**
 * cw_config_add_allow() - add a peer to a group's allow list
 * @config: not published yet
 * @id: the group's
 * @allow: the peer
 * @extack: gets the reason of a refusal
 *
 * Context: process; may sleep.
 * Return: 0; -EINVAL, -ENOENT, -E2BIG, -ENOMEM.
 */
int cw_config_add_allow(struct cw_config *config, u32 id,
			const struct cw_allow *allow,
			struct netlink_ext_ack *extack)
{
	struct cw_group *group;
	struct cw_allow *grown;

	if (id >= config->n_ids || !config->groups[id].name[0]) {
		NL_SET_ERR_MSG(extack, "an allow entry refers to a group that was not added");
		return -ENOENT;
	}
	if (!cw_allow_valid(allow)) {
		NL_SET_ERR_MSG(extack, "an allow entry has too long a prefix, or ports that are out of order or without TCP or UDP");
		return -EINVAL;
	}
	group = &config->groups[id];
	if (group->n_allow == CAMWALL_MAX_ALLOW) {
		NL_SET_ERR_MSG(extack, "too many allow entries in a group");
		return -E2BIG;
	}
	grown = cw_array_grow(group->allow, group->n_allow, &group->room_allow,
			      group->n_allow + 1, sizeof(*grown));
	if (!grown) {
		NL_SET_ERR_MSG(extack, "out of memory");
		return -ENOMEM;
	}
	group->allow = grown;
	grown[group->n_allow++] = *allow;
	return 0;
}

/**
 * cw_config_check_prefixes() - check prefixes as they come in
 * @config: not published yet; has the groups that they refer to
 * @prefixes: packed
 * @n: how many
 * @extack: gets the reason of a refusal
 *
 * Context: any.
 * Return: 0; -EINVAL, -ENOENT.
 */
int cw_config_check_prefixes(const struct cw_config *config,
			     const u64 *prefixes, u32 n,
			     struct netlink_ext_ack *extack)
{
	u32 i;

	for (i = 0; i < n; i++) {
		u8 id = CW_PREFIX_GROUP(prefixes[i]);

		if (!cw_prefix_valid(prefixes[i])) {
			NL_SET_ERR_MSG(extack, "a prefix has a length outside of 24 to 48, or bits set beyond it");
			return -EINVAL;
		}
		if (id >= config->n_ids || !config->groups[id].name[0]) {
			NL_SET_ERR_MSG(extack, "a prefix refers to a group that was not added");
			return -ENOENT;
		}
	}
	return 0;
}

static int cw_config_check_marks(struct cw_config *config,
				 struct netlink_ext_ack *extack)
{
	unsigned int id;

	for (id = 0; id < config->n_ids; id++) {
		struct cw_group *group = &config->groups[id];

		if (!group->has_mark)
			continue;
		if (group->mark & ~config->mark_mask) {
			NL_SET_ERR_MSG(extack, "a group's mark has bits outside of mark-mask");
			return -EINVAL;
		}
		group->mark_mask = config->mark_mask;
	}
	return 0;
}

/* A group that was there before keeps its state, a new one gets one of its own. */
static int cw_config_take_state(struct cw_config *config,
				const struct cw_config *base)
{
	unsigned int id;

	for (id = 0; id < config->n_ids; id++) {
		struct cw_group *group = &config->groups[id], *old = NULL;

		if (!group->name[0])
			continue;
		if (base)
			old = cw_config_group(base, group->name);
		if (old) {
			refcount_inc(&old->state->refs);
			group->state = old->state;
		} else {
			group->state = cw_group_state_alloc();
			if (!group->state)
				return -ENOMEM;
		}
		memcpy(group->stats, group->state->stats, sizeof(group->stats));
	}
	return 0;
}

static void cw_config_count_prefixes(struct cw_config *config)
{
	u32 pos = 0;
	u64 prefix;

	while (cw_prefix_table_next(&config->table, &pos, &prefix)) {
		config->groups[CW_PREFIX_GROUP(prefix)].prefix_count++;
		cond_resched();
	}
}

/**
 * cw_config_finish() - check a configuration as a whole and make it fit for packets
 * @config: filled; not published yet
 * @prefixes: packed, each passed cw_config_check_prefixes()
 * @n: how many
 * @base: what is in force, whose groups hand on their counters; may be NULL
 * @extack: gets the reason of a refusal
 *
 * Context: process; may sleep. @base stays as it is and must not go meanwhile.
 * Return: 0; -EINVAL, -EEXIST, -EAGAIN, -ENOMEM.
 */
int cw_config_finish(struct cw_config *config, const u64 *prefixes, u32 n,
		     const struct cw_config *base,
		     struct netlink_ext_ack *extack)
{
	u64 conflict;
	int err;

	err = cw_config_check_marks(config, extack);
	if (err)
		return err;
	err = cw_exemptions_seal(&config->exemptions, extack);
	if (err)
		return err;

	switch (cw_prefix_table_init(&config->table, prefixes, n, &conflict)) {
	case CW_PREFIX_OK:
		break;
	case CW_PREFIX_CONFLICT:
		NL_SET_ERR_MSG(extack, "the same prefix is in two groups");
		return -EEXIST;
	case CW_PREFIX_CROWDED:
		NL_SET_ERR_MSG(extack, "no table could be built of these prefixes: try again");
		return -EAGAIN;
	case CW_PREFIX_NOMEM:
		goto nomem;
	}
	cw_config_count_prefixes(config);
	if (cw_config_take_state(config, base))
		goto nomem;
	return 0;

nomem:
	NL_SET_ERR_MSG(extack, "out of memory");
	return -ENOMEM;
}

/**
 * cw_config_matches() - whether a pattern matches a device's name
 * @config: the configuration
 * @ifname: the name
 *
 * Context: any.
 */
bool cw_config_matches(const struct cw_config *config, const char *ifname)
{
	unsigned int i;

	for (i = 0; i < config->n_interfaces; i++)
		if (glob_match(config->interfaces[i], ifname))
			return true;
	return false;
}

/**
 * cw_config_size() - octets of memory that a configuration takes
 * @config: a finished one
 *
 * Counters are state, not configuration: they are not in it.
 */
size_t cw_config_size(const struct cw_config *config)
{
	size_t size = sizeof(*config);
	unsigned int id;

	size += config->n_ids * sizeof(*config->groups);
	for (id = 0; id < config->n_ids; id++)
		size += config->groups[id].room_allow *
			sizeof(*config->groups[id].allow);
	size += config->n_interfaces * sizeof(*config->interfaces);
	size += cw_exemptions_size(&config->exemptions);
	return size + cw_prefix_table_size(&config->table);
}

/** cw_config_setup() - before the first configuration; Return: 0 or -ENOMEM */
int cw_config_setup(void)
{
	cw_free_wq = alloc_workqueue("camwall", WQ_UNBOUND, 0);
	return cw_free_wq ? 0 : -ENOMEM;
}

/** cw_config_teardown() - after the last one was retired: waits until all are free */
void cw_config_teardown(void)
{
	rcu_barrier();
	destroy_workqueue(cw_free_wq);
}
