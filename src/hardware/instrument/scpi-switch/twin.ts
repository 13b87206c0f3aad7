/** The twin of `scpi-switch` and of `scpi-relay-board`: any channel can be closed and opened. */
import { ScpiTwin } from '#hardware/instrument/scpi/scpi-twin.ts';
import type { TwinReply } from '#hardware/instrument/twin.ts';

export function switchTwin(): ScpiTwin {
  const closed = new Set<string>();
  const act = (command: string): TwinReply | false => {
    const line = command.toUpperCase();
    if (line === 'ROUT:OPEN:ALL' || line === '*RST') {
      closed.clear();
      return {};
    }
    if (line === 'ROUT:CLOS:STAT?') return { text: `(@${[...closed].sort().join(',')})` };
    const [, verb, list = ''] = /^ROUT:(CLOS\??|OPEN) \(@([\d,]+)\)$/.exec(line) ?? [];
    const channels = list.split(',');
    if (verb === 'CLOS?') return { text: channels.map((one) => (closed.has(one) ? '1' : '0')).join(',') };
    if (verb === undefined) return false;
    for (const channel of channels) {
      if (verb === 'CLOS') closed.add(channel);
      else closed.delete(channel);
    }
    return {};
  };
  return new ScpiTwin({ settings: {}, act });
}
