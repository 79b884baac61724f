// What an applicant tracking system does with its node, by a client whose types come from the node's own OpenAPI document.
import createClient from 'openapi-fetch';
import type { components, paths } from './api.js';

declare const process: { argv: string[] };
const [base, token] = process.argv.slice(2);
const node = createClient<paths>({ baseUrl: base, headers: { authorization: `Bearer ${token}` } });
const path = { key: 'TS-1' };
const is = (holds: boolean, what: string) => {
  if (!holds) throw new Error(what);
};

const vacancy: components['schemas']['Vacancy'] = {
  title: 'Lasser constructie',
  description: 'U last stalen frames in een kleine werkplaats in Lelystad.',
  employer: { name: 'Proefstaal' },
  hours: { min: 24, max: 32 },
};
const put = await node.PUT('/vacancies/{key}', { params: { path }, body: vacancy });
is(put.data?.outcome === 'created' && put.data.version === 1, `created: ${JSON.stringify(put.error)}`);

const read = await node.GET('/vacancies/{key}', { params: { path } });
// It comes as JobPosting of schema.org on request; without that it is the vacancy.
const back = read.data as components['schemas']['Vacancy'] | undefined;
is(back?.employer.name === 'Proefstaal', 'read back');

const found = await node.POST('/queries', { body: { kind: 'vacancy', text: 'lasser constructie' } });
// The same address streams lines on request; without that it is one result.
const result = found.data && 'answered' in found.data && 'hits' in found.data ? found.data : undefined;
is(result?.hits?.some((hit) => hit.key === 'TS-1') === true, `found: ${JSON.stringify(found.error)}`);

// @ts-expect-error A vacancy has a description.
const wrong = await node.PUT('/vacancies/{key}', { params: { path }, body: { title: 'Lasser', employer: { name: 'Proefstaal' } } });
const missing = wrong.error?.findings?.[0];
is(wrong.error?.status === 400 && missing?.pointer === '/description', `refused with its reason: ${JSON.stringify(wrong.error)}`);

const gone = await node.DELETE('/vacancies/{key}', { params: { path } });
is(gone.response.status === 204, 'withdrawn');
console.log('TypeScript: published, read, found, refused and withdrawn');
