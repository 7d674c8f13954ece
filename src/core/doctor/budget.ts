import type { Match, Search, Stage } from "./search";

const defaultMs = 10_000;

/** The time for what goes beyond one change at a time; each search has all of it. */
export class Budget {
  private over = false;

  /** @param milliseconds 10,000 by default; 0 for single changes only */
  constructor(private readonly milliseconds = defaultMs) {}

  /** Whether anything was left out for want of time. */
  get isOver(): boolean {
    return this.over;
  }

  /** Whether to go on with what is left. @param isMore whether anything is */
  allows(isMore: boolean): boolean {
    this.over ||= isMore && this.milliseconds === 0;
    return isMore && this.milliseconds > 0;
  }

  /**
   * Tries stage after stage while time allows.
   * @returns the first match
   * @throws PacSpaceError `cancelled`
   */
  async spend(search: Search, stages: readonly Stage[]): Promise<Match | undefined> {
    const match = await search.runAll(stages, performance.now() + this.milliseconds);
    this.over ||= search.outOfTime;
    return match;
  }
}
