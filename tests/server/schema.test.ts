import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { server } from './support.ts';

test('26: the schema is public, may be kept for an hour, and is the published file', async () => {
  const { ask } = await server();
  const answer = await ask('/schema/procedure.json');
  expect(answer.status).toBe(200);
  expect(Object.fromEntries(answer.headers)).toMatchObject({
    'cache-control': 'public, max-age=3600',
    'content-type': 'application/schema+json',
    'access-control-allow-origin': '*',
  });
  const published = readFileSync(new URL('../../docs/procedure.schema.json', import.meta.url), 'utf8');
  expect(await answer.text()).toBe(published);
  const again = await ask('/schema/procedure.json', { headers: { 'if-none-match': answer.headers.get('etag')! } });
  expect(again.status).toBe(304);
});
