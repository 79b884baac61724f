// A partner's house style: colours of its own, and a logo that is an SVG with a script in it. It is a picture on every page, and runs nothing: not there, and not when
// it is opened by itself.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const STRUCK = 'document.documentElement.id = "struck"';
const LOGO = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 120 40" width="120" height="40" onload='${STRUCK}'>
<script>${STRUCK}</script><style>text { fill: #154273 }</style><image href="https://elsewhere.example/x.png" width="1" height="1"/>
<a href="javascript:${encodeURIComponent(STRUCK)}"><text x="4" y="28" font-size="24">Logo</text></a></svg>`;

export async function houseStyle(visitor, demo, node) {
  const { page } = visitor;
  const folder = mkdtempSync(join(tmpdir(), 'polder-logo-'));
  const file = join(folder, 'logo.svg');
  writeFileSync(file, LOGO);
  const elsewhere = [];
  // What a policy stops is begun, and fails by that.
  const left = (request) => !request.url().startsWith(node.url) && request.failure()?.errorText !== 'csp' && elsewhere.push(`${request.url()} ${request.failure()?.errorText}`);
  for (const event of ['requestfinished', 'requestfailed']) page.on(event, left);
  try {
    await demo.again(node, { POLDER_STYLE_LOGO_FILE: file, POLDER_STYLE_COLOR_ACCENT: '#154273' });
    await page.goto(`${node.url}/portal/welcome`);
    const logo = page.locator('img.logo');
    assert.ok(await logo.evaluate((picture) => picture.complete && picture.naturalWidth > 0), 'the logo is drawn');
    const bar = await page.$eval('.top', (top) => getComputedStyle(top).backgroundColor);
    assert.equal(bar, 'rgb(21, 66, 115)', 'in the colour of the partner');
    await visitor.look('welcome');
    const opened = await page.goto(new URL(await logo.getAttribute('src'), node.url).href);
    assert.ok(opened.headers()['content-type'].startsWith('image/svg+xml') && (await page.content()).includes('>Logo<'), 'it is opened by itself');
    assert.match(opened.headers()['content-security-policy'], /default-src 'none'.*sandbox/, 'under a policy of its own');
    await page.click('text');
    assert.equal(await page.evaluate(() => document.documentElement.id), '', 'and runs nothing');
    assert.deepEqual(elsewhere, [], 'nothing is loaded from elsewhere');
  } finally {
    rmSync(folder, { recursive: true });
  }
  // The browser says what it did not do, as it should.
  visitor.faults = visitor.faults.filter((fault) => !/logo-[0-9a-f]+\.svg|elsewhere\.example|Content Security Policy|sandboxed/.test(fault));
}
