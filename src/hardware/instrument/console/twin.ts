/**
 * The twin of `console`: a shell that echoes, knows a few commands, and comes to its prompt again.
 *
 * What `bench.yaml` answers to a command is printed; what it does not know is said as a shell says it.
 */
import type { Twin, TwinReply, TwinSpeech } from '#hardware/instrument/twin.ts';

const PROMPT = 'root@simulated:~# ';
/** Prompts that this twin can show: the procedure's pattern decides which. */
const PROMPTS = [PROMPT, 'simulated# ', 'simulated$ ', '=> ', '> ', 'simulated> ', '# ', '$ '];

export class ConsoleTwin implements Twin, TwinSpeech {
  readonly #terminator: string;
  readonly #prompt: string;
  #line = '';
  #typed: string[] = [];

  /** @param prompt the procedure's pattern */
  constructor(terminator: string, prompt: string | undefined) {
    this.#terminator = terminator;
    const pattern = prompt === undefined ? null : new RegExp(prompt);
    this.#prompt = PROMPTS.find((one) => pattern?.test(one)) ?? promptFor(prompt) ?? PROMPT;
  }

  get speech(): TwinSpeech {
    return this;
  }

  begin(): void {
    this.#line = '';
    this.#typed = [];
  }

  hear(bytes: Uint8Array): string[] {
    this.#line += new TextDecoder('utf-8').decode(bytes).replaceAll('\x03', `^C${this.#terminator}`);
    const lines = this.#line.split(this.#terminator);
    this.#line = lines.pop() ?? '';
    this.#typed.push(...lines);
    return lines;
  }

  reply(command: string): TwinReply {
    const [name = ''] = command.split(' ');
    if (name === '' || name === '^C') return {};
    if (name === 'echo') return { text: command.slice('echo '.length) };
    return name === 'uname' ? { text: 'Linux' } : { text: `sh: ${name}: not found` };
  }

  say({ text, raw }: TwinReply): Uint8Array | null {
    const typed = this.#typed.shift() ?? '';
    const encode = (line: string) => new TextEncoder().encode(line);
    const printed = raw ?? encode(text === undefined ? '' : `${text}\r\n`);
    return Uint8Array.from([...encode(`${typed}\r\n`), ...printed, ...encode(this.#prompt)]);
  }
}

/** A pattern without anything special in it but anchors and escapes is the prompt itself. */
function promptFor(pattern: string | undefined): string | undefined {
  const text = pattern?.replace(/^\^/, '').replace(/\$$/, '').replaceAll(/\\(.)/g, '$1');
  return pattern !== undefined && text !== undefined && new RegExp(pattern).test(text) ? text : undefined;
}
