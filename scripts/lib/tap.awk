# SPDX-License-Identifier: GPL-2.0-or-later
# Sums the results of test programs, each of which prints TAP, as they come.
#
# A line "# PREFIX: PROGRAM" opens a program and "ok N PREFIX: PROGRAM" (or "not ok") closes
# it, as in kselftest; PREFIX is given with -v. What is between the two is the program's own
# TAP. A program that says less than it planned, ends badly without a failed test, or never
# ends, counts as one failure; so does one that skips itself as a whole, but for those
# given with -v may_skip, spaces between them. The sums go to the file given with -v sums.

BEGIN {
	programs = -1
	open = passed = failed = skipped = done = 0
	shown = 60
}

{ sub(/\r$/, "") }

index($0, "# " prefix ": ") == 1 {
	if (open)
		close_program("it did not end: the machine that ran it stopped")
	program = substr($0, length(prefix) + 5)
	open = 1
	began = systime()
	plan = -1
	results = ok = bad = skip = lines = 0
	reasons = names = trouble = ""
	next
}

open && /^(not )?ok [0-9]+ / && index($0, " " prefix ": " program) {
	status = "without saying why"
	if (match($0, /exit=[0-9]+/))
		status = "with status " substr($0, RSTART + 5, RLENGTH - 5)
	close_program(/^not ok/ && !bad && trouble == "" ? "it ended " status : "")
	next
}

!open {
	if (programs < 0 && /^1\.\.[0-9]+$/)
		programs = substr($0, 4) + 0
	else if (!/^TAP version|^$|^# [0-9]+ passed/)
		print "  " $0
	next
}

{ log_lines[lines++] = $0 }

/^1\.\.[0-9]+/ {
	number = substr($0, 4) + 0
	plan = (plan < 0 ? 0 : plan) + number
	if (number == 0 && !index(" " may_skip " ", " " program " ")) {
		trouble = "it did not run: " reason($0)
	} else if (number == 0) {
		skip++
		reasons = reasons "        skipped: " reason($0) "\n"
	}
}

/^skip: / { note = substr($0, 7) }

/^Bail out!/ { trouble = $0 }

/^(not )?ok / {
	results++
	if (/# SKIP/) {
		skip++
		name = $0
		sub(/^(not )?ok [0-9]+ (- )?/, "", name)
		sub(/ *# SKIP.*/, "", name)
		# cmocka has the name in the place of the reason, which the test has said before.
		if (name == "") {
			name = reason($0)
			$0 = "# SKIP " note
		}
		reasons = reasons "        skipped: " name ": " reason($0) "\n"
	} else if (/^ok/) {
		ok++
	} else {
		bad++
		name = $0
		sub(/^not ok [0-9]+ (- )?/, "", name)
		names = names "        failed: " name "\n"
	}
}

function reason(line) {
	sub(/.*# SKIP */, "", line)
	return line == "" ? "no reason given" : line
}

function close_program(why,    i) {
	if (why == "" && trouble != "")
		why = trouble
	if (why == "" && plan < 0)
		why = "it printed no plan"
	if (why == "" && results != plan)
		why = results " results of " plan " planned"
	if (why != "") {
		bad++
		names = names "        failed: " program ": " why "\n"
	}
	took = systime() - began
	printf "  %-6s %-16s %d passed%s%s%s\n", bad ? "FAILED" : ok ? "ok" : "skip", program, ok,
		bad ? ", " bad " failed" : "", skip ? ", " skip " skipped" : "", took < 2 ? "" : ", " took " s"
	printf "%s%s", reasons, names
	if (bad)
		for (i = lines > shown ? lines - shown : 0; i < lines; i++)
			if (log_lines[i] !~ /^(ok |TAP version|1\.\.)/)
				print "        | " log_lines[i]
	fflush()
	passed += ok
	failed += bad
	skipped += skip
	done++
	open = 0
}

END {
	if (open)
		close_program("it did not end: the machine that ran it stopped")
	if (programs < 0) {
		print "  FAILED no test program ran"
		failed++
	} else if (done < programs) {
		print "  FAILED " programs - done " of " programs " test programs did not run"
		failed += programs - done
	}
	print passed, failed, skipped >sums
}
