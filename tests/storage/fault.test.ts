import { expect, test } from 'vitest';
import { storageFault } from '#storage/fault.ts';

test('9: a full disk is full by whatever name the browser calls it, and an error of the disk is not', () => {
  const closing = (what: string) =>
    new DOMException(`Connection is closing because of: IO error: 000003.log: ${what}`, 'UnknownError');
  const wrapped = Object.assign(new Error('hidden'), { inner: new DOMException('no', 'QuotaExceededError') });
  expect(storageFault(closing('FILE_ERROR_NO_SPACE (ChromeMethodBFE: 3)')).code).toBe('full');
  expect(storageFault(wrapped).code).toBe('full');
  expect(storageFault(closing('FILE_ERROR_IO')).code).toBe('failed');
});
