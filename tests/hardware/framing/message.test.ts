import { describe, expect, test } from 'vitest';
import { MessageFramer } from '#hardware/framing/message.ts';

const bytes = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0));
const text = (message: Uint8Array | null) => (message === null ? null : String.fromCharCode(...message));

describe('messages', () => {
  test('whatever the pieces, the same message; bytes that look like an end are part of it', () => {
    const whole = 'a\nb\0\r\n#c\n';
    for (let first = 0; first <= whole.length; first++) {
      for (let second = first; second <= whole.length; second++) {
        const framer = new MessageFramer(100);
        expect(framer.push(bytes(whole.slice(0, first)), false)).toBeNull();
        expect(framer.push(bytes(whole.slice(first, second)), false)).toBeNull();
        expect(text(framer.push(bytes(whole.slice(second)), true))).toBe('a\nb\0\r\n#c');
        expect(framer.midFrame).toBe(false);
      }
    }
  });

  test('one line end is taken off, and no more', () => {
    const framer = new MessageFramer(100);
    expect(text(framer.push(bytes('1\r\n'), true))).toBe('1');
    expect(text(framer.push(bytes('1\n\n'), true))).toBe('1\n');
    expect(text(framer.push(bytes(''), true))).toBe('');
  });

  test('one that is too long is thrown away up to its end, and keeps no memory', () => {
    const framer = new MessageFramer(4);
    for (let i = 0; i < 1000; i++) expect(framer.push(new Uint8Array(100), false)).toBeNull();
    expect(framer.push(bytes('x'), true)).toBeNull();
    expect(framer.oversizeFrames).toBe(1);
    expect(text(framer.push(bytes('1234'), true))).toBe('1234');
  });

  test('what was begun is forgotten on request', () => {
    const framer = new MessageFramer(100);
    framer.push(bytes('half'), false);
    expect(framer.midFrame).toBe(true);
    framer.reset();
    expect(text(framer.push(bytes('2'), true))).toBe('2');
  });
});
