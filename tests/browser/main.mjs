// The ways that people go through the demo: `main.mjs PROGRAM SCREENSHOTS DOCS [--pictures | --few-pictures] [PATH]`. Without a path all are walked, and then the
// pictures of docs/ must be among those that were made; with --pictures they are put there; with --few-pictures no others are made.
import { readFileSync, readdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';
import { administrator, officer } from './administrator.mjs';
import { attacks } from './attacks.mjs';
import { corners } from './corners.mjs';
import { startDemo } from './demo.mjs';
import { desk } from './desk.mjs';
import { hostilePartner } from './hostile.mjs';
import { houseStyle } from './house.mjs';
import { namedIn, pictures } from './pictures.mjs';
import { planner } from './planner.mjs';
import { reference } from './reference.mjs';
import { stream } from './stream.mjs';
import { Visitor, seen } from './visitor.mjs';
import { worker } from './worker.mjs';

const { values, positionals } = parseArgs({ allowPositionals: true, options: { pictures: { type: 'boolean', default: false }, 'few-pictures': { type: 'boolean', default: false } } });
const [program, shots, docs, only = ''] = positionals;
rmSync(shots, { recursive: true, force: true });
const sandbox = process.getuid() === 0 ? ['--no-sandbox'] : [];
const launch = () => chromium.launch({ executablePath: '/usr/bin/chromium', args: sandbox });
const browser = await launch();
// The longest that somebody walks, in milliseconds: most are done in a fifth of it. Longer, and the browser hangs.
const LONGEST = 240_000;
class Hung extends Error {}
const WAYS = {
  almere: { window: 'phone', language: 'nl', script: false, home: 'Gemeente Almere', other: 'Gemeente Lelystad' },
  lelystad: { window: 'phone', language: 'en', script: true, home: 'Gemeente Lelystad', other: 'Gemeente Almere' },
  werkt: { window: 'desk', language: 'nl', script: true, home: 'Flevoland Werkt!', other: 'Gemeente Almere' },
  windesheim: { window: 'desk', language: 'en', script: false, home: 'Windesheim', other: 'Gemeente Almere' },
};
// Side by side, each with a demo of its own: mostly a page is waited for.
const LANES = [
  [WAYS.almere, WAYS.lelystad],
  [WAYS.werkt, WAYS.windesheim],
];
const PATHS = {
  worker: (visitor, demo, way, browser) => worker(visitor, browser, demo.node(way.home), demo.node('Kavelkade'), demo.node(way.other)),
  desk: (visitor, demo, way, browser) => desk(visitor, demo, browser, demo.node(way.home)),
  planner: (visitor, demo) => planner(visitor, demo),
  administrator: (visitor, demo) => administrator(visitor, demo, demo.node('Gemeente Almere')),
  corners: (visitor, demo) => corners(visitor, demo),
  reference: (visitor, demo, way) => reference(visitor, demo.node(way.home)),
  hostile: (visitor, demo) => hostilePartner(visitor, demo),
  attacks: (visitor, demo) => attacks(visitor, demo),
  // The last: it ends a consent by which others are found.
  officer: (visitor, demo, way, browser) => officer(visitor, demo, browser, demo.node('Gemeente Almere'), demo.node('Dobberkant')),
};
// Who walks what not all have to: where the window and the language make no difference, one with scripts and one without; where nothing is done, each language.
const WHO = { hostile: ({ language }) => language === 'en', attacks: ({ language }) => language === 'en', corners: ({ script }) => script, planner: ({ script }) => script };
const faults = [];
const few = values['few-pictures'] ? namedIn(docs) : null;

// What comes of some work, unless it takes longer.
async function within(longest, work) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Hung(`nothing after ${longest / 1_000} s`)), longest);
  });
  work.catch(() => {});
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

// One way, to its end. A browser that hangs says nothing of the pages: it is walked once more, in a new one, at nodes that know nothing of it. Whatever a page did
// wrong is wrong at once.
async function goTo(path, goes, way, browser, demo) {
  const began = Date.now();
  const visitor = await Visitor.arrive(browser, { ...way, path, pictures: shots, few });
  visitor.page.setDefaultTimeout(10_000);
  try {
    const said = await within(LONGEST, goes(visitor, demo, way, browser));
    await visitor.leave();
    if (said) console.log(said);
    console.log(`${path}, ${visitor.name}: ${visitor.count} pages looked at, the largest of ${visitor.largest} bytes, ${Date.now() - began} ms`);
  } catch (error) {
    if (error instanceof Hung) throw error;
    await visitor.look('failed').catch(() => {});
    failed(`${path}, ${visitor.name}: FAILED\n${error.stack}`);
  }
}

function failed(fault) {
  console.error(fault);
  faults.push(fault);
}

async function walk(ways, paths = PATHS) {
  const demo = await startDemo(program);
  for (const [path, goes] of Object.entries(paths).filter(([path]) => path.includes(only))) {
    for (const way of ways.filter(WHO[path] ?? (() => true))) {
      try {
        await goTo(path, goes, way, browser, demo);
      } catch (error) {
        if (!(error instanceof Hung)) throw error;
        console.log(`${path}, ${way.window}: the browser hung (${error.message}); walked once more`);
        const [another, nodes] = [await launch(), await startDemo(program)];
        await goTo(path, goes, way, another, nodes).catch((again) => failed(`${path}, ${way.window}: ${again.message}`));
        nodes.stop();
        await within(10_000, another.close()).catch(() => {});
      }
    }
  }
  demo.stop();
}

// Templates of pages that axe did not look at in both languages.
function unseen(folder) {
  const names = readdirSync(folder, { recursive: true }).filter((name) => name.endsWith('.html'));
  const pages = names.filter((name) => readFileSync(join(folder, name), 'utf8').includes('{% extends "base.html" %}')).map((name) => name.slice(0, -'.html'.length));
  const lacking = pages.flatMap((page) => ['nl', 'en'].filter((language) => !seen.get(page)?.has(language)).map((language) => `${page} (${language})`));
  return lacking.length ? [`axe looked at no page of: ${lacking.join(', ')}`] : [];
}

await Promise.all(LANES.map((ways) => walk(ways)));
// Alone: it is a time that is measured, and a node that is started again.
const ALONE = {
  stream: (visitor, demo, way) => stream(visitor, demo, demo.node(way.home)),
  house: (visitor, demo) => houseStyle(visitor, demo, demo.node('Kavelkade')),
};
if (Object.keys(ALONE).some((path) => path.includes(only))) await walk([WAYS.werkt], ALONE);
await within(10_000, browser.close()).catch(() => {});
const lacking = only ? [] : [...pictures(docs, shots, values.pictures), ...unseen(join(dirname(docs), 'node/web/pages/templates'))];
for (const fault of lacking) console.error(fault);
process.exit(faults.length + lacking.length ? 1 : 0);
