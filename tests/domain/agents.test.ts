import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createAgent } from '~/domain/agents/create.server'
import { editAgent } from '~/domain/agents/edit.server'
import type { NewAgentInput } from '~/domain/agents/input'
import { pauseAgent, resumeAgent } from '~/domain/agents/pause.server'
import { findAgent, listAgentChoices, listAgents } from '~/domain/agents/queries.server'
import type { Desk } from '~/domain/desk'
import { Conflict, Forbidden, Invalid, NotFound } from '~/domain/errors'
import type { UserActor } from '~/domain/policy'
import { addAgent, addUser, claim, handIn } from '../support/cast'
import { type TestDesk, testDesk } from '../support/desk'

let desk: Desk
let stage: TestDesk
let admin: UserActor

const toolbox: NewAgentInput = {
  name: 'Toolbox',
  kind: 'toolbox',
  description: '',
  concurrency: 2,
  takesUnassigned: true,
  config: {},
}
const command: NewAgentInput = {
  ...toolbox,
  name: 'Script',
  kind: 'command',
  config: { argv: ['node', 'x.mjs'] },
}

describe.each(['file', 'server'] as const)('on a %s', (on) => {
  beforeEach(async () => {
    stage = await testDesk(on)
    desk = stage.desk
    admin = await addUser(desk, 'Ada', 'ADMIN')
  })
  afterEach(() => stage.close())

  test('an agent is made, with the defaults of its settings', async () => {
    const made = await createAgent(desk, admin, command)
    expect(made).toMatchObject({
      name: 'Script',
      state: 'ACTIVE',
      version: 1,
      running: 0,
      takesUnassigned: true,
    })
    expect(made.config).toMatchObject({ argv: ['node', 'x.mjs'], timeoutSeconds: 1800 })
    expect(await findAgent(desk, made.id)).toEqual(made)
    expect(await desk.db.all('SELECT action, actorId FROM audit')).toEqual([
      { action: 'agent.create', actorId: admin.id },
    ])
  })

  test('a taken name, bad settings and people who are no admins are refused', async () => {
    await createAgent(desk, admin, toolbox)
    await expect(createAgent(desk, admin, { ...command, name: 'Toolbox' })).rejects.toMatchObject({
      fields: { name: [expect.any(String)] },
    })
    const bad = await createAgent(desk, admin, { ...command, config: { argv: [], timeoutSeconds: 0 } }).catch(
      (error: unknown) => error,
    )
    expect((bad as Invalid).fields.config).toEqual([
      'argv: Name the program to run.',
      'timeoutSeconds: At least 1 second.',
    ])
    const bob = await addUser(desk, 'Bob')
    await expect(createAgent(desk, bob, command)).rejects.toBeInstanceOf(Forbidden)
    await expect(editAgent(desk, bob, 'x', {})).rejects.toBeInstanceOf(Forbidden)
    await expect(pauseAgent(desk, bob, 'x')).rejects.toBeInstanceOf(Forbidden)
    expect(await listAgents(desk)).toHaveLength(1)
  })

  test('a change touches what is given, under the version that was seen', async () => {
    const made = await createAgent(desk, admin, command)
    const edited = await editAgent(desk, admin, made.id, {
      concurrency: 7,
      takesUnassigned: false,
      version: 1,
    })
    expect(edited).toMatchObject({ name: 'Script', concurrency: 7, takesUnassigned: false, version: 2 })
    expect(edited.config).toEqual(made.config)
    await expect(editAgent(desk, admin, made.id, { name: 'Late', version: 1 })).rejects.toMatchObject({
      reason: 'stale_version',
    })
    await createAgent(desk, admin, toolbox)
    await expect(editAgent(desk, admin, made.id, { name: 'Toolbox' })).rejects.toBeInstanceOf(Invalid)
    await expect(editAgent(desk, admin, made.id, { config: { argv: 1 } })).rejects.toBeInstanceOf(Invalid)
    await expect(editAgent(desk, admin, 'nobody', { name: 'x' })).rejects.toBeInstanceOf(NotFound)
  })

  test('an agent is paused and resumed; a retired one stays as it was', async () => {
    const { id } = await createAgent(desk, admin, toolbox)
    expect((await pauseAgent(desk, admin, id)).state).toBe('PAUSED')
    expect((await pauseAgent(desk, admin, id)).version).toBe(2)
    expect((await resumeAgent(desk, admin, id)).state).toBe('ACTIVE')
    await expect(resumeAgent(desk, admin, 'nobody')).rejects.toBeInstanceOf(NotFound)
    const retired = await addAgent(desk, 'Old', { state: 'RETIRED' })
    await expect(pauseAgent(desk, admin, retired.id)).rejects.toBeInstanceOf(Conflict)
    await expect(editAgent(desk, admin, retired.id, { name: 'New' })).rejects.toMatchObject({
      reason: 'wrong_status',
    })
    expect((await listAgentChoices(desk)).map((agent) => agent.id)).toEqual([id])
    expect(await listAgents(desk)).toHaveLength(2)
  })

  test('lists say how many attempts run', async () => {
    const agent = await addAgent(desk, 'Worker', { concurrency: 5 })
    for (let n = 0; n < 3; n++) await handIn(desk, admin)
    await claim(desk, agent, 2)
    expect((await listAgents(desk))[0]).toMatchObject({ running: 2, concurrency: 5 })
    expect((await listAgentChoices(desk))[0]).toMatchObject({ running: 2, takesUnassigned: true })
    const plan = await desk.db.all<{ detail: string }>(
      'EXPLAIN QUERY PLAN SELECT count(*) FROM attempts t WHERE t.agentId = ? AND t.endedAt IS NULL',
      ['x'],
    )
    expect(plan[0]?.detail).toContain('attempts_agent_live')
  })
})
