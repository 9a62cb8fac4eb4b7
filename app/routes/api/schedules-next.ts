import { Invalid } from '~/domain/errors'
import { cronWords } from '~/domain/schedules/cron-words'
import { timingInput } from '~/domain/schedules/input'
import { nextRuns } from '~/domain/schedules/queries.server'
import { fieldErrorsOf, json, method, resource } from '~/http/json-action.server'
import { presentNextRun } from '~/http/present-schedules'

/** The next five due times of an expression, before there is a schedule. */
const door = resource({
  GET: method({
    rule: 'user',
    handle({ desk, url }) {
      const timing = timingInput.safeParse(Object.fromEntries(url.searchParams))
      if (!timing.success) throw new Invalid(fieldErrorsOf(timing.error))
      const { cron, timeZone } = timing.data
      const next = nextRuns(timing.data, desk.now())
      return json({ cron, words: cronWords(cron), timeZone, nextRuns: next.map(presentNextRun) })
    },
  }),
})
export const loader = door.loader
export const action = door.action
