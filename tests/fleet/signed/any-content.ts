/** Contents of bundles as fast-check makes them, and keys that sign them. */
import fc from 'fast-check';
import { generateKeyPairSync, sign } from 'node:crypto';
import type { Content } from '#fleet/distribution/signed/bundle.ts';
import { keyIdOf, type Signer, toBase64 } from '#fleet/distribution/signed/signature.ts';
import type { TrustedKey } from '#fleet/distribution/signed/trusted-keys.ts';

const part = fc.stringMatching(/^[A-Za-z0-9_äß 漢][A-Za-z0-9_. äß漢]{0,12}$/);
const path = fc.array(part, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('/'));
const bytes = fc.uint8Array({ maxLength: 60 }).map((array) => new Uint8Array(array));
const contents = fc
  .uniqueArray(fc.tuple(path, bytes), { maxLength: 8, selector: ([name]) => name })
  .map((entries) => new Map(entries));

export const anyContent: fc.Arbitrary<Content> = fc.record({
  title: fc.record({ id: fc.constant(''), name: fc.string({ maxLength: 40 }), version: fc.string({ maxLength: 10 }) }),
  files: contents,
  scripts: contents,
});

export interface TestKey {
  readonly signer: Signer;
  readonly trusted: TrustedKey;
}

export async function aKey(name: string, change: Partial<TrustedKey> = {}): Promise<TestKey> {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const spki = new Uint8Array(publicKey.export({ type: 'spki', format: 'der' }));
  const id = await keyIdOf(spki);
  return {
    signer: { id, sign: async (text) => new Uint8Array(sign(null, text, privateKey)) },
    trusted: { id, name, public_key: toBase64(spki), valid_from: '2026-01-01', ...change },
  };
}
