import { Conflict } from '../errors'

/** @param seen the version that the request was made on, where it named one */
export const staleAgent = (seen: number | null | undefined, now: number) =>
  seen == null
    ? new Conflict(
        'Somebody else changed the agent at the same moment. Look again, then decide.',
        'lost_race',
        { version: now },
      )
    : new Conflict(
        `The agent has changed since you opened it (you saw version ${seen}, it is at ${now} now). Look again, then decide.`,
        'stale_version',
        { version: now },
      )

export const retiredAgent = (what: string) => new Conflict(`This agent is retired: ${what}.`, 'wrong_status')
