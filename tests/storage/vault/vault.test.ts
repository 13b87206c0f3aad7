import 'fake-indexeddb/auto';
import { describe, expect, test } from 'vitest';
import { openDB } from 'idb';
import { openVault } from '#storage/vault/vault.ts';

describe('vault', () => {
  test('11: the key comes back, is replaced, is forgotten', async () => {
    const vault = await openVault();
    expect(await vault.openKey()).toBeUndefined();
    await vault.sealKey('key-one');
    expect(await vault.openKey()).toBe('key-one');
    await vault.sealKey('key-two');
    vault.close();
    const again = await openVault();
    expect(await again.openKey()).toBe('key-two');
    await again.forget();
    expect(await again.openKey()).toBeUndefined();
  });

  test('11: what is on disk holds neither the key nor a way to export it', async () => {
    const vault = await openVault();
    await vault.sealKey('secret-station-key');
    const database = await openDB('fieldbench-vault');
    const sealed = (await database.get('sealed', 'station-key')) as { wrapping: CryptoKey; ciphertext: ArrayBuffer };
    expect(new TextDecoder().decode(sealed.ciphertext)).not.toContain('secret');
    expect(sealed.wrapping.extractable).toBe(false);
    await expect(crypto.subtle.exportKey('raw', sealed.wrapping)).rejects.toThrow();
    await database.put('sealed', { ...sealed, ciphertext: new ArrayBuffer(40) }, 'station-key');
    await expect(vault.openKey()).rejects.toMatchObject({ code: 'damaged' });
  });
});
