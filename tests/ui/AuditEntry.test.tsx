import { screen } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import { type AuditAction, allAuditActions } from '~/domain/audit-actions'
import type { AuditView } from '~/domain/audit-view'
import { AuditEntry } from '~/ui/AuditEntry'
import { auditWords } from '~/ui/audit-words'
import { show } from './render'

const entry: AuditView = {
  id: '01abc',
  at: Date.UTC(2026, 0, 2, 3, 4, 5),
  actorKind: 'user',
  actorId: 'u1',
  actorName: 'Ada',
  actorEmail: 'ada@example.com',
  action: 'agent.retire',
  subjectKind: 'agent',
  subjectId: 'a1',
  subjectName: 'Toolbox',
  subjectEmail: null,
  detail: null,
  address: '192.0.2.1',
}

const textOf = (changes: Partial<AuditView>) =>
  show(() => <AuditEntry entry={{ ...entry, ...changes }} />).container.textContent

describe('AuditEntry', () => {
  it('is a sentence, with the time, the code and where it came from', () => {
    expect(textOf({})).toBe('Ada retired the agent Toolbox2 Jan 2026, 03:04:05 UTCagent.retirefrom 192.0.2.1')
    expect(screen.getByRole('link', { name: 'Ada' }).getAttribute('href')).toBe(
      '/admin/users/ada%40example.com',
    )
    expect(screen.getByRole('link', { name: 'Toolbox' }).getAttribute('href')).toBe('/admin/agents/a1')
    expect(screen.getByRole('link', { name: 'agent.retire' }).getAttribute('href')).toBe(
      '/admin/audit?action=agent.retire',
    )
  })

  it.each<[Partial<AuditView>, string]>([
    [
      {
        action: 'make-admin',
        subjectKind: 'user',
        subjectId: 'u2',
        subjectName: 'Bob',
        subjectEmail: 'b@x.org',
      },
      'Ada made Bob an admin',
    ],
    [{ action: 'user.disable', subjectKind: 'user', subjectId: 'u1' }, 'Ada disabled themselves'],
    [{ action: 'sign-in', subjectKind: 'session', subjectId: 's1', subjectName: null }, 'Ada signed in'],
    [
      {
        action: 'invite.create',
        subjectKind: 'link',
        subjectName: null,
        detail: { email: 'b@x.org', role: 'USER' },
      },
      'Ada invited b@x.org',
    ],
    [
      {
        ...{ actorKind: 'system', actorId: null, actorName: null, actorEmail: null, subjectKind: null },
        ...{ action: 'sign-in.failed', subjectId: null, subjectName: null, detail: { email: 'b@x.org' } },
      },
      'Somebody failed to sign in as b@x.org',
    ],
    [
      { actorKind: 'system', actorId: null, actorName: null, actorEmail: null, action: 'setup' },
      'Docket set up this Docket',
    ],
    [
      { action: 'job.purge', subjectKind: 'job', subjectName: null, detail: { name: 'Count', version: 3 } },
      'Ada purged the job Count',
    ],
    [{ action: 'old.code' as AuditAction }, 'Ada did old.code Toolbox'],
  ])('%o', (changes, sentence) => {
    expect(textOf(changes)?.startsWith(`${sentence}2 Jan`)).toBe(true)
  })

  it('shows what else was written down, but nothing twice and nothing empty', () => {
    const detail = {
      name: 'Toolbox',
      kind: 'command',
      changed: ['name', 'config'],
      successorId: null,
      size: 12,
    }
    expect(textOf({ detail })).toContain('from 192.0.2.1kind: commandchanged: name, configsize: 12')
    expect(screen.queryByText(/successorId|name: Toolbox/)).toBeNull()
  })

  it('says in words what became of a job, and who got it', () => {
    const job = { subjectKind: 'job', subjectName: 'Count', action: 'job.reassign' } as const
    const detail = { name: 'Count', version: 4, statusBefore: 'IN_PROGRESS', statusAfter: 'ASSIGNED' }
    expect(textOf({ ...job, detail: { ...detail, agentId: 'a2', agent: 'Heir' } })).toContain(
      'status: In progress → Assignedagent: Heirversion: 4',
    )
    expect(screen.getByRole('link', { name: 'Heir' }).getAttribute('href')).toBe('/admin/agents/a2')
    const completed = { statusBefore: 'FAILED', statusAfter: 'COMPLETED', reason: 'Told by phone' }
    expect(textOf({ ...job, action: 'job.complete', detail: completed })).toContain(
      'status: Failed → Completedreason: Told by phone',
    )
    expect(textOf({ ...job, detail: { statusBefore: 'FAILED', statusAfter: 'FAILED' } })).toMatch(
      /status: Failed$/,
    )
  })

  it('links no job that is gone, and keeps a name from turning what is around it', () => {
    show(() => (
      <AuditEntry
        entry={{ ...entry, subjectKind: 'job', subjectName: null, detail: { name: '\u202eeno' } }}
      />
    ))
    expect(screen.queryByRole('link', { name: /eno/ })).toBeNull()
    expect(screen.getByText('\ufffdeno').tagName).toBe('BDI')
  })

  it('has words and a name of its own for every action', () => {
    const labels = allAuditActions.map((action) => auditWords[action].label)
    expect(new Set(labels).size).toBe(allAuditActions.length)
  })
})
