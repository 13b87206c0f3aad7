/**
 * `npm run bench [-- --json] [name …]`: every benchmark with its peer in the same run.
 *
 * A table for people, `--json` for machines. A bound that is missed is said, and is not an error: a loaded machine is
 * no defect. What goes into docs/benchmarks.md is this output, with its date and machine.
 */
import { cpus, totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';
import { buildIfStale } from '../../src/cli/build.js';
import { installIfStale } from '../../src/cli/install.js';

const BENCHMARKS = [
  'query',
  'waveform',
  'journal',
  'scalars',
  'overhead',
  'operator',
  'curve',
  'start',
  'size',
  'backlog',
  'analysis',
  'history',
  'delivery',
  'lighthouse',
];

const names = process.argv.slice(2).filter((word) => !word.startsWith('-'));
const asJson = process.argv.includes('--json');
const root = fileURLToPath(new URL('../../', import.meta.url));
if (!(await installIfStale(root)) || !(await buildIfStale(root))) process.exit(1);
const { runnerImport } = await import('vite');

/** @type {import('./measure.ts').Result[]} */
const results = [];
/** One that breaks takes nothing of the others along. */
let broken = 0;
for (const name of BENCHMARKS.filter((name) => names.length === 0 || names.includes(name))) {
  if (!asJson) console.error(`running ${name} …`);
  try {
    const { module } = await runnerImport(new URL(`./${name}.ts`, import.meta.url).pathname, { configFile: false });
    results.push(...(await module.run()));
  } catch (thrown) {
    broken += 1;
    console.error(`${name} broke:`, thrown);
  }
}

const machine = `${cpus()[0]?.model ?? 'unknown processor'}, ${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.versions.node}`;
const date = new Date().toISOString().slice(0, 10);
if (asJson) console.log(JSON.stringify({ date, machine, results }, null, 2));
else {
  const figure = (/** @type {number} */ value) => (value >= 100 ? value.toFixed(0) : value.toPrecision(3));
  console.log(`${date} · ${machine}\n`);
  console.log('| Benchmark | Ours | Peer | Ratio (spread) | Bound | Kept |\n|---|---|---|---|---|---|');
  for (const { name, unit, ours, peer, peerName, ratio, spread, bound, kept } of results)
    console.log(
      `| ${name} | ${figure(ours)} ${unit} | ${figure(peer)} ${unit} (${peerName}) | ${ratio.toFixed(2)} (${spread.map((part) => part.toFixed(2)).join('–')}) | ${bound} | ${kept ? 'yes' : '**no**'} |`,
    );
}
process.exit(broken > 0 ? 1 : 0);
