import { ulid } from 'ulid'
import type { Claim } from '~/domain/attempts/brief'
import { claimNext } from '~/domain/attempts/claim.server'
import type { Desk } from '~/domain/desk'
import { createJob } from '~/domain/jobs/create.server'
import type { NewJobInput } from '~/domain/jobs/input'
import type { Actor, UserActor } from '~/domain/policy'
import type { AgentKind, AgentState, Role } from '~db/vocabulary'

/** People and agents put straight into the database, where a test is about jobs and not about accounts. */
export async function addUser(desk: Desk, name: string, role: Role = 'USER'): Promise<UserActor> {
  const id = ulid().toLowerCase()
  await desk.db.write({
    repeatable: true,
    statements: [
      {
        sql: `INSERT INTO users (id, email, name, passwordHash, role, createdAt, updatedAt) VALUES (?, ?, ?, 'none', ?, 1, 1)`,
        args: [id, `${id}@example.com`, name, role],
      },
    ],
  })
  return { kind: 'user', id, name, role, confirmedBy: 'password' }
}

export type AgentActor = Actor & { kind: 'agent' }

export async function addAgent(
  desk: Desk,
  name: string,
  options: {
    kind?: AgentKind
    state?: AgentState
    concurrency?: number
    takesUnassigned?: boolean
    config?: object
  } = {},
): Promise<AgentActor> {
  const id = ulid().toLowerCase()
  const { kind = 'toolbox', state = 'ACTIVE', concurrency = 5, takesUnassigned = true, config = {} } = options
  await desk.db.write({
    repeatable: true,
    statements: [
      {
        sql: `INSERT INTO agents (id, name, kind, state, concurrency, takesUnassigned, config, createdAt, updatedAt)
          VALUES (?, ?, ?, ?, ?, ?, ?, 1, 1)`,
        args: [
          id,
          `${name} ${id.slice(-8)}`,
          kind,
          state,
          concurrency,
          takesUnassigned ? 1 : 0,
          JSON.stringify(config),
        ],
      },
    ],
  })
  return { kind: 'agent', id, name }
}

export async function setAgentState(desk: Desk, agent: AgentActor, state: AgentState) {
  await desk.db.write({
    repeatable: true,
    statements: [{ sql: 'UPDATE agents SET state = ? WHERE id = ?', args: [state, agent.id] }],
  })
}

export async function handIn(
  desk: Desk,
  owner: UserActor,
  input: Partial<NewJobInput> = {},
): Promise<string> {
  const whole = {
    name: 'A job',
    description: '/stats\none two',
    acceptanceCriteria: 'It counts words',
    ...input,
  }
  return (await createJob(desk, owner, whole)).id
}

export function claim(desk: Desk, agent: AgentActor, limit = 1, takesUnassigned = true): Promise<Claim[]> {
  return claimNext(desk, {
    agent: { id: agent.id, name: agent.name, takesUnassigned },
    workerId: 'test',
    leaseMs: 10_000,
    limit,
  })
}
