// A worker's whole way: from the first page to being nobody.
import assert from 'node:assert/strict';

export async function worker(visitor, demo, home, employer) {
  const { page } = visitor;
  const base = home.url;
  await page.goto(base + '/');
  await visitor.says('U beslist wie wat van u ziet', 'You decide who sees what of you');
  await visitor.look('welcome');
  await page.click('a.button');
  await page.click('button:has-text("Nadia Nieuw")');
  await visitor.says('Begin met uw profiel', 'Begin with your profile');
  await visitor.look('home-empty');

  await page.click('section.card a.button');
  await page.fill('#f-title', 'Lasser zoekt werk dichtbij');
  await page.fill('#f-find-occupation', 'lasser');
  await page.click('button[value=occupation]');
  await page.check('#found-occupations input >> nth=0');
  await page.click('button[value=propose]');
  for (const number of [0, 1, 2]) await page.check(`#found-skills input >> nth=${number}`);
  await visitor.look('profile-proposed');
  await page.fill('#f-min', '40');
  await page.fill('#f-max', '16');
  await page.click('p.keep button');
  await visitor.says('Er is nog niets bewaard', 'Nothing is kept so far');
  await visitor.look('profile-wrong');
  await page.fill('#f-min', '16');
  await page.fill('#f-max', '32');
  for (const part of ['mon-morning', 'tue-morning']) await page.check(`input[value=${part}]`, { force: true });
  await page.fill('#f-postcode', '8251');
  await page.selectOption('#f-mode', 'bike');
  await page.fill('#f-minutes', '30');
  await page.fill('#f-name', 'Nadia Nieuw');
  await page.fill('#f-email', 'nadia@voorbeeld.example');
  await page.click('p.keep button');
  await visitor.says('Uw profiel is bewaard', 'Your profile is kept');
  await visitor.look('profile-kept');

  await page.goto(base + '/portal/share');
  await visitor.look('share');
  await page.click('a.choice >> nth=0');
  assert.equal(await page.locator('input:checked').count(), 0, 'nothing is ticked before');
  await page.check(`input[value="${employer.partner}"]`);
  await page.check('input[value="/hours"]');
  await page.check('input[name=days] >> nth=0');
  await visitor.look('share-picked');
  await page.click('main form button');
  const preview = await page.textContent('.offer');
  assert.ok(preview.includes('Lasser zoekt werk dichtbij') && !preview.includes('8251') && !preview.includes('nadia@'), preview);
  await visitor.look('check');
  await page.click('button[value=yes]');
  await visitor.says('Gedeeld.', 'Shared.');
  await visitor.look('home-shared');

  // An employer on another node finds them, by what they share alone.
  const question = { kind: 'skill-offer', about: { kind: 'vacancy', key: 'P-1' }, limit: 50 };
  const find = async () => (await demo.call(employer, 'POST', '/v1/queries', question)).hits.filter((hit) => hit.partner === home.partner && hit.document.title === 'Lasser zoekt werk dichtbij');
  const [hit] = await find();
  assert.ok(hit, 'the employer finds the worker');
  assert.deepEqual(Object.keys(hit.document).sort(), ['hours', 'skills', 'title']);

  await page.goto(base + '/portal/seen');
  await visitor.says(employer.name, employer.name);
  await visitor.look('seen');

  // One click on the first page.
  await page.goto(base + '/portal');
  await page.click('button.stop >> nth=0');
  await visitor.says('Gestopt.', 'Stopped.');
  await visitor.look('stopped');
  assert.deepEqual(await find(), [], 'nobody finds them any more');
  await page.goto(base + '/portal/erasures');
  await visitor.says('Nog niet bevestigd', 'Not confirmed yet');
  await visitor.look('erasures-awaited');
  await visitor.until(async () => {
    const { items } = await demo.call(employer, 'GET', '/v1/erasures');
    if (items.length) await demo.call(employer, 'POST', '/v1/erasures/acknowledged', { upTo: items.at(-1).number });
    await page.reload();
    return (await page.textContent('main')).includes(visitor.language === 'nl' ? 'bevestigd op' : 'confirmed on');
  }, 'the erasure is confirmed');
  await visitor.look('erasures-done');

  for (const path of ['consents', 'questions', 'data']) {
    await page.goto(`${base}/portal/${path}`);
    await visitor.look(path);
  }
  await page.goto(base + '/portal/consents');
  await page.click('article a');
  await visitor.look('consent');
  await page.goto(base + '/portal/data');
  const [download] = await Promise.all([page.waitForEvent('download'), page.click('a[href="/portal/data/export"]')]);
  assert.equal(download.suggestedFilename(), 'polder-export.json');
  await page.click('.button.stop');
  await visitor.look('erase');
  await page.check('input[name=sure]');
  await page.click('button.stop');
  await visitor.says('Alles is gewist', 'Everything is erased');
  await visitor.look('erased');
  await page.goto(base + '/portal');
  await visitor.says('U beslist wie wat van u ziet', 'You decide who sees what of you');
}
