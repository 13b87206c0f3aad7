/** A member that is there only when there is something to say: `exactOptionalPropertyTypes` wants it absent otherwise. */
export function given<K extends string>(key: K, value: string | undefined): { [P in K]?: string } {
  return (value === undefined ? {} : { [key]: value }) as { [P in K]?: string };
}
