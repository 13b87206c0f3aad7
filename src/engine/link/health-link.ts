/**
 * What page and bench worker say to each other about the health of stations; part of station-link.ts.
 *
 * Plain data only. Knows nothing of how it is asked for.
 */
export interface HealthCommands {
  /**
   * This computer has the station's name from now on, and another one under it starts no run any more. Fails with a Fault
   * when the right to enrol is lacking.
   */
  takeOverName(): void;
}
