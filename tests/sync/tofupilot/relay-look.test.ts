import { expect, test } from 'vitest';
import { Attempts, SERVER_HEADER } from '#sync/tofupilot/attempt.ts';
import { createRelayLook } from '#sync/tofupilot/relay-look.ts';

const look = (answer: () => Response, attempts = new Attempts(() => 'a')) =>
  createRelayLook('/tofupilot', (async () => answer()) as typeof fetch, attempts)(new AbortController().signal);

test('the relay’s word is taken, and nobody’s answer, an error or a web page is no connection', async () => {
  const kinds = [
    await look(() => Response.json({ api: 'online' })),
    await look(() => Response.json({ api: 'offline' })),
    await look(() => Response.json({}, { status: 502 })),
    await look(() => new Response('<p>Log in', { headers: { 'content-type': 'text/html' } })),
    await look(() => {
      throw new TypeError('Failed to fetch');
    }),
  ].map(({ kind }) => kind);
  expect(kinds).toEqual(['online', 'offline', 'offline', 'offline', 'offline']);
});

test('a relay that does not know the question keeps nobody from sending', async () => {
  expect(await look(() => Response.json({ code: 'NOT_FOUND' }, { status: 404 }))).toEqual({ kind: 'online' });
});

test('9: a relay that was started anew is known before the next run is sent to it', async () => {
  const attempts = new Attempts(() => 'a');
  attempts.heard(new Headers({ [SERVER_HEADER]: 'before' }));
  await look(() => Response.json({ api: 'online' }, { headers: { [SERVER_HEADER]: 'after' } }), attempts);
  expect(attempts.next().headers[SERVER_HEADER]).toBe('after');
});
