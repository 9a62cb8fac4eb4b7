import { type FieldErrors, Invalid } from '~/domain/errors'
import { listFilterNames, listParameterNames } from '~/domain/jobs/list-query'
import { parameterErrors, unknownParameters } from '~/domain/query-parameters'
import { batchShows } from '~/paths'
import { listScopes } from '~db/vocabulary'

/**
 * The query parameters of each address: the one list, which loaders, docs/api.md and tests go by. An address that is not
 * here takes none.
 */

const page = ['cursor', 'limit'] as const
const jobLog = ['log', 'logKind', 'logAgent', 'logAttempt', 'attempts'] as const
const jobList = [...listParameterNames, 'cursor', 'picked', 'held'] as const
const people = ['search', 'cursor'] as const

export const queryParameters: Record<string, readonly string[]> = {
  '/api/jobs': [...listParameterNames, ...page],
  '/api/jobs/export': [...listFilterNames, 'format'],
  '/api/jobs/:id': ['include'],
  '/api/jobs/:id/:verb': ['include'],
  '/api/jobs/:id/logs': ['kind', 'agent', 'attempt', 'order', ...page],
  '/api/jobs/:id/logs/:number/request': ['download'],
  '/api/jobs/:id/logs/:number/response': ['download'],
  '/api/jobs/:id/result': ['download'],
  '/api/jobs/:id/attempts/:number/result': ['download'],
  '/api/jobs/:id/result/image': ['v'],
  '/api/jobs/:id/attempts': ['order', 'include', ...page],
  '/api/jobs/:id/events': ['after'],
  '/api/events': ['after'],
  '/api/batches': ['scope', ...page],
  '/api/batches/:id/items': ['outcome', ...page],
  '/api/search': ['q', 'timeZone'],
  '/api/agents': ['timeZone'],
  '/api/admin/overview': ['timeZone'],
  '/api/admin/agents': ['timeZone'],
  '/api/admin/agents/:id': ['timeZone'],
  '/api/templates/:id/imports': ['dryRun', 'onlyGood'],
  '/api/schedules': ['scope', 'failing', ...page],
  '/api/schedules/next': ['cron', 'timeZone'],
  '/api/views': ['scope'],
  '/api/admin/events': ['after'],
  '/api/admin/jobs': [...listParameterNames, ...page],
  '/api/admin/jobs/:id': ['include'],
  '/api/admin/jobs/:id/:verb': ['include'],
  '/api/admin/jobs/export': [...listFilterNames, 'format'],
  '/api/admin/users': ['search', ...page],
  '/api/admin/audit': ['actor', 'action', 'subject', 'from', 'to', 'timeZone', ...page],

  '/jobs': jobList,
  '/jobs/new': ['example'],
  '/jobs/export': [...listFilterNames, 'format'],
  '/jobs/:id': jobLog,
  '/jobs/:id/:verb': jobLog,
  '/events': ['job', 'after'],
  '/batches': ['scope', 'cursor'],
  '/batches/new': ['scope', 'query'],
  '/batches/:id': ['show', 'cursor'],
  '/batches/:id/:verb': ['show', 'cursor'],
  '/templates': ['removed'],
  '/templates/new': ['job', 'starter'],
  '/templates/:id': ['saved', 'made'],
  '/schedules': ['scope', 'failing', 'cursor', 'removed'],
  '/schedules/new': ['template'],
  '/schedules/:id': ['saved', 'paused', 'resumed', 'ran'],
  '/search': ['q'],
  '/views': ['scope', 'query'],
  '/settings/preferences': ['saved'],
  '/settings/password': ['changed'],
  '/settings/tokens': ['revoked'],
  '/settings/two-factor': ['off'],
  '/admin/jobs': jobList,
  '/admin/jobs/export': [...listFilterNames, 'format'],
  '/admin/jobs/:id': [...jobList, ...jobLog],
  '/admin/jobs/:id/:verb': [...jobList, ...jobLog],
  '/admin/events': ['job', 'after'],
  '/admin/agents/new': ['kind', 'suggestion'],
  '/admin/agents/:id': ['saved', 'paused', 'resumed'],
  '/admin/retention': ['saved'],
  '/admin/users': people,
  '/admin/users/invitations': [...people, 'withdrawn'],
  '/admin/users/:email': people,
  '/admin/users/:email/tokens': people,
  '/admin/audit': ['actor', 'action', 'subject', 'from', 'to', 'cursor'],
}

/** What other sites append to links: pages ignore it without a word. */
const tracking = /^(utm_\w+|fbclid|gclid|msclkid|mc_cid|mc_eid|_gl)$/
/** Remix's own, and what a form that changed nothing leads to. */
const ofAnyPage = ['_routes', '_data', 'index', 'unchanged']
/** Parameters of pages that have a few possible values. */
const choices: Record<string, readonly string[]> = { scope: listScopes, show: batchShows, failing: ['true'] }

// an address that is spelled out comes before one with a place for any id
const patterns = Object.entries(queryParameters)
  .map(([path, names]) => ({ parts: path.split('/'), names }))
  .sort((a, b) => placesIn(a.parts) - placesIn(b.parts))

function placesIn(parts: string[]): number {
  return parts.filter((part) => part.startsWith(':')).length
}

function parametersOf(pathname: string): readonly string[] {
  const parts = pathname.replace(/\.data$/, '').split('/')
  const found = patterns.find(
    (pattern) =>
      pattern.parts.length === parts.length &&
      pattern.parts.every((part, at) => part.startsWith(':') || part === parts[at]),
  )
  return found?.names ?? []
}

/** @throws {Invalid} by parameter, if a script's request has one that is unknown, empty or repeated */
export function assertParameters(url: URL): void {
  refuse(parameterErrors(url.searchParams, parametersOf(url.pathname)))
}

/**
 * A query that a page of jobs hands on, to a batch or a view.
 * @throws {Invalid} if it has parameters that the page ignored: what it showed was not what was asked for
 */
export function assertListQuery(query: string): void {
  const unknown = unknownParameters(ofPage(new URLSearchParams(query)), [...jobList, ...jobLog])
  refuse(unknown.length > 0 ? { query: [`The filter has ${named(unknown)}.`] } : {})
}

function refuse(errors: FieldErrors): void {
  const messages = Object.values(errors).flat()
  if (messages.length > 0) throw new Invalid(errors, messages.join(' '))
}

/** What a page says of its address, whichever it is. */
export const pageNotice = (url: URL): string | null =>
  ignoredParameters(url) ?? (url.searchParams.has('unchanged') ? 'Nothing changed.' : null)

/** What of its address a page ignores, in a sentence; null if it knows all of it. */
export function ignoredParameters(url: URL): string | null {
  const search = ofPage(url.searchParams)
  const known = parametersOf(url.pathname)
  const unknown = unknownParameters(search, known)
  const values = Object.entries(choices).flatMap(([name, possible]) => {
    const value = search.get(name)
    if (!value || !known.includes(name) || possible.includes(value)) return []
    return [{ name: `${name}=${value}`, meant: undefined }]
  })
  return unknown.length + values.length > 0 ? `This page ignored ${named([...unknown, ...values])}.` : null
}

function ofPage(search: URLSearchParams): URLSearchParams {
  const isForeign = (name: string) => tracking.test(name) || ofAnyPage.includes(name)
  return new URLSearchParams([...search].filter(([name]) => !isForeign(name)))
}

function named(unknown: { name: string; meant?: string }[]): string {
  const shown = unknown
    .slice(0, 5)
    .map(({ name, meant }) => `“${name.slice(0, 50)}”${meant ? ` (did you mean “${meant}”?)` : ''}`)
  const more = unknown.length - shown.length
  const what = unknown.length === 1 ? 'an unknown parameter' : 'unknown parameters'
  return `${what}: ${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''}`
}
