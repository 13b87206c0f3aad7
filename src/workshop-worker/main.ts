/**
 * Door: the worker that reads what is being written, so that neither typing nor a run ever waits for a parser.
 *
 * Has no wires and no storage. Started when a person opens the workshop.
 */
import { Fault } from '#base/fault.ts';
import type { EditedFolder, EditingCommands } from '#engine/link/editing-link.ts';
import { serve } from '#engine/link/wire.ts';
import { driverFacts, driverReadings, knownDrivers } from '#hardware/instrument/drivers.ts';
import { AskCompiler } from './ask-compiler.ts';
import { checkFolder } from './check-folder.ts';

let texts: EditedFolder['texts'] = [];
const compiler = new AskCompiler(fetch.bind(self), () => texts);

serve<EditingCommands, never>(self, {
  check: async (folder) => {
    ({ texts } = folder);
    return (await checkFolder(folder, compiler.compile)).said;
  },
  drivers: () =>
    knownDrivers.map((driver) => ({
      driver,
      readings: driverReadings(driver),
      settings: Object.keys(driverFacts(driver)?.settings ?? {}),
    })),
  pack: async (folder, others) => {
    ({ texts } = folder);
    const { procedure, said } = await checkFolder(folder, compiler.compile);
    if (!procedure || !said.runs) {
      const first = said.problems.find(({ severity }) => severity === 'error');
      const where = first ? ` ${first.file}, line ${first.line}: ${first.message}` : '';
      throw new Fault('refused', `It cannot run, so nothing was packed.${where}`, 'Correct it first.');
    }
    const { packFolder } = await import('./pack-folder.ts');
    return packFolder(folder, others, procedure, compiler.compile);
  },
});
