import { rmSync } from 'node:fs';
import { chromium } from 'playwright-core';
import { administrator, officer } from './administrator.mjs';
import { attacks } from './attacks.mjs';
import { startDemo } from './demo.mjs';
import { desk } from './desk.mjs';
import { Visitor } from './visitor.mjs';
import { worker } from './worker.mjs';
import { hostilePartner } from './hostile.mjs';

// The last argument is the path that is walked; without it all are.
const [program, shots, only = ''] = process.argv.slice(2);
rmSync(shots, { recursive: true, force: true });
const demo = await startDemo(program);
const sandbox = process.getuid() === 0 ? ['--no-sandbox'] : [];
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: sandbox });
let failed = 0;
const WAYS = [
  { window: 'phone', language: 'nl', script: false, home: 'Gemeente Almere', other: 'Gemeente Lelystad' },
  { window: 'phone', language: 'en', script: true, home: 'Gemeente Lelystad', other: 'Gemeente Almere' },
  { window: 'desk', language: 'nl', script: true, home: 'Flevoland Werkt!', other: 'Gemeente Almere' },
  { window: 'desk', language: 'en', script: false, home: 'Windesheim', other: 'Gemeente Almere' },
];
// Who goes which way, and what they do.
const PATHS = [
  { path: 'worker', ways: WAYS, walk: (visitor, way) => worker(visitor, demo, demo.node(way.home), demo.node('Kavelkade'), demo.node(way.other)) },
  { path: 'desk', ways: WAYS, walk: (visitor, way) => desk(visitor, demo, browser, demo.node(way.home)) },
  { path: 'administrator', ways: WAYS, walk: (visitor) => administrator(visitor, demo, demo.node('Gemeente Almere')) },
  { path: 'officer', ways: WAYS, walk: (visitor) => officer(visitor, demo, demo.node('Gemeente Almere'), demo.node('Kavelkade')) },
  { path: 'attacked', ways: WAYS.slice(2), walk: (visitor) => hostilePartner(visitor, demo).then(() => attacks(visitor, demo)) },
];
for (const { path, ways, walk } of PATHS.filter(({ path }) => path.includes(only))) {
  for (const way of ways) {
    const began = Date.now();
    const visitor = await Visitor.arrive(browser, { ...way, path, pictures: shots });
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
