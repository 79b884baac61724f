"""Starts the demo and fails when a node takes as many MB as given, or more, once it has answered.

Arguments: the field of /proc/PID/status to look at (VmRSS: everything; RssAnon: what the node has allocated), the MB, the command.
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


def children(of, measured):
    """What each process that the demo started takes in bytes, by process id."""
    found = {}
    for status in pathlib.Path("/proc").glob("[0-9]*/status"):
        try:
            fields = dict(line.split(":", 1) for line in status.read_text().splitlines())
        except OSError:
            continue  # It has ended meanwhile.
        if int(fields["PPid"]) == of and measured in fields:
            found[int(status.parent.name)] = int(fields[measured].split()[0]) * 1024
    return found


def main(measured, most, command):
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
