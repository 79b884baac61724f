// How soon the first result stands on screen: from when the first partner's answer was in at the node until the browser has painted a row, the way there and back
// and whatever waits in between included.
import assert from 'node:assert/strict';

const MOST_MS = 100;
const TIMES = 7;

// One partner is silent, so that the result itself comes later.
export async function stream(visitor, demo, home) {
  const { page } = visitor;
  await page.goto(`${home.url}/desk/login`);
  await page.click('button:has-text("Cor Consulent")');
  return demo.silenced(demo.node('ROC'), () => usually(visitor, home.url));
}

async function usually(visitor, base) {
  const { page } = visitor;
  const took = [];
  for (let time = 0; time < TIMES; time += 1) {
    await page.goto(base + '/desk/search?kind=vacancy');
    await page.evaluate(watch);
    await page.click('p.actions button[value=ask]');
    await page.waitForFunction(() => window.seen.done && window.seen.painted);
    const { sent, answered, arrived, painted, done } = await page.evaluate(() => window.seen);
    assert.ok(painted < done, 'rows are there before the result is');
    took.push({ all: painted - sent - answered, network: arrived - sent - answered });
  }
  took.sort((one, other) => one.all - other.all);
  const said = `the first row is painted ${took.map(({ all }) => all.toFixed(0)).join(', ')} ms after the first partner's answer (its word that it answered was here after ${took.map(({ network }) => network.toFixed(0)).join(', ')} ms)`;
  // A machine that does something else meanwhile slows some of them; what waits slows each.
  assert.ok(took[(TIMES - 1) / 2].all <= MOST_MS, `${said}; in the middle at most ${MOST_MS} ms are allowed`);
  return said;
}

// Notes when the question left, how long the first answer took by the node's own clock, and when the first row was painted.
function watch() {
  window.seen = {};
  const fetched = window.fetch;
  window.fetch = async (...asked) => {
    window.seen.sent = performance.now();
    const response = await fetched(...asked);
    const [ours, theirs] = response.body.tee();
    (async () => {
      let text = '';
      for await (const part of ours.pipeThrough(new TextDecoderStream())) {
        text += part;
        const answered = text.split('\n').slice(0, -1).map((line) => JSON.parse(line)).find((line) => line.ms !== undefined);
        if (answered && !window.seen.arrived) Object.assign(window.seen, { answered: answered.ms, arrived: performance.now() });
      }
      window.seen.done = performance.now();
    })();
    return new Response(theirs, { status: response.status, headers: response.headers });
  };
  new MutationObserver((_, watching) => {
    if (!document.querySelector('#rows > li')) return;
    watching.disconnect();
    // What is sent to itself in a frame comes after that frame was painted.
    const channel = new MessageChannel();
    channel.port1.onmessage = () => { window.seen.painted = performance.now(); };
    requestAnimationFrame(() => channel.port2.postMessage(0));
  }).observe(document.getElementById('rows'), { childList: true });
}
