// The whole way of somebody at the desk: a recruiter who searches, is told what is new, reaches somebody, keeps offers, reads an application, and erases.
import assert from 'node:assert/strict';

const EMPLOYER = 'Dobberkant';
const SILENT = 'Windesheim';

export async function desk(visitor, demo, browser, home) {
  const { page } = visitor;
  const base = demo.node(EMPLOYER).url;
  await page.goto(base + '/desk');
  await visitor.says('Hier vraagt u aan alle partners', 'Here you ask all partners');
  await visitor.look('welcome');
  await page.click('main a.button');
  await page.click('button:has-text("Rosa Recruiter")');
  await visitor.says('Wat zoekt u?', 'What are you looking for?');
  await visitor.look('home');

  const worker = await somebody(browser, home, demo.node(EMPLOYER), `Kraanmonteur ${visitor.name}`);
  await search(visitor, demo, base);
  await people(visitor, base, worker);
  await offers(visitor, base);
  await saved(visitor, demo, base);
  await applications(visitor, base, worker);
  await erasures(visitor, base);
  await worker.page.context().close();

  await page.click('.tools button');
  await visitor.says('De balie', 'The desk');
  await page.goto(base + '/desk/erasures');
  assert.ok(page.url().includes('/desk/welcome'), page.url());
}

// A worker in another browser, with a profile of which that employer sees something.
async function somebody(browser, home, employer, title) {
  const page = await (await browser.newContext({ locale: 'nl-NL' })).newPage();
  page.setDefaultTimeout(10_000);
  const portal = home.url + '/portal';
  await page.goto(`${portal}/login`);
  await page.click('button:has-text("Nadia Nieuw")');
  await page.goto(`${portal}/profile`);
  await page.fill('#f-title', title);
  await page.fill('#f-find-skill', 'hydrauliek');
  await page.click('button[value=skill]');
  await page.check('#found-skills input >> nth=0');
  await page.fill('#f-name', 'Nadia Nieuw');
  await page.fill('#f-email', 'nadia@voorbeeld.example');
  await page.click('p.keep button');
  await page.goto(`${portal}/share?purpose=match-vacancy`);
  await page.check(`input[value="${employer.partner}"]`);
  await page.check('input[name=days] >> nth=0');
  await page.click('main form button');
  await page.click('button[value=yes]');
  return { page, portal, title };
}

export async function ask(visitor) {
  await visitor.page.click('p.actions button[value=ask]');
  await visitor.page.waitForSelector('#results:not([hidden])');
  await visitor.page.waitForSelector('#progress[hidden]', { state: 'attached' });
}

async function search(visitor, demo, base) {
  const { page } = visitor;
  await page.goto(base + '/desk/search?kind=vacancy');
  await visitor.look('search');
  await page.fill('#f-from', 'Lelystat');
  await page.fill('#f-minutes', '45');
  await page.click('p.actions button[value=ask]');
  await page.waitForSelector('.notice.bad');
  await visitor.says('Lelystad', 'Lelystad');
  await visitor.look('search-wrong');
  await page.fill('#f-from', 'Lelystad');
  await page.fill('#f-find-occupation', 'lasser');
  await page.click('button[value=occupation]');
  await visitor.says('Kies wat u zoekt', 'Choose what you are looking for');
  await page.check('#occupations .found input >> nth=0');
  await page.fill('#f-find-skill', 'lassen');
  await page.click('button[value=skill]');
  await page.check('#skills .found input >> nth=0');
  await page.click('#more-criteria > summary');
  await page.selectOption('#f-level_max', '60');
  await page.check('input[name=licence][value=B]');
  await visitor.look('search-picked');
  await ask(visitor);
  await visitor.says('opleiding hoogstens', 'education at most');
  assert.ok(await page.locator('#rows > li').count() > 2, 'there is work for a welder');
  await visitor.says('partners antwoordden', 'partners answered');
  assert.equal(await page.locator('#missing .notice').count(), 0, 'nobody is missing');
  assert.ok(await page.locator('#dots .dot').count() > 0 && await page.locator('#reach .reach').count() === 1, 'the map shows it');
  assert.equal(await page.textContent('#rows > li .pin >> nth=0').then((text) => text.trim().slice(-1)), 'A', 'a result names its place on the map');
  // A dot leads to the first result that is there.
  await page.click('#dots .dot >> nth=0');
  assert.ok(page.url().endsWith('#at-A') && (await page.locator('#at-A').count()) === 1, page.url());
  await page.click('#rows > li:first-child summary');
  await visitor.look('search-results');
  if (visitor.script) await sameAsReloaded(page);

  await demo.silenced(demo.node(SILENT), async () => {
    await page.goto(base + '/desk/search?kind=training');
    await ask(visitor);
    await visitor.says(`${SILENT} (demo) antwoordde niet op tijd`, `${SILENT} (demo) did not answer in time`);
    await visitor.look('search-missing');
  });
}

// What the script built of what came is what the page has by itself, in the same order; of a long list it has a part.
async function sameAsReloaded(page) {
  const cards = () => page.$$eval('#rows > li', (all) => all.map((one) => {
    const card = one.cloneNode(true);
    card.querySelector('.pin')?.remove();
    return card.textContent.replace(/\s+/g, '');
  }));
  const built = await cards();
  await page.reload();
  const shown = await cards();
  assert.ok(shown.length > 2);
  assert.deepEqual(built.slice(0, shown.length), shown);
}

// Somebody is found, asked, says yes, and is reached.
async function people(visitor, base, worker) {
  const { page } = visitor;
  await page.goto(base + '/desk/search?kind=skill-offer');
  await visitor.look('people-pick');
  await page.selectOption('#f-about', { index: 1 });
  await page.click('main form button');
  await visitor.says('Hieronder staat wat deze vacature vraagt', 'Below is what this vacancy asks');
  await visitor.look('people-asked');
  await page.click('.ask-for a');
  await page.selectOption('#f-about', 'P-1');
  await page.click('main form button');
  await visitor.says('Hieronder staat wat deze vacature vraagt', 'Below is what this vacancy asks');
  await ask(visitor);
  const found = page.locator('#rows > li', { hasText: worker.title });
  assert.equal(await found.count(), 1, 'the worker lets this partner see something');
  await visitor.look('people');
  await found.locator('form button').click();
  await visitor.says('Gevraagd. De werkende beslist', 'Asked. The worker decides');
  await visitor.look('asked');

  await worker.page.goto(worker.portal);
  await worker.page.click('a[href^="/portal/requests/"] >> nth=0');
  await worker.page.click('button[value=yes]');
  await page.goto(base + '/desk/asked');
  await visitor.look('asked-given');
  await page.click('.consent a.button >> nth=0');
  await visitor.says('Voor de vacature', 'For the vacancy');
  await visitor.look('reaching');
  await page.click('main form button');
  await visitor.says('Zo neemt u contact op', 'How to get in touch');
  await visitor.look('reached');
}

async function offers(visitor, base) {
  const { page } = visitor;
  await page.goto(base + '/desk/offers/vacancy');
  await visitor.look('offers');
  await page.click('p.actions a.button >> nth=0');
  await page.fill('#f-title', 'Monteur hijskranen');
  await page.fill('#f-description', 'U houdt onze kranen draaiend, samen met twee collega’s.');
  await page.fill('#f-key', visitor.name);
  await page.fill('#f-hours_min', 'veel');
  await page.fill('#f-find-occupation', 'onderhoudsmonteur');
  await page.click('button[value=occupation]');
  await page.check('#occupations .found input >> nth=0');
  await keep(page);
  await visitor.says('Er is nog niets bewaard', 'Nothing was kept');
  await visitor.look('offer-wrong');
  await page.fill('#f-hours_min', '24');
  await page.fill('#f-postcode', '8232');
  await page.fill('#f-pay_min', '2.650');
  await page.selectOption('#f-period', 'month');
  await page.locator('label:has(input[value="tue-morning"])').click();
  await page.check('input[name=licence][value=B]');
  await keep(page);
  await visitor.says('Bewaard. Alle partners vinden het', 'Kept. All partners find it');
  await page.goto(base + `/desk/offers/vacancy/${visitor.name}`);
  await page.fill('#f-title', 'Monteur hijskranen en bruggen');
  await keep(page);
  await visitor.look('offers-kept');

  await page.goto(base + '/desk/import/vacancy');
  await visitor.look('import');
  const [example] = await Promise.all([page.waitForEvent('download'), page.click('a[href$="/example"]')]);
  assert.equal(example.suggestedFilename(), 'polder-vacancy.csv');
  const table = 'Kenmerk;Titel;Omschrijving;Uren per week minstens;Soort contract;Vaardigheden\n'
    + 'C-1;Kok in de haven;Koken voor de ploeg;24;vast;\nC-2;Lasser;Lassen aan de kade;veel;vast;lassen met de ogen dicht\n';
  await page.setInputFiles('#f-file', { name: 'vacatures.csv', mimeType: 'text/csv', buffer: Buffer.from(table) });
  await page.click('button[value=try]');
  await visitor.says('Eén regel is goed', 'One line is good');
  await visitor.says('“lassen met de ogen dicht”', '“lassen met de ogen dicht”');
  await visitor.look('import-table');
  const line = (key, title) => JSON.stringify({ key, document: { title, description: 'Werk in de haven.', employer: { name: 'Dobberkant' } } });
  await page.fill('#f-lines', [line('B-2', 'Havenmedewerker'), line('B-3', ''), 'geen regel'].join('\n'));
  await page.click('button[value=try]');
  await visitor.says('2 regels zijn geweigerd', '2 lines were refused');
  await visitor.says('2 tot en met 200 tekens', '2 to 200 characters');
  await visitor.look('import-tried');
  const [download] = await Promise.all([page.waitForEvent('download'), page.click('button[value=refused]')]);
  assert.equal(download.suggestedFilename(), 'polder-vacancy-refused.ndjson');
  await page.click('button[value=store]');
  await visitor.says('Eén regel is bewaard', 'One line was kept');
  await page.goto(base + '/desk/offers/vacancy/B-2/delete');
  await visitor.look('delete');
  await page.click('button.stop');
  await visitor.says('Verwijderd. Niemand vindt het meer', 'Deleted. Nobody finds it');
  await page.goto(base + '/desk/changes');
  await visitor.says('vacature verwijderd', 'vacancy deleted');
  await visitor.look('history');
}

const keep = (page) => page.click('p.actions button[value=keep]');

async function saved(visitor, demo, base) {
  const { page } = visitor;
  await page.goto(base + '/desk/search?kind=vacancy');
  await page.fill('#f-text', 'sluiswachter');
  await page.click('details.keep summary');
  await page.fill('#f-save', 'Werk bij de sluis');
  await page.click('button[value=save]');
  await visitor.says('Bewaard.', 'Saved.');
  await visitor.look('saved');
  const open = () => page.click('article form >> nth=0 >> button');
  await open();
  await visitor.says('niets nieuws', 'nothing new');
  const other = demo.node('Gemeente Lelystad');
  const key = `sluis-${visitor.name}`;
  await demo.call(other, 'PUT', `/v1/vacancies/${key}`, { title: 'Sluiswachter', description: 'Als sluiswachter laat u schepen door.', employer: { name: 'De Sluis' }, location: { postcode: '8242' } });
  await page.goto(base + '/desk/searches');
  await open();
  await visitor.says('één nieuw resultaat', 'one new result');
  assert.equal(await page.locator('#rows .mark-there').count(), 1, 'what is new is marked');
  await visitor.look('saved-new');
  await demo.call(other, 'DELETE', `/v1/vacancies/${key}`);
  await page.goto(base + '/desk/searches');
  await page.click('article button.second');
  await visitor.says('Verwijderd.', 'Deleted.');
}

async function applications(visitor, base, worker) {
  const { page } = visitor;
  await page.goto(base + '/desk/applications');
  await visitor.look('applications-none');
  await apply(worker, { partner: 'kvk:90000001', key: visitor.name, title: 'Monteur hijskranen en bruggen', by: 'Dobberkant' });
  await visitor.until(async () => {
    await page.reload();
    return (await page.locator('main a.choice').count()) === 1;
  }, 'an application arrives');
  await visitor.look('applications');
  await page.click('main a.choice');
  await visitor.says('Ik woon vlakbij', 'Ik woon vlakbij');
  await visitor.look('application');
  await page.click('button[value=closed]');
  await visitor.says('De werkende ziet binnen enkele minuten: Afgehandeld', 'The worker sees now: Dealt with');
  await visitor.look('application-closed');

  // The worker stops everything at once.
  await worker.page.goto(worker.portal);
  await worker.page.click('form[action="/portal/consents/withdraw"] button');
  const here = page.url();
  await visitor.until(async () => {
    await page.goto(here);
    return (await page.textContent('main')).includes(visitor.language === 'nl' ? 'is er niet meer' : 'is gone');
  }, 'the application is gone');
  await visitor.look('application-gone');
}

// Sends the forms of the portal, for a vacancy that need not be among the first that fit.
async function apply({ page, portal }, vacancy) {
  await page.goto(portal + '/work');
  await page.evaluate((fields) => {
    const form = document.createElement('form');
    Object.assign(form, { method: 'post', action: '/portal/apply' });
    const csrf = document.querySelector('input[name=csrf]').value;
    for (const [name, value] of Object.entries({ csrf, ...fields })) form.append(Object.assign(document.createElement('input'), { name, value }));
    document.body.append(form);
    form.submit();
  }, vacancy);
  await page.waitForURL('**/portal/apply**');
  for (const field of ['/title', '/skills']) await page.check(`input[value="${field}"]`);
  await page.fill('textarea', 'Ik woon vlakbij, en werk graag aan kranen.');
  await page.click('main form button');
  await page.click('button[value=yes]');
  await page.waitForURL('**/portal/applications**');
}

async function erasures(visitor, base) {
  const { page } = visitor;
  await visitor.until(async () => {
    await page.goto(base + '/desk');
    return (await page.textContent('main')).includes(visitor.language === 'nl' ? '3 keer wissen' : '3 times to erase');
  }, 'what the worker stopped is to be erased');
  await visitor.look('home-waiting');
  await page.goto(base + '/desk/erasures');
  await visitor.look('erasures');
  assert.equal(await page.locator('main .card h2', { hasNotText: /^(Werkende|Worker) / }).count(), 3, 'each says as what the worker was seen');
  await page.check('input[name=number] >> nth=0');
  await page.click('main form button');
  await visitor.says('Vastgelegd', 'Noted');
  await page.check('input[name=all]');
  await page.click('main form button');
  await visitor.says('Er is niets te wissen', 'There is nothing to erase');
  await visitor.look('erasures-done');
}
