// What another site can do to somebody who is logged in: nothing. It is a site of another name on this machine, and the browser keeps them apart.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';

// Pages of an evil site, by their paths.
function evilSite(pages) {
  const server = createServer((request, response) => {
    response.setHeader('content-type', 'text/html');
    response.end(pages[request.url] ?? '');
  });
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve({ port: server.address().port, stop: () => server.close() })));
}

export async function attacks(visitor, demo) {
  const { page, context } = visitor;
  const home = demo.node('Flevoland Werkt!');
  const portal = `${home.url}/portal`;
  const named = `__Host-polder-portal-${new URL(home.url).port}`;
  const session = async () => (await context.cookies(home.url)).find((cookie) => cookie.name === named)?.value;

  // A session that somebody planted is not the one after logging in, and stands for nobody.
  const planted = { name: named, url: home.url.replace('http:', 'https:'), secure: true, httpOnly: true, sameSite: 'Lax' };
  await context.addCookies([{ ...planted, value: 'planted' }]);
  await page.goto(`${portal}/login`);
  await page.click('button:has-text("Chantal Citer")');
  const own = await session();
  assert.ok(own && own !== 'planted', 'logging in gives a session of its own');
  const thief = await context.browser().newContext();
  const stolen = await thief.newPage();
  await thief.addCookies([{ ...planted, value: own }]);
  await stolen.goto(portal);
  assert.ok(!stolen.url().includes('/welcome'), 'such a cookie is sent');
  await thief.addCookies([{ ...planted, value: 'planted' }]);
  await stolen.goto(portal);
  assert.ok(stolen.url().includes('/portal/welcome'), 'a planted session is nobody');
  await thief.close();
  const cookie = (await context.cookies(home.url)).find(({ name }) => name === named);
  assert.deepEqual([cookie.httpOnly, cookie.secure, cookie.sameSite, cookie.path], [true, true, 'Lax', '/']);

  const consents = async () => {
    await page.goto(`${portal}/consents`);
    return page.locator('article').allTextContents();
  };
  const before = await consents();
  assert.ok(before.length > 0, 'she shares something');
  const site = await evilSite({
    '/withdraw': `<form id=f method=post action="${portal}/consents/withdraw"></form><script>document.getElementById('f').submit()</script>`,
    '/erase': `<form id=f method=post action="${portal}/data/erase"><input name=sure value=yes></form><script>document.getElementById('f').submit()</script>`,
    '/frame': `<iframe src="${portal}"></iframe>`,
    '/read': `<script>fetch("${portal}/data/export", { credentials: 'include' }).then((r) => r.text()).then((t) => (document.title = 'read'), () => (document.title = 'refused'))</script>`,
    '/login': `<form id=f action="${portal}/login/done"><input name=state value=AAAA><input name=code value=AAAA></form><script>document.getElementById('f').submit()</script>`,
  });
  try {
    if (visitor.script) {
      // Another name is another site, to which the browser sends no cookie; another port is the same site, and the form itself is refused.
      for (const [host, path] of ['localhost', '127.0.0.1'].flatMap((host) => ['/withdraw', '/erase', '/login'].map((path) => [host, path]))) {
        const refused = page.waitForResponse((response) => response.url().startsWith(portal) && response.request().isNavigationRequest() && response.status() !== 303);
        await page.goto(`http://${host}:${site.port}${path}`);
        const { status } = await refused.then((response) => ({ status: response.status() }));
        const led = host === 'localhost' && path !== '/login' && status === 200 && page.url().includes('/welcome');
        assert.ok(status === 403 || led, `${host}${path}: ${status} ${page.url()}`);
        await page.waitForLoadState();
        await visitor.look(`forged${path.replace('/', '-')}-${host === 'localhost' ? 'site' : 'port'}`);
      }
      await page.goto(`http://localhost:${site.port}/read`);
      await page.waitForFunction(() => document.title !== '');
      assert.equal(await page.title(), 'refused', 'another site reads nothing');
      // The policy of the page itself lets nothing run that did not come as a file of this node.
      await page.goto(portal);
      const ran = await page.evaluate(() => {
        const script = document.createElement('script');
        try { script.textContent = 'window.ran = true'; } catch { return 'refused'; }
        document.body.append(script);
        return window.ran === true ? 'ran' : 'refused';
      });
      assert.equal(ran, 'refused');
    }
    await page.goto(`http://localhost:${site.port}/frame`);
    await page.waitForTimeout(200);
    const framed = page.frames().find((frame) => frame !== page.mainFrame());
    assert.ok(framed && !(await framed.content()).includes('id="main"'), 'no page stands in a frame of another site');
  } finally {
    site.stop();
  }
  // What the browser says of what it refused is as it should be.
  visitor.faults = visitor.faults.filter((fault) => !/Refused|Framing|frame|Content Security Policy|CORS|TrustedScript|Trusted ?Type/i.test(fault));
  assert.equal(await session(), own, 'she is still logged in as herself');
  assert.deepEqual(await consents(), before, 'nothing changed');
}
