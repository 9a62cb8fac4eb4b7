import { setTimeout as pause } from 'node:timers/promises'
import { readFresh } from '~db/fresh.server'
import type { Desk } from '../desk'

/** How many pages of the index are written at once, which takes about 20 ms. */
const pages = 64
/** The index says of which parts it consists, in one row (https://www.sqlite.org/fts5.html#the_merge_command). */
const parts = 'SELECT hex(block) AS block FROM jobs_text_data WHERE id = 10'

/**
 * Rewrites the text index in slices: a job that was removed from it leaves its words in it until then.
 *
 * @param goOn asked before each slice
 * @returns whether it came to the end
 */
export async function mergeTextIndex(desk: Desk, goOn: () => boolean): Promise<boolean> {
  for (let isFirst = true; goOn(); isFirst = false) {
    const [before] = await readFresh<{ block: string }>(desk.db, parts)
    const began = performance.now()
    const { rows } = await desk.db.write({
      repeatable: true,
      statements: [
        {
          // a negative number begins to make one part of all
          sql: "INSERT INTO jobs_text (jobs_text, rank) VALUES ('merge', ?)",
          args: [isFirst ? -pages : pages],
        },
      ],
      result: { sql: parts, args: [] },
    })
    if (rows[0]?.block === before?.block) return true
    await pause(performance.now() - began)
  }
  return false
}
