import { Link } from '@remix-run/react'
import type { AgentView, Workload } from '~/domain/agents/view'
import { waitingText } from '~/domain/overview/verdict'
import { paths } from '~/paths'
import { loadText } from './agent-figures'
import { agentKindLooks } from './agent-words'
import { useNow } from './clock'
import { Name } from './name'
import { durationText, Time } from './time'

/** What it is, how busy, and when it last worked, in a line. */
export function AgentLine({ agent, workload: { waiting } }: { agent: AgentView; workload: Workload }) {
  return (
    <>
      {agentKindLooks[agent.kind].label} · {loadText(agent)}
      {waiting > 0 && ` · ${waitingText(waiting)} waiting for it`}
      {' · '}
      {agent.lastSeenAt === null ? (
        'has not worked yet'
      ) : (
        <>
          last worked <Time at={agent.lastSeenAt} />
        </>
      )}
    </>
  )
}

/** The jobs that are being done, the longest first; each leads to its job. */
export function RunList({ runs }: { runs: Workload['runs'] }) {
  const now = useNow()
  return (
    <ul className="divide-y divide-line rounded-md border border-line">
      {runs.map(({ jobId, jobName, attempt, startedAt }) => (
        <li key={jobId} className="flex flex-wrap items-baseline justify-between gap-x-3 px-3 py-2">
          <Link
            to={paths.deskJob(jobId)}
            className="line-clamp-1 min-w-0 font-medium wrap-anywhere hover:underline"
          >
            <Name>{jobName}</Name>
          </Link>
          <span className="text-xs whitespace-nowrap text-ink-2 tabular-nums">
            attempt {attempt} · for {durationText(Math.max(0, now - startedAt))}
          </span>
        </li>
      ))}
    </ul>
  )
}
