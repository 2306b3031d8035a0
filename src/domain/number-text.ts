/** Numbers for a person. */

/** `7,960`: with separators of thousands. */
export function numberText(count: number): string {
  return count.toLocaleString('en-US');
}

/** By how much intervals are stretched: `1.7`. */
export function stretchText(stretch: number): string {
  return stretch.toFixed(1);
}
