import type { Desk } from '../desk'
import { NotFound } from '../errors'
import { sizeOf, withLongColumns } from '../long-columns.server'
import type { UserActor } from '../policy'
import type { TemplateJob, TemplateVariable, TemplateView } from './view'

type Row = Omit<TemplateView, 'job' | 'variables' | 'shared'> & {
  job: string
  variables: string
  shared: number
}

const columns = `t.id, t.ownerId, u.name AS ownerName, t.name, t.description, t.shared, t.version, t.createdAt, t.updatedAt`
const light = `${columns}, ${sizeOf('t.job', 't.variables')} AS bytes`
type Long = Pick<Row, 'id' | 'job' | 'variables'>
type Light = Omit<Row, 'job' | 'variables'> & { bytes: number }

const viewOf = ({ job, variables, shared, ...row }: Row): TemplateView => ({
  ...row,
  job: JSON.parse(job) as TemplateJob,
  variables: JSON.parse(variables) as TemplateVariable[],
  shared: shared === 1,
})

/** So many are listed of one's own, and of the shared ones of others. */
export const mostTemplates = 200

/** One's own, then what others share, each by name. */
export async function listTemplates(desk: Desk, actor: UserActor): Promise<TemplateView[]> {
  const [own, shared] = await Promise.all([
    desk.db.all<Light>(
      `SELECT ${light} FROM templates t INDEXED BY templates_name CROSS JOIN users u ON u.id = t.ownerId
       WHERE t.ownerId = ? AND t.deletedAt IS NULL ORDER BY t.name COLLATE NOCASE LIMIT ?`,
      [actor.id, mostTemplates],
    ),
    desk.db.all<Light>(
      `SELECT ${light} FROM templates t INDEXED BY templates_shared CROSS JOIN users u ON u.id = t.ownerId
       WHERE t.shared = 1 AND t.deletedAt IS NULL AND t.ownerId <> ?
       ORDER BY t.name COLLATE NOCASE, t.id LIMIT ?`,
      [actor.id, mostTemplates],
    ),
  ])
  const whole = await withLongColumns<Long, Light, 'id'>(
    desk,
    [...own, ...shared],
    'id',
    'SELECT id, job, variables FROM templates WHERE id IN (SELECT value FROM json_each(:keys))',
  )
  return whole.map(viewOf)
}

/** @throws {NotFound} where it does not exist, was removed, or is somebody else's and not shared (admins see all) */
export async function findTemplate(desk: Desk, actor: UserActor, id: string): Promise<TemplateView> {
  const row = await desk.db.first<Row>(
    `SELECT ${columns}, t.job, t.variables FROM templates t JOIN users u ON u.id = t.ownerId WHERE t.id = ? AND t.deletedAt IS NULL`,
    [id],
  )
  if (!row || (row.ownerId !== actor.id && row.shared === 0 && actor.role !== 'ADMIN'))
    throw new NotFound('This template')
  return viewOf(row)
}
