/** The workshop's desk with what it needs of a browser. Above: station.ts. */
import { systemClock } from '#base/clock.ts';
import { createBench } from '#hardware/bench/create-bench.ts';
import { browserName } from '../browser-name.ts';
import type { Fixture } from '../fixture.ts';
import type { HandDesk } from '../hand-desk.ts';
import { layOutScripts, scriptHost } from '../scripts.ts';
import { WorkshopDesk, type WorkshopDeskOptions } from './workshop-desk.ts';

interface Parts extends Pick<WorkshopDeskOptions, 'tell' | 'view' | 'turns'> {
  readonly desk: WorkshopDeskOptions['units'];
  readonly hand: Pick<HandDesk, 'end'>;
  readonly fixture: Pick<Fixture, 'lend'>;
}

export async function workshopOf({ tell, view, turns, desk, hand, fixture }: Parts): Promise<WorkshopDesk> {
  const clock = systemClock;
  return new WorkshopDesk({
    tell,
    view,
    turns,
    browser: await browserName(navigator),
    clock,
    units: desk,
    endHand: () => hand.end(),
    simulated: (plugs, simulatedBench) =>
      createBench({ plugs, ports: null, usb: null, simulatedBench, simulated: true, clock }),
    lent: (plugs, work) => fixture.lend(plugs, work),
    scripts: async (release, scripts) => {
      await layOutScripts(release, scripts, true);
      return () => scriptHost(release, scripts);
    },
  });
}
