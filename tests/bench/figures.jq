# SPDX-License-Identifier: GPL-2.0-or-later
# TAP: is there a figure for each row that was to be measured? --arg only and quick are
# scripts/bench's options.

def sizes: if $quick == "" then ["150", "4000", "all"] else ["150"] end;
def wanted($part; $classifier; $rows): sizes[] as $size | $rows[] | { part: $part, $classifier, $size, row: . };
def ways: ["ingress", "egress"][] as $direction | . + { $direction };

def packets_bare:
	("start", "end") | { part: "packets", classifier: "bare", row: ., size: null } | ways;
def packets_empty: { part: "packets", classifier: "empty", row: "any", size: null } | ways;
def packets_camwall:
	wanted("packets"; "camwall"; ["miss", "miss-nested", "miss-local", "miss-multicast",
		"observed", "observed-28", "observed-36", "dropped", "isolated-allowed",
		"isolated-not-allowed", "limited", "over-limit", "exempted"]) | ways;
def packets_peers:
	{ part: "packets", classifier: ("nft_empty", "nft_exact", "tc_flower"), size: "150", row: "miss" },
	wanted("packets"; ("nft_masked24", "nft_masked3", "nft_interval", "bpf_lpm"); ["miss", "observed"]);
def load:
	wanted("load"; "camwall"; ["load", "list", "memory", "own-memory", "parse", "begin", "add", "commit", "kernel"]),
	wanted("load"; ("nft_interval", "nft_masked3", "ipset", "bpf_lpm"); ["load", "list", "memory"]);
def latency:
	{ part: "latency", classifier: "busy", row: "busy" },
	{ part: "latency", classifier: "camwall", row: ("commits", "flush") },
	{ part: "latency", classifier: "nft_interval", row: ("loads", "flush") };
def realtime:
	({ classifier: "bare", row: "any" }, { classifier: "empty", row: "any" },
		{ classifier: "camwall", row: ("miss", "observed", "dropped") },
		{ classifier: ("nft_interval", "bpf_lpm"), row: ("miss", "observed") },
		{ classifier: "camwall", row: ("sending-during-commits", "apply", "parse", "kernel") },
		{ classifier: "nft_interval", row: ("sending-during-loads", "load") })
	| . + { part: "realtime" };

# Where there is no user-mode kernel, scripts/bench has said so.
def expected($timed):
	if $only == "" then packets_bare, packets_empty, packets_camwall, packets_peers, load, latency,
		(if $timed then realtime else empty end)
	elif $only == "camwall" then packets_bare, packets_empty, packets_camwall
	elif $only == "peers" then packets_bare, packets_empty, packets_peers
	elif $only == "load" then load
	elif $only == "latency" then latency
	elif $only == "realtime" and $timed then realtime
	else empty end;

def there($rows):
	. as $row | any($rows[]; .part == $row.part and .classifier == $row.classifier and .row == $row.row
		and ($row.size == null or .size == $row.size)
		and ($row.direction == null or .direction == $row.direction)
		and (.value | type) == "number");

.rows as $rows
| [expected(any($rows[]; .part == "realtime"))]
| (to_entries[]
	| (if .value | there($rows) then "ok" else "not ok" end) + " \(.key + 1) "
		+ ([.value.part, .value.classifier, .value.size, .value.direction, .value.row]
			| map(select(. != null)) | join(", "))),
	"1..\(length)"
