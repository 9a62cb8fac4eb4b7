import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import type { Claim } from '~/domain/attempts/brief'
import { failAttempt, submitAttempt } from '~/domain/attempts/settle.server'
import { exportJobs } from '~/domain/jobs/export.server'
import { findJob, findJobRecord, jobAttempts, jobLogs } from '~/domain/jobs/queries.server'
import { maxInlineResult, readResult } from '~/domain/jobs/results.server'
import { sendBackJob } from '~/domain/jobs/review.server'
import { tagJob } from '~/domain/jobs/tag.server'
import { jsonParts, RawJson, storedJson, toJson, wellFormedSlices } from '~/http/json-text'
import { presentAttempt, presentJob, presentLog } from '~/http/present'
import { shownResult } from '~/routes/jobs/shown-result.server'
import { addAgent, addUser, claim, handIn } from '../support/cast'
import { testDesk } from '../support/desk'
import { exceptOnServer } from '../support/except-on-server'

describe('stored JSON in an answer', () => {
  test.each([
    ['numbers', '{"big":12345678901234567890,"rate":1.10,"exp":1e400}'],
    ['spaces', ' [1,\n 2] '],
    ['an escaped pair of surrogates', String.raw`"\ud83d\ude00"`],
    ['a deep nest', `${'['.repeat(20_000)}${']'.repeat(20_000)}`],
    ['a repeated name', '{"a":1,"a":2}'],
  ])('is as it is stored: %s', (_, text) => {
    expect(toJson({ before: 1, result: storedJson(text), after: [null] })).toBe(
      `{"before":1,"result":${text},"after":[null]}`,
    )
  })

  test.each(['not JSON', '{"a":', '', '1 2', 'NaN'])('that is no JSON is a string: %j', (text) => {
    const answer = toJson({ result: storedJson(text) })
    expect(JSON.parse(answer)).toEqual({ result: text })
  })

  test('is well-formed, whatever old rows hold', () => {
    const half = String.raw`"\ud800"`
    expect(toJson({ result: storedJson(half) })).toBe(String.raw`{"result":"\ufffd"}`)
    expect(JSON.parse(toJson({ result: storedJson('\ud800 x') }))).toEqual({ result: '\ufffd x' })
    expect(wellFormedSlices([Buffer.from(half.slice(0, 3)), Buffer.from(half.slice(3))])).toEqual([
      String.raw`"\ufffd"`,
    ])
    const whole = [Buffer.from(String.raw`["\u00e9",`), Buffer.from('"é"]')]
    expect(wellFormedSlices(whole)).toBe(whole)
  })

  test('is written as JSON.stringify does where nothing is raw', () => {
    const value = {
      a: [1, 'zwei "', null, { b: true }],
      empty: [],
      none: {},
      gone: undefined,
      'odd "name"': 0,
    }
    expect(toJson(value)).toBe(JSON.stringify(value))
    expect(toJson([])).toBe('[]')
    expect(toJson(undefined)).toBe('null')
  })

  test('stays apart where it is bytes', () => {
    const bytes = [Buffer.from('[1,'), Buffer.from('2]')]
    expect(jsonParts({ a: new RawJson(bytes), b: 1 })).toEqual(['{"a":', ...bytes, ',"b":1}'])
    expect(() => toJson({ a: new RawJson(bytes) })).toThrow('streamed')
  })
})

/** JSON text of so many bytes. */
const ofBytes = (bytes: number) => JSON.stringify(`é${'x'.repeat(bytes - 4)}`)

async function openStage(on: 'file' | 'server') {
  const { desk, close } = await testDesk(on)
  const owner = await addUser(desk, 'Olive')
  const agent = await addAgent(desk, 'Agent')
  const claimed = async () => ((await claim(desk, agent, 1, false))[0] as Claim).lease
  const jobWith = async (...results: string[]) => {
    const id = await handIn(desk, owner, { agentId: agent.id })
    for (const [at, result] of results.entries()) {
      if (at > 0) await sendBackJob(desk, owner, id, { feedback: 'more' })
      await submitAttempt(desk, agent, await claimed(), { result })
    }
    return id
  }
  return { desk, close, owner, agent, claimed, jobWith }
}
type Stage = Awaited<ReturnType<typeof openStage>>

afterEach(() => vi.restoreAllMocks())

describe.each(['file', 'server'] as const)('long results on a %s', (on) => {
  let stage: Stage
  beforeAll(async () => {
    stage = await openStage(on)
  })
  afterAll(() => stage.close())

  test('come along up to 65,536 bytes', async () => {
    const { desk, owner, jobWith } = stage
    const [short, long] = [ofBytes(maxInlineResult), ofBytes(maxInlineResult + 1)]
    expect(Buffer.byteLength(short)).toBe(65_536)
    const [one, other] = [await jobWith(short), await jobWith(long)]
    expect(await findJob(desk, owner, one)).toMatchObject({ result: short, resultBytes: 65_536 })
    const job = await findJob(desk, owner, other)
    expect(job).toMatchObject({ result: null, resultBytes: 65_537 })
    expect(presentJob(job)).toMatchObject({
      result: null,
      resultBytes: 65_537,
      resultUrl: `/api/jobs/${other}/result`,
    })
    expect(presentJob(await findJob(desk, owner, await handIn(desk, owner)))).toMatchObject({
      result: null,
      resultBytes: null,
      resultUrl: null,
    })
    const [attempt] = (await jobAttempts(desk, owner, other)).rows
    expect(attempt && presentAttempt(attempt, other)).toMatchObject({
      result: null,
      resultBytes: 65_537,
      resultUrl: `/api/jobs/${other}/attempts/1/result`,
    })
    const exported = []
    for await (const few of exportJobs(desk, owner, { scope: 'own', filter: {} })) exported.push(...few)
    expect(exported.find(({ id }) => id === other)).toMatchObject({ result: null, resultBytes: 65_537 })
  })

  test('are read whole in slices', async () => {
    const { desk, owner, jobWith } = stage
    const texts = [ofBytes(2_500_000), `"${'ü'.repeat(600_000)}"`, '7']
    const id = await jobWith(...texts)
    for (const [at, text] of texts.entries()) {
      expect(Buffer.concat(await readResult(desk, owner, id, at + 1)).toString()).toBe(text)
    }
    expect(Buffer.concat(await readResult(desk, owner, id)).toString()).toBe('7')
    await expect(readResult(desk, owner, id, 9)).rejects.toMatchObject({ code: 'not_found' })
    const stranger = await addUser(desk, 'Sam')
    await expect(readResult(desk, stranger, id)).rejects.toMatchObject({ code: 'not_found' })
  })

  test('are read anew where they change meanwhile, and never half of one and half of another', async () => {
    const { desk, owner, jobWith } = stage
    const id = await jobWith(ofBytes(3_000_000))
    const first = desk.db.first.bind(desk.db)
    let reads = 0
    vi.spyOn(desk.db, 'first').mockImplementation(async (...args: Parameters<typeof first>) => {
      if (args[0].includes('AS slice') && ++reads === 2) await tagJob(desk, owner, id, { add: ['changed'] })
      return first(...args)
    })
    const bytes = Buffer.concat(await readResult(desk, owner, id))
    expect(bytes.toString()).toBe(ofBytes(3_000_000))
    expect(reads).toBe(5)
  })

  test('of attempts fill a page up to a number of bytes, in either direction', async () => {
    const { desk, owner, jobWith } = stage
    const id = await jobWith(...Array.from({ length: 5 }, (_, n) => ofBytes(70_000 + n)))
    const numbers = async (query: Parameters<typeof jobAttempts>[3]) => {
      const { rows, nextCursor, prevCursor } = await jobAttempts(desk, owner, id, query, 150_000)
      return { numbers: rows.map(({ number }) => number), nextCursor, prevCursor }
    }
    const one = await numbers({})
    expect(one.numbers).toEqual([1, 2])
    const two = await numbers({ cursor: one.nextCursor })
    expect(two.numbers).toEqual([3, 4])
    expect(await numbers({ cursor: two.nextCursor })).toMatchObject({ numbers: [5], nextCursor: null })
    expect(await numbers({ cursor: two.prevCursor })).toMatchObject({ numbers: [1, 2], prevCursor: null })
    expect((await jobAttempts(desk, owner, id, {}, 10)).rows).toHaveLength(1)
  })

  test('above the limit fail the attempt at once, with both sizes', async () => {
    const { desk, owner, agent, claimed, jobWith } = stage
    desk.maxResultBytes = 5_000_000
    const limit = desk.db.path ? 5_000_000 : 4_000_000
    const fits = await jobWith(ofBytes(limit))
    expect(await findJob(desk, owner, fits)).toMatchObject({ status: 'IN_REVIEW', resultBytes: limit })
    const id = await jobWith(ofBytes(limit + 1))
    expect(await findJob(desk, owner, id)).toMatchObject({ status: 'FAILED', failures: 1, resultBytes: null })
    const [attempt] = (await jobAttempts(desk, owner, id)).rows
    expect(attempt).toMatchObject({
      outcome: 'FAILED',
      resultBytes: null,
      error: `The result has ${(limit + 1).toLocaleString('en')} bytes; the limit is ${limit.toLocaleString('en')} bytes.`,
    })
    // the log keeps its beginning
    const [failed] = await desk.db.all<{ responsePayload: string }>(
      "SELECT responsePayload FROM job_logs WHERE jobId = ? AND kind = 'fail'",
      [id],
    )
    expect(JSON.parse(failed?.responsePayload ?? '')).toMatchObject({ truncated: true })
    // what does not count is held to it, too
    const unsubmitted = await handIn(desk, owner, { agentId: agent.id, maxAttempts: 1 })
    await failAttempt(desk, agent, await claimed(), {
      ...{ reason: 'broke', retryable: false, unsubmittedResult: ofBytes(limit + 1) },
    })
    expect((await jobAttempts(desk, owner, unsubmitted)).rows[0]).toMatchObject({ resultBytes: null })
    desk.maxResultBytes = undefined
  })
})

describe('long results', () => {
  let stage: Stage
  beforeAll(async () => {
    stage = await openStage('file')
  })
  afterAll(() => stage.close())

  /** As a page shows it. */
  async function shownOf(id: string) {
    const { job, resultTail } = await findJobRecord(stage.desk, stage.owner, id)
    const [json, bytes] = [job.result as string, job.resultBytes as number]
    return shownResult(id, { json, tail: resultTail, bytes })
  }

  exceptOnServer('what a server answers is JSON itself')(
    'are parsed neither by answers nor by pages',
    async () => {
      const rows = Array.from({ length: 60_000 }, (_, n) => ({ n, name: `Row ${n}`, tags: ['a', 'b'] }))
      const id = await stage.jobWith(JSON.stringify({ summary: 'Many rows', rows }))
      const lengths: number[] = []
      const parse = JSON.parse
      vi.spyOn(JSON, 'parse').mockImplementation((text, reviver) => {
        lengths.push(String(text).length)
        return parse(text, reviver)
      })
      const { desk, owner } = stage
      const job = await findJob(desk, owner, id)
      toJson(presentJob(job))
      for (const attempt of (await jobAttempts(desk, owner, id)).rows) toJson(presentAttempt(attempt, id))
      for (const row of (await jobLogs(desk, owner, id, {})).rows) toJson(presentLog(row))
      expect(Math.max(...lengths)).toBeLessThanOrEqual(100_000)
      const shown = await shownOf(id)
      expect(shown).toMatchObject({
        shape: { kind: 'json' },
        excerpt: { summary: 'Many rows', cut: true, bytes: job.resultBytes },
      })
      expect(shown.excerpt.json).toHaveLength(50_000)
      // the record itself is JSON with the beginning of the result in it, or of a payload
      expect(Math.max(...lengths)).toBeLessThan(600_000)
    },
  )

  test('on pages are cut between characters, whatever escape is there', async () => {
    for (const offset of [0, 1, 2, 3, 4, 5]) {
      const text = `${'x'.repeat(offset)}${'\u0001'.repeat(90_000)}`
      const id = await stage.jobWith(JSON.stringify(text))
      const { excerpt, shape } = await shownOf(id)
      expect(shape).toEqual({ kind: 'text' })
      expect(text.startsWith(JSON.parse(excerpt.json) as string)).toBe(true)
    }
  })

  test('that are images are known by their beginning and end', async () => {
    const image = { alt: 'A "map"', base64: 'A'.repeat(900_000), contentType: 'image/png' }
    const id = await stage.jobWith(JSON.stringify(image))
    const { shape, excerpt } = await shownOf(id)
    expect(shape).toMatchObject({ kind: 'image', alt: 'A "map"' })
    expect(excerpt.json.length).toBeLessThanOrEqual(1000)
  })
})
