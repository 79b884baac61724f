import { rmSync } from 'node:fs';
import { chromium } from 'playwright-core';
import { startDemo } from './demo.mjs';
import { desk } from './desk.mjs';
import { Visitor } from './visitor.mjs';
import { worker } from './worker.mjs';

// The last argument is the path that is walked; without it all are.
const [program, pictures, only] = process.argv.slice(2);
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
const PATHS = {
  worker: (visitor, way) => worker(visitor, demo, demo.node(way.home), demo.node('Kavelkade')),
  desk: (visitor, way) => desk(visitor, demo, browser, demo.node(way.home)),
};
for (const [path, walk] of Object.entries(PATHS).filter(([path]) => !only || path === only)) {
  for (const way of WAYS) {
    const began = Date.now();
    const visitor = await Visitor.arrive(browser, { ...way, path, pictures });
    visitor.page.setDefaultTimeout(10_000);
    try {
      await walk(visitor, way);
      await visitor.leave();
      console.log(`${path}, ${visitor.name}: ${visitor.count} pages looked at, the largest of ${visitor.largest} bytes, ${Date.now() - began} ms`);
    } catch (error) {
      failed += 1;
      await visitor.look('failed').catch(() => {});
      console.error(`${path}, ${visitor.name}: FAILED\n${error.stack}`);
    }
  }
}
await browser.close();
demo.stop();
process.exit(failed ? 1 : 0);
