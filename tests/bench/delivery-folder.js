/**
 * `node delivery-folder.js FOLDER URL`: what an offline guide's script does with runs that wait as files.
 *
 * Each file of `pending` is posted, one after the other; on success it moves to `synced`; what failed is taken again
 * by the next pass. A script runs its passes minutes apart; here they follow at once, to its favour. Says how long it
 * took, in milliseconds.
 */
import { readdir, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';

const [folder = '', url = ''] = process.argv.slice(2);
const [pending, synced] = [join(folder, 'pending'), join(folder, 'synced')];

const began = performance.now();
for (let names = await readdir(pending); names.length > 0; names = await readdir(pending))
  for (const name of names.sort()) {
    const body = await readFile(join(pending, name), 'utf8');
    if (await isTaken(body)) await rename(join(pending, name), join(synced, name));
  }
console.log(performance.now() - began);

/** @param {string} body */
async function isTaken(body) {
  try {
    const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    await response.text();
    return response.ok;
  } catch {
    return false;
  }
}
