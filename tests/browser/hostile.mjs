// What another partner, or a worker, writes into whatever it may fill is text on every page that shows it, and nothing else.
import assert from 'node:assert/strict';
import { hostileCv, hostileLogo, hostileStream } from './brought.mjs';

export const ATTACK = `Kwaadaardig"'><img src=x onerror="document.title='struck'"><script>document.title='struck'</script><svg onload=document.title='struck'>`;
// Addresses that no link may lead to.
const UNLINKED = ["javascript:document.title='struck'", "data:text/html,<script>document.title='struck'</script>", 'vbscript:struck'];
const LINK = `https://werk.example.nl/"onmouseover="document.title='struck'`;

// The sample with the attack in every member that the schema lets be any text; how many there are.
function hostile(schemas, schema, sample) {
  let filled = 0;
  const named = (part) => (part?.$ref ? schemas[part.$ref.split('/').at(-1)] : part);
  const isText = (part) => part.type === 'string' && !['enum', 'pattern', 'format', 'const'].some((bound) => bound in part);
  const fill = (told, value) => {
    const part = named(told);
    if (part.type === 'object') {
      const all = Object.entries(part.properties ?? {});
      const out = { ...value };
      for (const [name, inner] of all) {
        const made = fill(inner, value?.[name]);
        if (made !== undefined) out[name] = made;
      }
      return Object.keys(out).length ? out : undefined;
    }
    if (part.type === 'array') return isText(named(part.items)) ? [fill(part.items)] : value?.map((one) => fill(part.items, one));
    if (!isText(part)) return value;
    filled += 1;
    return ATTACK.slice(0, part.maxLength);
  };
  const document = fill(schemas[schema], sample);
  return { document, filled };
}

export async function hostilePartner(visitor, demo) {
  const { page } = visitor;
  const [evil, asking, homeOfBilal] = [demo.node('Kavelkade'), demo.node('Windesheim'), demo.node('Gemeente Almere')];
  const { components, paths } = await demo.call(evil, 'GET', '/v1/openapi.json');
  const sampleOf = (path) => {
    const sample = structuredClone(paths[path.slice('/v1'.length)].put.requestBody.content['application/json'].examples['nearly-everything'].value);
    // Days that go by.
    for (const member of ['closingDate', 'startDate', 'editions', 'availableFrom', 'availableUntil', 'periodWishes']) delete sample[member];
    return sample;
  };
  const put = async (node, path, schema, sample) => {
    const { document, filled } = hostile(components.schemas, schema, sample);
    assert.ok(filled >= 3, `${schema} has ${filled} members of text`);
    if (document.enrolment) document.enrolment.url = LINK;
    for (const url of UNLINKED) {
      const part = ['application', 'enrolment'].find((name) => document[name]?.url);
      if (part) await assert.rejects(demo.call(node, 'PUT', path, { ...document, [part]: { ...document[part], url } }), /: 400 /, url);
    }
    await demo.call(node, 'PUT', path, document);
  };
  const isText = async (name) => {
    assert.ok((await page.textContent('main')).includes('Kwaadaardig"\'><img src=x'), `${name}: it is shown as it was written`);
    const made = page.locator('[onerror], [onload], [onmouseover], img[src="x"], main script, main svg[onload]');
    assert.equal(await made.count(), 0, `${name}: nothing was made of it`);
    assert.notEqual(await page.title(), 'struck', name);
    const leads = await page.$$eval('a, form, button, img, link, script', (all) => all.flatMap((one) => ['href', 'action', 'formaction', 'src'].map((name) => one.getAttribute(name)).filter(Boolean)));
    for (const to of leads) assert.ok(/^(\/|#|https:)/.test(to), `${name}: it leads to ${to}`);
    await visitor.look(name);
  };
  const open = async (url, name) => {
    await page.goto(url);
    // What fits comes as partners answer.
    if (['work', 'training'].includes(name)) await page.waitForSelector('#rows :text("Kwaadaardig")');
    await isText(name);
  };
  const logIn = async (url, person) => {
    await page.goto(`${url}/login`);
    await page.click(`button:has-text("${person}")`);
  };

  const bilal = await demo.call(homeOfBilal, 'GET', '/v1/skill-offers/W-2');
  const skills = bilal.skills.map(({ uri }) => ({ uri }));
  const occupations = bilal.occupationsWanted.map(({ scheme, uri }) => ({ scheme, uri }));
  const vacancy = { ...sampleOf('/v1/vacancies/{key}'), skills, occupations };
  vacancy.application = { ...vacancy.application, url: LINK };
  await put(evil, '/v1/vacancies/0-1', 'Vacancy', vacancy);
  // As good as the one that suits him best.
  const gap = { occupation: { uri: occupations[0].uri }, skills };
  const { hits } = await demo.call(homeOfBilal, 'POST', '/v1/queries', { kind: 'training', gap, limit: 1 });
  await put(evil, '/v1/trainings/0-1', 'Training', hits[0].document);
  await put(homeOfBilal, '/v1/skill-offers/W-2', 'SkillOffer', bilal);

  // A worker finds it, and is about to apply.
  await logIn(`${homeOfBilal.url}/portal`, 'Bilal Bever');
  for (const part of ['profile', 'work', 'training']) await open(`${homeOfBilal.url}/portal/${part}`, part);
  await page.goto(`${homeOfBilal.url}/portal/work`);
  await page.click('article:has-text("Kwaadaardig") form[action="/portal/apply"] button');
  await isText('apply');
  await page.check('input[value="/title"]');
  await page.fill('#motivation', ATTACK);
  await page.click('main form button');
  await isText('applying');
  await page.click('button[value=yes]');
  await page.waitForURL('**/portal/applications**');
  await isText('applications');
  // Where she has no profile yet: a CV does not write over one.
  await logIn(`${demo.node('ROC').url}/portal`, 'Nadia Nieuw');
  await hostileCv(visitor, demo.node('ROC').url, ATTACK);
  await hostileLogo(visitor, homeOfBilal.url);

  // Staff of another partner finds both, and the worker; staff of its own sees what it has.
  await logIn(`${asking.url}/desk`, 'Pim Planner');
  for (const kind of ['vacancy', 'training']) {
    await page.goto(`${asking.url}/desk/search?kind=${kind}`);
    await page.fill('#f-text', 'kwaadaardig');
    await page.click('form.search p button[value=ask]');
    await page.waitForSelector('#rows li');
    await isText(`search-${kind}`);
  }
  await hostileStream(visitor, `${asking.url}/desk/search?kind=vacancy`, ATTACK, isText);
  await page.click('details.keep summary');
  await page.fill('#f-save', ATTACK.slice(0, 60));
  await page.click('button[value=save]');
  await page.waitForURL('**/desk/searches**');
  await isText('saved');
  await page.click('article button.second');
  const employer = demo.node('Dobberkant');
  await logIn(`${employer.url}/desk`, 'Rosa Recruiter');
  await page.goto(`${employer.url}/desk/search?kind=skill-offer`);
  await page.selectOption('#f-about', 'P-1');
  await page.click('main form button');
  // Whoever shows no postcode is found without a place.
  await page.fill('#f-from', '');
  await page.fill('#f-minutes', '');
  await page.click('form.search p button[value=ask]');
  await page.waitForSelector('#rows li');
  await isText('search-people');
  await logIn(`${evil.url}/desk`, 'Rosa Recruiter');
  for (const part of ['offers/vacancy', 'offers/vacancy/0-1', 'offers/vacancy/0-1/delete', 'offers/training/0-1']) {
    await open(`${evil.url}/desk/${part}`, part.replaceAll('/', '-'));
  }
  await visitor.until(async () => {
    await page.goto(`${evil.url}/desk/applications`);
    return (await page.locator('main a.choice').count()) > 0;
  }, 'the application arrives');
  await isText('received');
  await page.click('main a.choice >> nth=0');
  await isText('application');
}
