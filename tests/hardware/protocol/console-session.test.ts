import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ConsoleLog } from '#hardware/protocol/console/console-log.ts';
import { ConsoleSession, type ConsoleSessionOptions } from '#hardware/protocol/console/console-session.ts';
import { ConsoleText } from '#hardware/protocol/console/console-text.ts';
import { withoutEcho, withoutPrompt } from '#hardware/protocol/console/echo.ts';
import { SimulatedTransport, type PeerEnd } from '#hardware/transport/simulated/simulated-transport.ts';
import { FakeClock, flush } from '../fake-clock.ts';
import { anyCut, cut, FRAMES, FUZZ_LIMIT_MS, randomFrom } from '../framing/streams.ts';

const never = new AbortController().signal;
const utf8 = (text: string) => new TextEncoder().encode(text);
const PROMPT = 'root@dut:~# ';

/** A shell in the test's hand: echoes, and answers what `answers` has. */
class Shell {
  readonly typed: string[] = [];
  readonly answers = new Map<string, string>([['uname -n', 'dut']]);
  echo = true;
  mute = false;
  onLine = (line: string): void => {
    if (this.mute) return;
    const answer = this.answers.get(line);
    if (answer !== undefined) this.say(`${answer}\r\n`);
    this.say(PROMPT);
  };
  #end: PeerEnd | null = null;
  #line = '';

  attach(end: PeerEnd): void {
    this.#end = end;
  }

  receive(bytes: Uint8Array): void {
    for (const key of new TextDecoder().decode(bytes)) {
      if (key === '\x03') {
        this.typed.push('^C');
        this.#line = '';
        if (!this.mute) this.say(`^C\r\n${PROMPT}`);
      } else if (key === '\n') {
        const line = this.#line;
        this.#line = '';
        this.typed.push(line);
        if (this.echo) this.say('\r\n');
        this.onLine(line);
      } else {
        this.#line += key;
        if (this.echo) this.say(key);
      }
    }
  }

  say(text: string): void {
    this.#end?.send(utf8(text));
  }

  lineError(): void {
    this.#end?.lineError('parity');
  }

  cut(): void {
    this.#end?.cut('pulled');
  }
}

async function talk(options: Partial<ConsoleSessionOptions> = {}) {
  const shell = new Shell();
  const clock = new FakeClock();
  const transport = new SimulatedTransport('console', shell, clock);
  const session = new ConsoleSession({
    transport,
    clock,
    terminator: '\n',
    prompt: '^root@dut:.*# $',
    identityQuery: '',
    ...options,
  });
  await transport.open(never);
  const run = async <T>(asked: Promise<T>, ms = 200) => {
    const settled = asked.catch((fault: { code: string }) => fault.code);
    await clock.advance(ms);
    return settled;
  };
  return { shell, clock, transport, session, run };
}

describe('text and log', () => {
  test('rule 22: lines are the same however the bytes are cut, letters of several bytes too', () => {
    const anyText = fc
      .string({ unit: fc.constantFrom('a', '\n', '\r', '°', '漢', '\x1b[31m', '\0', '# ') })
      .map((text) => utf8(text));
    fc.assert(
      fc.property(anyCut(anyText), ({ all, pieces }) => {
        const [whole, cuts] = [new ConsoleText(), new ConsoleText()];
        const lines = pieces.flatMap((piece) => cuts.push(piece));
        expect(lines).toEqual(whole.push(all));
        expect(cuts.tail).toBe(whole.tail);
      }),
    );
  });

  test('rule 22: as a person would read it: no colours, no control characters, a bare CR writes over', () => {
    const text = new ConsoleText();
    expect(text.push(utf8('\x1b[1;31mError\x1b[0m: 3 °C\r\n\x1b]0;title\x07 10%\r 20%\rdone\r\n\x07ok\n'))).toEqual([
      'Error: 3 °C',
      'done',
      'ok',
    ]);
    text.push(utf8('dut login: '));
    expect(text.tail).toBe('dut login: ');
  });

  test('rule 22: a mebibyte without a line end, and a million lines, keep no more than they may', () => {
    const text = new ConsoleText();
    const pieces = Array.from({ length: 1024 }, () => text.push(new Uint8Array(1024).fill(65))).flat();
    expect(pieces).toHaveLength(256);
    expect(text.tail).toBe('');
    const log = new ConsoleLog();
    for (let i = 0; i < 1_000_000; i++) log.add(`line ${i}`);
    expect(log.lines.length).toBeLessThanOrEqual(5000);
    expect(log.lines.at(-1)).toBe('line 999999');
    const told = log.takeUntold();
    expect(told).toHaveLength(1001);
    expect(told.at(-1)).toBe('(999000 further lines were left out)');
    expect(log.takeUntold()).toEqual([]);
    const long = new ConsoleLog();
    for (let i = 0; i < 10_000; i++) long.add('x'.repeat(4096));
    expect(long.lines.length * 4096).toBeLessThanOrEqual(1_000_000);
  });

  test('rule 24: an echo is found behind the prompt, alone, and broken over lines; any other text is none', () => {
    expect(withoutEcho(['# cat x', '3'], '# ', 'cat x')).toEqual(['3']);
    expect(withoutEcho(['cat x', '3'], '# ', 'cat x')).toEqual(['3']);
    expect(withoutEcho(['# cat /a/very', '/long/name', '3'], '# ', 'cat /a/very/long/name')).toEqual(['3']);
    expect(withoutEcho(['# 3'], '# ', 'cat x')).toBeNull();
    expect(withoutEcho(['fw ver'], '', 'ver')).toBeNull();
    expect(withoutPrompt(['> 25.3', 'x'], '> ')).toEqual(['25.3', 'x']);
  });
});

describe('at the prompt', () => {
  test('rules 23, 24: a command, what it prints, and the prompt again', async () => {
    const { shell, session, run, clock } = await talk();
    shell.answers.set('cat temp', '25.3').set('ls', 'a\r\nb');
    expect(await run(session.query('cat temp', never))).toBe('25.3');
    expect(await run(session.query('ls', never))).toBe('a\nb');
    // An answer is told as such, and not as lines once more.
    expect(session.takeLines()).toEqual([]);
    // Enter once, to come to the prompt.
    expect(shell.typed).toEqual(['', 'cat temp', 'ls']);
    expect(clock.timers).toBe(0);
  });

  test('rule 23: what looks like a prompt and goes on is none', async () => {
    const { shell, session, run, clock } = await talk();
    shell.onLine = (line) => {
      if (line === '') return shell.say(PROMPT);
      shell.say(`${PROMPT}`);
      void clock.sleep(20).then(() => shell.say(`is my prompt\r\n${PROMPT}`));
    };
    expect(await run(session.query('help', never))).toBe(`${PROMPT}is my prompt`);
  });

  test('rule 24: a console without an echo answers too', async () => {
    const { shell, session, run } = await talk();
    shell.echo = false;
    shell.answers.set('temp', '25.3');
    expect(await run(session.query('temp', never))).toBe('25.3');
    expect(await run(session.query('temp', never))).toBe('25.3');
  });

  test('rule 24: where an echo was and is not, nothing is believed', async () => {
    const { shell, session, run } = await talk();
    shell.answers.set('temp', '25.3');
    expect(await run(session.query('temp', never))).toBe('25.3');
    shell.echo = false;
    expect(await run(session.query('temp', never))).toBe('protocol-error');
  });

  test('rule 3: a line error while an answer is awaited damages it', async () => {
    const { shell, session, run } = await talk();
    shell.onLine = (line) => {
      if (line !== '') shell.lineError();
      shell.say(`1\r\n${PROMPT}`);
    };
    expect(await run(session.query('temp', never))).toBe('line-error');
  });

  test('a command of two lines, or with an escape in it, is refused; Ctrl-C may be sent', async () => {
    const { shell, session, run } = await talk();
    expect(await run(session.write('a\nb', never))).toBe('protocol-error');
    expect(await run(session.write('\x1b[A', never))).toBe('protocol-error');
    expect(shell.typed).toEqual([]);
    await run(session.write('\x03', never));
    expect(shell.typed).toEqual(['^C', '']);
  });
});

describe('away from the prompt', () => {
  test('rules 2, 25: a command that hangs is a time-out; the next one interrupts it first', async () => {
    const { shell, session, run } = await talk();
    shell.answers.set('temp', '25.3');
    expect(await run(session.query('temp', never))).toBe('25.3');
    shell.onLine = () => undefined;
    expect(await run(session.query('sleep 1000', never, 300), 400)).toBe('timeout');
    shell.onLine = () => shell.say(`25.3\r\n${PROMPT}`);
    expect(await run(session.query('temp', never), 2000)).toBe('25.3');
    expect(shell.typed.slice(-3)).toEqual(['sleep 1000', '^C', 'temp']);
  });

  test('rules 24, 25: output that comes late is waited for, and is not the next command’s', async () => {
    const { shell, session, run, clock } = await talk();
    await run(session.query('uname -n', never));
    shell.onLine = (line) => {
      if (line === 'slow') void clock.sleep(700).then(() => shell.say(`stale\r\n${PROMPT}`));
      else shell.say(`fresh\r\n${PROMPT}`);
    };
    expect(await run(session.query('slow', never, 300), 300)).toBe('timeout');
    expect(await run(session.query('quick', never), 1500)).toBe('fresh');
    expect(shell.typed).not.toContain('^C');
  });

  test('rule 25: a login is answered once; refused, it is said; not stated, it is said too', async () => {
    const login = { user: 'root', password: 'secret' };
    for (const [password, expected] of [
      ['secret', 'dut'],
      ['other', 'instrument-error'],
    ]) {
      const { shell, session, run } = await talk({ login });
      let state = 'login';
      shell.onLine = (line) => {
        if (state === 'login') {
          if (line !== '') state = 'password';
          shell.echo = line === '';
          return shell.say(line === '' ? 'dut login: ' : 'Password: ');
        }
        if (state === 'password') {
          state = line === password ? 'shell' : 'login';
          shell.echo = true;
          return shell.say(state === 'shell' ? `Welcome\r\n${PROMPT}` : '\r\nLogin incorrect\r\ndut login: ');
        }
        return shell.say(line === '' ? PROMPT : `dut\r\n${PROMPT}`);
      };
      expect(await run(session.query('uname -n', never), 3000)).toBe(expected);
      expect(session.takeLines().join()).not.toContain('secret');
    }
    const { shell, session, run } = await talk();
    shell.onLine = () => shell.say('dut login: ');
    expect(await run(session.query('uname -n', never), 3000)).toBe('instrument-error');
  });

  test('rule 25: a console that never comes to its prompt gets no command', async () => {
    const { shell, session, run, clock } = await talk();
    shell.mute = true;
    expect(await run(session.query('reboot', never), 4000)).toBe('timeout');
    expect(shell.typed).toEqual(['']);
    expect(clock.timers).toBe(0);
  });

  test('without a prompt in the procedure nothing can be asked; lines are sent and heard', async () => {
    const { prompt: _, ...rest } = { prompt: undefined };
    const shell = new Shell();
    const clock = new FakeClock();
    const transport = new SimulatedTransport('console', shell, clock);
    const session = new ConsoleSession({ transport, clock, terminator: '\n', identityQuery: '', ...rest });
    await transport.open(never);
    await session.write('version', never);
    await expect(session.query('version', never)).rejects.toMatchObject({ code: 'protocol-error' });
    await flush();
    expect(session.log).toBe(`version\n${PROMPT}`);
  });
});

describe('the log', () => {
  test('rules 22, 26: holds what was printed since the last command; each line is told once', async () => {
    const { shell, session, run } = await talk();
    shell.say('U-Boot 2026.04\r\nDRAM: 512 MiB\r\n');
    await run(session.write('boot', never));
    shell.say('Starting kernel\r\ndut login: ');
    expect(session.log).toContain('Starting kernel\ndut login: ');
    expect(session.log).not.toContain('U-Boot');
    expect(session.takeLines()).toEqual(['U-Boot 2026.04', 'DRAM: 512 MiB', 'boot', `${PROMPT}Starting kernel`]);
    expect(session.takeLines()).toEqual([]);
    session.clearLog();
    expect(session.log).toBe('dut login: ');
  });

  test('rule 26: the next unit’s run begins with an empty log, and nobody is asked who may be off', async () => {
    const { shell, session, run } = await talk();
    shell.say('unit A: all well\r\n');
    expect(await run(session.identify(() => false, never))).toEqual({ kind: 'match', answer: 'console' });
    expect(session.log).toBe('');
    expect(shell.typed).toEqual([]);
  });
});

describe('ends', () => {
  test('rule 8: a lost wire ends everything at once and for ever', async () => {
    const { shell, session, clock } = await talk();
    shell.mute = true;
    const asked = expect(session.query('a', never)).rejects.toMatchObject({ code: 'lost' });
    await flush();
    shell.cut();
    await asked;
    await expect(session.write('b', never)).rejects.toMatchObject({ code: 'lost' });
    expect(clock.timers).toBe(0);
  });

  test('rule 9: a stopped command ends at once', async () => {
    const { shell, session, clock } = await talk();
    shell.mute = true;
    const stop = new AbortController();
    const asked = expect(session.query('a', stop.signal)).rejects.toMatchObject({ code: 'aborted' });
    await flush();
    stop.abort();
    await asked;
    expect(clock.timers).toBe(0);
  });

  test('rule 10: the safe state interrupts what runs, and is reached at the prompt', async () => {
    const { shell, session, run, clock } = await talk();
    await run(session.query('uname -n', never));
    shell.mute = true;
    const stopped = expect(session.query('burn-in', never)).rejects.toMatchObject({ code: 'aborted' });
    await flush();
    shell.mute = false;
    const safe = session.makeSafe(['poweroff'], never);
    await stopped;
    await clock.advance(100);
    await safe;
    expect(shell.typed.slice(-2)).toEqual(['^C', 'poweroff']);
    shell.mute = true;
    const unsafe = expect(session.makeSafe(['poweroff'], never)).rejects.toMatchObject({ code: 'timeout' });
    await clock.advance(5000);
    await unsafe;
  });

  test('identity: a stated question tells a device from another and from silence', async () => {
    const { shell, session, run } = await talk({ identityQuery: 'uname -n' });
    expect(await run(session.identify((name) => name === 'dut', never))).toEqual({ kind: 'match', answer: 'dut' });
    expect(await run(session.identify((name) => name === 'x', never))).toEqual({ kind: 'other', answer: 'dut' });
    shell.mute = true;
    expect(
      await run(
        session.identify(() => true, never),
        9000,
      ),
    ).toEqual({ kind: 'silent' });
  });
});

test(
  'rules 22 to 25: whatever a console does, an answer is the one to its command or a fault, and nothing hangs',
  async () => {
    const { shell, session, clock } = await talk();
    const random = randomFrom(80);
    let expected = '';
    let frames = 0;
    shell.onLine = (line) => {
      if (line === '') return shell.say(PROMPT);
      const kind = random.below(100);
      const chatter = Array.from({ length: 11 }, (_, at) => `[   ${at}.3] usb 1-1: new device\r\n`).join('');
      const text = `${chatter}out of ${line}\r\n${PROMPT}`;
      frames += 12;
      const say = (bytes: Uint8Array) => {
        for (const piece of cut(random, bytes)) shell.say(new TextDecoder('latin1').decode(piece));
      };
      if (kind < 3) return;
      if (kind < 6) return say(utf8(text.slice(0, random.below(text.length))));
      if (kind < 9) return void clock.sleep(random.below(600)).then(() => say(utf8(text)));
      say(utf8(text));
    };
    const outcomes = new Map<string, number>();
    // Lines are a console's frames, and every command prints twelve.
    for (let number = 0; number < FRAMES / 10; number++) {
      expected = `out of cat ${number}`;
      let outcome = '';
      session.query(`cat ${number}`, never, 200).then(
        (answer) => (outcome = answer.endsWith(expected) ? 'answer' : `wrong: ${answer}`),
        (fault) => (outcome = fault.code),
      );
      for (let i = 0; i < 40 && outcome === ''; i++) await clock.advance(100);
      if (!/^(?:answer|timeout|protocol-error)$/.test(outcome)) expect([number, outcome]).toEqual([]);
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    }
    expect(outcomes.get('answer')).toBeGreaterThan(FRAMES * 0.08);
    expect(outcomes.get('timeout')).toBeGreaterThan(0);
    expect(frames).toBeGreaterThan(FRAMES);
  },
  FUZZ_LIMIT_MS,
);
