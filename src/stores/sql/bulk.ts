/** How many rows one statement touches at most, so that nobody waits long for another. */
const ROWS_MAX = 500;

export function requireFew(count: number): void {
  if (count <= ROWS_MAX) return;
  throw new Error(`a statement touches at most ${ROWS_MAX} rows, not ${count}`);
}
