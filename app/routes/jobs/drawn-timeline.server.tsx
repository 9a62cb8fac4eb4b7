import type { ReactNode } from 'react'
import { renderToStaticMarkup } from 'react-dom/server'
import type { Settings } from '~/domain/accounts/settings'
import { timelineOf } from '~/domain/jobs/timeline'
import type { AttemptSummary, LifeTurn, TurnView } from '~/domain/jobs/view'
import { listPlace, paths } from '~/paths'
import { ServerNow } from '~/ui/clock'
import type { DrawnTimeline } from '~/ui/DrawnTimeline'
import { JobTimeline, TurnList } from '~/ui/JobTimeline'
import { JobPlaceContext, placeAtDesk } from '~/ui/job-place'
import { SettingsContext } from '~/ui/settings'

interface Read {
  jobId: string
  life: LifeTurn[]
  attempts: AttemptSummary[]
  turns: TurnView[]
}

interface Seen {
  /** Of the page that shows it: its links lead on from there. */
  url: URL
  /** Who looks: times are in their zone. */
  settings: Settings
  /** Milliseconds UTC. */
  now: number
}

/** A job's timeline as HTML. */
export function drawnTimeline({ jobId, life, attempts, turns }: Read, seen: Seen): DrawnTimeline {
  const timeline = timelineOf(life, attempts, seen.now)
  return {
    figure: drawn(<JobTimeline jobId={jobId} timeline={timeline} />, seen),
    list: drawn(<TurnList jobId={jobId} turns={turns} />, seen),
  }
}

function drawn(what: ReactNode, { url, settings, now }: Seen): string {
  const isDesk = url.pathname.startsWith(paths.desk())
  const whole = (
    <ServerNow.Provider value={now}>
      <SettingsContext.Provider value={settings}>{what}</SettingsContext.Provider>
    </ServerNow.Provider>
  )
  return renderToStaticMarkup(
    isDesk ? (
      <JobPlaceContext.Provider value={placeAtDesk(listPlace(url.searchParams))}>
        {whole}
      </JobPlaceContext.Provider>
    ) : (
      whole
    ),
  )
}
