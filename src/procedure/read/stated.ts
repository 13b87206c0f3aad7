/**
 * Leaves out what was not stated, so that the read data has no keys with nothing behind them.
 */
type Stated<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

export function stated<T extends object>(values: T): Stated<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Stated<T>;
}
