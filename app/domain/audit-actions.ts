/**
 * All that leaves a row in the audit, by what it is about. The codes are stored: one that is renamed leaves the old
 * rows behind. Pure.
 */
export const auditActions = {
  signingIn: ['sign-in', 'sign-in.failed', 'sign-up', 'sign-out', 'session.end', 'session.end-others'],
  credentials: [
    'token.create',
    'token.revoke',
    'password.change',
    'password.change-failed',
    'password.confirm-failed',
    'password.reset-link',
    'password.reset',
    'two-factor.enable',
    'two-factor.disable',
    'two-factor.reset',
    'two-factor.new-codes',
    'two-factor.code',
    'two-factor.recovery-code',
    'two-factor.failed',
  ],
  people: [
    'setup.link',
    'setup',
    'invite.create',
    'invite.withdraw',
    'invite.accept',
    'make-admin',
    'remove-admin',
    'user.disable',
    'user.enable',
  ],
  agents: ['agent.create', 'agent.edit', 'agent.pause', 'agent.resume', 'agent.retire', 'agent.test'],
  jobs: [
    'job.edit',
    'job.assign',
    'job.reassign',
    'job.answer',
    'job.accept',
    'job.sendBack',
    'job.cancel',
    'job.resubmit',
    'job.complete',
    'job.archive',
    'job.tag',
    'job.undo',
    'job.purge',
    'batch.start',
    'batch.stop',
    'retention.edit',
    'retention.run',
  ],
  templates: ['template.edit', 'template.remove'],
  schedules: ['schedule.pause', 'schedule.remove'],
  database: ['backup', 'backup.download', 'backup.delete', 'restore.stage', 'restore.cancel', 'restore'],
} as const satisfies Record<string, readonly string[]>

export type AuditGroup = keyof typeof auditActions
export type AuditAction = (typeof auditActions)[AuditGroup][number]

export const allAuditActions: AuditAction[] = Object.values(auditActions).flat()
