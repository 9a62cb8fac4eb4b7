import { Link } from '@remix-run/react'
import { paths } from '~/paths'
import type { AgentKind } from '~db/vocabulary'
import { agentKindLooks, offeredKinds } from './agent-words'
import { SteadyLabel } from './SteadyLabel'

/** What kinds of agents there are, to begin with one. */
export function AgentKindCards() {
  return (
    <ul className="flex flex-col gap-2">
      {offeredKinds.map((kind) => {
        const { Icon, label, words } = agentKindLooks[kind]
        return (
          <li key={kind}>
            <Link
              to={paths.newAgent({ kind })}
              className="flex gap-3 rounded-md border border-line p-3 hover:border-line-strong hover:bg-hover"
            >
              <Icon aria-hidden className="mt-0.5 size-4 shrink-0 text-accent" />
              <span className="flex min-w-0 flex-col gap-0.5">
                <span className="font-medium">{label}</span>
                <span className="text-ink-2">{words}</span>
              </span>
            </Link>
          </li>
        )
      })}
    </ul>
  )
}

/** The kind that the form is for, and the others. */
export function AgentKindTabs({ current }: { current: AgentKind }) {
  return (
    <nav aria-label="Kind of agent">
      <ul className="flex flex-wrap gap-1">
        {offeredKinds.map((kind) => {
          const { Icon, label } = agentKindLooks[kind]
          const isCurrent = kind === current
          return (
            <li key={kind}>
              <Link
                to={paths.newAgent({ kind })}
                aria-current={isCurrent ? 'page' : undefined}
                className={`flex h-8 items-center gap-1.5 rounded-md border px-2.5 whitespace-nowrap transition-colors ${
                  isCurrent
                    ? 'border-line-strong/60 bg-hover font-medium text-ink'
                    : 'border-transparent text-ink-2 hover:bg-hover hover:text-ink'
                }`}
              >
                <Icon aria-hidden className={`size-4 ${isCurrent ? 'text-accent' : 'text-ink-3'}`} />
                <SteadyLabel text={label} />
              </Link>
            </li>
          )
        })}
      </ul>
    </nav>
  )
}

/** What was found on this machine that could be an agent. */
export interface FoundAgent {
  name: string
  kind: AgentKind
  /** Of a model server. */
  models?: string[]
}

/** Each fills the form. */
export function FoundAgents({ found, chosen }: { found: FoundAgent[]; chosen?: string }) {
  if (found.length === 0) return null
  return (
    <div className="flex flex-col gap-1.5">
      <p className="text-ink-2">Found on this machine; choose one to fill the form:</p>
      <ul className="flex flex-wrap gap-1.5">
        {found.map(({ name, kind, models }) => {
          const { Icon } = agentKindLooks[kind]
          return (
            <li key={name} className="min-w-0">
              <Link
                to={paths.newAgent({ kind, suggestion: name })}
                aria-current={name === chosen || undefined}
                className="inline-flex min-h-7 items-center gap-1.5 rounded-md border border-line px-2 text-xs hover:bg-hover aria-[current]:border-accent aria-[current]:bg-accent-soft aria-[current]:font-medium"
              >
                <Icon aria-hidden className="size-3.5 shrink-0 text-ink-3" />
                <SteadyLabel text={name} />
                {models && (
                  <span className="font-normal text-ink-2">
                    {models.length === 1 ? '1 model' : `${models.length} models`}
                  </span>
                )}
              </Link>
            </li>
          )
        })}
      </ul>
    </div>
  )
}
