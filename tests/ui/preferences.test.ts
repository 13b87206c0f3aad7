/** fleet/config/RULES.md 6 and 11: theme and sound follow the fleet where nobody has chosen, and where it has locked them. */
import { expect, test } from 'vitest';
import { Preferences } from '#ui/preferences.svelte.ts';

function memory(rows: Record<string, string> = {}) {
  return {
    rows,
    getItem: (key: string) => rows[key] ?? null,
    setItem: (key: string, value: string) => void (rows[key] = value),
    removeItem: (key: string) => void delete rows[key],
  };
}
const DARK = { screen: { theme: 'dark', sound: false, backAfterMin: 5 }, locked: [] } as const;

test('what nobody has chosen is as the fleet says, from the next load on at once', () => {
  const storage = memory();
  const preferences = new Preferences(storage);
  expect([preferences.theme, preferences.sound]).toEqual(['system', true]);
  preferences.follow(undefined);
  preferences.follow(DARK);
  expect([preferences.theme, preferences.sound, preferences.chosen]).toEqual(['dark', false, {}]);
  const later = new Preferences(storage);
  expect([later.theme, later.sound]).toEqual(['dark', false]);
});

test('what is chosen on the screen goes before it, until it is chosen as the fleet says', () => {
  const storage = memory({ 'fieldbench-sound': 'on' });
  const preferences = new Preferences(storage);
  preferences.follow(DARK);
  preferences.theme = 'light';
  expect([preferences.theme, preferences.sound, preferences.chosen]).toEqual([
    'light',
    true,
    { theme: 'light', sound: 'true' },
  ]);
  preferences.theme = 'dark';
  preferences.follow({ ...DARK, screen: { theme: 'system', sound: false, backAfterMin: 5 } });
  expect([preferences.theme, storage.rows['fieldbench-theme']]).toEqual(['system', undefined]);
});

test('what is locked is as the fleet says, whatever was chosen', () => {
  const preferences = new Preferences(memory({ 'fieldbench-theme': 'light', 'fieldbench-sound': 'on' }));
  preferences.follow({ ...DARK, locked: ['screen.theme', 'screen.sound'] });
  expect([preferences.theme, preferences.sound, preferences.chosen]).toEqual(['dark', false, {}]);
  expect(preferences.isLocked('theme')).toBe(true);
});

test('what lies there and is nothing of ours is in nobody’s way', () => {
  const preferences = new Preferences(memory({ 'fieldbench-fleet-screen': '{', 'fieldbench-theme': 'pink' }));
  expect([preferences.theme, preferences.sound]).toEqual(['system', true]);
  expect(new Preferences(null).theme).toBe('system');
});
