// What another partner, or a worker, writes into whatever it may fill is text on every page that shows it, and nothing else.
import assert from 'node:assert/strict';

const ATTACK = `Kwaadaardig"'><img src=x onerror="document.title='struck'"><script>document.title='struck'</script><svg onload=document.title='struck'>`;
const LINK = `https://werk.example.nl/"onmouseover="document.title='struck'`;

// The sample with the attack in every member that the schema lets be any text; how many there are.
function hostile(schema, sample) {
  let filled = 0;
  const fill = (part, value) => {
    if (part.type === 'object') {
      const all = Object.entries(part.properties ?? {});
      const out = { ...value };
      for (const [name, inner] of all) {
        const made = fill(inner, value?.[name]);
        if (made !== undefined) out[name] = made;
      }
      return Object.keys(out).length ? out : undefined;
    }
    if (part.type === 'array') return isText(part.items) ? [fill(part.items)] : value?.map((one) => fill(part.items, one));
    if (!isText(part)) return value;
    filled += 1;
    return ATTACK.slice(0, part.maxLength);
  };
  const document = fill(schema, sample);
  return { document, filled };
}

const isText = (part) => part.type === 'string' && !['enum', 'pattern', 'format', 'const'].some((bound) => bound in part);

export async function hostilePartner(visitor, demo) {
  const { page } = visitor;
  const [evil, asking, homeOfBilal] = [demo.node('Kavelkade'), demo.node('Windesheim'), demo.node('Gemeente Almere')];
  const { components, paths } = await demo.call(evil, 'GET', '/v1/openapi.json');
  const sampleOf = (path) => {
    const sample = structuredClone(paths[path].put.requestBody.content['application/json'].examples['nearly-everything'].value);
    // Days that go by.
    for (const member of ['closingDate', 'startDate', 'editions', 'availableFrom', 'availableUntil', 'periodWishes']) delete sample[member];
    return sample;
  };
  const put = async (node, path, schema, sample) => {
    const { document, filled } = hostile(components.schemas[schema], sample);
    assert.ok(filled >= 3, `${schema} has ${filled} members of text`);
    if (document.enrolment) document.enrolment.url = LINK;
    await demo.call(node, 'PUT', path, document);
  };
  const isText = async (name) => {
    assert.ok((await page.textContent('main')).includes('Kwaadaardig"\'><img src=x'), `${name}: it is shown as it was written`);
    const made = page.locator('[onerror], [onload], [onmouseover], img[src="x"], main script, main svg[onload]');
    assert.equal(await made.count(), 0, `${name}: nothing was made of it`);
    assert.notEqual(await page.title(), 'struck', name);
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

  // Staff of another partner finds both, and the worker; staff of its own sees what it has.
  await logIn(`${asking.url}/desk`, 'Pim Planner');
  for (const kind of ['vacancy', 'training']) {
    await page.goto(`${asking.url}/desk/search?kind=${kind}`);
    await page.fill('#f-text', 'kwaadaardig');
    await page.click('form.search p button[value=ask]');
    await page.waitForSelector('#rows li');
    await isText(`search-${kind}`);
  }
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
}
