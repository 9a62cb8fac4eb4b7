import fc from 'fast-check'
import { expect, test } from 'vitest'
import { submitAttempt } from '~/domain/attempts/settle.server'
import { jobAttempts } from '~/domain/jobs/attempts.server'
import { findJob } from '~/domain/jobs/queries.server'
import { wellFormedJson } from '~/domain/well-formed'
import { addAgent, addUser, claim, handIn } from '../support/cast'
import { testDesk } from '../support/desk'
import { jsonBodies } from '../support/fixtures'

/** The same value with well-formed strings. */
const tidy = (value: unknown): unknown => {
  if (typeof value === 'string') return value.toWellFormed()
  if (Array.isArray(value)) return value.map(tidy)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name.toWellFormed(), tidy(each)]))
}

test.each([
  ['"\\ud83d\\ude00"', '"\\ud83d\\ude00"'],
  ['"a\\uD83Db"', '"a\\ufffdb"'],
  ['"\\ude00\\ud83d"', '"\\ufffd\\ufffd"'],
  ['"\\ud83d\\ud83d\\ude00"', '"\\ufffd\\ud83d\\ude00"'],
  ['"\\\\ud83d"', '"\\\\ud83d"'],
  ['"\\\\\\ud83d"', '"\\\\\\ufffd"'],
  ['"\\ud83d\\u0041\\n"', '"\\ufffd\\u0041\\n"'],
  ['"\ud83d"', '"\ufffd"'],
  ['{"\\udc00":[1.0,12345678901234567890]}', '{"\\ufffd":[1.0,12345678901234567890]}'],
])('%j', (json, expected) => {
  expect(wellFormedJson(json)).toBe(expected)
})

test('says the same as the values it holds, each made well-formed', () => {
  const unit = fc.constantFrom('a', '\\', '"', 'u', 'd83d', '\n', '\ud83d', '\ude00', '😀', '\ufffd')
  const value = fc.oneof(
    fc.string({ unit }),
    fc.array(fc.string({ unit })),
    fc.dictionary(fc.string({ unit }), fc.string({ unit })),
  )
  fc.assert(
    fc.property(value, (given) => {
      const json = JSON.stringify(given)
      const clean = wellFormedJson(json)
      expect(JSON.parse(clean)).toEqual(tidy(JSON.parse(json)))
      expect(wellFormedJson(clean)).toBe(clean)
    }),
  )
})

test('says the same as each JSON text of the suite', () => {
  for (const [name, body] of jsonBodies.filter(([each]) => /^(y_|string_|object_|number_)/.test(each))) {
    const json = new TextDecoder().decode(body)
    expect(JSON.parse(wellFormedJson(json)), name).toEqual(tidy(JSON.parse(json)))
  }
})

test('a result is well-formed where it is kept and where an older one is read', async () => {
  const { desk } = await testDesk()
  const owner = await addUser(desk, 'Olive')
  const agent = await addAgent(desk, 'Agent')
  const id = await handIn(desk, owner, { agentId: agent.id })
  const [held] = await claim(desk, agent)
  if (!held) throw new Error('nothing claimed')
  await submitAttempt(desk, agent, held.lease, {
    result: '{"n":1.0,"half":"\\ud83d"}',
    usage: '{"finishReason":"\\ude00"}',
  })
  const job = await findJob(desk, owner, id)
  expect(job.result).toBe('{"n":1.0,"half":"\\ufffd"}')
  expect((await jobAttempts(desk, owner, id)).rows[0]).toMatchObject({
    result: job.result,
    usage: '{"finishReason":"\\ufffd"}',
  })
})
