import type { ListScope } from '~db/vocabulary'
import { normalEmail } from '../accounts/input'
import { beginning } from '../beginning'
import type { Desk } from '../desk'
import { addError, type FieldErrors, NotFound } from '../errors'
import type { UserActor } from '../policy'
import { jsonArg } from '../sql'
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
import { readListQuery } from './list-query'
import { type Read, readNumbers, readStatuses, readTimes } from './list-values'
import { mostCharacters, mostTerms } from './query-scan'
import { readQuery } from './query-text'
import { beginningsIn, completed, completionsSql, mostCompletions } from './text-match-completions.server'

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
 * @throws {NotFound} of everyone's jobs, but for admins
 */
export async function readJobFilter(
  desk: Desk,
  actor: UserActor,
  scope: ListScope,
  question: ListQuestion,
): Promise<ReadFilter> {
  if (scope === 'all' && actor.role !== 'ADMIN') throw new NotFound()
  const errors: FieldErrors = {}
  const query = readQuery(question.q ?? '', desk.now())
  if (query.problems.length > 0) errors.q = query.problems
  const plain = readPlain(question, desk.now(), errors)
  const asked = narrowed(plain, query.asked)
  for (const name of ['agent', 'owner'] as const) {
    if (plain[name] && query.asked[name] && plain[name] !== query.asked[name]) {
      errors[name] = [`There is another ${name} in the search; no job has two.`]
    }
  }
  const ownerField = plain.owner ? 'owner' : 'q'
  if (asked.owner && scope === 'own') {
    addError(errors, ownerField, 'These are your own jobs: they have no other owner.')
  }
  const owner = scope === 'all' ? asked.owner : undefined
  const found = await lookUp(desk, asked, owner)
  if (asked.agent && asked.agent !== 'none' && !found.agent) {
    addError(errors, plain.agent ? 'agent' : 'q', `There is no agent “${beginning(asked.agent, 100)}”.`)
  }
  if (owner && !found.owner) {
    addError(errors, ownerField, `Nobody here has the address “${beginning(owner, 200)}”.`)
  }
  const { agent, owner: _, tags, withoutTags, text, ...rest } = asked
  const filter: JobFilter = { ...rest }
  if (text) filter.text = completed(text, found.terms)
  if (agent) filter.agentId = agent === 'none' ? agent : (found.agent?.id ?? agent)
  if (found.owner) filter.ownerId = found.owner.id
  if (tags) filter.tags = [...new Set(tags.map(normalTag))]
  if (withoutTags) filter.withoutTags = [...new Set(withoutTags.map(normalTag))]
  const names = { agentName: found.agent?.name ?? null, ownerEmail: found.owner?.email ?? null }
  return { filter, sort: readSort(question.sort, errors), names, errors }
}

/** What in a list's query string means nothing today, as far as it can be told without a look-up; in sentences. */
export function queryProblems(query: string, now: number): string[] {
  const { question, errors } = readListQuery(query)
  readPlain(question, now, errors)
  readSort(question.sort, errors)
  return [...Object.values(errors).flat(), ...readQuery(question.q ?? '', now).problems]
}

/** The parameters beside the box. */
function readPlain(question: ListQuestion, now: number, errors: FieldErrors): Asked {
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
  if (created) asked.created = take('created', created, readTimes(created.trim(), now))
  if (updated) asked.updated = take('updated', updated, readTimes(updated.trim(), now))
  if (tags.some((tag) => tag.length > mostCharacters)) errors.tag = ['There is no tag so long.']
  else if (tags.length > mostTerms) errors.tag = [`At most ${mostTerms} tags can be asked for at once.`]
  else if (tags.length > 0) asked.tags = tags
  return asked
}

function readSort(asked: string | undefined, errors: FieldErrors): Sort {
  if (!asked) return defaultSort
  const field = sortFields.find((each) => each === asked.replace(/^-/, ''))
  if (field) return asked.startsWith('-') ? `-${field}` : field
  errors.sort = [`sort is one of ${sortFields.join(', ')}, with “-” before it for descending.`]
  return defaultSort
}

/** Whom the filter names, an agent by id or name, an account by id or address; and how its words go on. */
async function lookUp(desk: Desk, { agent, text }: Asked, owner: string | undefined) {
  const word = agent && agent !== 'none' ? agent.slice(0, 200) : undefined
  const begun = beginningsIn(text)
  if (word === undefined && owner === undefined && begun.length === 0) return { terms: [] }
  const column = owner?.includes('@') ? 'email' : 'id'
  const rows = await desk.db.all<{ kind: 'agent' | 'owner' | 'term'; id: string; name: string }>(
    `${completionsSql}
     SELECT 'term' AS kind, word AS id, term AS name FROM completions
     UNION ALL SELECT 'agent', a.id, a.name FROM agents a WHERE a.id = :agent
     UNION ALL SELECT 'agent', a.id, a.name FROM agents a WHERE a.name = :agent COLLATE NOCASE
     UNION ALL SELECT 'owner', u.id, u.email FROM users u WHERE u.${column} = :owner`,
    {
      agent: word ?? null,
      owner: owner ? normalEmail(owner).slice(0, 320) : null,
      words: jsonArg(begun),
      most: mostCompletions,
    },
  )
  const agents = rows.filter(({ kind }) => kind === 'agent')
  const user = rows.find(({ kind }) => kind === 'owner')
  return {
    agent: agents.find(({ id, name }) => id === word || name === word) ?? agents[0],
    owner: user && { id: user.id, email: user.name },
    terms: rows.filter(({ kind }) => kind === 'term').map(({ id, name }) => ({ word: id, term: name })),
  }
}
