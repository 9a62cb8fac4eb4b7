import { Link } from '@remix-run/react'
import { isFailing, isHeldUp, takers, waitingText } from '~/domain/overview/verdict'
import type { AgentLoad, Overview } from '~/domain/overview/view'
import { paths } from '~/paths'
import { AgentStateBadge } from './AgentStateBadge'
import { agentKindLooks } from './agent-words'
import { TriangleAlert } from './icons'
import { Name } from './name'
import { numberText } from './overview-words'
import { Section } from './page'

/** Every agent with its state and load; those that need attention come first. */
export function OverviewAgents({ overview: { agents, retiredAgents, open } }: { overview: Overview }) {
  const isTrouble = (agent: AgentLoad) => Number(isHeldUp(agent) || isFailing(agent))
  const active = agents.filter(({ state }) => state === 'ACTIVE').length
  const counts = [
    `${active} active`,
    agents.length > active && `${agents.length - active} paused`,
    retiredAgents > 0 && `${retiredAgents} retired`,
  ].filter(Boolean)
  return (
    <Section
      title="Agents"
      description={counts.join(' · ')}
      actions={
        <Link to={paths.agents} className="text-xs text-accent hover:underline">
          All agents
        </Link>
      }
      flush
    >
      {takers(agents).length === 0 && (
        <p className="flex gap-2 border-b border-line px-4 py-2.5 text-xs">
          <TriangleAlert aria-hidden className="size-4 shrink-0 text-warn" />
          {open.PENDING > 0
            ? 'No active agent takes jobs that name no agent: those wait.'
            : 'No active agent takes jobs that name no agent: such a job would wait.'}
        </p>
      )}
      <ul className="divide-y divide-line">
        {agents
          .toSorted((a, b) => isTrouble(b) - isTrouble(a))
          .map((agent) => (
            <AgentLine key={agent.id} agent={agent} />
          ))}
      </ul>
    </Section>
  )
}

function AgentLine({ agent }: { agent: AgentLoad }) {
  const { Icon } = agentKindLooks[agent.kind]
  const { running, concurrency, waiting, done, failed } = agent
  return (
    <li className="relative flex flex-col gap-1 px-4 py-2.5 hover:bg-hover">
      <div className="flex items-center justify-between gap-3">
        <Link
          to={paths.agent(agent.id)}
          className="flex min-w-0 items-center gap-2 font-medium after:absolute after:inset-0"
        >
          <Icon aria-hidden className="size-4 shrink-0 text-ink-3" />
          <Name className="min-w-0 wrap-anywhere">{agent.name}</Name>
        </Link>
        <AgentStateBadge state={agent.state} />
      </div>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-0.5 pl-6 text-xs text-ink-2 tabular-nums">
        <span className="flex items-center gap-1.5">
          <Load running={running} concurrency={concurrency} />
          {running} of {concurrency} running
        </span>
        <span className={isHeldUp(agent) ? 'font-medium text-warn' : ''}>{waitingText(waiting)} waiting</span>
        <span className={isFailing(agent) ? 'font-medium text-failed' : ''}>
          attempts in 24 h: {numberText(done)} done, {numberText(failed)} failed
        </span>
      </div>
    </li>
  )
}

/** How full it is, as a bar beside the words that say the same. */
function Load({ running, concurrency }: { running: number; concurrency: number }) {
  const full = running >= concurrency
  return (
    <svg aria-hidden="true" width="36" height="6">
      <rect width="36" height="6" rx="3" className="fill-line" />
      <rect
        width={(36 * Math.min(running, concurrency)) / concurrency}
        height="6"
        rx="3"
        className={full ? 'fill-in-progress' : 'fill-accent'}
      />
    </svg>
  )
}
