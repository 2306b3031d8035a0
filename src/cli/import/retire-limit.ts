/** How much of a fleet a file may retire before a person has to confirm it. */
const PART_MAX = 0.05;

/**
 * The number of channels that may go without a word: 5 % of the fleet, at least one, and never the whole
 * fleet. A file that was cut off half-way so ends nothing.
 */
export function retiredMax(fleetSize: number): number {
  return Math.min(Math.max(1, Math.floor(fleetSize * PART_MAX)), Math.max(0, fleetSize - 1));
}
