// Somebody with a browser: what they see is looked at by axe, photographed, and watched for what no page may do.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const LARGEST = 50_000;

export const WINDOWS = { phone: { width: 390, height: 844 }, desk: { width: 1280, height: 900 } };

export class Visitor {
  static async arrive(browser, { window, language, script, path, pictures }) {
    const context = await browser.newContext({
      viewport: WINDOWS[window],
      locale: language === 'nl' ? 'nl-NL' : 'en-GB',
      javaScriptEnabled: script,
      acceptDownloads: true,
    });
    const page = await context.newPage();
    const visitor = new Visitor();
    Object.assign(visitor, { context, page, language, script, faults: [], name: `${window}-${language}-${script ? 'script' : 'plain'}`, count: 0, largest: 0 });
    visitor.pictures = join(pictures, `${path}-${visitor.name}`);
    mkdirSync(visitor.pictures, { recursive: true });
    // A page that says what is wrong is a page: whatever else is not found is a fault.
    const ofPage = (text) => text.startsWith('Failed to load resource');
    page.on('console', (message) => message.type() === 'error' && !ofPage(message.text()) && visitor.faults.push(`console: ${message.text()}`));
    page.on('pageerror', (error) => visitor.faults.push(`script: ${error.message}`));
    page.on('response', async (response) => {
      // A script whose question is refused has the page say why.
      const part = response.request().resourceType() !== 'document' && !(response.status() === 400 && response.url().endsWith('/stream'));
      if (response.status() >= 500 || (part && response.status() >= 400)) visitor.faults.push(`${response.status()} ${response.url()}`);
      if (!response.headers()['content-type']?.startsWith('text/html') || !response.url().includes('/portal') && !response.url().includes('/desk')) return;
      const body = await response.body().catch(() => Buffer.alloc(0));
      visitor.largest = Math.max(visitor.largest, body.length);
      if (body.length > LARGEST) visitor.faults.push(`${response.url()} has ${body.length} bytes`);
    });
    return visitor;
  }

  // Without scripts axe cannot run in the page: it looks at the same bytes in a page of its own where scripts may run.
  async look(name) {
    this.count += 1;
    await this.page.screenshot({ path: join(this.pictures, `${String(this.count).padStart(2, '0')}-${name}.png`), fullPage: true });
    const wide = await this.page.evaluate?.(() => document.documentElement.scrollWidth - document.documentElement.clientWidth).catch(() => 0);
    if (wide > 0) this.faults.push(`${name}: ${wide} pixels wider than the window`);
    if (!this.script) return;
    const { violations } = await this.page.evaluate(`${axe}; axe.run()`);
    for (const violation of violations) {
      this.faults.push(`${name}: axe ${violation.id}: ${violation.nodes.map((node) => node.html.slice(0, 120)).join(' | ')}`);
    }
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
    await this.context.close();
  }
}
