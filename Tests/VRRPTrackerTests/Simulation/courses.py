#!/usr/bin/env python3
"""courses.py RECORDINGS LAB OUT: writes the course of each recording of real routers as a script that the simulator plays.

RECORDINGS holds a folder for each recording, with truth.jsonl, configurations and switch.pcap; LAB holds the scripts that
recorded them, of which the settings of each reload are learnt. Needs tshark. AH and its key stand as a password, since only
whether two routers accept each other decides the course."""
import glob, importlib, json, os, random, re, subprocess, sys
sys.dont_write_bytecode = True
# Several virtual routers, sync groups, daemons that are not simulated, keys that no setting has, and AH beside none, which do
# not even hear each other.
LEFT_OUT = re.compile(r"many-vrids|tracks|dual-stack|uvrrpd|vrrpd|^hmac|misconfiguration-103")
WORDS = {"start": "starts", "stop": "stops", "kill": "dies", "pause": "stalls", "resume": "resumes", "link-down": "loses-link",
         "link-up": "regains-link", "deaf": "loses-inbound 100", "hearing": "loses-inbound 0", "cut-inbound": "loses-inbound 100"}

def daemon(version):
    return "keepalived-" + ("1.4" if version.startswith("v1") else "2.0" if version.startswith("v2.0") else "2.4" if version >= "v2.3" else "2.2")

def keepalived(text):
    def one(pattern, default=None):
        m = re.search(pattern, text); return m[1] if m else default
    addresses = re.findall(r"^ +([0-9a-f:.]+)/\d+$", text[text.index("virtual_ipaddress"):], re.M)
    words = [f"v{one(r'vrrp_version (.)', '2')} vrid {one(r'virtual_router_id (.+)')} priority {one(r'priority (.+)', '100')} interval {one(r'advert_int (.+)', '1')}"]
    words.append("addresses " + ",".join(addresses))
    if one(r"auth_type (.+)"): words.append("pass " + ("" if one(r"auth_type (.+)") == "PASS" else "ah-") + one(r"auth_pass (.+)"))
    if "nopreempt" in text: words.append("nopreempt")
    if "state MASTER" in text: words.append("begins-as-master")
    peers = re.search(r"unicast_peer \{(.*?)\}", text, re.S)
    if peers: words.append("peers " + ",".join(peers[1].split()))
    if "garp_lower_prio_repeat 0" in text: words.append("no-announcements-to-lesser")
    if one(r"garp_master_delay (.+)"): words.append("announces-again " + one(r"garp_master_delay (.+)"))
    return " ".join(words)

def frr(text):
    def one(word): return re.search(rf"vrrp \d+ {word} (\S+)", text)[1]
    interval = int(one("advertisement-interval")) / 1000
    return f"v{one('version')} vrid {re.search(r'vrrp (.+?) ', text)[1]} priority {one('priority')} interval {interval:g} addresses {one('ip')}"

def settings(text): return frr(text) if "hostname" in text else keepalived(text)

def reloads(lab, name, count):
    """the first configurations of a recording of changes, and those of its reloads and starts in order"""
    changes = importlib.import_module("changes"); kind, seed = name.split("-"); done = []; clock = [0.0]
    class Router:
        def __init__(self, i): self.name, self.ip = f"r{i + 1}", f"10.51.0.{i + 1}"
        def start(self, conf): done.append((self.name, "start", conf))
        def reload(self, conf): done.append((self.name, "reload", conf))
        def stop(self): clock[0] += 1
    class Lab:
        def __init__(self): self.r = [Router(i) for i in range(count)]
        def truth(self, *_): pass
    class Time:
        @staticmethod
        def time(): return clock[0]
        @staticmethod
        def sleep(seconds): clock[0] += seconds
    changes.time = Time; changes.K[kind][0](Lab(), int(seed)); return done

def course(folder, lab):
    name = os.path.basename(folder); rows = sorted((json.loads(l) for l in open(f"{folder}/truth.jsonl")), key=lambda r: r["t"])
    texts = {os.path.basename(f)[:-5]: open(f).read() for f in sorted(glob.glob(f"{folder}/r*.conf"))}
    versions = next((r["detail"] for r in rows if r["event"] == "keepalived"), "v2.2.7").split(); start = rows[0]["t"]
    isChange = re.match(r"(reload|rolling)-\d+$", name); done = reloads(lab, name, len(texts)) if isChange else []
    if done: texts = {r: next(c for n, e, c in done if n == r) for r in texts}
    out = [f"# {name}, as it was recorded"]
    for r, text in texts.items():
        address = f"fe80::51:ff:fe00:{r[1:]}" if "fe80" in text.split("virtual_ipaddress")[-1] else f"10.51.0.{r[1:]}"
        out.append(f"router {r} {address} {'frr' if 'hostname' in text else daemon(versions[0])} {settings(text)}")
    heard, steps, said, started = {r: 0 for r in texts}, [], [], set()
    for row in rows:
        t, r, e = f"{row['t'] - start + 0.001:.3f}", row["router"], row["event"]
        if r in texts and r not in started:
            started.add(r)
            if e != "start": steps.append(f"{max(0, row['t'] - start - 0.08):.3f} {r} starts")
        if e in ("start", "reload") and done:
            _, _, conf = next(x for x in done if x[0] == r and x[1] == e); done.remove((r, e, conf))
            if e == "reload": steps.append(f"{t} {r} reloads {settings(conf)}"); continue
        if e == "start":                             # a process needs its time, most of all on a busy machine
            ready = next((x["t"] for x in rows if x["router"] == r and x["event"] == "BACKUP" and row["t"] < x["t"] < row["t"] + 1), row["t"] + 0.081)
            t = f"{ready - 0.08 - start:.3f}" if ready - 0.08 > start else t
        if e == "start" and len(versions) > 1 and any(s.endswith(f"{r} starts") for s in steps): steps.append(f"{t} {r} installs {daemon(versions[1])}")
        if e in WORDS: steps.append(f"{t} {r} {WORDS[e]}")
        elif e in ("loss-in", "loss-out"): steps.append(f"{t} {r} loses-{'inbound' if e == 'loss-in' else 'outbound'} {row['detail']}")
        elif e == "partition" and r == "lab": steps.append(f"{t} part {row['detail']}")
        elif e == "heal": steps.append(f"{t} part none")
        elif e in ("partition", "healed"):
            for x in (texts if name == "two-way-partition" else [r]): steps.append(f"{t} {x} loses-inbound {100 if e == 'partition' else 0}")
        elif e == "priority-drop": steps.append(f"{t} {r} tracks 70")
        elif e == "priority-restore": steps.append(f"{t} {r} tracks 100")
        elif e in ("MASTER", "BACKUP", "FAULT"): said.append(f"recorded {t} {r} {e.lower()}")
        elif e == "INIT" and r in started and "frr" in out[1 + list(texts).index(r)]: steps.append(f"{t} {r} stops")
    for f in sorted(glob.glob(f"{folder}/switch*.pcap")):
        lines = subprocess.run(["tshark", "-r", f, "-Y", "vrrp.prio > 0 and not icmp", "-T", "fields", "-e", "ip.src", "-e", "ipv6.src"], capture_output=True, text=True).stdout.split()
        for address in lines:
            r = "r" + re.split(r"[.:]", address)[-1]
            if r in heard: heard[r] += 1
    steps.sort(key=lambda s: float(s.split()[0])); return "\n".join(out + steps + [f"{rows[-1]['t'] - start + 0.1:.3f} end"] + said + [f"recorded-adverts {r} {n}" for r, n in heard.items()]) + "\n"

if __name__ == "__main__":
    root, lab, target = sys.argv[1:]; sys.path.insert(0, lab)
    for name in sorted(os.listdir(root)):
        if not LEFT_OUT.search(name) and os.path.exists(f"{root}/{name}/truth.jsonl"):
            open(f"{target}/{name}.txt", "w").write(course(f"{root}/{name}", lab))
