import type { AgentKind, ListScope } from '~db/vocabulary'

/** Every URL we link to, by name. */
const query = (values: Record<string, string | null | undefined>) => {
  const given = Object.entries(values).filter((each): each is [string, string] => Boolean(each[1]))
  return given.length > 0 ? `?${new URLSearchParams(given)}` : ''
}

export const paths = {
  home: '/',
  login: (next?: string, why?: 'ended' | 'late' | 'signed-out') => `/login${query({ next, why })}`,
  loginCode: (next?: string, way?: 'recovery') => `/login/code${query({ next, way })}`,
  signup: '/signup',
  logout: '/logout',
  setup: (token?: string) => `/setup${query({ token })}`,
  password: (token?: string) => `/password${query({ token })}`,
  invite: (token?: string) => `/invite${query({ token })}`,

  jobs: (at: ListPlace = {}) => `/jobs${placeSearch(at)}`,
  newJob: (example?: string) => `/jobs/new${query({ example })}`,
  job: (id: string) => `/jobs/${id}`,
  jobLog: (id: string, log: LogPlace = {}) => `/jobs/${id}${query(logSearch(log))}#log`,
  attemptResult: (id: string, number: number) => `/api/jobs/${id}/attempts/${number}/result`,
  jobAttempts: (id: string, cursor: string | null) => `/jobs/${id}${query({ attempts: cursor })}#attempts`,
  editJob: (id: string) => `/jobs/${id}/edit`,
  jobVerb: (id: string, verb: JobVerbPath) => `/jobs/${id}/${verb}`,

  desk: (at: ListPlace = {}, near?: string) => `/admin/jobs${placeSearch(at)}${near ? `#job-${near}` : ''}`,
  deskJob: (id: string, at: ListPlace = {}) => `/admin/jobs/${id}${placeSearch(at)}`,
  deskJobLog: (id: string, log: LogPlace, at: ListPlace = {}) =>
    `/admin/jobs/${id}${placeSearch(at, logSearch(log))}#log`,
  deskJobAttempts: (id: string, cursor: string | null, at: ListPlace = {}) =>
    `/admin/jobs/${id}${placeSearch(at, { attempts: cursor })}#attempts`,
  editDeskJob: (id: string, at: ListPlace = {}) => `/admin/jobs/${id}/edit${placeSearch(at)}`,
  deskJobVerb: (id: string, verb: JobVerbPath, at: ListPlace = {}) =>
    `/admin/jobs/${id}/${verb}${placeSearch(at)}`,
  list: (scope: ListScope, at: ListPlace = {}) => (scope === 'own' ? paths.jobs(at) : paths.desk(at)),
  exportJobs: (scope: ListScope, format: 'csv' | 'ndjson', at: ListPlace = {}): string =>
    `${scope === 'own' ? '/jobs' : '/admin/jobs'}/export${placeSearch({ ...at, sort: undefined, cursor: null }, { format })}`,

  /** A page of a list, and what was picked on others: for those without JavaScript. */
  picking: (scope: ListScope, at: ListPlace, ids: string[]): string =>
    `${scope === 'own' ? '/jobs' : '/admin/jobs'}${placeSearch(at, { picked: ids.join(',') })}`,
  /** A list with rows beside it that are shown already. */
  listHolding: (scope: ListScope, at: ListPlace, ids: string[]): string =>
    `${scope === 'own' ? '/jobs' : '/admin/jobs'}${placeSearch(at, { held: ids.join(',') })}`,
  batches: (at: BatchesPlace = {}) => `/batches${query({ ...at })}`,
  newBatch: (scope: ListScope, all?: string) => `/batches/new${query({ scope, query: all })}`,
  batch: (id: string, at: BatchPlace = {}) => `/batches/${id}${query({ ...at })}`,
  batchVerb: (id: string, verb: 'confirm' | 'stop' | 'retry' | 'drop') => `/batches/${id}/${verb}`,

  search: (q?: string) => `/search${query({ q })}`,
  /** The job under review that comes after this one, or before it. */
  nextReview: (scope: ListScope, after: string, way?: 'previous') => `/review${query({ scope, after, way })}`,

  views: '/views',
  viewsOf: (scope: ListScope, save?: string) => `/views${query({ scope, query: save })}`,
  view: (id: string) => `/views/${id}`,
  removeView: (id: string) => `/views/${id}/remove`,

  templates: '/templates',
  newTemplate: (from: { job?: string; starter?: string } = {}) => `/templates/new${query(from)}`,
  template: (id: string) => `/templates/${id}`,
  editTemplate: (id: string) => `/templates/${id}/edit`,
  templateCsv: (id: string) => `/templates/${id}/csv`,
  removeTemplate: (id: string) => `/templates/${id}/remove`,
  schedules: '/schedules',
  scheduleList: (at: SchedulesPlace) => `/schedules${query({ ...at })}`,
  newSchedule: (template?: string) => `/schedules/new${query({ template })}`,
  schedule: (id: string) => `/schedules/${id}`,
  editSchedule: (id: string) => `/schedules/${id}/edit`,
  scheduleVerb: (id: string, verb: 'pause' | 'resume' | 'run' | 'remove') => `/schedules/${id}/${verb}`,

  settings: '/settings',
  settingsPreferences: '/settings/preferences',
  settingsPassword: '/settings/password',
  settingsSessions: '/settings/sessions',
  settingsTokens: '/settings/tokens',
  settingsTwoFactor: '/settings/two-factor',
  setUpTwoFactor: (next?: string) => `/two-factor${query({ next })}`,

  overview: '/admin',
  agents: '/admin/agents',
  newAgent: (start: { kind?: AgentKind; suggestion?: string } = {}) => `/admin/agents/new${query(start)}`,
  agent: (id: string) => `/admin/agents/${id}`,
  pauseAgent: (id: string) => `/admin/agents/${id}/pause`,
  resumeAgent: (id: string) => `/admin/agents/${id}/resume`,
  retireAgent: (id: string) => `/admin/agents/${id}/retire`,
  testAgent: (id: string) => `/admin/agents/${id}/test`,
  users: '/admin/users',
  searchUsers: (at: UsersPlace) => `/admin/users${query({ ...at })}`,
  user: (email: string, at: UsersPlace = {}) =>
    `/admin/users/${encodeURIComponent(email)}${query({ ...at })}`,
  userTokens: (email: string, at: UsersPlace = {}) =>
    `/admin/users/${encodeURIComponent(email)}/tokens${query({ ...at })}`,
  invitations: (at: UsersPlace = {}, told: { withdrawn?: 'yes' } = {}) =>
    `/admin/users/invitations${query({ ...at, ...told })}`,
  audit: '/admin/audit',
  auditOf: (filter: AuditPageFilter) => `/admin/audit${query({ ...filter })}`,
  retention: '/admin/retention',
  backups: '/admin/backups',
  backup: (name: string) => `/admin/backups/${encodeURIComponent(name)}`,
  backupFile: (name: string) => `/admin/backups/${encodeURIComponent(name)}/file`,

  /** What the command palette asks. */
  apiSearch: (q: string, timeZone: string) => `/api/search${query({ q, timeZone })}`,
} as const

/** The addresses for scripts that answers name; the browser's code needs none of them. */
export const apiPaths = {
  job: (id: string) => `/api/jobs/${id}`,
  /** What was handed in, as it is kept. */
  result: (id: string) => `/api/jobs/${id}/result`,
  /** The image that it is; its tag makes another address of another image. */
  resultImage: (id: string, tag: string) => `/api/jobs/${id}/result/image${query({ v: tag })}`,
  /** A payload of one row of its log, as it is kept. */
  payload: (id: string, number: number, part: 'request' | 'response') =>
    `/api/jobs/${id}/logs/${number}/${part}`,
  agent: (id: string) => `/api/admin/agents/${id}`,
  batch: (id: string) => `/api/batches/${id}`,
  view: (id: string) => `/api/views/${id}`,
  list: (scope: ListScope): string => `/api${paths.list(scope)}`,
  schedule: (id: string) => `/api/schedules/${id}`,
  template: (id: string) => `/api/templates/${id}`,
} as const

/** The verbs' own pages; those after `undo` are at the admins' desk only. */
export type JobVerbPath =
  | 'cancel'
  | 'accept'
  | 'send-back'
  | 'answer'
  | 'resubmit'
  | 'archive'
  | 'tags'
  | 'undo'
  | 'complete'
  | 'reassign'
  | 'purge'

/** Where somebody is in a list of jobs: what it is narrowed to, its order and its page, all as an address has them. */
export interface ListPlace {
  /** The qualifier box. */
  q?: string
  /** Any of these. */
  status?: string[]
  /** An agent's id or name, or `none`. */
  agent?: string
  /** An account's email address or id; at the admins' desk. */
  owner?: string
  priority?: string
  /** Every one of these. */
  tag?: string[]
  created?: string
  updated?: string
  sort?: string
  /** The time zone whose days are meant, if it is not that of who looks. */
  timeZone?: string
  cursor?: string | null
}

const listWords = ['q', 'agent', 'owner', 'priority', 'created', 'updated', 'sort', 'timeZone'] as const
const listSets = ['status', 'tag'] as const

/** The same as an address has it; what is empty there is left out. */
export function listPlace(search: string | URLSearchParams): ListPlace {
  const given = new URLSearchParams(search)
  const at: ListPlace = {}
  for (const name of listWords) {
    const value = given.get(name)?.trim()
    if (value) at[name] = value
  }
  for (const name of listSets) {
    const values = given.getAll(name).filter(Boolean)
    if (values.length > 0) at[name] = [...new Set(values)]
  }
  const cursor = given.get('cursor')
  return cursor ? { ...at, cursor } : at
}

/** The list without its page: a query string in one order, without its `?`; empty where nothing is asked. */
export function listQuery(at: ListPlace): string {
  const given = new URLSearchParams()
  for (const name of [
    'q',
    'status',
    'agent',
    'owner',
    'priority',
    'tag',
    'created',
    'updated',
    'sort',
    'timeZone',
  ] as const) {
    for (const value of [at[name] ?? []].flat()) if (value) given.append(name, value)
  }
  return given.toString()
}

function placeSearch(at: ListPlace, more: Record<string, string | null> = {}): string {
  const rest = query({ cursor: at.cursor, ...more }).slice(1)
  const search = [listQuery(at), rest].filter(Boolean).join('&')
  return search && `?${search}`
}

/** Where somebody is in a job's log: what it is narrowed to, and the page. */
export interface LogPlace {
  kind?: string
  /** An agent's id. */
  agent?: string
  attempt?: number
  cursor?: string | null
}

/** Beside a list's filter in one address, which has words of its own. */
const logSearch = ({ kind, agent, attempt, cursor }: LogPlace) => ({
  ...{
    logKind: kind ?? null,
    logAgent: agent ?? null,
    logAttempt: attempt === undefined ? null : String(attempt),
  },
  log: cursor ?? null,
})

/** An address carries at most so many ids that were picked on other pages of a list. */
export const mostCarried = 100

/** Whose batches are listed: one's own, or everyone's (admins), and the page. */
export interface BatchesPlace {
  scope?: 'all' | null
  cursor?: string | null
}

export const batchShows = ['done', 'refused', 'left'] as const

/** Which of its jobs a batch's page shows: what became of them, and the page. */
export interface BatchPlace {
  show?: (typeof batchShows)[number] | null
  cursor?: string | null
}

/** The same as an address has it. */
export function batchPlace(search: URLSearchParams): BatchPlace {
  const given = search.get('show')
  return { show: batchShows.find((each) => each === given) ?? null, cursor: search.get('cursor') }
}

/** Whose schedules are listed: one's own, or everyone's (admins), and the page. */
export interface SchedulesPlace {
  scope?: 'all' | null
  /** Only those that are failing. */
  failing?: 'true' | null
  cursor?: string | null
}

/** Where somebody is in the list of people: what an address begins with, and the page. Every link there carries it on. */
export interface UsersPlace {
  search?: string | null
  cursor?: string | null
}

/** The same as an address has it. */
export function usersPlace(search: string | URLSearchParams): UsersPlace {
  const given = new URLSearchParams(search)
  return { search: given.get('search')?.trim(), cursor: given.get('cursor') }
}

/** As the audit's address has it: days or moments, an action's code, a person's address, a subject's id. */
export type AuditPageFilter = Partial<
  Record<'actor' | 'action' | 'subject' | 'from' | 'to' | 'cursor', string | null>
>
