import { statusLabels } from '~/domain/jobs/status'
import type { LogView } from '~/domain/jobs/view'
import { eventKinds } from '~db/vocabulary'
import type { Excerpt } from './excerpt'
import { statusLooks } from './JobStatusBadge'
import { LongText } from './LongText'
import { actorWords, logLooks } from './log-words'
import { Name } from './name'
import { PayloadViewer } from './PayloadViewer'
import { Time } from './time'

/** What an agent says on its way changes no status: it is shown smaller. */
const isEvent = (log: LogView<unknown>) => (eventKinds as readonly string[]).includes(log.kind)

/** One thing that happened to a job. Messages and payloads are text, whatever is in them. */
export function JobLogItem({ log }: { log: LogView<Excerpt> }) {
  const { Icon } = logLooks[log.kind]
  const { text, soft } = statusLooks[log.status]
  const event = isEvent(log)
  return (
    <li
      id={`log-${log.number}`}
      data-kind={log.kind}
      className="relative flex gap-3 pb-3 before:absolute before:top-6.5 before:bottom-0.5 before:left-3 before:w-px before:bg-line last:pb-0 last:before:hidden"
    >
      <span
        className={`flex size-6 shrink-0 items-center justify-center rounded-full ${event ? 'text-ink-3' : `${text} ${soft}`}`}
      >
        <Icon aria-hidden className="size-3.5" />
      </span>
      <div className="flex min-w-0 flex-1 flex-col gap-1 pt-0.5">
        {event ? <EventText log={log} /> : <VerbText log={log} />}
        {log.requestPayload && <PayloadViewer label="Request" payload={log.requestPayload} />}
        {log.responsePayload && <PayloadViewer label="Response" payload={log.responsePayload} />}
      </div>
    </li>
  )
}

/** Who changed the job, to which status, and how. */
function VerbText({ log }: { log: LogView<unknown> }) {
  return (
    <>
      <div className="flex flex-wrap items-baseline justify-between gap-x-3">
        <p className="min-w-0 wrap-anywhere">
          <Name className="font-medium">{actorWords(log)}</Name>
          {!log.message && <span className="ml-1 text-ink-2">{logLooks[log.kind].words}</span>}
          <span className={`ml-2 text-xs font-medium ${statusLooks[log.status].text}`}>
            {statusLabels[log.status]}
          </span>
        </p>
        <p className="text-xs whitespace-nowrap text-ink-2">
          {log.attempt !== null && <span className="mr-2">attempt {log.attempt}</span>}
          <Time at={log.createdAt} />
        </p>
      </div>
      {log.message && (
        <div className="text-ink-2">
          <LongText text={log.message} />
        </div>
      )}
    </>
  )
}

/** What the agent said, in a line where it fits. */
function EventText({ log }: { log: LogView<unknown> }) {
  return (
    <div className="flex items-baseline justify-between gap-x-3">
      <div className="min-w-0 flex-1 text-ink-2">
        <span className="sr-only">
          <Name>{actorWords(log)}</Name>:{' '}
        </span>
        <LongText text={log.message ?? logLooks[log.kind].words} />
      </div>
      <Time at={log.createdAt} className="text-xs whitespace-nowrap text-ink-2" />
    </div>
  )
}
