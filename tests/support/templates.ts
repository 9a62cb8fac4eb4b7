import { ulid } from 'ulid'
import type { Desk } from '~/domain/desk'
import type { UserActor } from '~/domain/policy'
import type { TemplateJob, TemplateVariable } from '~/domain/templates/view'

/** Templates put straight into the database, where a test is about what is made from them. */

const job: TemplateJob = {
  name: 'Report on {{topic}}',
  description: '/stats\n{{topic}}',
  acceptanceCriteria: 'It counts words',
  ...{ agentId: null, priority: null, maxAttempts: null, timeoutSeconds: null, review: null },
  ...{ tags: [], metadata: {} },
}

const needed = (name: string, label: string): TemplateVariable => ({
  ...{ name, label, type: 'text', required: true, default: null },
})

/** One that needs a `topic`. @returns its id */
export async function addTemplate(
  desk: Desk,
  owner: UserActor,
  change: Partial<TemplateJob> = {},
  { shared = false } = {},
): Promise<string> {
  const id = ulid().toLowerCase()
  await desk.db.write({
    repeatable: true,
    statements: [
      {
        sql: `INSERT INTO templates (id, ownerId, name, job, variables, shared, createdAt, updatedAt)
          VALUES (?, ?, ?, ?, ?, ?, 1, 1)`,
        args: [
          ...[id, owner.id, `Report ${id}`, JSON.stringify({ ...job, ...change })],
          ...[JSON.stringify([needed('topic', 'Topic')]), shared ? 1 : 0],
        ],
      },
    ],
  })
  return id
}

const set = (desk: Desk, id: string, change: string, value: string | number) =>
  desk.db.write({
    repeatable: true,
    statements: [{ sql: `UPDATE templates SET ${change} = ? WHERE id = ?`, args: [value, id] }],
  })

export const shareTemplate = (desk: Desk, id: string, shared: boolean) =>
  set(desk, id, 'shared', shared ? 1 : 0)

export const dropTemplate = (desk: Desk, id: string) => set(desk, id, 'deletedAt', 1)

/** From now on it needs one more. */
export const needMore = (desk: Desk, id: string, name: string, label: string) =>
  set(desk, id, 'variables', JSON.stringify([needed('topic', 'Topic'), needed(name, label)]))
