import { describe, expect, test } from 'vitest';
import { readEnrolment } from '#fleet/identity/enrolment.ts';
import { stationNameProblem } from '#fleet/identity/station-name.ts';

const link = (data: unknown) =>
  `#enroll=${Buffer.from(typeof data === 'string' ? data : JSON.stringify(data)).toString('base64url')}`;

describe('station names', () => {
  test.each(['taipei-line1-042', 'demo-line1-001', 'munich2-smt-7'])('%s is on the scheme', (name) =>
    expect(stationNameProblem(name)).toBeNull(),
  );
  test.each([
    '',
    'Bench 3',
    'taipei-line1',
    'taipei-line1-042-x',
    'Taipei-line1-042',
    'taipei_line1_042',
    '-line1-042',
    'taipei-line1-a42',
  ])('“%s” is off the scheme, and the sentence shows a good name', (name) =>
    expect(stationNameProblem(name)).toContain('taipei-line1-042'),
  );
});

describe('enrolment link', () => {
  test('gives station, key and procedure, in any script', () => {
    const data = { station: 'taipei-line1-042', key: 'schlüssel-ключ', procedure: '7c9e6679', pin: '1234' };
    expect(readEnrolment(link(data))).toEqual(data);
  });
  test.each([
    ['no base64', '#enroll=%%%'],
    ['no JSON', link('hello')],
    ['a list', link([1])],
    ['no key', link({ station: 'taipei-line1-042' })],
    ['an empty key', link({ station: 'taipei-line1-042', key: '  ' })],
    ['a number as name', link({ station: 42, key: 'k' })],
  ])('%s is refused as unreadable, with a remedy', (_, fragment) => {
    expect(() => readEnrolment(fragment)).toThrow(
      expect.objectContaining({ code: 'enrolment-unreadable', remedy: expect.stringContaining('link') as string }),
    );
  });
  test('a name off the scheme is refused by name', () => {
    expect(() => readEnrolment(link({ station: 'Bench 3', key: 'k' }))).toThrow(
      expect.objectContaining({ code: 'station-name' }),
    );
  });
});
