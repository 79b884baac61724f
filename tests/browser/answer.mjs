// A partner asks something: no and yes are equally easy.
import assert from 'node:assert/strict';

async function equallyEasy(page) {
  const boxes = await Promise.all(['no', 'yes'].map((value) => page.locator(`.answers button[value=${value}]`).boundingBox()));
  const [no, yes] = boxes;
  assert.ok(Math.abs(no.width - yes.width) < 1 && Math.abs(no.height - yes.height) < 1, `yes and no are as large: ${JSON.stringify(boxes)}`);
  const looks = (value) => page.$eval(`.answers button[value=${value}]`, (button) => {
    const { color, backgroundColor, fontSize, fontWeight } = getComputedStyle(button);
    return [color, backgroundColor, fontSize, fontWeight];
  });
  assert.deepEqual(await looks('no'), await looks('yes'), 'and look alike');
}

// Answers the request that stands on the first page; how many clicks that took.
export async function answer(visitor, base, value) {
  const { page } = visitor;
  await page.goto(base + '/portal');
  const before = visitor.clicks;
  await visitor.click('.ask a.button >> nth=0');
  await equallyEasy(page);
  await visitor.look(`request-${value}`);
  if (value === 'yes') {
    await page.click('a[href$="/offer"]');
    await visitor.says('zonder uw naam', 'without your name');
    await visitor.look('request-offer');
    await page.goBack();
  }
  await visitor.click(`.answers button[value=${value}]`);
  return visitor.clicks - before;
}
