/** A session that asks a twin at once, without a wire: enough to try a driver's table. */
import { Fault } from '#base/fault.ts';
import type { BlockSession } from '#hardware/instrument/scpi-table.ts';
import type { ScpiTwin } from '#hardware/instrument/scpi/scpi-twin.ts';

export function twinSession(twin: ScpiTwin): BlockSession & { readonly sent: readonly string[] } {
  const sent: string[] = [];
  const ask = (command: string) => {
    sent.push(command);
    return twin.reply(command) ?? {};
  };
  return {
    sent,
    write: async (command) => void ask(command),
    query: async (command) => {
      const { text } = ask(command);
      if (text === undefined) throw new Fault('timeout', `${command} is not known.`, 'Correct it.');
      return text;
    },
    queryBlock: async (command) => Uint8Array.from(ask(command).raw ?? []),
  };
}
