/** Which runs a TofuPilot has, by `client_run_id`, read page by page over its own interface. Knows nothing of stations. */

const PAGE = 100;

interface Page {
  readonly data: readonly { readonly metadata?: Readonly<Record<string, { readonly value?: unknown } | string>> }[];
  readonly meta: { readonly next_cursor: number | null };
}

/** @returns how often each run is there */
export async function arrivedRuns(api: string, key: string): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>();
  for (let cursor: number | null = 0; cursor !== null;) {
    const address = `${api}/v2/runs?limit=${PAGE}&cursor=${cursor}&include_metadata=true`;
    const response = await fetch(address, { headers: { authorization: `Bearer ${key}` } });
    if (!response.ok) throw new Error(`${address} answered ${response.status}: ${await response.text()}`);
    const page = (await response.json()) as Page;
    for (const { metadata } of page.data) {
      const said = metadata?.['client_run_id'];
      const id = typeof said === 'string' ? said : String(said?.value);
      counts.set(id, (counts.get(id) ?? 0) + 1);
    }
    cursor = page.meta.next_cursor;
  }
  return counts;
}
