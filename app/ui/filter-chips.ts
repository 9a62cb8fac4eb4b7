import { chipsOf, withoutTerm } from '~/domain/jobs/query-text'
import { statusLabels } from '~/domain/jobs/status'
import { lookup } from '~/domain/lookup'
import { type ListPlace, paths } from '~/paths'
import { type JobStatus, jobStatuses, type ListScope } from '~db/vocabulary'
import { priorityLabels, rangeLabels } from './list-words'
import { plainName } from './name'

/** What the agent and the owner that an address asks for are called; null where they are unknown or not asked for. */
export interface FilterNames {
  agentName: string | null
  ownerEmail: string | null
}

export interface Chip {
  label: string
  /** The list without it. */
  to: string
}

/**
 * What a list is narrowed to, each to be taken away. Loaders make them: what the box means is a lot of code for a browser
 * to load.
 */
export const chipsOfList = (scope: ListScope, at: ListPlace, names: FilterNames): Chip[] =>
  termsOf(at, names).map(({ label, without }) => ({
    label,
    to: paths.list(scope, { ...at, ...without, cursor: null }),
  }))

/** The same in words. */
export const filterWords = (at: ListPlace): string[] =>
  termsOf(at, { agentName: null, ownerEmail: null }).map(({ label }) => label)

interface Term {
  label: string
  /** What the address has instead once it is taken away. */
  without: ListPlace
}

function termsOf(at: ListPlace, { agentName, ownerEmail }: FilterNames): Term[] {
  const chips: Term[] = []
  for (const status of at.status ?? []) {
    const without = { status: at.status?.filter((each) => each !== status) }
    chips.push({ label: `Status: ${statusLabel(status)}`, without })
  }
  if (at.agent) {
    const label = at.agent === 'none' ? 'No agent named' : `Agent: ${plainName(agentName ?? at.agent)}`
    chips.push({ label, without: { agent: undefined } })
  }
  if (at.owner) {
    chips.push({ label: `Owner: ${plainName(ownerEmail ?? at.owner)}`, without: { owner: undefined } })
  }
  if (at.priority) {
    const label = `Priority: ${lower(lookup(priorityLabels, at.priority) ?? at.priority)}`
    chips.push({ label, without: { priority: undefined } })
  }
  for (const tag of at.tag ?? []) {
    const without = { tag: at.tag?.filter((each) => each !== tag) }
    chips.push({ label: `Tag: ${plainName(tag)}`, without })
  }
  if (at.created) {
    const label = `Created: ${lower(lookup(rangeLabels, at.created) ?? at.created)}`
    chips.push({ label, without: { created: undefined } })
  }
  if (at.updated) {
    const label = `Changed: ${lower(lookup(rangeLabels, at.updated) ?? at.updated)}`
    chips.push({ label, without: { updated: undefined } })
  }
  if (at.timeZone) {
    chips.push({ label: `Days in ${plainName(at.timeZone)}`, without: { timeZone: undefined } })
  }
  const q = at.q ?? ''
  for (const [n, term] of chipsOf(q).entries()) {
    chips.push({ label: plainName(term.text), without: { q: withoutTerm(q, n) } })
  }
  return chips
}

const lower = (label: string) => label.charAt(0).toLowerCase() + label.slice(1)

const isStatus = (code: string): code is JobStatus => jobStatuses.some((each) => each === code)
const statusLabel = (given: string) => {
  const code = given.toUpperCase()
  return isStatus(code) ? statusLabels[code] : plainName(given)
}
