import { completeSetup, setupLink } from '~/domain/accounts/setup.server'
import { signUp } from '~/domain/accounts/sign-up.server'
import { createAgent } from '~/domain/agents/create.server'
import { newAgentInput } from '~/domain/agents/input'
import { listAgents } from '~/domain/agents/queries.server'
import type { AgentView } from '~/domain/agents/view'
import type { Desk } from '~/domain/desk'
import type { UserActor } from '~/domain/policy'
import type { Database } from '~db/client.server'
import type { Role } from '~db/vocabulary'

/** The same for all four: this database is for looking around. */
export const password = 'just looking around'

export const admin = { name: 'Grace Okafor', email: 'grace@example.com', role: 'ADMIN' as Role }
export const users = [
  { name: 'Olivia Brandt', email: 'olivia@example.com', role: 'USER' as Role },
  { name: 'Samir Haddad', email: 'samir@example.com', role: 'USER' as Role },
  { name: 'Mei Tanaka', email: 'mei@example.com', role: 'USER' as Role },
]

/** What else there is beside the two offline agents of the setup. */
const moreAgents = [
  {
    name: 'Sorter',
    kind: 'command',
    description: 'Runs examples/agents/ask.mjs: sorts lines, and asks when it is not told in which order.',
    concurrency: 2,
    config: { argv: ['node', '{root}/examples/agents/ask.mjs'], timeoutSeconds: 60 },
  },
  {
    name: 'Paint watcher',
    kind: 'command',
    description:
      'Runs examples/agents/watch-paint-dry.mjs: takes minutes, and says every second how far it is.',
    concurrency: 2,
    config: { argv: ['node', '{root}/examples/agents/watch-paint-dry.mjs'], timeoutSeconds: 7200 },
  },
  {
    name: 'Night shift',
    kind: 'command',
    description: 'Runs examples/agents/checksum.sh. Paused while the night watchman is on holiday.',
    concurrency: 1,
    config: { argv: ['sh', '{root}/examples/agents/checksum.sh'], timeoutSeconds: 60 },
  },
]

export type AgentName = 'Toolbox' | 'Local command' | 'Sorter' | 'Paint watcher' | 'Night shift'

export interface Cast {
  admin: UserActor
  /** In the order of `users`. */
  users: UserActor[]
  agents: Map<AgentName, AgentView>
}

/** Everybody, as they would come by the pages: the setup link, then sign-up, then the page of agents. */
export async function assemble(desk: Desk): Promise<Cast> {
  const client = { address: '127.0.0.1', userAgent: null }
  const link = await setupLink(desk, 'http://127.0.0.1')
  const token = link && new URL(link).searchParams.get('token')
  if (!token) throw new Error('This database has an admin already: the demo fills an empty one.')
  await completeSetup(desk, token, { ...admin, password, examples: true }, client)
  for (const user of users) {
    await signUp(desk, 'open', { ...user, password, passwordConfirm: password }, client)
  }
  const chief = await actor(desk.db, admin.email)
  for (const agent of moreAgents) await createAgent(desk, chief, newAgentInput.parse(agent))
  const agents = await listAgents(desk)
  return {
    admin: chief,
    users: await Promise.all(users.map(({ email }) => actor(desk.db, email))),
    agents: new Map(agents.map((agent) => [agent.name as AgentName, agent])),
  }
}

async function actor(db: Database, email: string): Promise<UserActor> {
  const user = await db.first<{ id: string; name: string; role: Role }>(
    'SELECT id, name, role FROM users WHERE email = ?',
    [email],
  )
  if (!user) throw new Error(`No account ${email}`)
  return { kind: 'user', ...user }
}
