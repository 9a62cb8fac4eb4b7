import { NavLink } from '@remix-run/react'
import type { AgentRow } from '~/domain/agents/view'
import { paths } from '~/paths'
import { AgentStateBadge } from './AgentStateBadge'
import { loadText } from './agent-figures'
import { agentKindLooks } from './agent-words'
import { LinkButton } from './button'
import { EmptyState } from './EmptyState'
import { Bot } from './icons'

/** All agents, by name, the retired ones at the end; the chosen one is marked. */
export function AgentList({ agents }: { agents: AgentRow[] }) {
  if (agents.length === 0) {
    return (
      <EmptyState
        Icon={Bot}
        title="No agents yet"
        actions={
          <LinkButton to={paths.newAgent()} variant="primary">
            New agent
          </LinkButton>
        }
      >
        <p>Without an agent no job is done.</p>
      </EmptyState>
    )
  }
  const retired = agents.filter(({ state }) => state === 'RETIRED')
  return (
    <>
      <Rows agents={agents.filter(({ state }) => state !== 'RETIRED')} />
      {retired.length > 0 && (
        <>
          <h2 className="border-y border-line bg-sunken px-4 py-1.5 text-xs font-medium text-ink-2 first:border-t-0">
            Retired
          </h2>
          <Rows agents={retired} />
        </>
      )}
    </>
  )
}

function Rows({ agents }: { agents: AgentRow[] }) {
  if (agents.length === 0) return null
  return (
    <ul className="divide-y divide-line">
      {agents.map((agent) => (
        <Row key={agent.id} agent={agent} />
      ))}
    </ul>
  )
}

function Row({ agent }: { agent: AgentRow }) {
  const { Icon, label } = agentKindLooks[agent.kind]
  const isRetired = agent.state === 'RETIRED'
  const facts = [
    label,
    (!isRetired || agent.running > 0) && loadText(agent),
    !isRetired && agent.takesUnassigned && 'takes unassigned jobs',
  ].filter(Boolean)
  return (
    <li>
      <NavLink
        to={paths.agent(agent.id)}
        data-row={agent.id}
        className={({ isActive }) =>
          `flex flex-col gap-0.5 px-4 py-2.5 hover:bg-hover ${isActive ? 'bg-hover shadow-[inset_2px_0_var(--accent)]' : ''}`
        }
      >
        <span className="flex items-center justify-between gap-3">
          <span className="flex min-w-0 items-center gap-2 font-medium">
            <Icon aria-hidden className="size-4 shrink-0 text-ink-3" />
            <span className="min-w-0 wrap-anywhere" dir="auto">
              {agent.name}
            </span>
          </span>
          <AgentStateBadge id={agent.id} state={agent.state} />
        </span>
        <span className="pl-6 text-xs text-ink-2">{facts.join(' · ')}</span>
      </NavLink>
    </li>
  )
}
