import type { ListScope } from '~db/vocabulary'
import { beginning } from '../beginning'
import type { Desk } from '../desk'
import { addError, type FieldErrors, NotFound } from '../errors'
import type { UserActor } from '../policy'
import { utc } from '../zones/clock'
import { noSuchZone, timeZoneNamed } from '../zones/names'
import { normalTag } from './labels'
import {
  type Asked,
  defaultSort,
  type JobFilter,
  type ListQuestion,
  narrowed,
  type Sort,
  sortFields,
} from './list-filter'
import { lookUp } from './list-names.server'
import { readListQuery } from './list-query'
import { type Clock, type Read, readNumbers, readStatuses, readTimes } from './list-values'
import { mostCharacters, mostTerms } from './query-scan'
import { readQuery } from './query-text'
import { completed } from './text-match-completions.server'

export interface ReadFilter {
  filter: JobFilter
  sort: Sort
  /** What was asked for by name is called; null where nothing is asked, or `none`. */
  names: { agentName: string | null; ownerEmail: string | null }
  /** By parameter; empty where all is well. */
  errors: FieldErrors
}

/**
 * Understands a list's parameters and looks up whom they name and how its words go on, with one statement or none. What means nothing is left
 * out and told by its parameter.
 *
 * @param timeZone whose days are meant if the question names no zone: the zone of who looks at a page; UTC for scripts
 * @throws {NotFound} of everyone's jobs, but for admins
 */
export async function readJobFilter(
  desk: Desk,
  actor: UserActor,
  scope: ListScope,
  question: ListQuestion,
  timeZone = utc,
): Promise<ReadFilter> {
  if (scope === 'all' && actor.role !== 'ADMIN') throw new NotFound()
  const errors: FieldErrors = {}
  const clock = { now: desk.now(), zone: readZone(question.timeZone, errors) ?? timeZone }
  const query = readQuery(question.q ?? '', clock)
  if (query.problems.length > 0) errors.q = query.problems
  const plain = readPlain(question, clock, errors)
  const asked = narrowed(plain, query.asked)
  for (const name of ['agent', 'owner'] as const) {
    if (plain[name] && query.asked[name] && plain[name] !== query.asked[name]) {
      errors[name] = [`There is another ${name} in the search; no job has two.`]
    }
  }
  const ownerField = plain.owner ? 'owner' : 'q'
  const own = scope === 'own'
  if (own && (asked.owner || asked.without?.owners)) {
    addError(errors, ownerField, 'These are your own jobs: they have no other owner.')
  }
  const { agent, owner, tags, text, without = {}, ...rest } = asked
  const found = await lookUp(desk, {
    agents: [...(agent ? [agent] : []), ...(without.agents ?? [])].filter((each) => each !== 'none'),
    owners: own ? [] : [...(owner ? [owner] : []), ...(without.owners ?? [])],
    text,
  })
  const agentOf = (word: string, field: 'agent' | 'q') => {
    const id = word === 'none' ? word : found.agent(word)?.id
    if (!id) addError(errors, field, `There is no agent “${beginning(word, 100)}”.`)
    return id
  }
  const ownerOf = (word: string, field: 'owner' | 'q') => {
    const id = found.owner(word)?.id
    if (!id) addError(errors, field, `Nobody here has the address “${beginning(word, 200)}”.`)
    return id
  }
  const filter: JobFilter = { ...rest }
  if (text) filter.text = completed(text, found.terms)
  if (agent) filter.agentId = agentOf(agent, plain.agent ? 'agent' : 'q') ?? agent
  if (owner && !own) filter.ownerId = ownerOf(owner, ownerField)
  if (tags) filter.tags = [...new Set(tags.map(normalTag))]
  if (asked.without) {
    filter.without = {
      ...without,
      ...(without.tags && { tags: [...new Set(without.tags.map(normalTag))] }),
      ...(without.agents && { agents: without.agents.flatMap((word) => agentOf(word, 'q') ?? []) }),
      owners: own ? [] : (without.owners ?? []).flatMap((word) => ownerOf(word, 'q') ?? []),
    }
  }
  const names = {
    agentName: (agent && found.agent(agent)?.name) || null,
    ownerEmail: (owner && found.owner(owner)?.name) || null,
  }
  return { filter, sort: readSort(question.sort, errors), names, errors }
}

/** What in a list's query string means nothing today, as far as it can be told without a look-up; in sentences. */
export function queryProblems(query: string, now: number): string[] {
  const { question, errors } = readListQuery(query)
  const clock = { now, zone: readZone(question.timeZone, errors) ?? utc }
  readPlain(question, clock, errors)
  readSort(question.sort, errors)
  return [...Object.values(errors).flat(), ...readQuery(question.q ?? '', clock).problems]
}

/** The parameters beside the box. */
function readPlain(question: ListQuestion, clock: Clock, errors: FieldErrors): Asked {
  const asked: Asked = {}
  const take = <Value>(field: keyof ListQuestion, text: string, read: Read<Value>): Value | undefined => {
    if ('value' in read) return read.value
    errors[field] = [`“${beginning(text, 100)}” ${read.problem}`]
  }
  const { agent, owner, priority, created, updated } = question
  const status = question.status?.filter(Boolean) ?? []
  const tags = question.tag?.map((each) => each.trim()).filter(Boolean) ?? []
  if (status.length > 0) asked.statuses = take('status', status.join(','), readStatuses(status.join(',')))
  if (agent) asked.agent = agent
  if (owner) asked.owner = owner
  if (priority) asked.priority = take('priority', priority, readNumbers(priority.trim(), { min: 0, max: 9 }))
  if (created) asked.created = take('created', created, readTimes(created.trim(), clock))
  if (updated) asked.updated = take('updated', updated, readTimes(updated.trim(), clock))
  if (tags.some((tag) => tag.length > mostCharacters)) errors.tag = ['There is no tag so long.']
  else if (tags.length > mostTerms) errors.tag = [`At most ${mostTerms} tags can be asked for at once.`]
  else if (tags.length > 0) asked.tags = tags
  return asked
}

function readZone(asked: string | undefined, errors: FieldErrors): string | undefined {
  const zone = asked ? timeZoneNamed(asked) : undefined
  if (zone === null) errors.timeZone = [noSuchZone]
  return zone ?? undefined
}

function readSort(asked: string | undefined, errors: FieldErrors): Sort {
  if (!asked) return defaultSort
  const field = sortFields.find((each) => each === asked.replace(/^-/, ''))
  if (field) return asked.startsWith('-') ? `-${field}` : field
  errors.sort = [`sort is one of ${sortFields.join(', ')}, with “-” before it for descending.`]
  return defaultSort
}
