/** Ids of nodes, as they may stand in a path. */
const NODE_ID = /^[\w:-]{1,128}$/;

/** Whether it can be asked for: a path is no place for anything but an id. */
export function isNodeId(text: string): boolean {
  return NODE_ID.test(text);
}

/** The id in an answer, a string or a number; null for what could not be asked for again. */
export function idOf(value: unknown): string | null {
  const text = typeof value === 'number' ? String(value) : value;
  return typeof text === 'string' && isNodeId(text) ? text : null;
}
