"""The quick starts of the book, run word for word against nodes of the demo.

A block after a line with a name alone (`vacancy.json`:) is that file; blocks of `sh` are run one after the other; blocks of `console` are for whoever has no
demo yet, and the others show what comes back. Where a page says `<!-- worker apply -->`, somebody does that at a portal, as the page asks its reader to.
"""
import os
import pathlib
import re
import subprocess

# What has to come out of each page, so that a command that does nothing is seen.
SAYS = {
    "quick-start-ats.md": ['"dryRun":true', '"outcome":"created"', '"outcome":"replaced"', '"title": "Lasser constructie"', '"answered":', '"type":"application.received"',
                           "Ik woon vlakbij", '"type":"erasure.due"', "1 erased", '"deleted":true', "refused"],
    "quick-start-municipality.md": [
        '"kind":"training"', '"outcome":"created"', '"state":"not-given"', "the worker said yes to 2", '"state":"given"', '"telephone":"+31 320 000001"',
        "the worker stopped", "2 erased", "the worker sees that it is erased",
    ],
}


def blocks(text):
    """The files of a page, and its commands."""
    files, commands = {}, []
    parts = re.findall(r"(?:`([\w.-]+)`:\n\n)?^```(\w+)\n(.*?)^```$|^<!-- worker (\w+) -->$", text, re.MULTILINE | re.DOTALL)
    for name, kind, body, deed in parts:
        if deed:
            commands.append(f'python3 "$WORKER" {deed}')
        elif name:
            files[name] = body
        elif kind == "sh":
            commands.append(body)
    return files, commands


def run(docs, work, program, python, nodes, portal):
    """Each page at a node of its own; the second one goes on where the first one ended. Workers act at that portal."""
    place = work / "quick-start"
    place.mkdir(exist_ok=True)
    for page, node in zip(SAYS, nodes):
        files, commands = blocks((docs / page).read_text())
        assert files and len(commands) >= 5, f"{page}: where are its blocks?"
        for name, body in files.items():
            (place / name).write_text(body)
        for old in [*place.glob("*.pem"), place / "worker.json"]:
            old.unlink(missing_ok=True)
        path = f"{python}:{pathlib.Path(program).resolve().parent}:{os.environ['PATH']}"
        environment = {**os.environ, "PATH": path, "POLDER_URL": node["url"], "POLDER_TOKEN_FILE": node["tokenFile"],
                       "WORKER": str(pathlib.Path(__file__).with_name("worker.py")), "WORKER_PORTAL": portal, "WORKER_VACANCY_PARTNER": node["partner"]}
        done = subprocess.run(["bash", "-euo", "pipefail", "-c", "\n".join(commands)], cwd=place, env=environment, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=300)
        assert done.returncode == 0, f"{page} ends with {done.returncode}:\n{done.stdout}"
        for said in SAYS[page]:
            assert said in done.stdout, f"{page} does not say {said}:\n{done.stdout}"
        print(f"== {page}: {len(commands)} blocks", flush=True)
