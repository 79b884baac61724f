// Results at the desk and at the portal, filled in as partners answer. Without this script the same form is answered by a page when the result is there.
"use strict";
(() => {
  const form = document.getElementById("search");
  const part = (id) => document.getElementById(id);
  const svg = "http://www.w3.org/2000/svg";

  function made(name, text, kind) {
    const node = document.createElement(name);
    if (text) node.textContent = text;
    if (kind) node.className = kind;
    return node;
  }

  function list(texts, kind) {
    const node = made("ul", "", kind);
    for (const text of texts) node.append(made("li", text));
    return node;
  }

  // The letter of a place on the map, beside what is there.
  function pin(letter) {
    if (!letter) return [];
    const mark = made("span", "", "pin");
    mark.append(made("span", `${part("rows").dataset.letter} `, "unseen"), letter);
    return [mark, " "];
  }

  function facts(all) {
    if (!all.length) return [];
    const node = made("dl", "", "facts");
    for (const fact of all) {
      const pair = made("div");
      pair.append(made("dt", fact.label), made("dd", fact.value));
      node.append(pair);
    }
    return [node];
  }

  function leads(address, text, kind) {
    const line = made("p");
    line.append(Object.assign(made("a", text, kind), { href: address, rel: "noopener noreferrer external" }));
    return line;
  }

  // How to apply or to enrol.
  function ways(one, name) {
    const said = part("rows").dataset;
    if (!one.ways.length && !one.link && !one.host) return [];
    const all = [made("h4", said.ways), ...facts(one.ways)];
    if (one.link) all.push(leads(one.link, put(said.link, name)));
    else if (one.host) all.push(made("p", one.host, "quiet"));
    return all;
  }

  function row(one, exchange) {
    const said = part("rows").dataset;
    const item = made("li", "", "card");
    if (one.anchor) item.id = one.anchor;
    item.append(made("h3", one.title));
    const about = made("p");
    about.append(...pin(one.letter));
    if (one.whom) about.append(made("strong", one.whom));
    if (one.whom && one.place) about.append(" · ");
    about.append(one.place);
    item.append(about);
    const chips = list([...one.reasons.slice(0, 6).map((why) => why.text), ...(one.others ? [one.others] : [])], "chips");
    chips.setAttribute("aria-label", said.reasons);
    item.append(chips);
    if (one.text) item.append(made("p", one.text, one.whole ? "long excerpt cut" : "long excerpt"));
    const details = made("details");
    details.append(made("summary", said.details));
    if (one.whole) details.append(made("p", one.whole, "long"));
    details.append(...facts(one.facts), ...ways(one, one.whom || one.partner), made("h4", said.reasons));
    details.append(made("p", `${said.score} ${one.score}`, "quiet"), list(one.reasons.map((why) => `${why.text} (${why.points})`), "fields"));
    if (one.person) details.append(handle(one.person.key));
    const people = form.elements.kind.value === "skill-offer";
    if (exchange) return item.append(details), item;
    item.append(details, made("p", one.own && !people ? said.ownOffer : `${said.from} ${one.partner}`, "quiet"));
    if (one.person) item.append(contact(one.person));
    else if (one.own && people) item.append(made("p", said.own));
    return item;
  }

  // What only a page of this session knows.
  const csrf = () => form.dataset.csrf ?? form.elements.csrf.value;

  function sends(action, fields) {
    const node = made("form");
    Object.assign(node, { method: "post", action });
    for (const [name, value] of Object.entries({ csrf: csrf(), ...fields })) {
      const field = made("input");
      Object.assign(field, { type: "hidden", name, value });
      node.append(field);
    }
    return node;
  }

  // By what somebody is known here, where they are to be referred to.
  function handle(key) {
    const known = made("p", `${part("rows").dataset.known} `, "quiet");
    known.append(made("span", key, "key"));
    return known;
  }

  function contact(person) {
    const asks = sends("/desk/asked", { partner: person.partner, key: person.key, seen_as: person.seen_as, about: form.elements.about?.value ?? "" });
    asks.append(made("button", part("rows").dataset.contact, "second"));
    return asks;
  }

  const put = (text, ...given) => text.replace(/%(\d)/g, (_, number) => given[number - 1]);

  // A vacancy or a training, at the portal.
  function offer(one) {
    const said = part("rows").dataset;
    const item = made("article", "", "card hit");
    if (one.anchor) item.id = one.anchor;
    const about = made("p");
    about.append(...pin(one.letter), [one.by, one.place].filter(Boolean).join(" · "));
    if (one.through) about.append(" ", made("small", one.through));
    const title = made("h3", one.title);
    const text = made("p", one.text, "long");
    // What partners write is in Dutch, also on a page in English.
    if (said.lang) title.lang = text.lang = said.lang;
    item.append(title, about);
    if (one.chips.length) item.append(list(one.chips, "chips"));
    const more = made("details");
    more.append(made("summary", put(said.more, one.title)), text, ...facts(one.facts));
    if (one.unseen) more.append(made("p", one.unseen, "quiet"));
    if (one.ways.length) more.append(made("h4", said.ways), ...facts(one.ways));
    item.append(made("h4", said.why), list(one.why, "why"));
    if (one.but.length) item.append(list(one.but, "but"));
    item.append(more);
    if (one.applied) {
      const applied = made("p");
      applied.append(Object.assign(made("a", one.applied), { href: "/portal/applications" }));
      item.append(applied);
    }
    if (one.apply) {
      const apply = sends("/portal/apply", { ...one.apply, title: one.title, by: one.by });
      const button = made("button", said.apply);
      button.setAttribute("aria-label", put(said.applyTo, one.title, one.by));
      apply.append(button);
      item.append(apply);
    }
    if (one.link) {
      item.append(leads(one.link, put(said.link, one.by), "button second"));
    } else if (one.host) item.append(made("p", one.host, "quiet"));
    return item;
  }

  const round = (x, y, r, kind) => drawn("circle", { cx: x, cy: y, r, class: kind });

  // Something drawn, with its attributes.
  function drawn(name, attributes, text) {
    const node = document.createElementNS(svg, name);
    for (const [attribute, value] of Object.entries(attributes)) node.setAttribute(attribute, value);
    if (text) node.textContent = text;
    return node;
  }

  // A dot leads to the first thing of the list that is there.
  function dot(one) {
    const { x, y } = one;
    const link = drawn("a", { class: "dot", href: `#at-${one.letter}`, "aria-label": one.said });
    link.append(round(x, y, 20, ""), drawn("text", { x, y, dy: 8 }, one.letter));
    link.append(drawn("title", {}, one.said));
    return link;
  }

  // What is known of the list so far: of each row, by its number, what it says and where it stands; and what the map shows.
  const known = new Map();
  let onMap = {};

  function fill(change) {
    const built = part("rows").dataset.kind === "offers" ? offer : (one) => row(one);
    for (const { id, ...said } of change.rows ?? []) {
      const before = known.get(id);
      const one = { ...before?.one, ...said };
      const node = built(one);
      if (before) takePlace(before.node, node);
      known.set(id, { one, node });
    }
    if (change.order) order(change.order);
    if (change.map) draw(onMap = { ...onMap, ...change.map });
  }

  // A row that changed stays as far open as it was, and whoever was in it stays there.
  function takePlace(before, node) {
    const was = before.querySelector("details");
    const details = node.querySelector("details");
    if (was && details) details.open = was.open;
    const within = before.contains(document.activeElement) ? document.activeElement.localName : "";
    before.replaceWith(node);
    if (within) node.querySelector(within)?.focus({ preventScroll: true });
  }

  // Rows in their order: only what moves is moved.
  function order(ids) {
    for (const [id, { node }] of known) {
      if (ids.includes(id)) continue;
      node.remove();
      known.delete(id);
    }
    let here = part("rows").firstElementChild;
    for (const { node } of ids.map((id) => known.get(id))) {
      if (node === here) here = here.nextElementSibling;
      else part("rows").insertBefore(node, here);
    }
  }

  function draw(found) {
    part("dots").replaceChildren(...found.dots.map(dot));
    const several = found.dots.filter((one) => one.count > 1);
    part("counts").replaceChildren(...several.map(({ x, y, count }) => drawn("text", { x, y, dx: 13, dy: -12 }, count)));
    if (/^scale\([\d.]+\) translate\([-\d.]+ [-\d.]+\)$/.test(found.transform)) part("land").setAttribute("transform", found.transform);
    part("names").replaceChildren(...found.names.map((name) => drawn("text", { x: name.x, y: name.y }, name.text)));
    part("map-elsewhere").textContent = found.elsewhere;
    const reach = found.circle;
    part("reach").replaceChildren(...(reach ? [round(reach.x, reach.y, reach.radius, "reach"), round(reach.x, reach.y, 8, "from")] : []));
  }

  // What the national exchange has, in a section of its own.
  function tellExchange(line) {
    part("exchange-summary").textContent = line.summary;
    part("exchange-summary").className = line.failed ? "notice bad" : "";
    part("exchange-notes").replaceChildren(...line.notes.map((text) => made("li", text)));
    part("exchange-notes").hidden = !line.notes.length;
    part("exchange-rows").replaceChildren(...line.rows.map((one) => row(one, true)));
  }

  function tell(line) {
    if (line.type === "exchange") return tellExchange(line);
    if (line.type === "partner" && !line.missing) part("answered")?.append(made("li", line.text));
    if (line.type === "rows") fill(line);
    if (line.type === "failed") part("summary").textContent = line.text;
    if (line.type !== "done") return;
    part("progress").hidden = true;
    fill(line);
    part("summary").textContent = line.summary;
    if (part("asks")) part("asks").textContent = line.asked;
    if (part("anywhere")) part("anywhere").hidden = !line.anywhere;
    for (const id of ["map", "to-map"]) if (part(id)) part(id).hidden = !known.size;
    if (part("more")) part("more").textContent = line.more;
    if (part("widen")) part("widen").hidden = known.size > 0;
    part("answered")?.replaceChildren(...line.answered.map((text) => made("li", text)));
    if (line.missing.length) {
      const notice = made("div", "", "notice bad");
      notice.append(made("p", part("rows").dataset.incomplete), list(line.missing));
      part("missing").append(notice);
    }
  }

  async function* lines(body) {
    const reader = body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = "";
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      const parts = (rest + value).split("\n");
      rest = parts.pop();
      for (const text of parts) yield JSON.parse(text);
    }
  }

  // Where the answers come in, empty: shown at once, so that it is there and painted when the first one comes.
  function makeRoom(asked) {
    // What was wrong with the question before is mended.
    for (const said of document.querySelectorAll("main > .notice.bad, #search .wrong")) said.remove();
    known.clear();
    onMap = {};
    for (const id of ["rows", "dots", "missing", "answered", "part", "asks", "exchange-notes", "exchange-rows"]) part(id)?.replaceChildren();
    if (part("exchange")) {
      for (const id of ["exchange", "to-exchange"]) part(id).hidden = false;
      part("exchange-notes").hidden = true;
      Object.assign(part("exchange-summary"), { textContent: part("exchange-summary").dataset.busy, className: "" });
    }
    if (part("widen")) part("widen").hidden = true;
    part("results").hidden = false;
    if (part("anywhere")) part("anywhere").hidden = true;
    part("summary").textContent = part("summary").dataset.busy;
    part("progress").hidden = false;
    // Whoever asks is led there.
    if (asked) {
      part("results").scrollIntoView();
      part("results-title").focus({ preventScroll: true });
    }
  }

  async function ask(asked) {
    const sent = new URLSearchParams(new FormData(form));
    sent.set("csrf", csrf());
    makeRoom(asked);
    const response = await fetch(form.dataset.stream, { method: "POST", body: sent, credentials: "same-origin" });
    // What is wrong with it, the page says.
    if (!response.ok) return form.submit();
    // Reloading the page, or going back to it, asks the same again.
    const address = response.headers.get("content-location");
    if (address) history.replaceState(null, "", address);
    const progress = part("progress");
    const began = performance.now();
    const deadline = Number(form.dataset.deadline);
    const tick = setInterval(() => { progress.value = Math.min(100, (100 * (performance.now() - began)) / deadline); }, 50);
    let last = "";
    try {
      for await (const line of lines(response.body)) {
        // The exchange may answer before the end or after it.
        if (line.type !== "exchange") last = line.type;
        tell(line);
      }
    } finally {
      clearInterval(tick);
      progress.hidden = true;
    }
    if (last !== "done" && last !== "failed") return form.submit();
    const again = form.querySelector("[data-again]");
    if (again) again.textContent = again.dataset.again;
  }

  let busy = false;
  function begin(asked) {
    if (busy) return;
    busy = true;
    ask(asked).catch(() => form.submit()).finally(() => { busy = false; });
  }

  form.addEventListener("submit", (event) => {
    if (event.submitter && event.submitter.value !== "ask") return;
    event.preventDefault();
    begin(true);
  });
  // Where nothing is to be filled in first, it is asked at once; nobody is led away from where they read.
  if ("now" in form.dataset) begin(false);
})();
