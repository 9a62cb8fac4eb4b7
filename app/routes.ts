import { index, layout, type RouteConfig, route } from '@remix-run/route-config'

/** The whole URL map. Its other half, every URL we link to, is `paths.ts`. */
export default [
  index('routes/home.ts'),

  route('login', 'routes/auth/login.tsx'),
  route('signup', 'routes/auth/signup.tsx'),
  route('logout', 'routes/auth/logout.tsx'),
  route('setup', 'routes/auth/setup.tsx'),
  route('password', 'routes/auth/password.tsx'),

  layout('routes/frame.tsx', [
    route('jobs', 'routes/jobs/list.tsx'),
    route('jobs/new', 'routes/jobs/new.tsx'),
    route('jobs/:id/edit', 'routes/jobs/edit.tsx'),
    route('jobs/:id', 'routes/jobs/detail.tsx', [
      route('cancel', 'routes/jobs/cancel.tsx'),
      route('accept', 'routes/jobs/accept.tsx'),
      route('send-back', 'routes/jobs/send-back.tsx'),
      route('answer', 'routes/jobs/answer.tsx'),
      route('resubmit', 'routes/jobs/resubmit.tsx'),
      route('archive', 'routes/jobs/archive.tsx'),
    ]),

    route('settings', 'routes/settings/page.tsx'),
    route('settings/password', 'routes/settings/password.tsx'),
    route('settings/sessions', 'routes/settings/sessions.tsx'),
    route('settings/tokens', 'routes/settings/tokens.tsx'),

    route('admin/agents', 'routes/admin/agents.tsx', [
      route('new', 'routes/admin/agent-new.tsx'),
      route(':id', 'routes/admin/agent.tsx'),
      route(':id/pause', 'routes/admin/agent-pause.tsx'),
      route(':id/resume', 'routes/admin/agent-resume.tsx'),
    ]),
    route('admin/users', 'routes/admin/users.tsx'),
    route('admin/backups', 'routes/admin/backups.tsx'),
  ]),

  route('api/jobs', 'routes/api/jobs.ts'),
  route('api/jobs/:id', 'routes/api/job.ts'),
  route('api/jobs/:id/logs', 'routes/api/job-logs.ts'),
  route('api/jobs/:id/attempts', 'routes/api/job-attempts.ts'),
  route('api/jobs/:id/cancel', 'routes/api/job-cancel.ts'),
  route('api/jobs/:id/accept', 'routes/api/job-accept.ts'),
  route('api/jobs/:id/send-back', 'routes/api/job-send-back.ts'),
  route('api/jobs/:id/answer', 'routes/api/job-answer.ts'),
  route('api/jobs/:id/resubmit', 'routes/api/job-resubmit.ts'),
  route('api/agents', 'routes/api/agents.ts'),
  route('api/tokens', 'routes/api/tokens.ts'),
  route('api/admin/agents', 'routes/api/admin-agents.ts'),
  route('api/admin/agents/:id', 'routes/api/admin-agent.ts'),
  route('api/admin/users/:email/make-admin', 'routes/api/admin-make-admin.ts'),
  route('api/admin/users/:email/reset-password', 'routes/api/admin-reset-password.ts'),
  route('api/admin/backups', 'routes/api/admin-backups.ts'),
  route('api/admin/restore', 'routes/api/admin-restore.ts'),
  route('api/*', 'routes/api/not-found.ts'),

  route('healthz', 'routes/healthz.ts'),
  route('readyz', 'routes/readyz.ts'),
  route('*', 'routes/not-found.tsx'),
] satisfies RouteConfig
