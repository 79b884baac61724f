// Pages to which few come: a code that does not hold, a program that acts for somebody, a training, and whatever says that there is no such page.
import assert from 'node:assert/strict';

export async function corners(visitor, demo) {
  const { page } = visitor;
  const school = demo.node('ROC').url;
  await logIn(visitor, `${school}/portal`, 'Nadia Nieuw');
  await page.goto(`${school}/portal/invitation`);
  await visitor.look('invitation');
  await page.fill('#f-code', 'AAAA-BBBB-CCCC');
  await page.click('main form button');
  await page.waitForSelector('#wrong-code');
  await visitor.look('invitation-wrong');

  const home = demo.node('Flevoland Werkt!').url;
  await logIn(visitor, `${home}/portal`, 'Chantal Citer');
  await page.goto(`${home}/portal/programs`);
  await visitor.look('programs');
  await page.check('input[name=hours] >> nth=0');
  await page.click('main form button >> nth=0');
  assert.match(await page.inputValue('#token'), /^polder_wk_/);
  await visitor.look('program');
  await over(visitor, home);

  await logIn(visitor, `${school}/desk`, 'Pim Planner');
  await page.goto(`${school}/desk/offers/training`);
  await page.click('p.actions a.button >> nth=0');
  await visitor.look('training');
  await page.click('p.actions button[value=keep]');
  await page.waitForSelector('.notice.bad');
  await visitor.look('training-wrong');
  await overAtDesk(visitor, school);

  await problems(visitor, home, school);
}

async function logIn({ page }, door, name) {
  await page.goto(`${door}/login`);
  await page.click(`button:has-text("${name}")`);
  await page.waitForURL(`${door}**`);
}

// A session is over while somebody types: they log in beside the page, and go on with what they typed.
async function over(visitor, home) {
  const { page, context } = visitor;
  await page.goto(`${home}/portal/profile`);
  await page.fill('#f-title', 'Onderbroken');
  // The session ends, and the browser does not know it.
  const before = await context.cookies();
  const elsewhere = await context.newPage();
  await elsewhere.goto(`${home}/portal`);
  await elsewhere.click('.tools form button');
  // A page that is closed while it leads elsewhere hangs the browser.
  await elsewhere.waitForURL('**/portal/welcome**');
  await elsewhere.close();
  await context.addCookies(before.filter(({ name }) => name.includes('portal')));
  await page.click('p.keep button');
  await visitor.says('Wat u typte, is nog niet bewaard', 'What you typed has not been saved');
  await visitor.look('over');
  const [beside] = await Promise.all([context.waitForEvent('page'), page.click('a[target=_blank]')]);
  await beside.click('button:has-text("Chantal Citer")');
  await beside.waitForURL(`${home}/portal/resume`);
  visitor.page = beside;
  await visitor.look('resumed');
  visitor.page = page;
  await beside.close();
  await page.click('main form button');
  await page.waitForSelector('#f-title');
  assert.equal(await page.inputValue('#f-title'), 'Onderbroken');
  await visitor.look('resumed-profile');
}

// The same at the desk, in the middle of an offer.
async function overAtDesk(visitor, base) {
  const { page, context } = visitor;
  await page.goto(`${base}/desk/offers/training/+`);
  await page.fill('#f-title', 'Onderbroken opleiding');
  await page.fill('#f-description', 'Eerste regel.\nTweede regel.');
  const before = await context.cookies();
  const elsewhere = await context.newPage();
  await elsewhere.goto(`${base}/desk`);
  await elsewhere.click('.tools button');
  await elsewhere.waitForURL('**/desk/welcome**');
  await elsewhere.close();
  await context.addCookies(before.filter(({ name }) => name.includes('desk')));
  await page.click('p.actions button[value=keep]');
  await visitor.says('Wat u typte, is nog niet bewaard', 'What you typed has not been saved');
  await visitor.look('over-desk');
  const [beside] = await Promise.all([context.waitForEvent('page'), page.click('a[target=_blank]')]);
  await beside.click('button:has-text("Pim Planner")');
  await beside.waitForURL(`${base}/desk/resume`);
  await beside.close();
  await page.click('main form button');
  await page.waitForSelector('#f-title');
  assert.equal(await page.inputValue('#f-title'), 'Onderbroken opleiding');
  assert.equal(await page.inputValue('#f-description'), 'Eerste regel.\nTweede regel.');
  await visitor.look('resumed-offer');
}

// Each says in words what is wrong, and leads on.
async function problems(visitor, home, school) {
  const { page, context } = visitor;
  const refused = async (status, name, go) => {
    const [response] = await Promise.all([page.waitForResponse((one) => one.request().isNavigationRequest() && one.status() >= 400), go()]);
    assert.equal(response.status(), status, name);
    await page.waitForSelector('main .notice.bad');
    assert.ok((await page.locator('main a').count()) > 0, `${name}: it leads on`);
    await visitor.look(name);
    return response;
  };
  await refused(404, 'not-found', () => page.goto(`${home}/portal/nowhere`));
  await refused(400, 'not-read', () => page.goto(`${home}/portal/seen?before=x`));
  await refused(403, 'not-allowed', () => page.goto(`${school}/desk/partners`));
  const forged = async () => {
    await page.goto(`${home}/portal/data/erase`);
    await page.$eval('main input[name=csrf]', (field) => field.remove());
    await page.check('input[name=sure]');
    await page.click('main button.stop');
  };
  await refused(403, 'forged', forged);
  const done = `${school}/portal/login/done?state=AAAA&code=AAAA`;
  await refused(403, 'login-stale', () => page.goto(done));
  const back = async () => {
    const begun = await context.request.get(`${school}/portal/login`, { maxRedirects: 0 });
    return `${school}/portal/login/done?state=${new URL(begun.headers().location).searchParams.get('state')}&code=AAAA`;
  };
  // As many as may come of one address in a minute, and as many as may come anew while these are tried.
  let status;
  for (let tries = 0; status !== 429 && tries < 300; tries += 1) status = (await context.request.get(await back())).status();
  const last = await back();
  const later = await refused(429, 'login-later', () => page.goto(last));
  assert.ok(Number(later.headers()['retry-after']) >= 1, 'it says when to come again');
}
