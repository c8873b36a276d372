#!/usr/bin/env python3
"""Recomputes every hash of `lianneng log --json` (a file or stdin) with a standard library alone."""
import hashlib, json, sys


def sha(*fields):
    raw = ["" if field is None else str(field) for field in fields]
    return hashlib.sha256(b"".join(b"%d:%s," % (len(f.encode()), f.encode()) for f in raw)).hexdigest()


SITE = "class office public_key predecessor predecessor_head".split()
ACT = "act_id site first events tick at today happened verb operator acting_for policy because program".split()
EVENT = "site site_seq stream stream_seq epoch parent kind version because".split()
log = json.load(open(sys.argv[1], encoding="utf-8") if len(sys.argv) > 1 else sys.stdin)
ends, tips, erased = {}, {}, {}
for site in log["sites"]:
    genesis = sha("lianneng-site-1", *(site[key] for key in SITE))
    if (site["genesis"], site["site"]) != (genesis, genesis[:32]):
        sys.exit(f"site {site['site']}: genesis")
    ends[genesis[:32]] = (0, genesis)
for item in log["items"]:
    act = item["act"]
    act_hash = sha("lianneng-act-1", *(act[key] for key in ACT))
    body_hash = sha("lianneng-body-1", item["salt"], item["body"])
    if item["kind"] == "body_erased":
        body = json.loads(item["body"])
        if erased.pop(body["event"], None) != body["new_hash"]:
            sys.exit(f"event {item['site_seq']}: announces an erasure that is not there")
    if body_hash != item["body_hash"]:
        erased[item["hash"]], body_hash = body_hash, item["body_hash"]
    leaf = sha("lianneng-event-1", act_hash, *(item[key] for key in EVENT), body_hash)
    seq, prev = ends[item["site"]]
    stream_seq, parent = tips.get(item["stream"], (0, "0" * 64))
    link = hashlib.sha256(bytes.fromhex(prev + leaf)).hexdigest()
    wrong = [name for name, stored, found in [
        ("site_seq", item["site_seq"], seq + 1), ("prev", item["prev"], prev), ("act_hash", act["act_hash"], act_hash),
        ("body_hash", item["body_hash"], body_hash), ("stream_seq", item["stream_seq"], stream_seq + 1),
        ("parent", item["parent"], parent), ("hash", item["hash"], link)] if stored != found]
    if wrong or not act["first"] <= item["site_seq"] < act["first"] + act["events"]:
        sys.exit(f"event {item['site_seq']} of site {item['site']}: {', '.join(wrong) or 'not in its act'}")
    ends[item["site"]], tips[item["stream"]] = (seq + 1, link), (stream_seq + 1, link)
if erased:
    sys.exit(f"event {next(iter(erased))}: its body is not the one it commits to")
print(f"ok: {len(log['items'])} events, head {link if log['items'] else '-'}")
