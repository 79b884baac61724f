import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { administrator, officer } from './administrator.mjs';
import { startDemo } from './demo.mjs';
import { Visitor } from './visitor.mjs';
import { worker } from './worker.mjs';

const [program, pictures] = process.argv.slice(2);
rmSync(pictures, { recursive: true, force: true });
const demo = await startDemo(program);
const sandbox = process.getuid() === 0 ? ['--no-sandbox'] : [];
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: sandbox });
let failed = 0;
const WAYS = [
  { window: 'phone', language: 'nl', script: false, home: 'Gemeente Almere' },
  { window: 'phone', language: 'en', script: true, home: 'Gemeente Lelystad' },
  { window: 'desk', language: 'nl', script: true, home: 'Flevoland Werkt!' },
  { window: 'desk', language: 'en', script: false, home: 'Windesheim' },
];
// Each walks with a browser of their own; staff at a node whose workers were found already.
const WALKS = {
  'a worker': (visitor, home) => worker(visitor, demo, home, demo.node('Kavelkade')),
  'an administrator': (visitor) => administrator(visitor, demo, demo.node('Gemeente Almere')),
  'a privacy officer': (visitor) => officer(visitor, demo, demo.node('Gemeente Almere'), demo.node('Kavelkade')),
};
for (const way of WAYS) {
  for (const [who, walk] of Object.entries(WALKS)) {
    const began = Date.now();
    const visitor = await Visitor.arrive(browser, { ...way, pictures: join(pictures, who.split(' ').at(-1)) });
    visitor.page.setDefaultTimeout(10_000);
    try {
      await walk(visitor, demo.node(way.home));
      await visitor.leave();
      console.log(`${who}, ${visitor.name}: ${visitor.count} pages looked at, ${Date.now() - began} ms`);
    } catch (error) {
      failed += 1;
      await visitor.look('failed').catch(() => {});
      console.error(`${who}, ${visitor.name}: FAILED\n${error.stack}`);
    }
  }
}
await browser.close();
demo.stop();
process.exit(failed ? 1 : 0);
