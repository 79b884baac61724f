// The log, verified by the browser itself; and what was changed on the way is refused.
import assert from 'node:assert/strict';

const text = (page, selector) => page.textContent(selector).then((said) => said.replace(/\s+/g, ' ').trim());

async function verified(visitor, wanted) {
  const { page } = visitor;
  // The log is signed every twenty seconds.
  for (let tries = 0; tries < 90; tries += 1) {
    await page.click('#start');
    await page.waitForFunction(() => !document.getElementById('verdict').textContent.includes('…'));
    const said = await text(page, '#verdict');
    if (said.startsWith(wanted)) return said;
    if (!said.includes('Het bewijs is er nog niet') && !said.includes('There is no proof yet')) throw new Error(`${visitor.name}: ${said}: ${await text(page, '#checks')}`);
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  throw new Error(`${visitor.name}: the log is not signed in time`);
}

// What the node says is changed on its way to the script.
async function altered(page, change) {
  await page.route('**/portal/verify/proof', async (route) => {
    const response = await route.fetch();
    const proof = await response.json();
    change(proof);
    await route.fulfill({ response, json: proof });
  });
}

const other = (letter) => (letter === 'A' ? 'B' : 'A');
const swapped = (string, at) => string.slice(0, at) + other(string[at]) + string.slice(at + 1);

export async function verifyLog(visitor, base, names) {
  const { page, script } = visitor;
  const [whole, not] = visitor.language === 'nl' ? ['Alles klopt', 'Er klopt iets niet'] : ['Everything is right', 'Something is not right'];
  await page.goto(base + '/portal/verify');
  await visitor.says('Zelf nakijken, zonder deze pagina', 'Verify it yourself, without this page');
  if (!script) {
    assert.equal(await page.isVisible('#start'), false, 'what needs a script is not there without one');
    await visitor.look('verify');
    return;
  }
  await verified(visitor, whole);
  const checks = await text(page, '#checks');
  for (const name of names) assert.ok(checks.includes(name), checks);
  assert.ok((await page.isVisible('#keep')) && !(await page.isVisible('#forget')), 'there is something to keep, and nothing to forget');
  assert.ok((await text(page, '#rows')).includes(names[0]), 'rows name who saw something');
  await visitor.look('verified');
  await page.click('#keep');
  await verified(visitor, whole);
  const kept = visitor.language === 'nl' ? 'verder gegaan op dat wat u bewaarde' : 'went on from what you kept';
  assert.ok((await text(page, '#checks')).includes(kept), await text(page, '#checks'));

  const changes = {
    'a row': (proof) => { const row = proof.export.rows.at(-1); row.row = swapped(row.row, row.row.indexOf('"at":"') + 7); },
    'a salt': (proof) => { const row = proof.export.rows.at(-1); row.salt = (row.salt[0] === '0' ? '1' : '0') + row.salt.slice(1); },
    'a leaf': (proof) => { proof.export.rows.at(-1).leaf.at = '2020-01-01T00:00:00Z'; },
    'a root': (proof) => { const lines = proof.export.checkpoint.split('\n'); lines[2] = swapped(lines[2], 3); proof.export.checkpoint = lines.join('\n'); },
    'a signature': (proof) => { const lines = proof.export.checkpoint.split('\n'); lines[4] = swapped(lines[4], lines[4].length - 20); proof.export.checkpoint = lines.join('\n'); },
    'the witnesses': (proof) => { proof.export.checkpoint = proof.export.checkpoint.split('\n').slice(0, 5).join('\n') + '\n'; },
    'another log': (proof) => { proof.export.checkpoint = swapped(proof.export.checkpoint, 0); },
  };
  for (const [what, change] of Object.entries(changes)) {
    await altered(page, change);
    const said = await verified(visitor, not);
    assert.ok((await page.locator('.mark-bad').count()) > 0, `${what}: ${said}`);
    assert.equal(await page.isVisible('#keep'), false, `${what}: nothing is kept of it`);
    if (what === 'a row') {
      const rows = await text(page, '#rows li >> nth=0');
      assert.ok(!names.some((name) => rows.includes(name)), `of what does not hold nothing is said: ${rows}`);
      await visitor.look('verify-refused');
    }
    await page.unroute('**/portal/verify/proof');
  }
  // A file of before says the same as what is remembered; and one that is none is said to be none.
  const note = await page.evaluate((origin) => localStorage.getItem(`polder log ${origin}`), await page.getAttribute('#verify', 'data-origin'));
  await page.click('#by-script summary:has-text("eerder"), #by-script summary:has-text("earlier")');
  const compare = async (content) => {
    // What was said before is no answer.
    await page.evaluate(() => { document.getElementById('verdict').textContent = '…'; });
    await page.setInputFiles('#f-old', { name: 'polder-log.json', mimeType: 'application/json', buffer: Buffer.from(content) });
    await page.waitForFunction(() => !document.getElementById('verdict').textContent.includes('…'));
    return text(page, '#verdict');
  };
  assert.ok((await compare(JSON.stringify({ checkpoint: note }))).startsWith(whole));
  assert.equal((await text(page, '#checks')).split(kept).length, 3, 'once for what is remembered, once for the file');
  const none = visitor.language === 'nl' ? 'staat geen bewijs' : 'no proof in this file';
  assert.ok((await compare('{}')).includes(none));
  // A browser that knows no Ed25519 says so, and what it verified nonetheless.
  await page.evaluate(() => { crypto.subtle.generateKey = () => Promise.reject(new Error('not known')); });
  await verified(visitor, visitor.language === 'nl' ? 'Wat uw browser kan nakijken, klopt' : 'What your browser can verify is right');
  assert.ok((await text(page, '#checks')).includes('Ed25519'));
  await page.reload();

  // A log that did not go on from what was kept.
  await page.evaluate((origin) => {
    const name = `polder log ${origin}`;
    const lines = localStorage.getItem(name).split('\n');
    lines[2] = lines[2].replace(/^./, (letter) => (letter === 'A' ? 'B' : 'A'));
    localStorage.setItem(name, lines.join('\n'));
  }, await page.getAttribute('#verify', 'data-origin'));
  await verified(visitor, not);
  assert.ok(await page.isVisible('#evidence'), 'both are shown');
  await visitor.look('verify-two-histories');
  await page.click('#forget');
  await verified(visitor, whole);
}
