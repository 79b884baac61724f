// A planner at a school: somebody is sought for a training of its own, and skills are proposed for another from its text.
import assert from 'node:assert/strict';
import { ask } from './desk.mjs';

export async function planner(visitor, demo) {
  const { page } = visitor;
  const base = demo.node('ROC').url;
  await page.goto(base + '/desk/login');
  await page.click('button:has-text("Pim Planner")');
  await visitor.look('home');

  await page.goto(base + '/desk/search?kind=skill-offer');
  await visitor.look('pick');
  assert.ok((await page.textContent('#f-about optgroup >> nth=0')).includes('P-1'), 'trainings come first at a school');
  await page.goto(base + '/desk/offers/training/P-1');
  await visitor.look('training');
  await page.click('main .acts a');
  await visitor.says('Hieronder staat wat bij deze opleiding hoort', 'Below is what goes with this training');
  assert.equal(await page.locator('input[name=contract]').count(), 0, 'nobody sees which contracts somebody wants');
  await visitor.look('asked');
  await ask(visitor);
  assert.equal(await page.locator('#rows > li').count(), 1, 'one worker wants advice from this school');
  await visitor.look('found');
  await page.click('#rows form button');
  await visitor.says('Voor de opleiding Lassen', 'For the training Lassen');
  await visitor.look('contact');

  await page.goto(base + '/desk/offers/training/+');
  await page.fill('#f-title', 'Lassen voor beginners');
  await page.fill('#f-description', 'U leert lassen, en u leert metaal bewerken.\nVeilig werken hoort erbij.');
  await page.click('button[value=propose]');
  const proposed = page.locator('#proposed input[name=skill]');
  assert.ok(await proposed.count() > 0, 'skills are proposed');
  assert.equal(await page.locator('#proposed input:checked').count(), 0, 'and none is picked by itself');
  assert.equal(await page.inputValue('#f-title'), 'Lassen voor beginners');
  await visitor.look('proposed');
  await proposed.first().check();
  await page.click('button[value=propose]');
  assert.equal(await page.locator('#skills input:checked').count(), 1, 'what was ticked is picked');
}
