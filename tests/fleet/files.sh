#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The files of Documentation/fleet, by the checkers of the engines that read them. No guest
# and no privileges are needed; that they work is for selftests/fleet.sh to show.
# shellcheck disable=SC2154,SC2317 # functions are called by name; lib.sh sets the rest
. "$(dirname "$0")/../selftests/lib.sh"

top=$(cd "$here/../.." && pwd)
fleet=$top/Documentation/fleet

as_json() { /usr/bin/python3 -c 'import json, sys, yaml; json.dump(yaml.safe_load(sys.stdin), sys.stdout)'; }
rules() { as_json <"$fleet/camwall.rules.yml" | jq '[.groups[].rules[]]'; }

prometheus_takes_them()
{
	promtool check rules "$fleet/camwall.rules.yml"
	promtool check config "$fleet/prometheus.yml"
}

rules_do_what_they_say() { promtool test rules "$fleet/camwall.rules.test.yml"; }

# each_alert FILTER: names of the alerts for which it holds, sorted.
each_alert() { rules | jq -r "[.[] | select(.alert) | select($1) | .alert] | sort[]"; }

# tested FILTER: names of the alerts that a test with such a case names.
tested()
{
	as_json <"$fleet/camwall.rules.test.yml" |
		jq -r "[.tests[].alert_rule_test[]? | select($1) | .alertname] | unique[]"
}

every_alert_is_tested()
{
	local all

	all=$(each_alert true)
	[ "$(wc -l <<<"$all")" -gt 10 ]
	equal "alerts that a test makes fire" "$(tested '.exp_alerts | length > 0')" "$all"
	equal "alerts that a test keeps quiet" "$(tested '.exp_alerts | length == 0')" "$all"
}

every_alert_says_what_to_do()
{
	equal "alerts without a severity" \
		"$(each_alert '[.labels.severity] | inside(["critical", "warning", "info"]) | not')" ""
	equal "alerts without a summary that names the gateway" \
		"$(# shellcheck disable=SC2016 # of Prometheus's template
		each_alert '.annotations.summary // "" | contains("$labels.instance") | not')" ""
	equal "alerts without a description" \
		"$(each_alert '.annotations.description // "" | length < 80')" ""
}

# receiver LABEL...: who is told of an alert with such labels.
receiver() { amtool config routes test --config.file="$fleet/alertmanager.yml" "$@"; }

alertmanager_takes_it()
{
	amtool check-config "$fleet/alertmanager.yml"
	equal "told of what is critical" "$(receiver severity=critical)" on-call
	equal "told of a warning" "$(receiver severity=warning)" network
	equal "told of an information" "$(receiver severity=info)" network
	equal "names of alerts that are inhibited, and that there are not" \
		"$(comm -13 <(each_alert true) <(inhibited))" ""
}

inhibited()
{
	as_json <"$fleet/alertmanager.yml" |
		jq -r '.inhibit_rules[] | (.source_matchers + .target_matchers)[]' |
		sed -n 's/^alertname="\(.*\)"$/\1/p' | sort -u
}

# The variables of Grafana in them are regular expressions of labels.
dashboard_expressions()
{
	jq -r '.. | .expr? // empty' "$fleet/grafana-camwall.json" |
		sed 's/\$\(site\|instance\|group\)\>/.*/g'
}

dashboard_is_right()
{
	jq -e '.uid and .title and .schemaVersion and (.panels | length > 10)' "$fleet/grafana-camwall.json"
	equal "panels without a place or a query" \
		"$(jq -r '.panels[] | select((.gridPos and .targets and .datasource) | not) | .title' \
			"$fleet/grafana-camwall.json")" ""
	[ "$(dashboard_expressions | wc -l)" -gt 20 ]
	equal "variables that nobody sets" "$(dashboard_expressions | grep -F '$' || :)" ""
	dashboard_expressions | jq -nR '{ groups: [ { name: "dashboard", rules:
		[ inputs | { record: "dashboard:expr", labels: { n: "\(input_line_number)" }, expr: . } ] } ] }' \
		>"$tmp/dashboard.yml"
	promtool check rules "$tmp/dashboard.yml"
}

ansible_takes_it()
{
	export ANSIBLE_LOCALHOST_WARNING=false HOME=$tmp
	ansible-playbook -i "$fleet/ansible/inventory.ini" --syntax-check "$fleet/ansible/site.yml"
	find "$fleet" -name '*.yml' | while read -r file; do as_json <"$file" >/dev/null; done
}

rsyslog_takes_it()
{
	rsyslogd -N1 -f "$fleet/rsyslog-gateway.conf"
	rsyslogd -N1 -f "$fleet/rsyslog-collector.conf"
}

# Where camwall is not installed, its path would be an error.
systemd_takes_them()
{
	local said

	[ -n "$(command -v systemd-analyze)" ] || skip "no systemd-analyze"
	cp "$fleet"/ansible/roles/camwall/files/camwall-* "$tmp"
	sed -i 's,^ExecStart=/usr/sbin/camwall ,ExecStart=/bin/true ,' "$tmp"/camwall-*.service
	grep -c '^ExecStart=/bin/true' "$tmp"/camwall-*.service
	said=$(systemd-analyze verify --man=no "$tmp"/camwall-*.service "$tmp"/camwall-*.timer 2>&1) ||
		{ echo "$said"; return 1; }
	equal "what systemd-analyze says of them" "$(grep -F "$tmp" <<<"$said" || :)" ""
}

for command in promtool amtool ansible-playbook rsyslogd jq; do
	[ -n "$(command -v $command)" ] || skip_all "no command $command: scripts/setup fleet"
done
it "promtool takes the rules and the configuration" prometheus_takes_them
it "promtool: the rules give what their tests say" rules_do_what_they_say
it "every alert has a test that makes it fire and one that does not" every_alert_is_tested
it "every alert has a severity, and says what to do" every_alert_says_what_to_do
it "amtool takes the configuration, and routes as it says" alertmanager_takes_it
it "the dashboard is JSON, and its expressions are PromQL" dashboard_is_right
it "ansible takes the playbook and the role" ansible_takes_it
it "rsyslog takes the configuration of gateway and collector" rsyslog_takes_it
it "systemd takes the units" systemd_takes_them
run
