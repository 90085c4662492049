/* SPDX-License-Identifier: GPL-2.0-or-later */
/* libcamwall: put a policy in force, list devices, follow events, from a program of your own. */
#ifndef CAMWALL_CAMWALL_H
#define CAMWALL_CAMWALL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * DOC: rules that hold for all of it
 *
 * Objects are opaque, and what is in them is asked for by functions, so that none of them can
 * outgrow a program that was built earlier. What a function returns by a pointer without const
 * is the caller's, to be given to the function that its description names; char * is for
 * free(). What it returns by a pointer to const belongs to the object that was asked, and
 * lives as long as that does, where nothing else is said.
 *
 * Errors: a function that can fail has a last parameter @error. It may be NULL. Else *@error is
 * set to a sentence for free() where the function fails, which names file and line where
 * there are any, and what to do; and to NULL where it does not. A function that is asked for
 * text or an element that is not there returns NULL, one that is asked for a number 0.
 *
 * Threads: one object is for one thread at a time. Different objects can be used by different
 * threads at the same time. A function never changes the network namespace that its caller
 * sees, and prints nothing, with one exception: where memory ends it writes a line
 * to standard error and ends the process, as the kernel then holds one whole policy.
 *
 * Rights: what talks to the kernel needs CAP_NET_ADMIN in the user namespace that owns the
 * network namespace; to name another network namespace needs CAP_SYS_ADMIN as well.
 */

#define CAMWALL_API	__attribute__((visibility("default")))

/** camwall_version() - version of the library, as "MAJOR.MINOR.PATCH" */
CAMWALL_API const char *camwall_version(void);

/* --- The module ------------------------------------------------------------------------ */

/** struct camwall - a connection to the module in one network namespace */
struct camwall;

/**
 * camwall_open() - connect to the module, which makes the kernel load it
 * @netns: a name under /run/netns, or NULL for the calling thread's own
 *
 * Return: a connection for camwall_close(), or NULL: the module is not there, or the caller
 * has no right to it.
 */
CAMWALL_API struct camwall *camwall_open(const char *netns, char **error);

/** camwall_close() - end a connection; the policy stays in force. NULL is allowed */
CAMWALL_API void camwall_close(struct camwall *camwall);

/* --- A configuration ------------------------------------------------------------------- */

/** struct camwall_config - a configuration, as camwall.conf(5) describes it */
struct camwall_config;

/** camwall_config_new() - nothing read yet; for camwall_config_free() */
CAMWALL_API struct camwall_config *camwall_config_new(void);

/** camwall_config_free() - NULL is allowed */
CAMWALL_API void camwall_config_free(struct camwall_config *config);

/** camwall_config_set_registry() - the folder with the IEEE's registry, instead of what the configuration says */
CAMWALL_API void camwall_config_set_registry(struct camwall_config *config, const char *dir);

/** camwall_config_set_vendors() - the folder with the vendor packs, instead of the default ones */
CAMWALL_API void camwall_config_set_vendors(struct camwall_config *config, const char *dir);

/**
 * camwall_config_read_file() - read a configuration, and exemptions.conf beside it, and check them
 * @path: the file
 *
 * It can be called again, for a file that has changed: where it fails, @config is as if nothing
 * had been read, and the policy in force is not touched. What is read is locked against
 * "camwall exempt" until camwall_apply() has put it in force, something else is read, or
 * @config is freed: do so soon.
 *
 * Return: 0; -1 where the file cannot be read or anything in it is wrong.
 */
CAMWALL_API int camwall_config_read_file(struct camwall_config *config, const char *path, char **error);

/**
 * camwall_config_read_text() - the same from memory, without any exemptions beside it
 * @name: what the text is called in errors, in the place of a file's name
 * @text: ended by a zero octet
 */
CAMWALL_API int camwall_config_read_text(struct camwall_config *config, const char *name,
					 const char *text, char **error);

/**
 * camwall_config_warning() - the sentence at @index, from 0 on, that an administrator should read;
 *	NULL after the last
 */
CAMWALL_API const char *camwall_config_warning(const struct camwall_config *config, size_t index);

/** camwall_config_registry_time() - edition of the registry that was read, in seconds since 1970; 0 where none was */
CAMWALL_API uint64_t camwall_config_registry_time(const struct camwall_config *config);

/* --- Putting it in force --------------------------------------------------------------- */

/** struct camwall_changes - what a configuration changes, in lines */
struct camwall_changes;

/* For camwall_apply(): only say what would change. */
#define CAMWALL_CHECK	1u

/**
 * camwall_apply() - make the kernel hold exactly what a configuration says, in one step
 * @config: was read without an error
 * @flags: 0 or CAMWALL_CHECK
 * @changes: set to what has changed, or would, for camwall_changes_free(); may be NULL
 *
 * Where the kernel holds the same already, nothing is done. Where somebody else commits
 * in between, it fails; call it again. Where "camwall boot" had closed the gateway, it is opened,
 * unless the connection is to another network namespace.
 *
 * Return: 0; -1, and then the kernel is as it was, and *@changes is NULL.
 */
CAMWALL_API int camwall_apply(struct camwall *camwall, struct camwall_config *config, unsigned int flags,
			      struct camwall_changes **changes, char **error);

/**
 * camwall_keep() - keep a configuration for a boot at which there is no other
 * @config: was put in force
 *
 * As "camwall apply" does with /etc/camwall/camwall.conf: "camwall boot" puts it in force where
 * that file cannot be, with the prefixes that it has now. Where it was read from a file, its
 * boot-failure is remembered. Needs root. Where all that is kept already nothing is written.
 *
 * Return: 0, or -1.
 */
CAMWALL_API int camwall_keep(struct camwall_config *config, char **error);

/** camwall_flush() - make the kernel hold no policy: all traffic passes; Return: 0, or -1 */
CAMWALL_API int camwall_flush(struct camwall *camwall, char **error);

/** camwall_changes_line() - the line at @index, from 0 on, as "camwall apply" prints it; NULL after the last */
CAMWALL_API const char *camwall_changes_line(const struct camwall_changes *changes, size_t index);

/** camwall_changes_free() - NULL is allowed */
CAMWALL_API void camwall_changes_free(struct camwall_changes *changes);

/* --- What is in force ------------------------------------------------------------------ */

/** struct camwall_status - how the module fares, at one moment */
struct camwall_status;

/** camwall_status_read() - ask for it; Return: for camwall_status_free(), or NULL */
CAMWALL_API struct camwall_status *camwall_status_read(struct camwall *camwall, char **error);

/** camwall_status_free() - NULL is allowed */
CAMWALL_API void camwall_status_free(struct camwall_status *status);

/** camwall_status_version() - the module's version */
CAMWALL_API const char *camwall_status_version(const struct camwall_status *status);

/**
 * camwall_status_digest() - SHA-256 of the configuration's file in hex, as sha256sum(1) prints it;
 *	NULL where none is known
 */
CAMWALL_API const char *camwall_status_digest(const struct camwall_status *status);

/**
 * enum camwall_figure - numbers of a status
 * @CAMWALL_GENERATION: of the policy in force; 0 where nothing was applied since the module was loaded
 * @CAMWALL_GROUP_COUNT: groups
 * @CAMWALL_PREFIX_COUNT: prefixes
 * @CAMWALL_EXEMPTION_COUNT: exemptions, in force or ended
 * @CAMWALL_LINK_COUNT: network devices whose frames are looked at
 * @CAMWALL_DEVICE_COUNT: devices in the inventory
 * @CAMWALL_MAX_DEVICES: how many it holds
 * @CAMWALL_DEVICE_REFUSED: frames of devices that found no place in it
 * @CAMWALL_MEMORY: octets of kernel memory that the policy takes
 * @CAMWALL_CLOCK_BEHIND: seconds that the clock is behind the moment the policy was written; while it
 *			  is, no exemption is in force
 */
enum camwall_figure {
	CAMWALL_GENERATION,
	CAMWALL_GROUP_COUNT,
	CAMWALL_PREFIX_COUNT,
	CAMWALL_EXEMPTION_COUNT,
	CAMWALL_LINK_COUNT,
	CAMWALL_DEVICE_COUNT,
	CAMWALL_MAX_DEVICES,
	CAMWALL_DEVICE_REFUSED,
	CAMWALL_MEMORY,
	CAMWALL_CLOCK_BEHIND,
};

/** camwall_status_figure() - a number of it; 0 for a figure that this version does not know */
CAMWALL_API uint64_t camwall_status_figure(const struct camwall_status *status, enum camwall_figure figure);

/**
 * enum camwall_counter - what was counted
 * @CAMWALL_FROM_PACKETS: frames from the device
 * @CAMWALL_FROM_BYTES: octets of them, from the Ethernet header on
 * @CAMWALL_FROM_DROPPED: frames of them that were dropped
 * @CAMWALL_TO_PACKETS: the same of frames to the device
 * @CAMWALL_TO_BYTES: octets of them
 * @CAMWALL_TO_DROPPED: frames of them that were dropped
 */
enum camwall_counter {
	CAMWALL_FROM_PACKETS,
	CAMWALL_FROM_BYTES,
	CAMWALL_FROM_DROPPED,
	CAMWALL_TO_PACKETS,
	CAMWALL_TO_BYTES,
	CAMWALL_TO_DROPPED,
};

/** struct camwall_groups - the groups of the policy in force, at one moment */
struct camwall_groups;

/** struct camwall_group - one of them, which lives as long as they do */
struct camwall_group;

/** camwall_groups_read() - ask for them; Return: for camwall_groups_free(), or NULL */
CAMWALL_API struct camwall_groups *camwall_groups_read(struct camwall *camwall, char **error);

/** camwall_groups_free() - NULL is allowed */
CAMWALL_API void camwall_groups_free(struct camwall_groups *groups);

/** camwall_groups_get() - the group at @index, from 0 on; NULL after the last */
CAMWALL_API const struct camwall_group *camwall_groups_get(const struct camwall_groups *groups, size_t index);

/** camwall_group_name() - as the configuration has it */
CAMWALL_API const char *camwall_group_name(const struct camwall_group *group);

/** camwall_group_action() - "observe", "isolate", "limit", "drop"; "unknown" for one of a newer module */
CAMWALL_API const char *camwall_group_action(const struct camwall_group *group);

/** camwall_group_mark() - the tag in the packet mark; 0 where the group has none */
CAMWALL_API uint32_t camwall_group_mark(const struct camwall_group *group);

/** camwall_group_prefix_count() - how many prefixes lead to it, those of its vendor packs together */
CAMWALL_API size_t camwall_group_prefix_count(const struct camwall_group *group);

/**
 * camwall_group_counter() - what was counted since the group exists; 0 for a counter that this version
 *	does not know
 */
CAMWALL_API uint64_t camwall_group_counter(const struct camwall_group *group, enum camwall_counter counter);

/* --- A MAC address --------------------------------------------------------------------- */

/** struct camwall_match - what the policy in force says of a MAC address */
struct camwall_match;

/**
 * camwall_lookup() - ask the kernel
 * @mac: "44:19:b6:12:34:56", also with '-', as "4419.b612.3456", or without separators
 *
 * Return: for camwall_match_free(), also where no group lists the address; NULL where it
 * is none, or the kernel cannot be asked.
 */
CAMWALL_API struct camwall_match *camwall_lookup(struct camwall *camwall, const char *mac, char **error);

/** camwall_match_free() - NULL is allowed */
CAMWALL_API void camwall_match_free(struct camwall_match *match);

/** camwall_match_group() - the group that lists it; NULL where none does: its frames are not touched */
CAMWALL_API const char *camwall_match_group(const struct camwall_match *match);

/** camwall_match_prefix() - the longest prefix that it falls in, "28:57:be/24"; NULL where it falls in none */
CAMWALL_API const char *camwall_match_prefix(const struct camwall_match *match);

/** camwall_match_action() - as camwall_group_action(); NULL where no group lists it */
CAMWALL_API const char *camwall_match_action(const struct camwall_match *match);

/** camwall_match_exempt() - whether an exemption is in force now */
CAMWALL_API bool camwall_match_exempt(const struct camwall_match *match);

/** camwall_match_exempt_until() - when its exemption ends or has ended, in seconds since 1970; 0 where it has none */
CAMWALL_API uint64_t camwall_match_exempt_until(const struct camwall_match *match);

/** struct camwall_names - whose MAC addresses are, by the IEEE's registry and the vendor packs */
struct camwall_names;

/**
 * camwall_names_load() - read them; it takes some 10 MB of memory
 * @registry: a folder, or NULL for the newest at hand
 * @vendors: a folder, or NULL for the default ones
 *
 * What cannot be read is left out.
 *
 * Return: for camwall_names_free(), never NULL.
 */
CAMWALL_API struct camwall_names *camwall_names_load(const char *registry, const char *vendors);

/** camwall_names_free() - NULL is allowed */
CAMWALL_API void camwall_names_free(struct camwall_names *names);

/** camwall_names_organization() - whom an address is assigned to; NULL where nobody is known */
CAMWALL_API const char *camwall_names_organization(const struct camwall_names *names, const char *mac);

/** camwall_names_vendor() - name of the vendor pack that lists an address; NULL where none does */
CAMWALL_API const char *camwall_names_vendor(const struct camwall_names *names, const char *mac);

/* --- Devices --------------------------------------------------------------------------- */

/** struct camwall_devices - the inventory at one moment */
struct camwall_devices;

/** struct camwall_device - one device of it, or of an event; it lives as long as they do */
struct camwall_device;

/**
 * camwall_devices_read() - ask for the inventory, sorted by MAC address
 *
 * Return: for camwall_devices_free(), or NULL
 */
CAMWALL_API struct camwall_devices *camwall_devices_read(struct camwall *camwall, char **error);

/** camwall_devices_free() - NULL is allowed */
CAMWALL_API void camwall_devices_free(struct camwall_devices *devices);

/** camwall_devices_get() - the device at @index, from 0 on; NULL after the last */
CAMWALL_API const struct camwall_device *camwall_devices_get(const struct camwall_devices *devices, size_t index);

/** camwall_device_mac() - "44:19:b6:12:34:56" */
CAMWALL_API const char *camwall_device_mac(const struct camwall_device *device);

/**
 * camwall_device_group() - its group; NULL where the address is not listed any more, which only a
 *	device of an event can be
 */
CAMWALL_API const char *camwall_device_group(const struct camwall_device *device);

/** camwall_device_interface() - the network device where it was seen last; NULL where that has gone */
CAMWALL_API const char *camwall_device_interface(const struct camwall_device *device);

/** camwall_device_vlan() - the VLAN id, 1 to 4094, where it was seen last; 0 for untagged frames */
CAMWALL_API unsigned int camwall_device_vlan(const struct camwall_device *device);

/** camwall_device_ipv4() - the last source address, "192.168.10.21"; NULL where none was seen */
CAMWALL_API const char *camwall_device_ipv4(const struct camwall_device *device);

/** camwall_device_ipv6() - the last source address; NULL where none was seen */
CAMWALL_API const char *camwall_device_ipv6(const struct camwall_device *device);

/** camwall_device_first_seen() - in seconds since 1970, by the clock as it is now */
CAMWALL_API uint64_t camwall_device_first_seen(const struct camwall_device *device);

/** camwall_device_last_seen() - in seconds since 1970, by the clock as it is now */
CAMWALL_API uint64_t camwall_device_last_seen(const struct camwall_device *device);

/** camwall_device_gone() - whether it was silent for the configuration's idle time */
CAMWALL_API bool camwall_device_gone(const struct camwall_device *device);

/** camwall_device_exempt() - whether an exemption is in force for it */
CAMWALL_API bool camwall_device_exempt(const struct camwall_device *device);

/**
 * camwall_device_counter() - what was counted since it was first seen; 0 for a counter that this
 *	version does not know
 */
CAMWALL_API uint64_t camwall_device_counter(const struct camwall_device *device, enum camwall_counter counter);

/* --- Events ---------------------------------------------------------------------------- */

/**
 * enum camwall_event_type - what has happened
 * @CAMWALL_EVENTS_UNKNOWN: something that this version does not know, of a newer module
 * @CAMWALL_EVENTS_DEVICE_NEW: a device was seen for the first time
 * @CAMWALL_EVENTS_DEVICE_MOVED: it was seen at another interface or VLAN
 * @CAMWALL_EVENTS_DEVICE_GONE: it was silent for the configuration's idle time
 * @CAMWALL_EVENTS_DEVICE_BACK: it was seen again
 * @CAMWALL_EVENTS_DEVICE_DROPPED: a frame of it was dropped; told once a second at most
 * @CAMWALL_EVENTS_EXEMPTION_ENDED: an exemption has ended
 * @CAMWALL_EVENTS_CONFIG_CHANGED: a policy was put in force, by whomever
 * @CAMWALL_EVENTS_DEVICES_FLUSHED: the inventory was emptied
 * @CAMWALL_EVENTS_DEVICE_FLOOD: the inventory had no room for devices
 * @CAMWALL_EVENTS_LOST: nothing but camwall_events_lost(): events were lost, and none came after
 * @CAMWALL_EVENTS_MODULE_UNLOADED: no policy is in force; the handle waits for the module to come back
 * @CAMWALL_EVENTS_MODULE_LOADED: it has come back, empty: apply again, and list the devices anew
 */
enum camwall_event_type {
	CAMWALL_EVENTS_UNKNOWN,
	CAMWALL_EVENTS_DEVICE_NEW,
	CAMWALL_EVENTS_DEVICE_MOVED,
	CAMWALL_EVENTS_DEVICE_GONE,
	CAMWALL_EVENTS_DEVICE_BACK,
	CAMWALL_EVENTS_DEVICE_DROPPED,
	CAMWALL_EVENTS_EXEMPTION_ENDED,
	CAMWALL_EVENTS_CONFIG_CHANGED,
	CAMWALL_EVENTS_DEVICES_FLUSHED,
	CAMWALL_EVENTS_DEVICE_FLOOD,
	CAMWALL_EVENTS_LOST,
	CAMWALL_EVENTS_MODULE_UNLOADED,
	CAMWALL_EVENTS_MODULE_LOADED,
};

/** struct camwall_events - a listener, and the event that it has read last */
struct camwall_events;

/**
 * camwall_events_open() - listen to the events of a network namespace
 * @netns: as for camwall_open()
 *
 * What happens from here on is delivered, or counted as lost: list the devices after this and not
 * before, and nothing falls in between.
 *
 * Return: for camwall_events_close(), or NULL.
 */
CAMWALL_API struct camwall_events *camwall_events_open(const char *netns, char **error);

/** camwall_events_close() - NULL is allowed */
CAMWALL_API void camwall_events_close(struct camwall_events *events);

/** camwall_events_fd() - a descriptor to poll() for POLLIN; level-triggered, it stays the listener's */
CAMWALL_API int camwall_events_fd(const struct camwall_events *events);

/**
 * camwall_events_next() - read the next event; it never waits
 *
 * Call it until it returns 0, then poll the descriptor. The functions below tell of the
 * event; what they return lives until the next call.
 *
 * Return: 1 for an event; 0 where none waits; -1 where the listener is of no use any more.
 */
CAMWALL_API int camwall_events_next(struct camwall_events *events, char **error);

/** camwall_events_type() - what has happened; CAMWALL_EVENTS_UNKNOWN also before the first event */
CAMWALL_API enum camwall_event_type camwall_events_type(const struct camwall_events *events);

/** camwall_events_name() - the same as text: "device-new", ..., as "camwall monitor" prints it */
CAMWALL_API const char *camwall_events_name(const struct camwall_events *events);

/** camwall_events_lost() - how many events were lost before this one, as the reader was too slow */
CAMWALL_API uint64_t camwall_events_lost(const struct camwall_events *events);

/** camwall_events_time() - when it happened, in nanoseconds since 1970 */
CAMWALL_API uint64_t camwall_events_time(const struct camwall_events *events);

/** camwall_events_device() - the device that it is of; NULL where it is of none */
CAMWALL_API const struct camwall_device *camwall_events_device(const struct camwall_events *events);

/** camwall_events_text() - a line for people, with @names those of organisations; @names may be NULL; for free() */
CAMWALL_API char *camwall_events_text(const struct camwall_events *events, const struct camwall_names *names);

/**
 * camwall_events_json() - as "camwall monitor -j" prints it, all that is known of it; @names may be
 *	NULL; for free()
 */
CAMWALL_API char *camwall_events_json(const struct camwall_events *events, const struct camwall_names *names);

#ifdef __cplusplus
}
#endif

#endif
