#!/usr/bin/env python3
"""Keeps, of the events the stories wrote, the longest and the shortest of each kind that has no sample yet.

    LIANNENG_SAMPLES=/tmp/samples cargo test --lib domain::stories
    python3 tests/support/frozen_samples.py /tmp/samples tests/fixtures/events_v1.jsonl
"""
import sys

written, kept = sys.argv[1:3]
kind = lambda line: line.split('"', 2)[1]
with open(kept, encoding="utf-8") as file:
    lines = file.readlines()
known = {kind(line) for line in lines}
best = {}
with open(written, encoding="utf-8") as file:
    for line in file:
        if kind(line) not in known:
            best.setdefault(kind(line), []).append(line)
for found in best.values():
    found.sort(key=lambda line: (len(line), line))
    lines += dict.fromkeys([found[0], found[-1]])
with open(kept, "w", encoding="utf-8") as file:
    file.writelines(sorted(lines, key=kind))
