/** The script that sets a Debian or Ubuntu computer up, run as it is on a root of its own. */
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Bench, ORIGIN } from './a-station.ts';

const POLICY = 'etc/chromium/policies/managed/fieldbench.json';
const UNIT = 'etc/systemd/system/fieldbench-kiosk.service';
const PROGRAMS = ['usr/bin/chromium', 'usr/bin/cage'];

class Computer {
  readonly root: string;
  readonly #script: string;

  constructor(bench: Bench, programs: readonly string[] = PROGRAMS) {
    this.root = join(bench.folder, 'root');
    this.#script = join(bench.out, 'install.sh');
    mkdirSync(this.root);
    for (const program of programs) this.write(program, '#!/bin/sh\n', 0o755);
  }

  install(...more: string[]): { exit: number | null; out: string; err: string } {
    const { status, stdout, stderr } = spawnSync('sh', [this.#script, '--root', this.root, ...more], {
      encoding: 'utf8',
    });
    return { exit: status, out: stdout, err: stderr };
  }

  write(path: string, text: string, mode = 0o644): void {
    mkdirSync(dirname(join(this.root, path)), { recursive: true });
    writeFileSync(join(this.root, path), text);
    chmodSync(join(this.root, path), mode);
  }

  read = (path: string) => readFileSync(join(this.root, path), 'utf8');

  /** Every file and link but the programs and the script's own notes. */
  paths(): string[] {
    return readdirSync(this.root, { recursive: true, encoding: 'utf8' })
      .filter((path) => !lstatSync(join(this.root, path)).isDirectory() && !/^usr\/bin|^var/.test(path))
      .toSorted();
  }
}

async function computer(more: readonly string[] = [], programs?: readonly string[]): Promise<[Computer, Bench]> {
  const bench = new Bench();
  expect((await bench.provision(more)).exit).toBe(0);
  return [new Computer(bench, programs), bench];
}

describe('install.sh', () => {
  test('says what it changed the first time, and nothing the second', async () => {
    const [machine] = await computer();
    const first = machine.install();
    expect(first).toMatchObject({ exit: 0, err: '' });
    const said = [...first.out.matchAll(/^(?:written|linked) +(\/\S+)/gm)].map(([, path]) => path!.slice(1));
    expect(machine.paths()).toEqual(said.toSorted());
    expect(first.out).toContain(`${said.length} changes. Restart the computer`);
    for (const path of [
      POLICY,
      UNIT,
      'etc/opt/chrome/policies/managed/fieldbench.json',
      'usr/local/lib/fieldbench/kiosk',
    ])
      expect(said).toContain(path);
    expect(lstatSync(join(machine.root, 'usr/local/lib/fieldbench/kiosk')).mode & 0o777).toBe(0o755);
    expect(readlinkSync(join(machine.root, 'etc/systemd/system/graphical.target.wants/fieldbench-kiosk.service'))).toBe(
      `/${UNIT}`,
    );
    expect(machine.install()).toEqual({ exit: 0, out: 'Nothing was changed.\n', err: '' });
    expect(machine.paths()).toEqual(said.toSorted());
  });

  test('changes what the folder changed, and repairs what was lost', async () => {
    const [machine, bench] = await computer();
    machine.install();
    await bench.provision(['--shared']);
    rmSync(join(machine.root, UNIT));
    chmodSync(join(machine.root, POLICY), 0o666);
    const { exit, out } = machine.install();
    expect(exit).toBe(0);
    expect(out).toContain(`changed    /${POLICY}`);
    expect(out).toContain(`written    /${UNIT}`);
    expect(out).toContain('4 changes');
    expect(machine.read(POLICY)).toBe(bench.read('linux/chrome-policies.json'));
    expect(lstatSync(join(machine.root, POLICY)).mode & 0o777).toBe(0o644);
  });

  test('leaves what was changed by hand and says so; with --force it keeps what stood there', async () => {
    const [machine, bench] = await computer();
    machine.install();
    machine.write(POLICY, '{}');
    const left = machine.install();
    expect(left).toMatchObject({ exit: 1, out: expect.stringContaining(`left       /${POLICY} was changed by hand`) });
    expect(machine.read(POLICY)).toBe('{}');
    expect(machine.install('--force')).toMatchObject({
      exit: 0,
      out: expect.stringContaining(`replaced   /${POLICY}`),
    });
    expect(machine.read(POLICY)).toBe(bench.read('linux/chrome-policies.json'));
    expect(machine.read('var/lib/fieldbench-station/replaced/etc_chromium_policies_managed_fieldbench.json')).toBe(
      '{}',
    );
    expect(machine.install().out).toBe('Nothing was changed.\n');
  });

  test('leaves no file of its own in a folder of policies, which a browser reads whole', async () => {
    const [machine] = await computer();
    machine.install();
    expect(readdirSync(dirname(join(machine.root, POLICY)))).toEqual(['fieldbench.json']);
    expect(machine.paths().filter((path) => path.includes('fieldbench-new'))).toEqual([]);
  });

  test('says which other file sets the same policy', async () => {
    const [machine] = await computer();
    machine.write('etc/chromium/policies/managed/zz.json', '{"URLBlocklist": ["x"], "ShowHomeButton": true}');
    const { exit, out } = machine.install();
    expect(exit).toBe(1);
    expect(out).toContain('look       /etc/chromium/policies/managed/zz.json sets URLBlocklist too');
    expect(out).not.toContain('ShowHomeButton');
  });

  test('says what is missing; on Ubuntu that a snap will not do', async () => {
    const [machine] = await computer([], []);
    const { exit, out } = machine.install();
    expect(exit).toBe(1);
    expect(out).toMatch(/^missing +a browser: apt-get install chromium/m);
    expect(out).toMatch(/^missing +cage/m);
    machine.write('etc/os-release', 'NAME="Ubuntu"\nID=ubuntu\n');
    expect(machine.install().out).toMatch(/^missing +a browser: Ubuntu's Chromium is a snap/m);
  });

  test('shows the station in the desktop session where there is one', async () => {
    const [machine] = await computer();
    machine.write('etc/systemd/system/display-manager.service', '');
    const { exit } = machine.install();
    expect(exit).toBe(0);
    expect(machine.paths()).toContain('etc/systemd/user/fieldbench-kiosk.service');
    expect(machine.paths()).not.toContain(UNIT);
    expect(machine.install('--kiosk', 'console').out).toContain(`written    /${UNIT}`);
  });

  test('keeps brltty away where it is installed', async () => {
    const [machine] = await computer();
    machine.write('usr/lib/systemd/system/brltty-udev.service', '');
    machine.install('--kiosk', 'none');
    expect(readlinkSync(join(machine.root, 'etc/systemd/system/brltty-udev.service'))).toBe('/dev/null');
    expect(machine.paths().some((path) => path.includes('kiosk'))).toBe(false);
  });

  test('takes away what it has put there, and nothing else', async () => {
    const [machine] = await computer();
    machine.write('etc/chromium/policies/managed/theirs.json', '{}');
    machine.install();
    machine.write(UNIT, 'mine');
    const { exit, out } = machine.install('--remove');
    expect(exit).toBe(1);
    expect(out).toContain(`left       /${UNIT} was changed by hand`);
    expect(machine.paths()).toEqual(['etc/chromium/policies/managed/theirs.json', UNIT]);
    expect(machine.install('--remove', '--force').exit).toBe(0);
    expect(machine.paths()).toEqual(['etc/chromium/policies/managed/theirs.json']);
    expect(machine.install('--remove').out).toBe('Nothing was changed.\n');
  });

  test.each([
    [['--kiosk', 'wall'], 'is console, desktop or none'],
    [['--nonsense'], 'no option --nonsense'],
    [['--root', '/nowhere/at/all'], 'no folder /nowhere/at/all'],
  ])('%j is wrong usage', async (args, words) => {
    const [machine] = await computer();
    expect(machine.install(...args)).toMatchObject({ exit: 64, out: '', err: expect.stringContaining(words) });
  });
});

describe('the kiosk program', () => {
  test('starts the browser on the station, and removes the lock that a power cut left', async () => {
    const [machine, bench] = await computer();
    machine.write('browser', '#!/bin/sh\nprintf "%s\\n" "$@"\n', 0o755);
    machine.write('home/.config/fieldbench/SingletonLock', 'other-host-12');
    const { stdout, status } = spawnSync('sh', [join(bench.out, 'linux/kiosk'), ORIGIN], {
      encoding: 'utf8',
      env: {
        PATH: process.env['PATH'],
        HOME: join(machine.root, 'home'),
        FIELDBENCH_BROWSER: join(machine.root, 'browser'),
        FIELDBENCH_FLAGS: '--one --two',
      },
    });
    expect(status).toBe(0);
    const said = stdout.trim().split('\n');
    expect(said).toEqual(expect.arrayContaining(['--kiosk', '--hide-crash-restore-bubble', '--one', '--two']));
    expect(said).toContain(`--user-data-dir=${machine.root}/home/.config/fieldbench`);
    expect(said.at(-1)).toBe(`${ORIGIN}/`);
    expect(existsSync(join(machine.root, 'home/.config/fieldbench/SingletonLock'))).toBe(false);
  });
});

const verifies = spawnSync('systemd-analyze', ['--version']).status === 0;
test.skipIf(!verifies)('systemd understands both units', async () => {
  const [machine] = await computer();
  machine.install();
  machine.install('--kiosk', 'desktop');
  for (const unit of [UNIT, 'etc/systemd/user/fieldbench-kiosk.service']) {
    const { stdout, stderr } = spawnSync('systemd-analyze', ['verify', '--man=no', join(machine.root, unit)], {
      encoding: 'utf8',
    });
    // The programs are on no root but the test's.
    const words = (stdout + stderr)
      .split('\n')
      .filter((line) => line.includes('fieldbench') && !line.includes('is not executable'));
    expect(words, unit).toEqual([]);
  }
});
