// A worker's whole way: from the first page to being nobody.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { answer } from './answer.mjs';
import { bringCv, moveTo } from './bring.mjs';
import { Staff } from './staff.mjs';
import { verifyLog } from './verify.mjs';

const TITLE = 'Lasser zoekt werk dichtbij';

export async function worker(visitor, browser, home, employer, other) {
  const { page } = visitor;
  const base = home.url;
  await page.goto(base + '/');
  await visitor.says('U beslist wie wat van u ziet', 'You decide who sees what of you');
  await visitor.look('welcome');
  await page.click('a.button');
  await page.click('button:has-text("Nadia Nieuw")');
  await visitor.says('Begin met uw profiel', 'Begin with your profile');
  await visitor.look('home-empty');

  await bringCv(visitor, base);
  await page.fill('#f-title', TITLE);
  await page.fill('#f-find-occupation', 'lasser');
  await page.click('button[value=occupation]');
  await page.check('#found-occupations input >> nth=0');
  await backAndOn(page);
  await page.click('button[value=propose]');
  for (const number of [0, 1, 2]) await page.check(`#found-skills input >> nth=${number}`);
  await visitor.look('profile-proposed');
  await page.fill('#f-min', '40');
  await page.fill('#f-max', '16');
  await page.click('p.keep button');
  await visitor.says('Er is nog niets bewaard', 'Nothing has been saved');
  await visitor.look('profile-wrong');
  // Another language, and back: what was typed stays, and so does what is wrong with it.
  const [own, another] = visitor.language === 'nl' ? ['nl', 'en'] : ['en', 'nl'];
  for (const language of [another, own]) {
    await page.click('a[href="#language"]');
    await page.click('#language');
    assert.deepEqual([await page.getAttribute('html', 'lang'), await page.inputValue('#f-title'), await page.inputValue('#f-min')], [language, TITLE, '40']);
  }
  await visitor.says('Er is nog niets bewaard', 'Nothing has been saved');
  await page.fill('#f-min', '16');
  await page.fill('#f-max', '32');
  for (const part of ['mon-morning', 'tue-morning']) await page.check(`input[value=${part}]`, { force: true });
  await page.fill('#f-postcode', '8251');
  await page.selectOption('#f-mode', 'bike');
  await page.fill('#f-minutes', '30');
  await page.fill('#f-name', 'Nadia Nieuw');
  await page.fill('#f-email', 'nadia@voorbeeld.example');
  await page.click('p.keep button');
  await visitor.says('Uw profiel is bewaard', 'Your profile is saved');
  await visitor.look('profile-kept');
  if (visitor.window === 'phone') await largeEnough(page);

  await page.goto(base + '/portal');
  await visitor.click('a.button[href="/portal/share"]');
  await visitor.look('share');
  await visitor.click('a.choice >> nth=0');
  assert.equal(await page.locator('input:checked').count(), 0, 'nothing is ticked before');
  await visitor.click(`input[value="${employer.partner}"]`);
  await page.check(`input[value="${other.partner}"]`);
  await page.check('input[value="/hours"]');
  await visitor.click('input[name=days] >> nth=0');
  await visitor.look('share-picked');
  await visitor.click('main form button');
  const preview = await page.textContent('.offer');
  assert.ok(preview.includes(TITLE) && !preview.includes('8251') && !preview.includes('nadia@'), preview);
  await visitor.look('check');
  await visitor.click('button[value=yes]');
  const toGive = visitor.clicks;
  await visitor.says('Gedeeld.', 'Shared.');
  await visitor.look('home-shared');

  // An employer on another node finds them, by what they share alone.
  const recruiter = await Staff.arrive(browser, employer, 'Rosa Recruiter');
  const caseworker = await Staff.arrive(browser, other, 'Cor Consulent');
  const card = await recruiter.find(TITLE);
  assert.ok(card, 'the employer finds the worker');
  assert.ok(!['8251', 'Nadia', 'nadia@'].some((hidden) => card.includes(hidden)) && card.includes('16'), `the employer sees the hours, and nothing that is not shared: ${card}`);

  await page.goto(base + '/portal/seen');
  await visitor.says(employer.name, employer.name);
  await visitor.look('seen');

  // Two partners ask how they are reached. A no says nothing, a yes as much as is read.
  await recruiter.asks();
  await page.goto(base + '/portal');
  await visitor.look('home-asked');
  const toRefuse = await answer(visitor, base, 'no');
  await visitor.says('Er is niets gedeeld', 'Nothing was shared');
  assert.ok(await caseworker.find(TITLE), 'the caseworker finds the worker');
  await caseworker.asks();
  const toAgree = await answer(visitor, base, 'yes');
  await visitor.says('Gedeeld.', 'Shared.');
  assert.equal(toRefuse, toAgree, 'no takes as many clicks as yes');
  assert.deepEqual([await recruiter.mayReach(), await caseworker.mayReach()], [false, true]);
  await verifyLog(visitor, base, [employer.name]);
  await apply(visitor, base);

  // One click on the first page.
  await page.goto(base + '/portal');
  await visitor.look('home');
  const before = visitor.clicks;
  await visitor.click(`.card:has(h3:text-is("${employer.name}")) .consent:has-text("${visitor.language === 'nl' ? 'vacature bij u past' : 'vacancy suits you'}") button.stop`);
  await visitor.says('Gestopt.', 'Stopped.');
  const toStop = visitor.clicks - before;
  assert.ok(toStop === 1 && toStop <= toGive, `stopping takes ${toStop} clicks, giving ${toGive}`);
  await visitor.look('stopped');
  assert.equal(await recruiter.find(TITLE), undefined, 'nobody finds them any more');
  await page.goto(base + '/portal/erasures');
  await visitor.says('Nog niet bevestigd', 'Not confirmed yet');
  await visitor.look('erasures-awaited');
  await visitor.until(async () => {
    await recruiter.erases();
    await page.reload();
    return (await page.textContent('main')).includes(visitor.language === 'nl' ? 'bevestigd op' : 'confirmed on');
  }, 'the erasure is confirmed');
  await visitor.look('erasures-done');
  await Promise.all([recruiter.leave(), caseworker.leave()]);

  for (const path of ['consents', 'questions', 'data']) {
    await page.goto(`${base}/portal/${path}`);
    // Which parts of the profile went along with a question, and never what they said.
    if (path === 'questions') await visitor.says('Wat ging mee?', 'What went along?');
    await visitor.look(path);
  }
  await page.goto(base + '/portal/consents');
  await page.click('article a');
  await visitor.look('consent');
  await page.goto(base + '/portal/data');
  const [download] = await Promise.all([page.waitForEvent('download'), page.click('a[href="/portal/data/export"]')]);
  assert.equal(download.suggestedFilename(), 'polder-export.json');
  const file = await download.path();
  await moveTo(visitor, file, other);
  // Nodes of the demo differ by their ports alone, and so do the names of their cookies: here nobody was logged out.
  await page.goto(base + '/portal/data');
  await page.click('.button.stop');
  await visitor.look('erase');
  await page.check('input[name=sure]');
  await page.click('button.stop');
  await visitor.says('Hier is alles gewist', 'Everything is erased here');
  await visitor.look('erased');
  await page.reload();
  await visitor.says('Hier is alles gewist', 'Everything is erased here');
  const [receipt] = await Promise.all([page.waitForEvent('download'), page.click('a[download]')]);
  assert.equal(receipt.suggestedFilename(), 'polder-erased.jws');
  assert.equal(readFileSync(await receipt.path(), 'utf8').split('.').length, 3, 'it is a JWS');
  await page.click('a[href*="/portal/erased/"]');
  await visitor.says('Wie moet nog wissen?', 'Who still has to erase?');
  await visitor.look('erased-later');
  await page.goto(base + '/portal');
  await visitor.says('U beslist wie wat van u ziet', 'You decide who sees what of you');
}

// Whoever goes back from what was found, and on again, sees it as it was: nothing is sent anew.
async function backAndOn(page) {
  const sent = [];
  const note = request => request.method() === 'POST' && sent.push(request.url());
  page.on('request', note);
  const found = page.url();
  await page.goBack();
  assert.notEqual(page.url(), found);
  await page.goForward();
  assert.equal(page.url(), found);
  await page.reload();
  assert.equal(await page.inputValue('#f-title'), TITLE);
  await page.check('#found-occupations input >> nth=0');
  page.off('request', note);
  assert.deepEqual(sent, [], 'nothing is sent anew');
}

// On the narrowest phone each part of the week can be tapped (WCAG 2.5.8).
async function largeEnough(page) {
  const size = page.viewportSize();
  await page.setViewportSize({ width: 360, height: 800 });
  const cells = await page.$$eval('.week td label', (all) => all.map((one) => { const { width, height } = one.getBoundingClientRect(); return [width, height]; }));
  assert.ok(cells.length === 28 && cells.every(([width, height]) => width >= 24 && height >= 24), `cells of the week: ${JSON.stringify(cells[0])}`);
  await page.setViewportSize(size);
}

// What fits, from everyone; and one application.
async function apply(visitor, base) {
  const { page } = visitor;
  await page.goto(base + '/portal/training');
  await page.waitForSelector('#results:not([hidden]) #rows > *, #results:not([hidden]) #summary:has-text(".")');
  await visitor.look('training');
  await page.goto(base + '/portal/work');
  await page.waitForSelector('form[action="/portal/apply"] button');
  await page.waitForSelector('#progress', { state: 'hidden' });
  await visitor.look('work');
  await page.click('form[action="/portal/apply"] button >> nth=0');
  assert.equal(await page.locator('input:checked').count(), 0, 'nothing is ticked before');
  await page.check('input[value="/contact/email"]');
  await page.fill('#motivation', 'Ik werk graag precies, en dichtbij.');
  await visitor.look('apply');
  await page.click('main form button');
  await visitor.look('applying');
  await page.click('button[value=yes]');
  await visitor.says('Uw sollicitatie is op weg', 'Your application is on its way');
  await visitor.until(async () => {
    await page.goto(base + '/portal/applications');
    return !(await page.textContent('main')).match(/Op weg|On its way/);
  }, 'the application is received');
  await visitor.look('applications');
  await page.click('button.stop');
  await page.goto(base + '/portal/applications');
  await visitor.says('Door u gestopt', 'Stopped by you');
}
