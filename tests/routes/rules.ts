import type { TokenScope } from '~/domain/accounts/limits'

/**
 * Who may call what: the table that every built route must stand in.
 *
 * - `anyone`: answers without signing in
 * - `user`: whoever is signed in
 * - `owner`: signed in, and the job is theirs (or they are an admin); to others it is not there
 * - `admin`: admins; to others it is not there
 */
export type TableRule = 'anyone' | 'user' | 'owner' | 'admin'

export interface RouteRules {
  loader?: TableRule
  action?: TableRule
  /** A JSON resource: bearer tokens, problem+json, no page. */
  api?: true
  /** What it answers with does not end by itself. */
  stream?: true
  /** Its action's methods, where they are not POST alone. */
  methods?: ('POST' | 'PATCH' | 'DELETE')[]
  /** A resource: the scope that a token needs to read and to change. None where anyone may. */
  scopes?: { read?: TokenScope; change?: TokenScope }
}

const page = (loader: TableRule, action?: TableRule): RouteRules => ({ loader, action })
const api = (rule: TableRule, methods?: RouteRules['methods']): RouteRules => ({
  ...{ loader: rule, action: rule, api: true },
  methods,
  scopes: rule === 'admin' ? { read: 'admin', change: 'admin' } : { read: 'read', change: 'write' },
})
const stream = (rule: TableRule): RouteRules => ({ ...api(rule, []), stream: true })
/** Takes POST alone: a GET is answered 405, whoever asks. */
const verb = (rule: TableRule, methods?: RouteRules['methods']): RouteRules => ({
  ...{ loader: 'anyone', action: rule, api: true },
  methods,
  scopes: { change: rule === 'admin' ? 'admin' : 'write' },
})

export const rules: Record<string, RouteRules> = {
  root: page('anyone'),
  'routes/home': page('anyone', 'anyone'),
  'routes/not-found': page('anyone', 'anyone'),

  'routes/auth/login': page('anyone', 'anyone'),
  'routes/auth/login-code': page('anyone', 'anyone'),
  'routes/auth/two-factor': page('user', 'user'),
  'routes/auth/signup': page('anyone', 'anyone'),
  'routes/auth/logout': page('anyone', 'anyone'),
  'routes/auth/setup': page('anyone', 'anyone'),
  'routes/auth/password': page('anyone', 'anyone'),
  'routes/auth/invite': page('anyone', 'anyone'),

  'routes/frame': page('user'),
  'routes/jobs/list': page('user'),
  'routes/jobs/new': page('user', 'user'),
  'routes/jobs/detail': page('owner'),
  'routes/jobs/edit': page('owner', 'owner'),
  'routes/jobs/cancel': page('owner', 'owner'),
  'routes/jobs/accept': page('owner', 'owner'),
  'routes/jobs/send-back': page('owner', 'owner'),
  'routes/jobs/answer': page('owner', 'owner'),
  'routes/jobs/resubmit': page('owner', 'owner'),
  'routes/jobs/archive': page('owner', 'owner'),
  'routes/jobs/undo': page('owner', 'owner'),
  'routes/jobs/tags': page('owner', 'owner'),
  'routes/jobs/export': page('user'),

  'routes/batches/list': page('user'),
  'routes/batches/new': page('user', 'user'),
  'routes/batches/detail': page('owner'),
  'routes/batches/confirm': page('owner', 'owner'),
  'routes/batches/stop': page('owner', 'owner'),
  'routes/batches/retry': page('owner', 'owner'),
  'routes/batches/drop': page('owner', 'owner'),

  'routes/templates/list': page('user'),
  'routes/templates/new': page('user', 'user'),
  'routes/templates/detail': page('owner', 'owner'),
  'routes/templates/edit': page('owner', 'owner'),
  'routes/templates/csv': page('owner', 'owner'),
  'routes/templates/remove': page('owner', 'owner'),
  'routes/schedules/list': page('user'),
  'routes/schedules/new': page('user', 'user'),
  'routes/schedules/detail': page('owner'),
  'routes/schedules/edit': page('owner', 'owner'),
  'routes/schedules/pause': page('owner', 'owner'),
  'routes/schedules/resume': page('owner', 'owner'),
  'routes/schedules/run': page('owner', 'owner'),
  'routes/schedules/remove': page('owner', 'owner'),

  'routes/search/page': page('user'),
  'routes/jobs/next-review': page('user'),
  'routes/views/list': page('user', 'user'),
  'routes/views/view': page('user', 'user'),
  'routes/views/remove': page('user', 'user'),

  'routes/settings/page': page('user'),
  'routes/settings/preferences': page('user', 'user'),
  'routes/settings/password': page('user', 'user'),
  'routes/settings/sessions': page('user', 'user'),
  'routes/settings/tokens': page('user', 'user'),
  'routes/settings/two-factor': page('user', 'user'),

  'routes/admin/overview': page('admin'),
  'routes/admin/jobs/list': page('admin'),
  'routes/admin/jobs/detail': page('admin'),
  'routes/admin/jobs/edit': page('admin', 'admin'),
  'routes/admin/jobs/resubmit': page('admin', 'admin'),
  'routes/admin/jobs/complete': page('admin', 'admin'),
  'routes/admin/jobs/reassign': page('admin', 'admin'),
  'routes/admin/jobs/cancel': page('admin', 'admin'),
  'routes/admin/jobs/accept': page('admin', 'admin'),
  'routes/admin/jobs/send-back': page('admin', 'admin'),
  'routes/admin/jobs/answer': page('admin', 'admin'),
  'routes/admin/jobs/archive': page('admin', 'admin'),
  'routes/admin/jobs/tags': page('admin', 'admin'),
  'routes/admin/jobs/undo': page('admin', 'admin'),
  'routes/admin/jobs/export': page('admin'),
  'routes/admin/jobs/purge': page('admin', 'admin'),

  'routes/admin/agents': page('admin'),
  'routes/admin/agent-new': page('admin', 'admin'),
  'routes/admin/agent': page('admin', 'admin'),
  'routes/admin/agent-pause': page('admin', 'admin'),
  'routes/admin/agent-resume': page('admin', 'admin'),
  'routes/admin/agent-retire': page('admin', 'admin'),
  'routes/admin/agent-test': page('admin', 'admin'),
  'routes/admin/users': page('admin'),
  'routes/admin/invitations': page('admin', 'admin'),
  'routes/admin/user': page('admin', 'admin'),
  'routes/admin/user-tokens': page('admin', 'admin'),
  'routes/admin/audit': page('admin'),
  'routes/admin/retention': page('admin', 'admin'),
  'routes/admin/backups': page('admin', 'admin'),
  'routes/admin/backup': page('admin', 'admin'),
  'routes/admin/backup-file': page('admin'),

  'routes/events': stream('user'),
  'routes/admin/events': stream('admin'),
  'routes/api/events': stream('user'),
  'routes/api/admin-events': stream('admin'),
  'routes/api/job-events': stream('owner'),

  'routes/api/jobs': api('user'),
  'routes/api/job': api('owner', ['PATCH', 'DELETE']),
  'routes/api/search': api('user', []),
  'routes/api/job-logs': api('owner', []),
  'routes/api/log-request': api('owner', []),
  'routes/api/log-response': api('owner', []),
  'routes/api/job-result': api('owner', []),
  'routes/api/job-result-image': api('owner', []),
  'routes/api/job-attempts': api('owner', []),
  'routes/api/attempt-result': api('owner', []),
  'routes/api/job-archive': verb('owner'),
  'routes/api/job-cancel': verb('owner'),
  'routes/api/job-accept': verb('owner'),
  'routes/api/job-send-back': verb('owner'),
  'routes/api/job-answer': verb('owner'),
  'routes/api/job-resubmit': verb('owner'),
  'routes/api/job-tags': verb('owner'),
  'routes/api/job-undo': verb('owner'),
  'routes/api/jobs-export': api('user', []),
  'routes/api/batches': api('user'),
  'routes/api/batch': api('owner', []),
  'routes/api/batch-items': api('owner', []),
  'routes/api/batch-stop': verb('owner'),
  'routes/api/batch-retry': verb('owner'),
  'routes/api/agents': api('user', []),
  'routes/api/templates': api('user'),
  'routes/api/template': api('owner', ['PATCH', 'DELETE']),
  'routes/api/template-jobs': verb('owner'),
  'routes/api/template-csv': verb('owner'),
  'routes/api/template-imports': verb('owner'),
  'routes/api/schedules': api('user'),
  'routes/api/schedules-next': api('user', []),
  'routes/api/schedule': api('owner', ['PATCH', 'DELETE']),
  'routes/api/schedule-pause': verb('owner'),
  'routes/api/schedule-resume': verb('owner'),
  'routes/api/schedule-run': verb('owner'),
  'routes/api/views': api('user'),
  'routes/api/view': api('user', ['PATCH', 'DELETE']),
  'routes/api/admin-overview': api('admin', []),
  'routes/api/admin-jobs': api('admin', []),
  'routes/api/admin-job': api('admin', ['DELETE']),
  'routes/api/admin-job-resubmit': verb('admin'),
  'routes/api/admin-job-complete': verb('admin'),
  'routes/api/admin-job-reassign': verb('admin'),
  'routes/api/admin-job-archive': verb('admin'),
  'routes/api/admin-job-cancel': verb('admin'),
  'routes/api/admin-job-purge': verb('admin'),
  'routes/api/admin-job-tags': verb('admin'),
  'routes/api/admin-job-undo': verb('admin'),
  'routes/api/admin-jobs-export': api('admin', []),
  'routes/api/admin-agents': api('admin'),
  'routes/api/admin-agent': api('admin', ['PATCH']),
  'routes/api/admin-agent-pause': verb('admin'),
  'routes/api/admin-agent-resume': verb('admin'),
  'routes/api/admin-agent-retire': verb('admin'),
  'routes/api/admin-agent-test': verb('admin'),
  'routes/api/admin-users': api('admin', []),
  'routes/api/admin-user': api('admin', []),
  'routes/api/admin-make-admin': verb('admin'),
  'routes/api/admin-remove-admin': verb('admin'),
  'routes/api/admin-user-disable': verb('admin'),
  'routes/api/admin-user-enable': verb('admin'),
  'routes/api/admin-reset-2fa': verb('admin'),
  'routes/api/admin-user-tokens': api('admin', []),
  'routes/api/admin-user-token': verb('admin', ['DELETE']),
  'routes/api/admin-reset-password': verb('admin'),
  'routes/api/admin-invitations': api('admin'),
  'routes/api/admin-invitation': verb('admin', ['DELETE']),
  'routes/api/admin-audit': api('admin', []),
  'routes/api/admin-retention': api('admin', ['PATCH']),
  'routes/api/admin-backups': api('admin'),
  'routes/api/admin-backup': api('admin', ['DELETE']),
  'routes/api/admin-restore': verb('admin', ['POST', 'DELETE']),
  'routes/api/settings': api('user', ['PATCH']),
  'routes/api/tokens': { action: 'anyone', loader: 'user', api: true, scopes: { read: 'read' } },
  'routes/api/token': verb('owner', ['DELETE']),
  'routes/api/not-found': { loader: 'anyone', action: 'anyone', api: true },
  'routes/healthz': { loader: 'anyone', action: 'anyone', api: true, methods: [] },
  'routes/readyz': { loader: 'anyone', action: 'anyone', api: true, methods: [] },
}
