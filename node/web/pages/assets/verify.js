// The log of this node, verified here: hashes, proofs and signatures are computed anew (docs/interfaces.md, section 11), and what is shown of a row is what
// was verified of it. Without this script, or without trust in it, `polder log verify` does the same.
"use strict";
(() => {
  const part = (id) => document.getElementById(id);
  const utf8 = new TextEncoder();
  const page = part("verify");
  const words = new Map([...part("words").children].map((one) => [one.dataset.name, one.textContent]));
  const say = (name, ...given) => (words.get(name) ?? name).replace(/%(\d)/g, (_, number) => given[number - 1]);
  /// Rows that are shown, of those that hold; what does not hold is shown whole.
  const SHOWN = 100;
  /// Seconds by which the clock of a witness may be ahead.
  const AHEAD = 300;

  const same = (one, other) => one.length === other.length && one.every((byte, index) => byte === other[index]);
  const joined = (...parts) => Uint8Array.from(parts.flatMap((bytes) => [...bytes]));
  const hex = (bytes) => [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  const sha256 = async (bytes) => new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  const half = (number) => Math.floor(number / 2);

  function bytesOf(base64) {
    const text = atob(base64);
    if (btoa(text) !== base64) throw new Error("base64");
    return Uint8Array.from(text, (character) => character.charCodeAt(0));
  }

  const keyOf = (text) => bytesOf(text.replace(/-/g, "+").replace(/_/g, "/").padEnd(Math.ceil(text.length / 4) * 4, "="));

  function bytesOfHex(text) {
    if (!/^[0-9a-f]{64}$/.test(text)) throw new Error("hex");
    return Uint8Array.from(text.match(/../g), (pair) => parseInt(pair, 16));
  }

  // The tree: RFC 6962, section 2.1. The proofs: RFC 9162, sections 2.1.3.2 and 2.1.4.2.
  const leafHash = (bytes) => sha256(joined([0], bytes));
  const nodeHash = (left, right) => sha256(joined([1], left, right));

  async function stands(leaf, index, size, proof, root) {
    if (!(index < size)) return false;
    let [place, last, found] = [index, size - 1, leaf];
    for (const hash of proof) {
      if (last === 0) return false;
      if (place % 2 === 1 || place === last) {
        found = await nodeHash(hash, found);
        for (; place % 2 === 0; last = half(last)) place = half(place);
      } else found = await nodeHash(found, hash);
      [place, last] = [half(place), half(last)];
    }
    return last === 0 && same(found, root);
  }

  function isPowerOfTwo(number) {
    while (number % 2 === 0) number /= 2;
    return number === 1;
  }

  async function follows(old, next, proof) {
    if (old.size > next.size) return false;
    if (old.size === 0) return proof.length === 0;
    if (old.size === next.size) return proof.length === 0 && same(old.root, next.root);
    const rest = [...proof];
    const first = isPowerOfTwo(old.size) ? old.root : rest.shift();
    if (!first) return false;
    let [place, last, before, after] = [old.size - 1, next.size - 1, first, first];
    for (; place % 2 === 1; last = half(last)) place = half(place);
    for (const hash of rest) {
      if (last === 0) return false;
      if (place % 2 === 1 || place === last) {
        before = await nodeHash(hash, before);
        after = await nodeHash(hash, after);
        for (; place > 0 && place % 2 === 0; last = half(last)) place = half(place);
      } else after = await nodeHash(after, hash);
      [place, last] = [half(place), half(last)];
    }
    return last === 0 && same(before, old.root) && same(after, next.root);
  }

  // A checkpoint: C2SP signed-note and tlog-checkpoint.
  function read(note) {
    const end = note.lastIndexOf("\n\n") + 1;
    if (end === 0 || !note.endsWith("\n")) throw new Error("note");
    const text = note.slice(0, end);
    const [origin, size, root, ...rest] = text.split("\n");
    if (rest.length !== 1 || rest[0] !== "" || !/^(0|[1-9]\d*)$/.test(size) || !Number.isSafeInteger(Number(size))) throw new Error("checkpoint");
    const signatures = note.slice(end + 1, -1).split("\n").map((line) => {
      const [, name, base64] = /^\u2014 ([^\s+]+) (\S+)$/u.exec(line) ?? [];
      if (!name) throw new Error("signature");
      return { name, bytes: bytesOf(base64) };
    });
    return { note, text, origin, size: Number(size), root: bytesOf(root), signatures };
  }

  const canSign = async () => crypto.subtle.generateKey("Ed25519", false, ["sign", "verify"]).then(() => true, () => false);

  async function verifies(key, signature, message) {
    const known = await crypto.subtle.importKey("raw", key, "Ed25519", false, ["verify"]);
    return crypto.subtle.verify("Ed25519", known, signature, message);
  }

  /// What the lines under a name and one of these keys say: nothing, or whether they hold, and since when.
  async function signed(checkpoint, name, type, keys) {
    let found = null;
    for (const { bytes } of checkpoint.signatures.filter((line) => line.name === name)) {
      for (const key of keys) {
        const id = (await sha256(joined(utf8.encode(`${name}\n`), [type], key))).slice(0, 4);
        if (!same(bytes.slice(0, 4), id)) continue;
        let [message, signature, at] = [checkpoint.text, bytes.slice(4), 0];
        if (type === 4) {
          at = Number(new DataView(bytes.buffer).getBigUint64(4));
          [message, signature] = [`cosignature/v1\ntime ${at}\n${checkpoint.text}`, bytes.slice(12)];
        }
        if (!(await verifies(key, signature, utf8.encode(message)))) return { holds: false };
        if (!found || at > found.at) found = { holds: true, at };
      }
    }
    return found;
  }

  /// The members of a leaf in the order in which they are hashed.
  function leafBytes(leaf) {
    const ordered = {};
    for (const name of ["seq", "at", "kind", "recipient", "purpose", "activity", "row"]) if (leaf[name] !== undefined) ordered[name] = leaf[name];
    if (Object.keys(leaf).some((name) => !(name in ordered))) throw new Error("leaf");
    return utf8.encode(JSON.stringify(ordered));
  }

  /// Why a row does not hold; null where it does.
  async function wrongWith({ leaf, proof, row, salt }, checkpoint) {
    if (!(await stands(await leafHash(leafBytes(leaf)), leaf.seq, checkpoint.size, proof.map(bytesOf), checkpoint.root))) return "verify-row-not-there";
    if (row === undefined && salt === undefined) return null;
    if (row === undefined || salt === undefined) return "verify-row-half";
    if (hex(await sha256(joined(bytesOfHex(salt), utf8.encode(row)))) !== leaf.row) return "verify-row-another";
    if (leaf.kind !== "disclosure") return null;
    const said = JSON.parse(row);
    const agrees = `${said.at.slice(0, 16)}:00Z` === leaf.at && said.recipient === leaf.recipient && said.purpose === leaf.purpose;
    return agrees ? null : "verify-row-disagrees";
  }

  const locale = document.documentElement.lang === "en" ? "en-GB" : "nl-NL";
  const written = (style, instant) => new Intl.DateTimeFormat(locale, { ...style, timeZone: "Europe/Amsterdam" }).format(instant);
  const moment = (instant) => `${written({ dateStyle: "long" }, instant)}, ${written({ timeStyle: "short" }, instant)}`;

  function made(name, text, kind) {
    const node = document.createElement(name);
    if (text) node.textContent = text;
    if (kind) node.className = kind;
    return node;
  }

  function folded(name, texts) {
    const list = made("ul", "", "fields");
    for (const text of texts) list.append(made("li", text));
    const details = made("details");
    details.append(made("summary", say(name)), list);
    return details;
  }

  const mark = (holds) => made("span", say(holds === null ? "verify-unknown" : holds ? "verify-holds" : "verify-wrong"), holds === null ? "mark-there" : holds ? "mark-good" : "mark-bad");

  function check(holds, name, ...given) {
    const item = made("li");
    item.append(mark(holds), " ", say(name, ...given));
    part("checks").append(item);
    return holds;
  }

  function shownRow({ leaf, row }, wrong, names) {
    const item = made("li", "", "card");
    const title = made("h2", "", "small");
    item.append(title, mark(wrong === null));
    // Of what does not hold nothing is said but that.
    if (wrong !== null) {
      title.textContent = say("verify-row", Number(leaf.seq));
      item.append(made("p", say(wrong)));
      return item;
    }
    const said = row === undefined ? {} : JSON.parse(row);
    const recipient = leaf.recipient ?? said.recipient;
    const purpose = leaf.purpose ?? said.purpose;
    const applied = purpose === "application" && ["grant", "withdrawal"].includes(leaf.kind);
    title.textContent = say(`verify-kind-${applied ? `application-${leaf.kind}` : leaf.kind}`);
    const about = [moment(new Date(leaf.at))];
    if (recipient) about.push(names[recipient] ? `${names[recipient]} (${recipient})` : recipient);
    if (purpose) about.push(say(`purpose-${purpose}`));
    item.append(made("p", about.join(" · ")));
    if (row === undefined) item.append(made("p", say("verify-row-erased")));
    if (Array.isArray(said.fields)) {
      item.append(folded("verify-what", said.fields.map((field) => say(`field${field.replace(/\//g, "-")}`))));
    }
    return item;
  }

  async function load(path) {
    const response = await fetch(path, { credentials: "same-origin", cache: "no-store" });
    if (!response.ok) throw new Error(`status ${response.status}`);
    return response.json();
  }

  async function checkSigners(checkpoint, proof) {
    if (!(await canSign())) return check(null, "verify-no-signatures");
    const own = await signed(checkpoint, page.dataset.origin, 1, proof.own.map(keyOf));
    const partner = page.dataset.origin.split("/")[1];
    let holds = check(own?.holds === true, own?.holds === true ? "verify-signed" : "verify-not-signed", proof.names[partner] ?? partner);
    const taken = new Set(proof.own);
    const counted = new Set([partner]);
    const good = [];
    for (const { partner: witness, keys } of proof.witnesses) {
      if (counted.has(witness)) continue;
      counted.add(witness);
      const theirs = keys.filter((key) => !taken.has(key));
      theirs.forEach((key) => taken.add(key));
      const said = await signed(checkpoint, witness, 4, theirs.map(keyOf));
      if (!said) continue;
      const name = proof.names[witness] ?? witness;
      if (said.holds && said.at <= Date.now() / 1000 + AHEAD) good.push(say("verify-cosigned", name, moment(new Date(said.at * 1000))));
      else holds = check(false, "verify-not-cosigned", name);
    }
    holds = check(good.length >= proof.quorum, "verify-quorum", good.length, proof.quorum) && holds;
    if (good.length) part("checks").lastChild.append(folded("verify-who", good));
    return holds;
  }

  /// Whether the log that somebody kept a checkpoint of is the begin of this one, or this one of that.
  async function checkKept(note, checkpoint) {
    const kept = read(note);
    if (kept.origin !== checkpoint.origin) return check(false, "verify-kept-other");
    const [old, next] = kept.size <= checkpoint.size ? [kept, checkpoint] : [checkpoint, kept];
    let holds = false;
    try {
      const { proof } = await load(`/portal/verify/since?old=${old.size}&new=${next.size}`);
      holds = await follows(old, next, proof.map(bytesOf));
    } catch {
      // No proof, no trust.
    }
    check(holds, holds ? "verify-kept" : "verify-kept-wrong", kept.size);
    if (!holds) {
      part("evidence").textContent = `${kept.note}\n${checkpoint.note}`;
      part("two").hidden = false;
    }
    return holds;
  }

  const place = () => `polder log ${page.dataset.origin}`;
  let last = null;

  function kept() {
    try {
      return localStorage.getItem(place());
    } catch {
      // This browser keeps nothing.
      return null;
    }
  }

  function showKept() {
    part("forget").hidden = kept() === null;
    part("keep").hidden = last === null;
  }

  async function verify(file) {
    part("checks").replaceChildren();
    part("rows").replaceChildren();
    part("two").hidden = true;
    last = null;
    const proof = await load("/portal/verify/proof");
    part("pending").hidden = proof.pending === 0;
    if (!proof.export) return tell(false, "verify-not-yet");
    const checkpoint = read(proof.export.checkpoint);
    const own = page.dataset.origin.split("/")[1];
    const isOwn = checkpoint.origin === page.dataset.origin;
    const origin = check(isOwn, isOwn ? "verify-origin" : "verify-other-log", proof.names[own] ?? own, checkpoint.size);
    const signers = await checkSigners(checkpoint, proof);
    let old = true;
    for (const note of [kept(), file].filter(Boolean)) old = (await checkKept(note, checkpoint)) && old;
    const rows = [];
    for (const row of proof.export.rows) rows.push([row, await wrongWith(row, checkpoint).catch(() => "verify-row-unreadable")]);
    const bad = rows.filter(([, wrong]) => wrong !== null);
    const good = rows.filter(([, wrong]) => wrong === null);
    check(bad.length === 0, bad.length === 0 ? "verify-rows" : "verify-rows-wrong", good.length, bad.length);
    part("rows").append(...[...bad, ...good.slice(-SHOWN).reverse()].map(([row, wrong]) => shownRow(row, wrong, proof.names)));
    if (good.length > SHOWN) part("rows").append(made("li", say("verify-more", SHOWN)));
    const whole = origin && signers !== false && old && bad.length === 0;
    if (whole) last = checkpoint;
    tell(whole, whole ? (signers === null ? "verify-whole-unsigned" : "verify-whole") : "verify-not-whole");
  }

  function tell(holds, name) {
    part("verdict").textContent = say(name);
    part("verdict").className = `notice ${holds ? "good" : "bad"}`;
    part("verdict").hidden = false;
    showKept();
  }

  async function start(file) {
    part("verdict").textContent = say("verify-busy");
    part("verdict").className = "notice";
    part("verdict").hidden = false;
    await verify(file).catch(() => tell(false, "verify-failed"));
  }

  part("by-script").hidden = false;
  if (!globalThis.crypto?.subtle) return tell(false, "verify-no-script");
  showKept();
  part("start").addEventListener("click", () => start(null));
  part("keep").addEventListener("click", () => {
    try {
      localStorage.setItem(place(), last.note);
      part("verdict").textContent = say("verify-remembered");
    } catch {
      part("verdict").textContent = say("verify-keeps-nothing");
    }
    showKept();
  });
  part("forget").addEventListener("click", () => {
    localStorage.removeItem(place());
    part("verdict").textContent = say("verify-forgotten");
    showKept();
  });
  part("f-old").addEventListener("change", async (event) => {
    const [file] = event.target.files;
    if (!file) return;
    const note = await file.text().then((text) => JSON.parse(text).checkpoint).catch(() => null);
    if (typeof note !== "string") return tell(false, "verify-file-wrong");
    await start(note);
  });
})();
