import { afterAll, beforeAll, expect, test } from 'vitest'
import { createJobs } from '~/domain/jobs/create.server'
import { newJobInput } from '~/domain/jobs/input'
import { readJobFilter } from '~/domain/jobs/list-filter.server'
import { findJob, listJobs } from '~/domain/jobs/queries.server'
import type { UserActor } from '~/domain/policy'
import { search } from '~/domain/search/search.server'
import { fillTemplate } from '~/domain/templates/fill'
import { addUser } from '../support/cast'
import { type TestDesk, testDesk } from '../support/desk'
import { naughtyStrings } from '../support/fixtures'

let stage: TestDesk
let owner: UserActor
beforeAll(async () => {
  stage = await testDesk()
  owner = await addUser(stage.desk, 'Olive')
})
afterAll(() => stage.close())

const plain = { name: 'A name', description: 'A description', acceptanceCriteria: 'A criterion' }

test('as the fields of jobs they are refused with a sentence, or come back as they were', async () => {
  const inputs = naughtyStrings.map((text) => {
    const sent = { name: text, description: text, acceptanceCriteria: text, metadata: { text }, tags: [text] }
    const read = newJobInput.safeParse(sent)
    const refused = new Set(read.error?.issues.map(({ path, message }) => (message ? path[0] : '')))
    // what is not refused is taken without the rest
    const kept = Object.entries(sent).filter(([field]) => !refused.has(field))
    return newJobInput.parse({ ...plain, ...Object.fromEntries(kept) })
  })
  const ids = await createJobs(stage.desk, owner, inputs)
  let taken = 0
  for (const [at, id] of ids.entries()) {
    const job = await findJob(stage.desk, owner, id)
    const text = (naughtyStrings[at] as string).trim()
    for (const field of ['name', 'description', 'acceptanceCriteria'] as const) {
      if (job[field] === plain[field]) continue
      taken++
      expect(job[field]).toBe(text)
    }
    if (job.metadata.text !== undefined) expect(job.metadata.text).toBe(text)
  }
  expect(taken).toBeGreaterThan(2.5 * naughtyStrings.length)
})

test('as what is searched for they find something, nothing, or are told not to be understood', async () => {
  const { desk } = stage
  for (const q of naughtyStrings) {
    const { filter, errors } = await readJobFilter(desk, owner, 'own', { q })
    if (Object.keys(errors).length > 0) {
      expect(Object.values(errors).flat().join('')).toMatch(/[.”]$/)
      continue
    }
    const { rows } = await listJobs(desk, owner, { scope: 'own', filter, limit: 5 })
    expect(rows.length).toBeLessThanOrEqual(5)
    expect(await search(desk, owner, q)).toHaveProperty('jobs')
  }
})

test('as the values of a template they are filled in once, whatever is in them', () => {
  const unset = { agentId: null, priority: null, maxAttempts: null, timeoutSeconds: null, review: null }
  const job = { ...plain, ...unset, description: 'About {{what}}', tags: [], metadata: {} }
  const what = { name: 'what', label: 'What', type: 'longtext', required: false, default: null } as const
  for (const text of naughtyStrings) {
    const { input, errors } = fillTemplate({ job, variables: [what] }, { what: text })
    expect(errors).toEqual({})
    expect(input?.description).toBe(`About ${text.trim()}`.trim())
  }
})
