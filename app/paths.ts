import type { JobStatus } from '~db/vocabulary'

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

  jobs: (filter: { status?: JobStatus | null; cursor?: string | null } = {}) => `/jobs${query(filter)}`,
  newJob: (example?: string) => `/jobs/new${query({ example })}`,
  job: (id: string) => `/jobs/${id}`,
  jobLog: (id: string, cursor?: string | null) => `/jobs/${id}${query({ log: cursor })}#log`,
  editJob: (id: string) => `/jobs/${id}/edit`,
  jobVerb: (id: string, verb: JobVerbPath) => `/jobs/${id}/${verb}`,

  settings: '/settings',
  settingsPassword: '/settings/password',
  settingsSessions: '/settings/sessions',
  settingsTokens: '/settings/tokens',

  agents: '/admin/agents',
  newAgent: (suggestion?: string) => `/admin/agents/new${query({ suggestion })}`,
  agent: (id: string) => `/admin/agents/${id}`,
  pauseAgent: (id: string) => `/admin/agents/${id}/pause`,
  resumeAgent: (id: string) => `/admin/agents/${id}/resume`,
  users: '/admin/users',
  backups: '/admin/backups',

  api: {
    job: (id: string) => `/api/jobs/${id}`,
    /** One row of its log. */
    jobLog: (id: string, cursor: string) => `/api/jobs/${id}/logs${query({ cursor, limit: '1' })}`,
    agent: (id: string) => `/api/admin/agents/${id}`,
  },
} as const

export type JobVerbPath = 'cancel' | 'accept' | 'send-back' | 'answer' | 'resubmit' | 'archive'
