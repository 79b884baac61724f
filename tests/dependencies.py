#!/usr/bin/env python3
"""Checks what a node is built from: licences, banned crates, one TLS provider, no second version of what must be one.

Reads `cargo tree` and `cargo metadata` alone, so it takes a second. Benchmarks (polder-bench) may use what a node may not.
"""
import json
import pathlib
import re
import subprocess
import sys

ALLOWED_LICENCES = {
    "MIT", "Apache-2.0", "Apache-2.0 WITH LLVM-exception", "BSD-2-Clause", "BSD-3-Clause", "ISC", "Zlib", "0BSD", "Unlicense",
    "Unicode-3.0", "MPL-2.0", "CC0-1.0", "MIT-0", "OpenSSL", "CDLA-Permissive-2.0", "EUPL-1.2", "BSL-1.0", "blessing",
}
BANNED = {
    "openssl": "TLS is rustls", "openssl-sys": "TLS is rustls", "native-tls": "TLS is rustls", "ring": "the one TLS provider is aws-lc-rs",
    "async-std": "the runtime is tokio", "serde_yaml": "unmaintained", "zstd-sys": "no second compression library in C",
}
# Taken for the sake of these alone.
ONLY_THROUGH = {
    # It checks signatures of ID tokens. RUSTSEC-2023-0071 is about operations with a private key, and there is none.
    "rsa": {"openidconnect"},
    # Dates of ours are jiff.
    "chrono": {"oauth2", "openidconnect"},
}
ONE_VERSION = {"rustls", "tokio", "axum", "tracing", "hyper", "h2", "serde", "serde_json", "sqlx", "aws-lc-rs", "aws-lc-sys", "libsqlite3-sys"}
MINIMUM = {"h2": (0, 4, 16), "rustls-webpki": (0, 103, 13), "aws-lc-sys": (0, 39, 0)}


def used():
    """What a build of the node links or runs at build time: (name, version, licence, is ours, features). Development dependencies are left out."""
    command = ["cargo", "tree", "-p", "polder", "-e", "normal,build", "--prefix", "none", "--locked", "--format", "{p}|{l}|{f}"]
    text = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    found = set()
    for line in text.splitlines():
        package, licence, features = line.removesuffix(" (*)").split("|")
        name, version, *rest = package.split(" ")
        ours = any(part.startswith("(/") for part in rest)
        found.add((name, version.removeprefix("v"), licence, ours, features.removesuffix(" (*)")))
    return sorted(found)


def needed_by(name):
    """Who in a build of the node needs a package directly."""
    command = ["cargo", "tree", "-p", "polder", "-e", "normal,build", "--prefix", "depth", "--locked", "--invert", name, "--depth", "1", "--format", " {p}"]
    found = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    return {line.split()[1] for line in found.stdout.splitlines() if line.startswith("1 ")}


def licence_allowed(expression):
    if not expression:
        return False
    alternatives = expression.replace("/", " OR ").replace("(", " ").replace(")", " ").split(" OR ")
    return any(all(part.strip() in ALLOWED_LICENCES for part in one.split(" AND ")) for one in alternatives)


def declared_but_unused():
    """Dependencies that a crate of ours declares and whose name stands nowhere in its sources."""
    command = ["cargo", "metadata", "--no-deps", "--format-version", "1", "--locked"]
    for package in json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout)["packages"]:
        directory = pathlib.Path(package["manifest_path"]).parent
        sources = "".join(path.read_text() for path in directory.rglob("*.rs"))
        for name in sorted({dependency["name"] for dependency in package["dependencies"]}):
            if not re.search(rf"\b{name.replace('-', '_')}\b", sources):
                yield f"{package['name']} declares {name} and does not use it"


def main():
    packages, faults = used(), list(declared_but_unused())
    for name, version, licence, ours, features in packages:
        if name in BANNED:
            faults.append(f"{name} {version} is banned: {BANNED[name]}")
        if not licence_allowed(licence):
            faults.append(f"{name} {version} has the licence {licence!r}, which is not on the list")
        if name in MINIMUM and tuple(int(part) for part in version.split("-")[0].split("+")[0].split(".")) < MINIMUM[name]:
            faults.append(f"{name} {version} is older than {MINIMUM[name]}, which has known faults")
        if ours and licence != "EUPL-1.2":
            faults.append(f"{name} does not declare EUPL-1.2")
        if name == "rustls" and "aws_lc_rs" not in features.split(","):
            faults.append("rustls is built without aws_lc_rs")
    for name, through in sorted(ONLY_THROUGH.items()):
        for other in sorted(needed_by(name) - through):
            faults.append(f"{name} is needed by {other}; it is taken for {', '.join(sorted(through))} alone")
    for name in sorted(ONE_VERSION):
        versions = sorted({version for other, version, *_ in packages if other == name})
        if len(versions) > 1:
            faults.append(f"{name} stands in the tree in several versions: {', '.join(versions)}")
    for fault in faults:
        print(f"dependencies: {fault}", file=sys.stderr)
    print(f"dependencies: {len(packages)} packages checked, {len(faults)} fault(s)")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
