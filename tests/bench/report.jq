# SPDX-License-Identifier: GPL-2.0-or-later
# The table, from results.json.

def pad($n): tostring | . + (" " * ([$n - length, 0] | max));
def lpad($n): tostring | (" " * ([$n - length, 0] | max)) + .;
def tenth: . * 10 | round / 10;
def thousands: tostring | [while(length > 0; .[:-3]) | .[-3:]] | reverse | join(",");

def title:
	{
		bare: "bare", empty: "empty hook", camwall: "camwall", nft_empty: "nft, empty chain",
		nft_exact: "nft, one exact MAC", nft_masked24: "nft, masked /24 set (*)",
		nft_masked3: "nft, three masked sets", nft_interval: "nft, interval set",
		tc_flower: "tc flower, masked", bpf_lpm: "tc BPF, LPM trie", ipset: "ipset hash:mac (**)",
		busy: "a busy user's program"
	}[.] // .;
def size_title: if . == "all" then "whole registry" elif . == null then "" else . end;

.rows as $rows
| def of($part; $classifier; $row; $size; $direction):
	first($rows[] | select(.part == $part and .classifier == $classifier and .row == $row
		and ($size == null or .size == $size)
		and ($direction == null or .direction == $direction)) | .value) // null;
  def bare($direction): of("packets"; "bare"; "start"; null; $direction);
  def empty_hook($direction): of("packets"; "empty"; "any"; null; $direction);
  def sizes: ["150", "4000", "all"] | map(select(. as $size | any($rows[]; (.part == "packets" or .part == "load") and .size == $size)));

  def about:
	[$rows[] | select(.part == "about")] as $about
	| [$rows[] | select(.part == "lists" and .size == "all")][0] as $all
	| "IEEE registry: edition of \($all.edition), \($all.prefixes | thousands) prefixes (\($all.length24 | thousands) /24, \($all.length28 | thousands) /28, \($all.length36 | thousands) /36)",
	  ($about[] | "Linux \(.kernel), \(.cpus) CPU");

  def packets($direction):
	[$rows[] | select(.part == "packets" and .direction == $direction)] as $packets
	| select($packets | length > 0)
	| bare($direction) as $bare | empty_hook($direction) as $empty
	| "", "Instructions added per packet, \($direction), over the bare \($bare | tenth)",
	  ("classifier" | pad(26)) + ("packet" | pad(22)) + ("list" | pad(16)) + ("added" | lpad(8))
		+ ("least" | lpad(9)) + ("most" | lpad(9)) + ("over an empty hook" | lpad(20)),
	  ($packets[] | select(.classifier != "bare")
		| (.classifier | title | pad(26)) + (.row | pad(22)) + (.size | size_title | pad(16))
		+ (.value - $bare | tenth | lpad(8)) + (.min - $bare | tenth | lpad(9)) + (.max - $bare | tenth | lpad(9))
		+ (.value - $empty | tenth | lpad(20))),
	  "(bare, measured again at the end: \(of("packets"; "bare"; "end"; null; $direction)))";

  def loads:
	[$rows[] | select(.part == "load")] as $load
	| select($load | length > 0)
	| "", "Loading, holding and listing a list; ms of a clock that counts 2 ns an instruction",
	  ("classifier" | pad(26)) + ("list" | pad(16)) + ("load" | lpad(12)) + ("list it" | lpad(12)) + ("memory KiB" | lpad(12)),
	  (sizes[] as $size | ([$load[] | select(.size == $size and .row == "load") | .classifier] | unique[]) as $classifier
		| ($classifier | title | pad(26)) + ($size | size_title | pad(16))
		+ (["load", "list", "memory"] | map(of("load"; $classifier; .; $size; null) | lpad(12)) | join(""))),
	  "",
	  "camwall apply, step by step, ms; \"kernel\" is from the first ADD to the end of COMMIT",
	  ("list" | pad(16)) + (["parse", "begin", "add", "commit", "kernel", "own KiB"] | map(lpad(10)) | join("")),
	  (sizes[] as $size | ($size | size_title | pad(16))
		+ (["parse", "begin", "add", "commit", "kernel"] | map(of("load"; "camwall"; .; $size; null) | lpad(10)) | join(""))
		+ ((of("load"; "camwall"; "own-memory"; $size; null) // 0) / 1024 | tenth | lpad(10))),
	  "tc BPF, the map's batch update by itself, ms: "
		+ (sizes | map("\(size_title): \(of("load"; "bpf_lpm"; "update"; .; null))") | join(", ")),
	  "Memory is the difference of Slab, VmallocUsed and Percpu in /proc/meminfo: of less than some 20 KiB it says nothing.";

  def latencies:
	[$rows[] | select(.part == "latency")] as $latency
	| select($latency | length > 0)
	| "", "Longest wait of a SCHED_FIFO thread, us (list: \($latency[-1].size | size_title))",
	  ($latency[] | (.classifier | title | pad(26)) + (.row | pad(22)) + (.value | lpad(10))
		+ "  average \(.average), of \(.waits)");

  def realtimes:
	[$rows[] | select(.part == "realtime")] as $realtime
	| select($realtime | length > 0)
	| "", "Real time, a user-mode kernel with two processors, on those of the host, which does other things as well: noisy.",
	  "So each is the median of \([$realtime[] | select(.rounds)][0].rounds) rounds that measure every row once, with the quartiles in brackets, and\nthe least behind them: what a round took that was left alone. List: \([$realtime[] | select(.size)][0].size | size_title).",
	  ("" | pad(26)) + ("packet" | pad(10)) + ("1 CPU, ns a packet" | pad(32)) + ("2 CPUs, ns a packet and CPU" | pad(32))
		+ ("a CPU's rate with 2 over with 1" | pad(34)) + "of the least",
	  ($realtime[] | select(.unit == "ns" and .cpus == 1 and .value) | . as $one
		| ([$realtime[] | select(.classifier == $one.classifier and .row == $one.row and .cpus == 2)][0]) as $two
		| ([$realtime[] | select(.classifier == $one.classifier and .row == $one.row and .unit == "ratio")][0]) as $ratio
		| (.classifier | title | pad(26)) + (.row | pad(10))
		+ ("\(.value) (\(.low)..\(.high)) \(.least)" | pad(32))
		+ ("\($two.value) (\($two.low)..\($two.high)) \($two.least)" | pad(32))
		+ ("\($ratio.value) (\($ratio.low)..\($ratio.high))" | pad(34))
		+ "\($one.least / $two.least * 100 | round / 100)"),
	  ($realtime[] | select(.unit == "percent")
		| "\(.row | gsub("-"; " ")), of the rate without, \(.classifier | title): \(.value) % (\(.low)..\(.high))"),
	  ($realtime[] | select(.unit == "ms")
		| "\(.classifier | title): \(.row): \(.value) ms (\(.low)..\(.high))"),
	  ($realtime[] | select(.note) | "\(.classifier | title): \(.note)");

  # bar NAME FIGURE LIMIT: "up to" the limit; nothing where the figure is not there.
  def bar($name; $figure; $limit):
	select($figure != null)
	| "\($name | pad(66)) must be <= \($limit): \($figure | tenth) \(if $figure <= $limit then "ok" else "not reached" end)";
  def bar_least($name; $figure; $limit):
	select($figure != null)
	| "\($name | pad(66)) must be >= \($limit): \($figure | tenth) \(if $figure >= $limit then "ok" else "not reached" end)";
  def over_empty($row; $size; $direction):
	of("packets"; "camwall"; $row; $size; $direction) as $value
	| if $value == null or empty_hook($direction) == null then null else $value - empty_hook($direction) end;
  def added($classifier; $row; $size):
	of("packets"; $classifier; $row; $size; "ingress") as $value
	| if $value == null or bare("ingress") == null then null else $value - bare("ingress") end;
  def bars:
	"", "What is to be reached (information: nothing fails by it)",
	(("ingress", "egress") as $direction | sizes[] as $size
		| bar("miss over an empty hook, \($direction), \($size | size_title)"; over_empty("miss"; $size; $direction); 20)),
	(("ingress", "egress") as $direction
		| [sizes[] | over_empty("miss"; .; $direction) | select(. != null)]
		| select(length > 1)
		| bar("miss, difference between the lists, \($direction)"; max - min; 3)),
	(sizes[] as $size
		| ([["nft_masked3", "nft_interval"][] as $classifier | added($classifier; "miss"; $size) | select(. != null)] | min) as $nft
		| added("camwall"; "miss"; $size) as $camwall
		| select($nft != null and $camwall != null)
		| bar_least("miss, times cheaper than the cheapest nft, \($size | size_title)"; $nft / $camwall; 8)),
	(("ingress", "egress") as $direction | sizes[] as $size
		| bar("observed over an empty hook, \($direction), \($size | size_title)"; over_empty("observed"; $size; $direction); 120)),
	(("ingress", "egress") as $direction | sizes[] as $size
		| of("packets"; "camwall"; "dropped"; $size; $direction) as $dropped
		| of("packets"; "camwall"; "observed"; $size; $direction) as $observed
		| select($dropped != null and $observed != null)
		| bar("dropped less observed, \($direction), \($size | size_title)"; $dropped - $observed; 0)),
	(sizes[] as $size
		| of("load"; "nft_interval"; "load"; $size; null) as $nft | of("load"; "camwall"; "kernel"; $size; null) as $kernel
		| select($nft != null and $kernel != null)
		| bar_least("kernel's part, times faster than nft -f, \($size | size_title)"; $nft / $kernel; 100)),
	bar("kernel memory, KiB, whole registry (camwall's own figure)"; (of("load"; "camwall"; "own-memory"; "all"; null) | if . then . / 1024 else . end); 700),
	bar("kernel memory, KiB, whole registry (of /proc/meminfo)"; of("load"; "camwall"; "memory"; "all"; null); 700),
	bar("kernel memory, KiB, 150 prefixes (camwall's own figure)"; (of("load"; "camwall"; "own-memory"; "150"; null) | if . then . / 1024 else . end); 8),
	bar("camwall apply -c, ms, natively, whole registry"; of("native"; "camwall"; "check"; "all"; null); 250),
	bar("camwall apply in all, ms, in real time, whole registry"; of("realtime"; "camwall"; "apply"; "all"; null); 250),
	bar("text of the module, octets"; of("text"; "camwall"; "text"; null; null); 65536);

  about, packets("ingress"), packets("egress"), loads, latencies, realtimes, bars,
  "",
  "(*) Lists the OUI of each prefix, so it also finds the devices of others that share an OUI with a listed /28 or /36.",
  "(**) Knows whole addresses only: one address of each prefix, so that the size is the same; it finds no other device."
