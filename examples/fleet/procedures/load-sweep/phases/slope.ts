/** Of the straight line that lies nearest to the points. */
export function slope(x: readonly number[], y: readonly number[]): number {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [middleX, middleY] = [mean(x), mean(y)];
  let [above, below] = [0, 0];
  for (const [at, one] of x.entries()) {
    above += (one - middleX) * ((y[at] ?? NaN) - middleY);
    below += (one - middleX) ** 2;
  }
  return above / below;
}
