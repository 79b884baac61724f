// Somebody with a browser: what they see is looked at by axe, photographed, and watched for what no page may do.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

// Which templates axe has looked at, by their names, in which languages.
export const seen = new Map();

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const LARGEST = 50_000;

export const WINDOWS = { phone: { width: 390, height: 844 }, desk: { width: 1280, height: 900 } };

// How many pixels a page is wider than its window, and by which parts.
function widest() {
  const { scrollWidth, clientWidth } = document.documentElement;
  const over = [...document.querySelectorAll('body :not(svg *)')].filter((one) => Math.max(one.getBoundingClientRect().right, one.offsetLeft + one.scrollWidth) > clientWidth + 0.5).reverse();
  return [scrollWidth - clientWidth, over.slice(0, 3).map((one) => `${one.tagName.toLowerCase()}.${one.className} "${one.textContent.trim().slice(0, 40)}"`).join(', ')];
}

export class Visitor {
  static async arrive(browser, { window, language, script, path, pictures, few }) {
    const context = await browser.newContext({
      viewport: WINDOWS[window],
      locale: language === 'nl' ? 'nl-NL' : 'en-GB',
      javaScriptEnabled: script,
      acceptDownloads: true,
    });
    const page = await context.newPage();
    // What a click leads to is counted when it is there, however busy the machine is.
    const click = page.click.bind(page);
    page.click = async (...which) => {
      await click(...which);
      await page.waitForLoadState('domcontentloaded');
    };
    const visitor = new Visitor();
    const name = `${window}-${language}-${script ? 'script' : 'plain'}`;
    Object.assign(visitor, { browser, window, context, page, language, script, faults: [], name, count: 0, largest: 0, clicks: 0, looked: new Set() });
    // All that is seen, or the pictures of that name alone.
    visitor.photographs = (picture) => few === null || few.has(`${path}-${visitor.name}-${picture}.png`);
    visitor.pictures = join(pictures, `${path}-${visitor.name}`);
    mkdirSync(visitor.pictures, { recursive: true });
    // A page that says what is wrong is a page: whatever else is not found is a fault.
    const ofPage = (text) => text.startsWith('Failed to load resource');
    page.on('console', (message) => message.type() === 'error' && !ofPage(message.text()) && visitor.faults.push(`console: ${message.text()}`));
    page.on('pageerror', (error) => visitor.faults.push(`script: ${error.message}`));
    page.on('response', async (response) => {
      if (response.request().isNavigationRequest() && (response.status() < 300 || response.status() >= 400)) {
        const seen = { url: response.url().split('#')[0], status: response.status(), headers: response.headers() };
        visitor.shown = response.body().then((body) => ({ ...seen, body }), () => null);
      }
      // A script whose question is refused has the page say why.
      const part = response.request().resourceType() !== 'document' && !(response.status() === 400 && response.url().endsWith('/stream'));
      if (response.status() >= 500 || (part && response.status() >= 400)) visitor.faults.push(`${response.status()} ${response.url()}`);
      if (!response.headers()['content-type']?.startsWith('text/html') || !/\/(portal|desk|reference)/.test(response.url())) return;
      const body = await response.body().catch(() => Buffer.alloc(0));
      visitor.largest = Math.max(visitor.largest, body.length);
      if (body.length > LARGEST) visitor.faults.push(`${response.url()} has ${body.length} bytes`);
    });
    return visitor;
  }

  // A click that counts.
  async click(selector) {
    this.clicks += 1;
    await this.page.click(selector);
  }

  // A picture of the page, and axe looks at it: where scripts run, at each. Where they may not, in a page of its own where they may, of the same bytes under the
  // same headers: at each page with a script, and on a phone once at every template.
  async look(name) {
    this.count += 1;
    if (name === 'failed' || this.photographs(name)) {
      await this.page.screenshot({ path: join(this.pictures, `${String(this.count).padStart(2, '0')}-${name}.png`), fullPage: true });
    }
    const [wide, who] = await this.page.evaluate(widest).catch(() => [0]);
    if (wide > 0) this.faults.push(`${name}: ${wide} pixels wider than the window, by ${who}`);
    const template = await this.page.getAttribute('body', 'data-page');
    const known = this.looked.has(template) || this.window !== 'phone';
    this.looked.add(template);
    if (!this.script && known && (await this.page.locator('script').count()) === 0) return;
    const page = this.script ? this.page : await this.sameBytes();
    const { violations } = await page.evaluate(`${axe}; axe.run({ resultTypes: ['violations'], preload: false, rules: { 'target-size': { enabled: true } } })`);
    for (const violation of violations) {
      this.faults.push(`${name}: axe ${violation.id}: ${violation.nodes.map((node) => node.html.slice(0, 120)).join(' | ')}`);
    }
    seen.set(template, (seen.get(template) ?? new Set()).add(this.language));
  }

  async sameBytes() {
    const shown = await this.shown;
    assert.ok(shown, `${this.name}: the bytes of a page are gone`);
    if (!this.glass) {
      const context = await this.browser.newContext({ viewport: WINDOWS[this.window], locale: this.language === 'nl' ? 'nl-NL' : 'en-GB' });
      this.glass = await context.newPage();
    }
    const { url, status, body } = shown;
    const headers = Object.fromEntries(Object.entries(shown.headers).filter(([header]) => !['content-encoding', 'content-length', 'transfer-encoding'].includes(header)));
    await this.glass.unrouteAll();
    await this.glass.route((asked) => asked.href.split('#')[0] === url, (route) => (route.request().isNavigationRequest() ? route.fulfill({ status, headers, body }) : route.continue()));
    await this.glass.goto(url);
    return this.glass;
  }

  // Waits for something that others bring about, with a page that is read anew.
  async until(holds, what) {
    for (let tries = 0; tries < 100; tries += 1) {
      if (await holds()) return;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error(`not within 10 s: ${what}`);
  }

  async says(nl, en) {
    const text = this.language === 'nl' ? nl : en;
    const shown = await this.page.textContent('main');
    assert.ok(shown.replace(/\s+/g, ' ').includes(text), `${this.name}: the page does not say "${text}": ${shown.replace(/\s+/g, ' ').slice(0, 600)}`);
  }

  async leave() {
    assert.deepEqual(this.faults, [], this.name);
    await this.glass?.context().close();
    await this.context.close();
  }
}
