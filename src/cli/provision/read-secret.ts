/**
 * One line of standard input that nobody may see: asked for without an echo at a terminal, else simply read.
 *
 * Above: fieldbench.ts. Knows nothing of what the line is for.
 */
import { createInterface } from 'node:readline';
import type { ReadStream } from 'node:tty';

const END = ['\r', '\n', '\u0004'];
const CANCEL = '\u0003';
const BACK = ['\u007f', '\b'];

/** @returns null when there is none */
export function readSecret(input: ReadStream, say: (text: string) => void, question: string): Promise<string | null> {
  return input.isTTY ? typed(input, say, question) : firstLine(input);
}

async function firstLine(input: ReadStream): Promise<string | null> {
  for await (const line of createInterface({ input })) return line;
  return null;
}

function typed(input: ReadStream, say: (text: string) => void, question: string): Promise<string | null> {
  return new Promise((resolve) => {
    let text = '';
    const done = (answer: string | null) => {
      input.setRawMode(false);
      input.pause();
      input.off('data', hear);
      say('\n');
      resolve(answer);
    };
    const hear = (chunk: string) => {
      for (const character of chunk) {
        if (character === CANCEL) return done(null);
        if (END.includes(character)) return done(text);
        text = BACK.includes(character) ? text.slice(0, -1) : text + character;
      }
    };
    say(question);
    input.setRawMode(true);
    input.setEncoding('utf8');
    input.on('data', hear);
    input.resume();
  });
}
