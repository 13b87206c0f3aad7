import { describe, expect, test } from 'vitest';
import { SERVER_HEADER } from '#sync/tofupilot/attempt.ts';
import { createCarrier } from '#sync/tofupilot/client.ts';
import { VirtualClock } from '../virtual-clock.ts';

const { signal } = new AbortController();
const html = { headers: { 'content-type': 'text/html' } };

function filesTo(handler: (url: URL, init: RequestInit) => Response | Promise<Response>) {
  const asked: { url: URL; init: RequestInit }[] = [];
  const fetchFrom = (async (address: string, init: RequestInit) => {
    const url = new URL(address, 'http://station');
    asked.push({ url, init });
    return handler(url, init);
  }) as typeof fetch;
  const { files } = createCarrier({
    baseUrl: '/tofupilot',
    key: async () => 'secret',
    fetch: fetchFrom,
    clock: new VirtualClock(),
  });
  return { files, asked };
}

const status = (code: number, init: ResponseInit = {}) =>
  new Response(code === 204 ? null : 'x', { status: code, ...init });
const error = (code: number) => Response.json({ message: `status ${code}` }, { status: code });

describe('files at TofuPilot', () => {
  test('8: a slot names an id and an address, or it is none', async () => {
    const { files, asked } = filesTo(() => Response.json({ id: 'f', upload_url: '/tofupilot/upload/t' }));
    expect(await files.slot('a.csv', signal)).toEqual({ kind: 'slot', remoteId: 'f', address: '/tofupilot/upload/t' });
    expect(asked[0]).toMatchObject({
      url: { pathname: '/tofupilot/v2/attachments' },
      init: { method: 'POST', body: '{"name":"a.csv"}', headers: { authorization: 'Bearer secret' } },
    });
    expect((await filesTo(() => Response.json({ id: 'f' })).files.slot('a', signal)).kind).toBe('failed');
    for (const [code, kind] of [
      [400, 'rejected'],
      [401, 'unauthorised'],
      [402, 'payment'],
      [429, 'throttled'],
      [502, 'failed'],
    ] as const)
      expect((await filesTo(() => error(code)).files.slot('a', signal)).kind).toBe(kind);
  });

  test('6: bytes go to the storage without the key', async () => {
    const { files, asked } = filesTo(() => status(200));
    const bytes = new Uint8Array([1, 2, 3]);
    expect(await files.store('/tofupilot/upload/t', bytes, 'text/csv', signal)).toEqual({ kind: 'stored' });
    expect(asked[0]).toMatchObject({ url: { pathname: '/tofupilot/upload/t' }, init: { method: 'PUT', body: bytes } });
    expect(JSON.stringify(asked[0]!.init.headers)).toBe('{"content-type":"text/csv"}');
  });

  test.each([
    [200, 'stored'],
    [204, 'stored'],
    [400, 'expired'],
    [403, 'expired'],
    [404, 'expired'],
    [410, 'expired'],
    [413, 'rejected'],
    [415, 'rejected'],
    [429, 'failed'],
    [500, 'failed'],
    [503, 'failed'],
  ])('8: a storage that answers %i: %s', async (code, kind) => {
    expect((await filesTo(() => status(code)).files.store('/u', new Uint8Array(), 't', signal)).kind).toBe(kind);
  });

  test('4: a web page is no storage', async () => {
    const portal = (code: number) => filesTo(() => status(code, html)).files.store('/u', new Uint8Array(), 't', signal);
    expect((await portal(200)).kind).toBe('failed');
    expect((await portal(403)).kind).toBe('failed');
  });

  test('8: finalize sends no body, and is done when the server names the file’s address', async () => {
    const { files, asked } = filesTo(() => Response.json({ url: 'http://x/f' }));
    expect(await files.finalize('f', signal)).toEqual({ kind: 'finalized' });
    expect(asked[0]!.url.pathname).toBe('/tofupilot/v2/attachments/f/finalize');
    expect(asked[0]!.init.body).toBeUndefined();
    expect((await filesTo(() => Response.json({})).files.finalize('f', signal)).kind).toBe('failed');
    expect((await filesTo(() => error(404)).files.finalize('f', signal)).kind).toBe('unknown');
    expect((await filesTo(() => error(500)).files.finalize('f', signal)).kind).toBe('failed');
  });

  test('8: a link whose answer is not clear is doubtful', async () => {
    const { files, asked } = filesTo(() => Response.json({ id: 'r' }));
    expect(await files.link('r', ['a', 'b'], signal)).toEqual({ kind: 'linked' });
    expect(asked[0]).toMatchObject({
      url: { pathname: '/tofupilot/v2/runs/r' },
      init: { method: 'PATCH', body: '{"attachments":["a","b"]}' },
    });
    const linkTo = async (handler: () => Response, process = 'p-1') => {
      const { files } = filesTo((_url, { method }) => {
        const answer = method === 'PATCH' ? handler() : Response.json({ id: 'r', attachments: [] });
        answer.headers.set(SERVER_HEADER, method === 'PATCH' ? process : 'p-1');
        return answer;
      });
      await files.linked('r', signal);
      return files.link('r', ['a'], signal);
    };
    expect((await linkTo(() => error(500))).kind).toBe('doubtful');
    expect((await linkTo(() => Response.json({}))).kind).toBe('doubtful');
    expect((await linkTo(() => error(404))).kind).toBe('rejected');
    expect((await linkTo(() => error(429))).kind).toBe('throttled');
    // By one who cannot know whether it was done before (10).
    for (const code of [401, 404]) expect((await linkTo(() => error(code), 'p-2')).kind).toBe('doubtful');
    expect(await linkTo(() => error(429), 'p-2')).toMatchObject({ kind: 'doubtful', retryAfterMs: 0 });
    const broken = () => {
      throw new TypeError('Failed to fetch');
    };
    expect((await linkTo(broken)).kind).toBe('doubtful');
  });

  test('8: the run says which files it has', async () => {
    const run = { id: 'r', attachments: [{ id: 'a' }, { id: 'b', name: 'x', size: 7 }] };
    expect(await filesTo(() => Response.json(run)).files.linked('r', signal)).toEqual({
      kind: 'files',
      files: [
        { remoteId: 'a', name: '', size: null },
        { remoteId: 'b', name: 'x', size: 7 },
      ],
    });
    expect((await filesTo(() => Response.json({ id: 'r' })).files.linked('r', signal)).kind).toBe('failed');
    expect((await filesTo(() => error(404)).files.linked('r', signal)).kind).toBe('failed');
  });
});
