/**
 * What somebody does over time: it yields the time (milliseconds since 1970 UTC) at which it goes on, and acts in
 * between.
 */
export type Story = AsyncGenerator<number, void, void>
/** One step, without waiting in it. */
export type Step = () => Promise<void>

/** Plays many stories side by side on one clock, each step in its turn, so that the record grows in order of time. */
export class Simulation {
  now: number
  readonly #waiting: { at: number; story: Story | Step }[] = []

  constructor(startsAt: number) {
    this.now = startsAt
  }

  /** It begins at once, or at `at`. */
  start(story: Story | Step, at = this.now): void {
    const after = this.#waiting.findLastIndex((each) => each.at <= at)
    this.#waiting.splice(after + 1, 0, { at, story })
  }

  /** Until `end`: what was to come later stays undone. */
  async play(end: number): Promise<void> {
    for (let next = this.#waiting.shift(); next && next.at <= end; next = this.#waiting.shift()) {
      this.now = Math.max(this.now, next.at)
      const { story } = next
      if (typeof story === 'function') await story()
      else {
        const { done, value } = await story.next()
        if (!done) this.start(story, value)
      }
    }
    this.now = end
  }
}
