import type { Found, FoundAgent } from '~/domain/search/view'

const iso = (at: number | null) => (at === null ? null : new Date(at).toISOString())

export const presentFoundJob = (job: Found['jobs'][number]) => ({
  id: job.id,
  name: job.name,
  status: job.status,
  userId: job.userId,
  ownerName: job.ownerName,
  assignedAgentId: job.assignedAgentId,
  createdAt: iso(job.createdAt),
  updatedAt: iso(job.updatedAt),
  archivedAt: iso(job.archivedAt),
})

const presentFoundAgent = ({ id, name, state }: FoundAgent) => ({ id, name, state })

export const presentFound = ({ jobs, agents, hasMore }: Found) => ({
  jobs: jobs.map(presentFoundJob),
  agents: agents.map(presentFoundAgent),
  hasMore,
})
