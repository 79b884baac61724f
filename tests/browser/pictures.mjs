// The pictures in docs/ are those that this run made: each that a page names must be among them, and none lies there that no page names.
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

// The pictures that pages of docs/ name.
export function namedIn(docs) {
  const pages = readdirSync(docs).filter((name) => name.endsWith('.md'));
  return new Set(pages.flatMap((page) => [...readFileSync(join(docs, page), 'utf8').matchAll(/\]\(pictures\/([\w-]+\.png)\)/g)].map((match) => match[1])));
}

// `docs` names pictures as `pictures/WAY-NAME.png`: the picture NAME of whoever went that WAY, such as `phone-nl-plain`. With `renew` they are copied there.
export function pictures(docs, made, renew) {
  const folder = join(docs, 'pictures');
  const named = namedIn(docs);
  const taken = new Map(
    readdirSync(made).flatMap((way) => readdirSync(join(made, way)).map((file) => [`${way}-${file.replace(/^\d+-/, '')}`, join(made, way, file)])),
  );
  if (renew) {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder);
    for (const name of named) if (taken.has(name)) copyFileSync(taken.get(name), join(folder, name));
  }
  const there = new Set(existsSync(folder) ? readdirSync(folder) : []);
  const bare = ['workers.md', 'desk.md', 'administrators.md'].filter((page) => !/\]\(pictures\//.test(readFileSync(join(docs, page), 'utf8')));
  return [
    ...bare.map((page) => `docs/${page} shows no page`),
    ...[...named].filter((name) => !taken.has(name)).map((name) => `a page of docs names pictures/${name}, which this run did not make`),
    ...[...named].filter((name) => !there.has(name)).map((name) => `docs/pictures/${name} is not there: tests/browser/run --pictures makes it`),
    ...[...there].filter((name) => !named.has(name)).map((name) => `no page of docs names pictures/${name}`),
  ];
}
