import { createHash, pbkdf2Sync } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { hashBadge, hashPin, isBadge, isBadgeHash, isPin, looksLikeBadge, pinProblem } from '#fleet/people/secret.ts';

const random = (bytes: number) => crypto.getRandomValues(new Uint8Array(bytes));

describe('badges and PINs', () => {
  test('a badge is known by its hash, which anybody can make, and says nothing else', async () => {
    const hash = await hashBadge('EMP-00042', random);
    const [, salt, digest] = hash.split('$');
    expect(digest).toBe(createHash('sha256').update(`${salt}EMP-00042`).digest('hex'));
    expect(isBadgeHash(hash)).toBe(true);
    expect(hash).not.toContain('00042');
    expect(await hashBadge('EMP-00042', random), 'no two are alike').not.toBe(hash);
    expect([await isBadge('EMP-00042', hash), await isBadge('EMP-00043', hash), await isBadge('', hash)]).toEqual([
      true,
      false,
      false,
    ]);
  });

  test('a PIN is hashed slowly, and no other opens it', async () => {
    const hash = await hashPin('1234', random);
    const [kind, rounds, salt, digest] = hash.split('$');
    expect([kind, rounds]).toEqual(['pbkdf2-sha256', '600000']);
    expect(digest).toBe(pbkdf2Sync('1234', salt!, 600_000, 32, 'sha256').toString('hex'));
    expect([await isPin('1234', hash), await isPin('1235', hash), await isPin('12345', hash)]).toEqual([
      true,
      false,
      false,
    ]);
  });

  test.each(['', 'sha256$x$y', 'sha256$', 'pbkdf2-sha256$1$00$00', '1234'])('%j opens nothing', async (hash) => {
    expect([await isBadge('1234', hash), await isPin('1234', hash)]).toEqual([false, false]);
    expect(isBadgeHash(hash)).toBe(false);
  });

  test.each(['', '123', '1234567890123', '12a4', '１２３４', ' 1234'])('%j is no PIN', (pin) => {
    expect(pinProblem(pin)).toBe('A PIN has 4 to 12 digits.');
  });

  test('the form of a badge is the fleet’s', () => {
    expect([
      looksLikeBadge('EMP-1', '^EMP-'),
      looksLikeBadge('SN-1', '^EMP-'),
      looksLikeBadge('EMP-1', undefined),
    ]).toEqual([true, false, false]);
    expect(looksLikeBadge(`EMP-${'x'.repeat(300)}`, '^EMP-')).toBe(false);
  });
});
