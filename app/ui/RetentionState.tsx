import type { RetentionCounts, RetentionView } from '~/domain/retention/view'
import { jobsText } from './batch-words'
import { Properties, Property, Section } from './page'
import { previewText } from './retention-words'
import { useSettings } from './settings'
import { Time } from './time'

const countsText = ({ archived, purged }: RetentionCounts) =>
  archived + purged === 0 ? 'nothing was due' : `${jobsText(archived)} archived, ${jobsText(purged)} purged`

/** What retention would do now, is doing, and did last. */
export function RetentionState({ retention }: { retention: RetentionView }) {
  const { timeZone } = useSettings()
  const { wouldArchive, wouldPurge, running, lastRun } = retention
  return (
    <Section title="What it does">
      <Properties>
        <Property name="Would archive now">
          {wouldArchive ? previewText(wouldArchive, timeZone) : 'Nothing: off'}
        </Property>
        <Property name="Would purge now">
          {wouldPurge ? previewText(wouldPurge, timeZone) : 'Nothing: off'}
        </Property>
        {running && (
          <Property name="Running">
            since <Time at={running.startedAt} exact />: {countsText(running)} so far
          </Property>
        )}
        <Property name="Last run">
          {lastRun ? (
            <>
              <Time at={lastRun.endedAt} exact />: {countsText(lastRun)}
            </>
          ) : (
            'None yet'
          )}
        </Property>
      </Properties>
    </Section>
  )
}
