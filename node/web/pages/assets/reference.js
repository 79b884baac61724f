// Operations of the client interface, tried from their page with a token that stays in it. Without this script the page is there to be read.
"use strict";
(() => {
  const words = Object.fromEntries([...document.querySelectorAll("#words [data-name]")].map((one) => [one.dataset.name, one.textContent]));
  const token = document.getElementById("f-token");
  let count = 0;

  function made(name, text, kind) {
    const node = document.createElement(name);
    if (text) node.textContent = text;
    if (kind) node.className = kind;
    return node;
  }

  function field(label, value, control) {
    const name = made("label", label);
    control.id = name.htmlFor = `f-try-${++count}`;
    control.value = value;
    control.spellcheck = false;
    control.autocomplete = "off";
    return [name, control];
  }

  function form(article) {
    const node = made("form");
    const inputs = [];
    for (const parameter of article.querySelectorAll("[data-name]")) {
      const input = made("input");
      inputs.push({ name: parameter.dataset.name, place: parameter.dataset.in, input });
      node.append(...field(parameter.dataset.name, parameter.dataset.example, input));
    }
    const shown = article.querySelector("pre.body");
    const body = made("textarea");
    if (shown) {
      body.rows = 8;
      node.append(...field(words.body, shown.textContent, body));
    }
    if (article.dataset.method !== "GET") node.append(made("p", words.changes, "quiet"));
    const status = made("p", "", "notice");
    status.setAttribute("role", "status");
    status.hidden = true;
    const reply = made("pre");
    reply.tabIndex = 0;
    reply.hidden = true;
    node.append(made("button", words.send), status, reply);

    async function send() {
      let path = article.dataset.path;
      const query = new URLSearchParams();
      const headers = { Authorization: `Bearer ${token.value.trim()}` };
      for (const { name, place, input } of inputs) {
        if (place === "path") path = path.replace(`{${name}}`, encodeURIComponent(input.value));
        else if (input.value && place === "query") query.set(name, input.value);
        else if (input.value) headers[name] = input.value;
      }
      if (shown) headers["Content-Type"] = shown.dataset.media;
      const asked = query.size ? `${path}?${query}` : path;
      const began = performance.now();
      const response = await fetch(asked, {
        method: article.dataset.method, headers, body: shown ? body.value : undefined, credentials: "omit", cache: "no-store", redirect: "error",
      });
      const text = await response.text();
      const time = Math.round(performance.now() - began);
      status.textContent = `${words.reply} ${response.status} ${response.statusText} (${time} ms)`;
      status.className = response.ok ? "notice good" : "notice bad";
      // Much of it is cut: a page is no place for an export.
      reply.textContent = pretty(text).slice(0, 20000);
      reply.hidden = !text;
    }

    node.addEventListener("submit", (event) => {
      event.preventDefault();
      status.hidden = false;
      if (!token.value.trim()) {
        status.textContent = words["no-token"];
        status.className = "notice bad";
        token.focus();
        return;
      }
      send().catch(() => {
        status.textContent = words.failed;
        status.className = "notice bad";
        reply.hidden = true;
      });
    });
    return node;
  }

  function pretty(text) {
    try {
      return JSON.stringify(JSON.parse(text), null, 2);
    } catch {
      return text;
    }
  }

  document.getElementById("token").hidden = false;
  for (const article of document.querySelectorAll(".operation")) {
    const details = made("details");
    details.append(made("summary", words.try));
    // It is made when it is first wanted.
    details.addEventListener("toggle", () => details.children.length === 1 && details.append(form(article)));
    article.append(details);
  }
})();
