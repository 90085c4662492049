#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Two gateways under the engines of a fleet: Prometheus, Alertmanager, rsyslog, Ansible, each
# with the files of Documentation/fleet. Not in a kernel tree: it reads this project's.
#
#   camera_a eth0 --- lan0 gateway a wan0 --- a centre: Prometheus, Alertmanager, collector
#   camera_b eth0 --- lan0 gateway b wan0 --- b
# shellcheck disable=SC2119,SC2120 # one call of play does, the others need nothing more
. "$(dirname "$0")/topology.sh"

fleet=$here/../../Documentation/fleet
CAMERA_A=3c:ef:8c:00:00:0a
CAMERA_B=44:19:b6:00:00:0b
declare -A address=([a]=10.9.1.1 [b]=10.9.2.1)

# --- The network --------------------------------------------------------------------------

# station NAME NUMBER CAMERA-MAC: a gateway, its camera and its way to the centre.
station()
{
	local camera=camera_$1

	cable "${!1}" lan0 "${!camera}" "$3"
	# Not plugged in yet: with its link up it would speak by itself.
	ip -n "${!camera}" link set eth0 down
	ip -n "${!1}" -batch - <<-EOT
		link set lo up
		address add 10.0.$2.1/24 dev lan0
		link add wan0 type veth peer name to-$1 netns $centre
		address add 10.9.$2.1/24 dev wan0
		link set wan0 up
	EOT
	ip -n "${!camera}" address add "10.0.$2.2/24" dev eth0
	ip -n "$centre" -batch - <<-EOT
		address add 10.9.$2.2/24 dev to-$1
		link set to-$1 up
	EOT
}

# policy: both groups drop; an exemption of a camera that is not there ends in a week.
policy()
{
	cat <<-EOT
		[camwall]
		interfaces = lan*
		[group dahua]
		prefix = 3c:ef:8c
		action = drop
		[group hikvision]
		prefix = 44:19:b6
		action = drop
		[exempt 44:19:b6:ff:ff:ff]
		until = $(date -u -d '7 days' +%Y-%m-%dT%H:%M:%SZ)
		reason = firmware update
		approved-by = J. Doe
	EOT
}

# What the timer does twice a minute on a gateway.
write_metrics()
{
	while :; do
		"$CAMWALL" metrics --devices -o "$1" || :
		sleep 1
	done
}

# exported NAME: metrics, and node_exporter as Debian runs it, but for systemd, which is not here.
exported()
{
	mkdir "$tmp/metrics-$1"
	export CAMWALL
	export -f write_metrics
	start "writer_$1" "${!1}" bash -c "write_metrics '$tmp/metrics-$1/camwall.prom'"
	start "exporter_$1" "${!1}" prometheus-node-exporter --no-collector.systemd \
		--collector.textfile.directory="$tmp/metrics-$1" --web.listen-address="${address[$1]}:9100"
}

# The shipped configuration, with these gateways in it, in a hurry.
prometheus_runs()
{
	mkdir "$tmp/centre-prometheus"
	cp "$fleet/camwall.rules.yml" "$tmp/centre-prometheus"
	sed -e "s/gateway-a.example.org/${address[a]}/; s/gateway-b.example.org/${address[b]}/" \
		-e 's/scrape_interval: 30s/scrape_interval: 4s/' \
		-e 's/evaluation_interval: 30s/evaluation_interval: 2s/' \
		"$fleet/prometheus.yml" >"$tmp/centre-prometheus/prometheus.yml"
	start alertmanager "$centre" prometheus-alertmanager --config.file="$fleet/alertmanager.yml" \
		--storage.path="$tmp/alertmanager-data" --cluster.listen-address= \
		--web.listen-address=127.0.0.1:9093
	start prometheus "$centre" prometheus --config.file="$tmp/centre-prometheus/prometheus.yml" \
		--storage.tsdb.path="$tmp/centre-prometheus/data" --storage.tsdb.wal-segment-size=10MB \
		--web.listen-address=127.0.0.1:9090
}

fixture()
{
	namespace a b centre camera_a camera_b
	ip -n "$centre" link set lo up
	station a 1 $CAMERA_A
	station b 2 $CAMERA_B
	policy | apply "$a"
	policy | apply "$b"
	exported a
	exported b
	prometheus_runs
	wait_for 60 answers 'count(camwall_up == 1)' 2 || {
		tail -n 15 "$tmp"/{writer,exporter}_[ab] "$tmp/prometheus" "$tmp/alertmanager"
		return 1
	}
}

# --- Asking -------------------------------------------------------------------------------

# ask EXPRESSION: what Prometheus' HTTP API answers, as JSON.
ask() { within "$centre" promtool query instant -o json http://127.0.0.1:9090 "$1"; }

# answer EXPRESSION: its value where it has one.
answer() { ask "$1" | value '.[0].value[1] // ""'; }

# answers EXPRESSION VALUE
answers() { [ "$(answer "$1" 2>/dev/null)" = "$2" ]; }

# label NAME EXPRESSION: its values, sorted, on one line.
label() { ask "$2" | value ".[].metric.$1" | sort -u | xargs; }

# labels NAME EXPRESSION VALUES
labels() { [ "$(label "$1" "$2")" = "$3" ]; }

# firing ALERT: the gateways for which it does.
firing() { label instance "ALERTS{alertname=\"$1\", alertstate=\"firing\"}"; }
fires() { [ "$(firing "$1")" = "$2" ]; }

# alert_is ALERT NAME STATE: of a gateway, pending or firing.
alert_is() { labels alertstate "ALERTS{alertname=\"$1\", instance=\"${address[$2]}:9100\"}" "$3"; }

alertmanager_knows()
{
	within "$centre" amtool --alertmanager.url=http://127.0.0.1:9093 alert query -o json \
		alertname="$1" instance="${address[$2]}:9100" 2>/dev/null |
		jq -e '.[0].annotations.description | length > 0'
}

# knock NAME TIMES NUMBER: the camera of a gateway calls it, which drops that.
knock()
{
	local camera=camera_$1

	ip -n "${!camera}" link set eth0 up
	within "${!camera}" ping -q -c "$2" -i 0.2 -W 1 "10.0.$3.1" || :
}

# drops NAMESPACE: by the tool.
drops() { cw "$1" stats -j | value '[.[] | .from.dropped + .to.dropped] | add'; }

same_drops()
{
	answers "sum(camwall_dropped_packets_total{instance=\"${address[$1]}:9100\"})" "$(drops "${!1}")"
}

# --- Behaviours ---------------------------------------------------------------------------

scrapes_both()
{
	wait_for 60 labels instance camwall_up "${address[a]}:9100 ${address[b]}:9100"
	equal sites "$(label site camwall_up)" "north south"
	equal "what is kept of node_exporter's own" "$(label __name__ '{__name__=~"node_.*"}')" \
		"node_textfile_mtime_seconds node_textfile_scrape_error"
	equal "files with errors" "$(answer 'sum(node_textfile_scrape_error)')" 0
	promtool check metrics <"$tmp/metrics-a/camwall.prom"
}

new_device()
{
	equal "new devices at first" "$(firing CamwallNewDevice)" ""
	knock b 2 2
	wait_for 60 fires CamwallNewDevice "${address[b]}:9100"
	equal "its group" "$(label group 'ALERTS{alertname="CamwallNewDevice"}')" hikvision
	wait_for 60 fires CamwallUnknownDevice "${address[b]}:9100"
	equal "its address" "$(label mac 'ALERTS{alertname="CamwallUnknownDevice"}')" $CAMERA_B
	equal "where it is" "$(label ifname 'ALERTS{alertname="CamwallUnknownDevice"}')" lan0
	wait_for 60 alertmanager_knows CamwallUnknownDevice b
	knock a 2 1
	wait_for 60 fires CamwallNewDevice "${address[a]}:9100 ${address[b]}:9100"
}

devices_of_both()
{
	knock a 1 1
	knock b 1 2
	wait_for 60 answers 'count(camwall_device_info)' 2
	equal "devices of a" "$(label mac "camwall_device_info{instance=\"${address[a]}:9100\"}")" $CAMERA_A
	equal "devices of b" "$(label mac "camwall_device_info{instance=\"${address[b]}:9100\"}")" $CAMERA_B
	equal "present" "$(answer 'sum(camwall_devices_present)')" 2
}

drops_of_both()
{
	knock a 5 1
	knock b 5 2
	[ "$(drops "$a")" -ge 5 ]
	[ "$(drops "$b")" -ge 5 ]
	wait_for 60 same_drops a
	wait_for 60 same_drops b
	equal "why" "$(label reason 'camwall_dropped_packets_total > 0')" policy
	wait_for 60 answers 'count(sum by (instance) (group_reason:camwall_dropped_packets:rate5m) > 0)' 2
}

exemption_ends()
{
	wait_for 60 fires CamwallExemptionEnds "${address[a]}:9100 ${address[b]}:9100"
	equal "alerts that fire with nothing wrong" "$(label alertname \
		'ALERTS{alertstate="firing", severity="critical"}')" ""
}

# names <FILE: of metrics of the gateways that are named there.
names() { grep -o '\b\(camwall\|node\)_[a-z0-9_]*' | sort -u; }

# Every name in them is of a metric that a gateway has; the daemon's unit is not here.
names_are_real()
{
	local name n=0

	knock a 1 1
	wait_for 60 gives camwall_device_info
	for name in $({ jq -r '.. | .expr? // empty' "$fleet/grafana-camwall.json"
		/usr/bin/python3 -c 'import sys, yaml
for group in yaml.safe_load(sys.stdin)["groups"]:
	for rule in group["rules"]:
		print(rule["expr"])' <"$fleet/camwall.rules.yml"; } |
			sed 's/\w*:camwall_\w*:\w*//g' | names); do
		[ "$name" != node_systemd_unit_state ] || continue
		n=$((n + 1))
		wait_for 60 gives "$name"
	done
	[ $n -gt 15 ]
}

gives() { [ "$(ask "$1" | jq length)" -gt 0 ]; }
gives_nothing() { [ "$(ask "$1" | jq length)" -eq 0 ]; }

# All but one: with both gateways well there are none to count that say nothing.
dashboard_shows()
{
	local expression n=0

	knock a 1 1
	wait_for 60 gives camwall_device_info
	while read -r expression; do
		n=$((n + 1))
		case $expression in
		"count(up{"*) wait_for 60 gives_nothing "$expression" ;;
		*) wait_for 60 gives "$expression" ;;
		esac
	done < <(jq -r '.. | .expr? // empty' "$fleet/grafana-camwall.json" |
		sed 's/\$\(site\|instance\|group\)\>/.*/g')
	[ $n -gt 20 ]
}

no_policy()
{
	cw "$b" flush
	defer "policy | apply $b"
	wait_for 60 alert_is CamwallNoPolicy b pending
	equal "gateways without a policy" "$(label instance 'ALERTS{alertname="CamwallNoPolicy"}')" \
		"${address[b]}:9100"
}

# The file of a gateway whose timer has stopped twenty minutes ago.
silent_writer()
{
	kill -STOP "$writer_a"
	defer "kill -CONT $writer_a"
	wait_for 10 settled
	touch -d '20 minutes ago' "$tmp/metrics-a/camwall.prom"
	wait_for 60 alert_is CamwallMetricsStale a pending
	equal "gateways whose metrics are old" \
		"$(label instance 'ALERTS{alertname="CamwallMetricsStale"}')" "${address[a]}:9100"
}

# No tool is at work that would still replace the file.
settled() { ! ip netns pids "$a" | xargs -r ps -o comm= -p | grep -qx camwall; }

silent_gateway()
{
	kill -KILL "$exporter_b"
	wait_for 60 alert_is CamwallGatewayDown b pending
	exported_again
	wait_for 60 answers 'min(up)' 1
}

exported_again()
{
	nsenter --net="/run/netns/$b" prometheus-node-exporter --no-collector.systemd \
		--collector.textfile.directory="$tmp/metrics-b" \
		--web.listen-address="${address[b]}:9100" >"$tmp/exporter_again" 2>&1 &
	defer "kill -KILL $!"
}

# --- Ansible ------------------------------------------------------------------------------

# play ARGUMENT...: the role, on this machine, in namespace "site"; its recap in $recap. The
# units stay out: the guest has no systemd, though Ansible finds its files.
play()
{
	local status=0

	HOME=$tmp/ansible-home ANSIBLE_NOCOLOR=1 within "$site" ansible-playbook -c local \
		-i "$tmp/inventory.ini" -e ansible_become=false \
		-e ansible_python_interpreter=/usr/bin/python3 -e camwall_units=false \
		-e ansible_remote_tmp="$tmp/ansible-home" -e camwall_directory="$tmp/site" \
		-e camwall_tool="$CAMWALL" "$@" \
		"$fleet/ansible/site.yml" >"$tmp/played" 2>&1 || status=$?
	cat "$tmp/played"
	recap=$(sed -n 's/^localhost .*\(changed=[0-9]*\).*\(failed=[0-9]*\).*/\1 \2/p' "$tmp/played")
	return $status
}

plays()
{
	namespace site
	mkdir -p "$tmp/ansible-home"
	printf '[gateways]\nlocalhost\n' >"$tmp/inventory.ini"
	play
	fails equal changes "$recap" "changed=0 failed=0"
	equal groups "$(cw "$site" show groups -j | value '.[].name' | sort | xargs)" "dahua hikvision"
	equal generation "$(generation "$site")" 1
	play
	equal "changes of a second run" "$recap" "changed=0 failed=0"
	equal "generation after it" "$(generation "$site")" 1
	cw "$site" flush
	play
	equal "changes after somebody has flushed the policy" "$recap" "changed=1 failed=0"
	equal groups "$(cw "$site" show groups -j | jq length)" 2
}

plays_nothing_wrong()
{
	local before

	namespace site
	mkdir -p "$tmp/ansible-home"
	printf '[gateways]\nlocalhost\n' >"$tmp/inventory.ini"
	play
	before=$(sha256sum "$tmp/site/camwall.conf")
	fails play -e '{"camwall_groups": [{"name": "x", "prefixes": ["44:19:b6"], "action": "dorp"}]}'
	contains "$(cat "$tmp/played")" dorp
	equal "the file" "$(sha256sum "$tmp/site/camwall.conf")" "$before"
	equal generation "$(generation "$site")" 1
}

# --- Events -------------------------------------------------------------------------------

# certificate FILE NAME: signed by the authority of this test.
certificate()
{
	openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj "/CN=$2" \
		-keyout "$tmp/tls/$1.key" -out "$tmp/tls/$1.csr"
	openssl x509 -req -in "$tmp/tls/$1.csr" -CA "$tmp/tls/ca.pem" -CAkey "$tmp/tls/ca.key" \
		-CAcreateserial -days 2 -extfile <(echo "subjectAltName=DNS:$2") -out "$tmp/tls/$1.pem"
}

authority()
{
	mkdir "$tmp/tls"
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 \
		-subj "/CN=an authority for a test" -keyout "$tmp/tls/ca.key" -out "$tmp/tls/ca.pem"
}

# The shipped file, with the places and the address of this test.
rsyslog_conf()
{
	sed -e "s,/etc/camwall/tls,$tmp/tls,; s,/var/log/camwall,$tmp/events," \
		-e "s,target=\"collector.example.org\",target=\"10.9.1.2\"," "$fleet/rsyslog-$1.conf"
}

rsyslogs_run()
{
	mkdir "$tmp/spool-gateway" "$tmp/spool-collector"
	{
		echo "global(workDirectory=\"$tmp/spool-collector\")"
		rsyslog_conf collector
	} >"$tmp/collector.conf"
	{
		echo "global(workDirectory=\"$tmp/spool-gateway\""
		echo 'localHostname="gateway-a.example.org" preserveFQDN="on")'
		echo 'module(load="imuxsock" SysSock.Use="off")'
		echo "input(type=\"imuxsock\" Socket=\"$tmp/journal\")"
		rsyslog_conf gateway
	} >"$tmp/gateway.conf"
	start collector "$centre" rsyslogd -n -iNONE -f "$tmp/collector.conf"
	start forwarder "$a" rsyslogd -n -iNONE -f "$tmp/gateway.conf"
	wait_for 30 test -S "$tmp/journal"
}

# What the journal does on a gateway, logger does here.
events_arrive()
{
	local file

	authority
	certificate gateway gateway-a.example.org
	certificate collector collector.example.org
	rsyslogs_run
	export CAMWALL
	start teller "$a" bash -c "'$CAMWALL' monitor -j | logger -u '$tmp/journal' -t camwall-events"
	wait_for 30 asked_for_events
	policy | sed '/^\[exempt/,$d; s/drop/observe/' | apply "$a"
	defer "policy | apply $a"
	# camwalld's lines for people stay on the gateway, its events do not.
	logger -u "$tmp/journal" -t camwalld "a line for people"
	logger -u "$tmp/journal" -t camwalld '{"event":"device-new","seq":1}'
	file=$tmp/events/gateway-a.example.org/$(date +%Y-%m-%d).json
	wait_for 60 grep -qs '"seq": 1, "gateway"' "$file"
	wait_for 60 grep -qs config-changed "$file"
	jq -es 'map(select(.event == "config-changed")) | length > 0 and all(.[];
		.gateway == "gateway-a.example.org" and .group_count == 2 and (.received | length > 0))' "$file"
	fails test -e "$tmp/events/rejected.log"
}

# The listener is there when it hears of a change: one that changes nothing else.
asked_for_events()
{
	policy | apply "$a"
	policy | sed '/^\[exempt/,$d' | apply "$a"
	grep -qs config-changed "$tmp"/events/gateway-a.example.org/*.json
}

for command in prometheus promtool prometheus-node-exporter prometheus-alertmanager amtool \
	       ansible-playbook rsyslogd logger openssl; do
	[ -n "$(command -v $command)" ] || skip_all "no command $command: scripts/setup fleet"
done
[ -d "$fleet" ] || skip_all "no $fleet"
prepare
it "Prometheus scrapes both gateways, and keeps what is camwall's" scrapes_both
it "a camera that appears at one gateway fires the alert for that one" new_device
it "devices of both gateways, each where it is" devices_of_both
it "drops of both gateways, as many as the tool says" drops_of_both
it "an exemption that ends within 14 days fires, and nothing critical" exemption_ends
it "every metric that rules and dashboard name is there" names_are_real
it "every expression of the dashboard is answered" dashboard_shows
it "a policy that is flushed is an alert of that gateway" no_policy
it "metrics that nobody writes any more are an alert of that gateway" silent_writer
it "a gateway that does not answer is an alert of that gateway" silent_gateway
it "the Ansible role applies a policy once, and again where it is gone" plays
it "the Ansible role leaves all as it was where the policy is wrong" plays_nothing_wrong
it "events arrive at the collector, by rsyslog over TLS" events_arrive
run
