// The same in what a worker brings along, in what comes in a stream, and in a picture.
import assert from 'node:assert/strict';

const made = (page) => page.locator('[onerror], [onload], [onmouseover], img[src="x"], main script').count();

// A CV fills the form, with what stands in it as text.
export async function hostileCv(visitor, base, attack) {
  const { page } = visitor;
  const text = attack.replace(/[&<>]/g, (letter) => `&#${letter.charCodeAt(0)};`);
  const europass = `<SkillsPassport xmlns="http://europass.cedefop.europa.eu/Europass"><LearnerInfo><Headline><Type><Code>preferred_job</Code></Type>
<Description><Label>${text}</Label></Description></Headline><Skills><JobRelated><Description>${text}, lassen</Description></JobRelated></Skills></LearnerInfo></SkillsPassport>`;
  const resume = JSON.stringify({ basics: { label: attack, summary: attack }, skills: [{ name: attack, keywords: [attack] }], work: [{ position: attack }] });
  for (const [name, kind, content] of [['cv.xml', 'application/xml', europass], ['cv.json', 'application/json', resume]]) {
    await page.goto(`${base}/portal/profile/import`);
    await page.setInputFiles('#f-file', { name, mimeType: kind, buffer: Buffer.from(content) });
    await page.click('main form button');
    await page.waitForSelector('#f-title');
    assert.ok((await page.inputValue('#f-title')).startsWith('Kwaadaardig'), `${name}: the title is as it was brought`);
    assert.equal(await made(page), 0, `${name}: nothing was made of it`);
    assert.notEqual(await page.title(), 'struck', name);
    await visitor.look(name.replace('.', '-'));
  }
}

// A logo is a picture of this node: opened by itself it runs nothing, whatever it holds. It is the icon here, which is served the same way.
export async function hostileLogo(visitor, base) {
  const { page, script } = visitor;
  if (!script) return;
  let served = false;
  await page.route('**/pages/icon.svg', async (route) => {
    const response = await route.fetch();
    served = true;
    const body = '<svg xmlns="http://www.w3.org/2000/svg" onload="document.documentElement.id=\'struck\'"><script>document.documentElement.id="struck"</script><text>here</text></svg>';
    await route.fulfill({ response, body });
  });
  await page.goto(`${base}/pages/icon.svg`);
  await page.unroute('**/pages/icon.svg');
  assert.ok(served && (await page.content()).includes('here'), 'the picture is opened by itself');
  assert.equal(await page.evaluate(() => document.documentElement.id), '', 'and runs nothing');
  // The browser says so, as it should.
  visitor.faults = visitor.faults.filter((fault) => !/Blocked script execution in .*icon\.svg/.test(fault));
}

// Whatever comes in a stream, names of partners and why they are missing too, is text.
export async function hostileStream({ page, script }, search, attack, isText) {
  await page.goto(search);
  if (!script) return;
  const kept = ['type', 'link'];
  const replaced = (value, name) => {
    if (typeof value === 'string') return kept.includes(name) ? value : attack;
    if (Array.isArray(value)) return value.map((one) => replaced(one, name));
    return value && typeof value === 'object' ? Object.fromEntries(Object.entries(value).map(([inner, one]) => [inner, replaced(one, inner)])) : value;
  };
  let lines = 0;
  await page.route('**/stream', async (route) => {
    const response = await route.fetch();
    const told = (await response.text()).split('\n').filter(Boolean).map((line) => JSON.parse(line));
    lines = told.length;
    for (const line of told) if (line.type === 'done') line.missing = [attack];
    await route.fulfill({ response, body: told.map((line) => JSON.stringify(replaced(line)) + '\n').join('') });
  });
  await page.click('p.actions button[value=ask]');
  await page.waitForSelector('#missing .notice');
  await page.unroute('**/stream');
  assert.ok(lines > 3, 'something came');
  await isText('stream');
  await page.goto(search);
}
