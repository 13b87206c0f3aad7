import { describe, expect, test } from 'vitest';
import { MessageFramer } from '#hardware/framing/message.ts';

const bytes = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0));
const texts = (messages: Uint8Array[]) => messages.map((message) => String.fromCharCode(...message));
const whole = (framer: MessageFramer, text: string) => texts([...framer.push(bytes(text)), ...framer.end()]);

describe('messages', () => {
  test('whatever the pieces, the same message; bytes that look like an end are part of it', () => {
    const message = 'a\nb\0\r\n#c\n';
    for (let first = 0; first <= message.length; first++) {
      for (let second = first; second <= message.length; second++) {
        const framer = new MessageFramer(100);
        const parts = [message.slice(0, first), message.slice(first, second), message.slice(second)];
        expect(parts.flatMap((part) => framer.push(bytes(part)))).toEqual([]);
        expect(texts(framer.end())).toEqual(['a\nb\0\r\n#c']);
        expect(framer.midFrame).toBe(false);
      }
    }
  });

  test('one line end is taken off, and no more; what is nothing else is no message', () => {
    const framer = new MessageFramer(100);
    expect(whole(framer, '1\r\n')).toEqual(['1']);
    expect(whole(framer, '1\n\n')).toEqual(['1\n']);
    expect(whole(framer, '\n')).toEqual([]);
    expect(whole(framer, '')).toEqual([]);
  });

  test('one that is too long is thrown away up to its end, and keeps no memory', () => {
    const framer = new MessageFramer(4);
    for (let i = 0; i < 1000; i++) framer.push(new Uint8Array(100));
    expect(framer.end()).toEqual([]);
    expect(framer.counters).toMatchObject({ oversizeFrames: 1, discardedBytes: 100_000 });
    expect(whole(framer, '1234')).toEqual(['1234']);
  });

  test('what was begun is forgotten on request', () => {
    const framer = new MessageFramer(100);
    framer.push(bytes('half'));
    expect(framer.midFrame).toBe(true);
    framer.reset();
    expect(whole(framer, '2')).toEqual(['2']);
  });
});
