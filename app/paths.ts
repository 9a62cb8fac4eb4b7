import type { AgentKind, JobStatus } from '~db/vocabulary'

/** Every URL we link to, by name. */
const query = (values: Record<string, string | null | undefined>) => {
  const given = Object.entries(values).filter((each): each is [string, string] => Boolean(each[1]))
  return given.length > 0 ? `?${new URLSearchParams(given)}` : ''
}

export const paths = {
  home: '/',
  login: (next?: string) => `/login${query({ next })}`,
  signup: '/signup',
  logout: '/logout',
  setup: (token?: string) => `/setup${query({ token })}`,
  password: (token?: string) => `/password${query({ token })}`,
  invite: (token?: string) => `/invite${query({ token })}`,

  jobs: (filter: { status?: JobStatus | null; cursor?: string | null } = {}) => `/jobs${query(filter)}`,
  newJob: (example?: string) => `/jobs/new${query({ example })}`,
  job: (id: string) => `/jobs/${id}`,
  jobLog: (id: string, cursor?: string | null) => `/jobs/${id}${query({ log: cursor })}#log`,
  editJob: (id: string) => `/jobs/${id}/edit`,
  jobVerb: (id: string, verb: JobVerbPath) => `/jobs/${id}/${verb}`,

  desk: (at: DeskPlace = {}, near?: string) => `/admin/jobs${query({ ...at })}${near ? `#job-${near}` : ''}`,
  deskJob: (id: string, at: DeskPlace = {}) => `/admin/jobs/${id}${query({ ...at })}`,
  deskJobLog: (id: string, cursor: string | null, at: DeskPlace = {}) =>
    `/admin/jobs/${id}${query({ ...at, log: cursor })}#log`,
  editDeskJob: (id: string, at: DeskPlace = {}) => `/admin/jobs/${id}/edit${query({ ...at })}`,
  deskJobVerb: (id: string, verb: JobVerbPath, at: DeskPlace = {}) =>
    `/admin/jobs/${id}/${verb}${query({ ...at })}`,

  settings: '/settings',
  settingsPassword: '/settings/password',
  settingsSessions: '/settings/sessions',
  settingsTokens: '/settings/tokens',

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
  invitations: (at: UsersPlace = {}, told: { withdrawn?: 'yes' } = {}) =>
    `/admin/users/invitations${query({ ...at, ...told })}`,
  audit: '/admin/audit',
  auditOf: (filter: AuditPageFilter) => `/admin/audit${query({ ...filter })}`,
  backups: '/admin/backups',

  api: {
    job: (id: string) => `/api/jobs/${id}`,
    /** One row of its log. */
    jobLog: (id: string, cursor: string) => `/api/jobs/${id}/logs${query({ cursor, limit: '1' })}`,
    agent: (id: string) => `/api/admin/agents/${id}`,
  },
} as const

/** The verbs' own pages; those after `archive` are at the admins' desk only. */
export type JobVerbPath =
  | 'cancel'
  | 'accept'
  | 'send-back'
  | 'answer'
  | 'resubmit'
  | 'archive'
  | 'complete'
  | 'reassign'
  | 'purge'

/** Where somebody is in the list of everyone's jobs: its filters and its page. Every link there carries it on. */
export interface DeskPlace {
  status?: string | null
  /** An agent's id, or `none`. */
  agent?: string | null
  /** An account's email address or id. */
  owner?: string | null
  cursor?: string | null
}

/** The same as an address has it. */
export function deskPlace(search: string | URLSearchParams): DeskPlace {
  const given = new URLSearchParams(search)
  return {
    status: given.get('status'),
    agent: given.get('agent'),
    owner: given.get('owner'),
    cursor: given.get('cursor'),
  }
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
