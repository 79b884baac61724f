// The administrator's and the privacy officer's whole way, at a node of the demo.
import assert from 'node:assert/strict';
import { Staff } from './staff.mjs';

// Partners, a proposal, systems, the log and the node.
export async function administrator(visitor, demo, home) {
  const { page } = visitor;
  await logIn(visitor, home, 'Bas Beheerder');
  await visitor.says('Hoe gaat het met het knooppunt?', 'How is the node doing?');
  await visitor.says('alles in orde', 'all is well');
  await visitor.look('administrator-home');

  await page.click('nav a[href="/desk/partners"]');
  const { items } = await demo.call(home, 'GET', '/v1/partners');
  const others = items.filter((one) => !one.home);
  for (const one of others) await visitor.says(one.name, one.name);
  await visitor.look('partners');
  await page.click('main form button');
  await visitor.says(`${others.length} partners zijn net geprobeerd`, `${others.length} partners were just tried`);
  await visitor.says(`${others.length} van de ${others.length} partners`, `${others.length} of the ${others.length} partners`);
  await visitor.look('partners-tried');
  await page.click('main table a >> nth=0');
  await visitor.says('In het ledenregister', 'In the register');
  await page.click('main form button');
  await visitor.says('De partner antwoordde.', 'The partner replied.');
  await visitor.look('partner');

  await page.click('nav a[href="/desk/register"]');
  await visitor.says('U kunt op dit register vertrouwen', 'This register can be relied on');
  await visitor.look('register');
  await page.fill('#f-lines', 'geen lijst');
  await page.click('main form button');
  await visitor.says('Dit kan niet worden gelezen', 'This cannot be read');
  await page.fill('#f-lines', proposal());
  await page.click('main form button');
  await visitor.says('Ledenlijst, versie 1.9', 'List of members, version 1.9');
  await visitor.says('heeft niet getekend', 'has not signed');
  await visitor.look('proposal');

  for (const [path, nl, en] of [
    ['clients', 'beheertoken', 'operator token'],
    ['syncs', 'Er is nog geen school ingesteld', 'No school is configured yet'],
    ['ledger', 'Samen', 'in all'],
    ['node', 'Wat ruimte inneemt op de schijf', 'What takes room on the disk'],
  ]) {
    await page.click(`nav a[href="/desk/${path}"]`);
    await visitor.says(nl, en);
    for (const details of await page.locator('main details summary').all()) await details.click();
    await visitor.look(path);
  }
  await page.goto(home.url + '/desk/outstanding');
  await visitor.says('U mag dit niet met de rol', 'You may not do this in the role');
  await logOut(visitor);
}

// What is to be erased, budgets, an incident, and consents that are ended.
export async function officer(visitor, demo, browser, home, employer) {
  const { page } = visitor;
  const { items } = await demo.call(home, 'GET', '/v1/skill-offers');
  await logIn(visitor, home, 'Fenna Functionaris');
  await visitor.says("Toezicht op de gegevens van mensen", "Watching over people's data");
  await visitor.look('officer-home');
  const recruiter = await Staff.arrive(browser, employer, 'Rosa Recruiter');
  await recruiter.find('');
  await recruiter.leave();

  for (const [path, nl, en] of [
    ['outstanding', 'In onze eigen systemen', 'In our own systems'],
    ['budgets', 'Verschillende werkenden, vandaag', 'Different workers, today'],
    ['processing', 'Hoe lang het wordt bewaard', 'How long it is kept'],
  ]) {
    await page.click(`nav a[href="/desk/${path}"]`);
    await visitor.says(nl, en);
    await visitor.look(path);
  }

  await page.click('nav a[href="/desk/incidents"]');
  await visitor.look('incident');
  await page.selectOption('#f-partner', employer.partner);
  await page.click('main form button');
  await visitor.says('Werkenden:', 'Workers:');
  await visitor.look('incident-found');
  const [download] = await Promise.all([page.waitForEvent('download'), page.click('a[href^="/desk/incidents/csv"]')]);
  assert.equal(download.suggestedFilename(), 'polder-copies.csv');
  // The first way ends a consent under which something is still held, and the next one finds it ended, and the copy to be erased.
  await page.locator(`tr:has(${visitor.language === 'nl' ? '.mark-there' : '.mark-bad'}) input[name=consent]`).first().check();
  await page.click('button[value=pick]');
  await visitor.says('Wat u bij een incident aanvinkte', 'What you ticked at an incident');
  await visitor.look('revocations-picked');
  await page.check('input[value="recipient-unfit"]');
  await page.click('main form button');
  await visitor.look('revocations-ends');
  if (visitor.language === 'nl') {
    await visitor.says('Eén ontvanger moet wissen', 'One recipient has to erase');
    await page.click('button.stop');
    await visitor.says('Dit is gebeurd:', 'This was done:');
    await visitor.look('revocations-done');
  } else await visitor.says('Geen enkele toestemming', 'No consent ends');

  await page.click('nav a[href="/desk/revocations"]');
  await visitor.look('revocations');
  await page.click('main form button');
  await visitor.says('Vul het kenmerk van het profiel in', 'Fill in the key of the profile');
  await page.click('a[href="/desk/revocations/notices"]');
  await visitor.look('pick-notices');
  await page.goto(home.url + '/desk/revocations/profiles');
  await visitor.look('pick-profiles');
  await page.click(`a[href$="key=${items[0].key}"]`);
  await page.check('input[value="not-free"]');
  await page.click('main form button');
  await visitor.says('Dit gebeurt er', 'This happens');
  await visitor.look('revocations-effect');
  await page.goto(home.url + '/desk/partners');
  await visitor.says('U mag dit niet met de rol', 'You may not do this in the role');
  await logOut(visitor);
}

async function logIn({ page }, home, name) {
  await page.goto(home.url + '/desk/welcome');
  await page.click('a.button');
  await page.click(`button:has-text("${name}")`);
}

async function logOut({ page }) {
  await page.click('.tools form button');
}

// A list that nobody signed and that nobody is in: of it the page says so.
function proposal() {
  const members = { type: 'polder-members/1', region: 'elders', epoch: 1, version: 9, previous: null, expires: '2030-01-01T00:00:00Z', members: [] };
  return JSON.stringify({ signed: Buffer.from(JSON.stringify(members)).toString('base64url'), signatures: [] });
}
