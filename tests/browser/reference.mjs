// The reference of the client interface: read by everybody, and operations tried from it where scripts run.
import assert from 'node:assert/strict';

export async function reference(visitor, node) {
  const { page, script } = visitor;
  await page.goto(`${node.url}/reference`);
  await visitor.says('Een systeem aansluiten', 'Connect a system');
  await visitor.look('reference');
  const sections = await page.locator('main a.choice').evaluateAll((all) => all.map((one) => one.getAttribute('href')));
  assert.ok(sections.length >= 9, `${sections}`);
  for (const section of sections.filter((path) => script || path.endsWith('/offers'))) {
    await page.goto(node.url + section);
    assert.equal(await page.locator('#token').isVisible().catch(() => false), script && section !== '/reference/meta', section);
    await visitor.look(section.split('/').pop());
  }
  if (!script) return;
  const operation = async (section, id) => {
    await page.goto(`${node.url}/reference/${section}#${id}`);
    await page.click(`#${id} > details > summary`);
    return page.locator(`#${id} form`);
  };
  const told = async (form) => {
    // What was said before is not what is said now.
    await form.locator('.notice').evaluate((notice) => notice.replaceChildren());
    await form.locator('button').click();
    await form.locator('.notice:not(:empty)').waitFor();
    return form.locator('.notice').textContent();
  };
  const form = await operation('federation', 'list_partners');
  assert.ok((await told(form)).includes(visitor.language === 'nl' ? 'eerst een token' : 'fill in a token'));
  await page.fill('#f-token', node.token);
  assert.match(await told(form), / 200 /);
  assert.ok((await form.locator('pre').textContent()).includes('"partner":'), 'the reply is shown');
  // A put that is only tried, from the example of the page.
  const put = await operation('offers', 'put_vacancy');
  await page.fill('#f-token', node.token);
  await put.getByLabel('dryRun').fill('true');
  assert.match(await told(put), / 200 /);
  assert.ok((await put.locator('pre').textContent()).includes('"dryRun": true'));
  await visitor.look('tried');
}
