"""Starts the demo and fails when a node takes as many MB as given, or more, once it has answered.

Arguments: what to look at, the MB, the command. `all`: whatever is resident. `allocated`: the pages that no file stands behind. What of the program
itself is written to as it is loaded (addresses; 3 MB of it where nothing is optimised) counts as the program, so only for `all`.
"""
import json
import pathlib
import signal
import subprocess
import sys
import time

NODES = 8
# A node that idles: what answering needed for a moment has been given back.
PAUSE_SECONDS = 1


def resident(process, measured):
    """Bytes of the pages of a process that count."""
    of, taken = None, 0
    for line in (process / "smaps").read_text().splitlines():
        name, *rest = line.split()
        if not name.endswith(":"):  # The first line of a mapping: addresses, rights, offset, device, inode, name.
            of = rest[3]
        elif measured == "all" and name == "Rss:" or measured == "allocated" and name == "Anonymous:" and of == "0":
            taken += int(rest[0]) * 1024
    return taken


def children(of, measured):
    """What each process that the demo started takes in bytes, by process id."""
    found = {}
    for process in pathlib.Path("/proc").glob("[0-9]*"):
        try:
            fields = dict(line.split(":", 1) for line in (process / "status").read_text().splitlines())
            if int(fields["PPid"]) == of:
                found[int(process.name)] = resident(process, measured)
        except OSError:
            continue  # It has ended meanwhile.
    return found


def main(measured, most, command):
    assert measured in ("all", "allocated"), measured
    demo = subprocess.Popen([*command, "demo", "--json"], stdout=subprocess.PIPE, text=True)
    try:
        lines = []
        for line in demo.stdout:
            lines.append(line)
            if line == "}\n":  # Three questions are answered; the demo stays up.
                break
        nodes = json.loads("".join(lines))["nodes"]
        time.sleep(PAUSE_SECONDS)
        taken = children(demo.pid, measured)
    finally:
        demo.send_signal(signal.SIGTERM)
        demo.wait()
    assert len(nodes) == len(taken) == NODES, f"{len(nodes)} nodes, {len(taken)} processes"
    largest = max(taken.values()) / 1e6
    assert largest < most, f"a node takes {largest:.1f} MB ({measured}) after it has answered; less than {most} MB are allowed"
    print(f"memory: no node takes more than {largest:.1f} MB ({measured}) after it has answered; less than {most} MB are allowed")


main(sys.argv[1], int(sys.argv[2]), sys.argv[3:])
