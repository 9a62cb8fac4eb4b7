import type { JobSummary } from './view'
import { hiddenColumns, type Stored } from './waiting.server'

/** Jobs as the database answers for them. */

export const summaryColumns = `j.id, j.name, j.status, j.priority, j.userId, u.name AS ownerName, j.assignedAgentId,
  a.name AS agentName, d.name AS lastAgentName, j.failures, j.attemptCount, j.maxAttempts, j.runAfter, j.version, j.createdAt, j.updatedAt,
  j.closedAt, j.archivedAt, j.completedByAdmin, j.tags, j.metadata, ${hiddenColumns}`
export const namesJoined = `CROSS JOIN users u ON u.id = j.userId LEFT JOIN agents a ON a.id = j.assignedAgentId
  LEFT JOIN attempts t ON t.jobId = j.id AND t.number = j.attemptCount LEFT JOIN agents d ON d.id = t.agentId`

interface Labels {
  tags: string
  metadata: string
}

export type StoredSummary = Stored<JobSummary>
export type StoredRow<View extends JobSummary> = Omit<Stored<View>, 'completedByAdmin' | keyof Labels> &
  Labels & { completedByAdmin: number }

export const labelsOf = ({ tags, metadata }: Labels) => ({
  tags: JSON.parse(tags) as string[],
  metadata: JSON.parse(metadata) as Record<string, string>,
})

export const stored = <Read extends Labels & { completedByAdmin: number }>(row: Read) => ({
  ...row,
  ...labelsOf(row),
  completedByAdmin: row.completedByAdmin === 1,
})
