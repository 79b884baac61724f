// Staff of a partner, at its desk, in a browser of their own: they look for people, ask one of them for more, and erase.
import assert from 'node:assert/strict';

export class Staff {
  static async arrive(browser, node, name) {
    const page = await (await browser.newContext({ locale: 'nl-NL' })).newPage();
    page.setDefaultTimeout(10_000);
    await page.goto(`${node.url}/desk/login`);
    await page.click(`button:has-text("${name}")`);
    return Object.assign(new Staff(), { page, desk: `${node.url}/desk` });
  }

  // Whoever is called so among those who fit the first vacancy of this partner's own: what its page says of them, and nothing where they are not found.
  async find(title) {
    await this.page.goto(`${this.desk}/search?kind=skill-offer`);
    // The page picks a vacancy itself where there is one alone.
    const vacancies = await this.page.locator('#f-about option').evaluateAll((all) => all.map((one) => one.value).filter(Boolean));
    await this.page.selectOption('#f-about', vacancies[0]);
    await this.page.click('main form button');
    // Whoever may be seen is looked for, not who fits best.
    await this.page.locator('#search input[type=checkbox]').evaluateAll((ticks) => ticks.forEach((tick) => (tick.checked = false)));
    for (const field of ['from', 'minutes', 'min', 'max']) await this.page.fill(`#f-${field}`, '');
    await this.page.click('p.actions button[value=ask]');
    await this.page.waitForSelector('#results:not([hidden])');
    await this.page.waitForSelector('#progress[hidden]', { state: 'attached' });
    this.found = this.page.locator('#rows > li', { hasText: title });
    return (await this.found.count()) ? this.found.first().textContent() : undefined;
  }

  // Asks whoever was found for contact.
  async asks() {
    await this.found.first().locator('form button').click();
    await this.page.waitForURL('**/desk/asked**');
    assert.equal(await this.mayReach(), false, 'the worker decides');
  }

  // Whether whoever was asked last may be reached now.
  async mayReach() {
    await this.page.goto(`${this.desk}/asked`);
    return (await this.page.locator('.consent >> nth=0').locator('.mark-good').count()) > 0;
  }

  // Says that everything is erased that there is to erase.
  async erases() {
    await this.page.goto(`${this.desk}/erasures`);
    const ticks = this.page.locator('main form input[type=checkbox]');
    if (!(await ticks.count())) return;
    // One for each, and where there are more of them one for all.
    await ticks.last().check();
    await this.page.click('main form button');
  }

  leave() {
    return this.page.context().close();
  }
}
