import { setImmediate as turn } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Lease } from '~/domain/attempts/lease'
import { recordEvents } from '~/domain/attempts/record.server'
import type { Desk } from '~/domain/desk'
import { cancelJob } from '~/domain/jobs/cancel.server'
import { Feed, type FeedEntry, type Followed } from '~/domain/jobs/feed.server'
import { newestSeq, readStretch } from '~/domain/jobs/feed-rows.server'
import { purgeJob } from '~/domain/jobs/purge.server'
import type { UserActor } from '~/domain/policy'
import { type Database, openDatabase } from '~db/client.server'
import { type AgentActor, addAgent, addUser, claim, handIn } from '../support/cast'
import { type TestDesk, testDesk } from '../support/desk'
import { sentStatements } from '../support/sent-statements'
import { until } from '../support/until'

/** Somebody who follows, and notes what came. */
class Listener {
  readonly rows: FeedEntry[] = []
  /** How often it was quiet. */
  quiet = 0
  begun = false
  #over = new AbortController()
  readonly ended: Promise<void>

  constructor(feed: Feed, followed: Followed, after: number | null = null, quietMs = 60_000) {
    this.ended = this.#listen(feed, followed, after, quietMs)
  }

  async #listen(feed: Feed, followed: Followed, after: number | null, quietMs: number) {
    for await (const { rows } of feed.follow(followed, { after, quietMs, signal: this.#over.signal })) {
      if (this.begun && rows.length === 0) this.quiet++
      this.begun = true
      this.rows.push(...rows)
    }
  }

  seqs = () => this.rows.map(({ seq }) => seq)
  until = (seq: number) => until(() => (this.rows.at(-1)?.seq ?? 0) >= seq)
  async stop() {
    this.#over.abort()
    await this.ended
  }
}

const errors: unknown[] = []
const feedOf = (desk: Pick<Desk, 'db'>, pollMs?: number) =>
  new Feed({ desk, pollMs, onError: (error) => errors.push(error) })

async function listening(...args: ConstructorParameters<typeof Listener>): Promise<Listener> {
  const listener = new Listener(...args)
  await until(() => listener.begun)
  return listener
}

const seqsOf = async (db: Database, where = '1') =>
  (await db.all<{ seq: number }>(`SELECT seq FROM job_logs WHERE ${where} ORDER BY seq`)).map(
    ({ seq }) => seq,
  )

describe.each(['file', 'server'] as const)('on a %s', (on) => {
  let stage: TestDesk
  let desk: Desk
  let owner: UserActor
  let stranger: UserActor
  let agent: AgentActor

  beforeEach(async () => {
    stage = await testDesk(on)
    desk = stage.desk
    owner = await addUser(desk, 'Olive')
    stranger = await addUser(desk, 'Sam')
    agent = await addAgent(desk, 'Agent', { concurrency: 100 })
  })
  afterEach(async () => {
    expect(errors.splice(0)).toEqual([])
    await stage.close()
  })

  /** A job under way, and lines that its agent says. */
  async function working(by = owner) {
    const id = await handIn(desk, by, { agentId: agent.id })
    const [held] = await claim(desk, agent, 1, false)
    if (!held) throw new Error('not claimed')
    const say = (count: number) =>
      recordEvents(
        desk,
        agent.id,
        held.lease,
        Array.from({ length: count }, (_, n) => ({ kind: 'message' as const, message: `Line ${n}` })),
      )
    return { id, say }
  }

  test('begins now, and has every row from then on, in order, with names and payloads', async () => {
    await handIn(desk, owner)
    const before = await newestSeq(desk)
    const listener = await listening(feedOf(desk), {})
    const id = await handIn(desk, owner, { name: 'Count' })
    await cancelJob(desk, owner, id, {})
    await listener.until(before + 2)
    await listener.stop()
    expect(
      listener.rows.map(({ kind, jobName, actorName, jobId, ownerId }) => [
        kind,
        jobName,
        actorName,
        jobId,
        ownerId,
      ]),
    ).toEqual([
      ['create', 'Count', 'Olive', id, owner.id],
      ['cancel', 'Count', 'Olive', id, owner.id],
    ])
  })

  test('goes on after a known row; an unknown one from the future is as good as now', async () => {
    const ids = [await handIn(desk, owner), await handIn(desk, owner), await handIn(desk, owner)]
    const all = await seqsOf(desk.db)
    const feed = feedOf(desk)
    const behind = await listening(feed, {}, all[0] as number)
    await behind.until(all.at(-1) as number)
    expect(behind.seqs()).toEqual(all.slice(1))
    const ahead = await listening(feed, {}, 1_000_000)
    await cancelJob(desk, owner, ids[0] as string, {})
    await ahead.until((all.at(-1) as number) + 1)
    expect(ahead.rows.map(({ kind }) => kind)).toEqual(['cancel'])
    await Promise.all([behind.stop(), ahead.stop()])
  })

  test("is only what is followed: one's own, one job's, what changed jobs and one job's lines", async () => {
    const [mine, other] = [await working(), await working()]
    const theirs = await working(stranger)
    const watched = new Set([mine.id])
    const cases: Record<string, [Followed, string]> = {
      own: [{ ownerId: owner.id }, `ownerId = '${owner.id}'`],
      'of one job': [{ jobId: theirs.id }, `jobId = '${theirs.id}'`],
      'turns and lines': [
        { ownerId: owner.id, linesOf: watched },
        `ownerId = '${owner.id}' AND (kind <> 'message' OR jobId = '${mine.id}')`,
      ],
      "lines of another one's": [
        { ownerId: stranger.id, linesOf: watched, isBeyond: true },
        `jobId = '${mine.id}' OR ownerId = '${stranger.id}' AND kind <> 'message'`,
      ],
      "everyone's turns": [{ linesOf: new Set() }, "kind <> 'message'"],
    }
    const feed = feedOf(desk)
    const from = await newestSeq(desk)
    const live = await Promise.all(Object.values(cases).map(([followed]) => listening(feed, followed)))
    for (const job of [mine, other, theirs]) await job.say(3)
    for (const { id } of [mine, other]) await cancelJob(desk, owner, id, {})
    await cancelJob(desk, stranger, theirs.id, {})
    for (const [at, [name, [followed, where]]] of Object.entries(cases).entries()) {
      const wanted = await seqsOf(desk.db, `(${where})`)
      const read = await listening(feed, followed, 0)
      await read.until(wanted.at(-1) as number)
      expect(read.seqs(), name).toEqual(wanted)
      // heard as it happens or read afterwards: the same
      await live[at]?.until(wanted.at(-1) as number)
      expect(live[at]?.rows, name).toEqual(read.rows.filter(({ seq }) => seq > from))
      await read.stop()
    }
    await Promise.all(live.map((each) => each.stop()))
  })

  test('loses nothing and repeats nothing while clients come, go, come back and dawdle', async () => {
    const feed = feedOf(desk, 20)
    const job = await working()
    const first = await newestSeq(desk)
    let writing = true
    const write = async () => {
      for (let round = 0; round < 12; round++) {
        await Promise.all([job.say(40), job.say(25), handIn(desk, stranger)])
        await turn()
      }
      writing = false
    }
    /** Takes a while, leaves, and comes back with the last it knows. */
    const comesAndGoes = async (taken: number) => {
      const seqs: number[] = []
      let last = first
      while (writing || last < (await newestSeq(desk))) {
        const over = new AbortController()
        let lots = 0
        for await (const { rows } of feed.follow({}, { after: last, quietMs: 30, signal: over.signal })) {
          seqs.push(...rows.map(({ seq }) => seq))
          last = seqs.at(-1) ?? last
          if (++lots > taken || (rows.length === 0 && lots > 1)) break
        }
      }
      return seqs
    }
    const slow = feed.follow({}, { after: first, quietMs: 30, signal: new AbortController().signal })
    await slow.next()
    const [, ...all] = await Promise.all([write(), comesAndGoes(1), comesAndGoes(3), comesAndGoes(20)])
    const late: number[] = []
    for await (const { rows } of slow) {
      if (rows.length === 0) break
      late.push(...rows.map(({ seq }) => seq))
    }
    const written = await seqsOf(desk.db, `seq > ${first}`)
    expect(written.length).toBe(12 * 66)
    for (const seqs of [...all, late]) expect(seqs).toEqual(written)
  })

  test('says when it is quiet, with the last row that was looked at', async () => {
    const feed = feedOf(desk, 5)
    const over = new AbortController()
    const lots = feed.follow({ ownerId: stranger.id }, { after: null, quietMs: 40, signal: over.signal })
    await lots.next()
    const keeper = await listening(feed, {})
    await handIn(desk, owner)
    await keeper.until(await newestSeq(desk))
    const newest = await newestSeq(desk)
    await until(async () => (await lots.next()).value?.seq === newest)
    over.abort()
    expect((await lots.next()).done).toBe(true)
    await keeper.stop()
  })

  test('sleeps while nobody follows, and wakes for the next', async () => {
    const feed = feedOf(desk)
    await handIn(desk, owner)
    expect(await feed.head()).toBe(await newestSeq(desk))
    const one = await listening(feed, {})
    expect(await feed.head()).toBe(await newestSeq(desk))
    await one.stop()
    await handIn(desk, owner)
    expect(await feed.head()).toBe(await newestSeq(desk))
    const two = await listening(feed, {})
    const id = await handIn(desk, owner)
    await two.until(await newestSeq(desk))
    expect(two.rows.map(({ jobId }) => jobId)).toEqual([id])
    await two.stop()
  })

  test('a purged job takes its rows along, and nothing else', async () => {
    const admin = await addUser(desk, 'Ada', 'ADMIN')
    const [gone, left] = [await handIn(desk, owner), await handIn(desk, owner)]
    await cancelJob(desk, owner, gone, {})
    await purgeJob(desk, admin, gone, {})
    const listener = await listening(feedOf(desk), { ownerId: owner.id }, 0)
    await listener.until(await newestSeq(desk))
    expect(new Set(listener.rows.map(({ jobId }) => jobId))).toEqual(new Set([left]))
    await listener.stop()
  })
})

test('hears of what another process writes into the same database', async () => {
  const stage = await testDesk('server')
  const url = stage.server?.url as string
  const [here, there] = [await openDatabase({ url }), await openDatabase({ url })]
  const feed = feedOf({ db: here })
  const elsewhere = { db: there, now: Date.now }
  const owner = await addUser(elsewhere, 'Olive')
  const listener = await listening(feed, { ownerId: owner.id })
  const id = await handIn(elsewhere, owner)
  await until(() => listener.rows.length === 1, 1500)
  expect(listener.rows[0]?.jobId).toBe(id)
  await listener.stop()
  here.close()
  there.close()
  await stage.close()
})

test.each(['file', 'server'] as const)(
  'on a %s: 60 rows with payloads of 300,000 bytes come in pieces, none is left out',
  async (on) => {
    const stage = await testDesk(on)
    const { desk } = stage
    const owner = await addUser(desk, 'Olive')
    const agent = await addAgent(desk, 'Agent')
    await handIn(desk, owner)
    const [held] = await claim(desk, agent)
    const listener = await listening(feedOf(desk), {})
    // the most that the log keeps of a payload, in characters of three bytes, twice
    const payload = JSON.stringify('語'.repeat(65_000))
    const event = { kind: 'call' as const, requestPayload: payload, responsePayload: payload }
    const before = await newestSeq(desk)
    for (let n = 0; n < 10; n++)
      await recordEvents(desk, agent.id, held?.lease as Lease, Array(6).fill(event))
    const after = await newestSeq(desk)
    await listener.until(after)
    expect(listener.seqs()).toEqual(await seqsOf(desk.db, `seq > ${before}`))
    expect(listener.rows.at(-1)?.responsePayload).toBe(payload)
    const again = await listening(feedOf(desk), {}, before)
    await again.until(after)
    expect(again.seqs()).toEqual(listener.seqs())
    expect(errors).toEqual([])
    await listener.stop()
    await again.stop()
    await stage.close()
  },
)

test('every read of it goes along an index', async () => {
  const stage = await testDesk()
  const { desk } = stage
  const owner = await addUser(desk, 'Olive')
  const id = await handIn(desk, owner)
  const cases: [Followed, RegExp][] = [
    [{}, /SEARCH l USING INTEGER PRIMARY KEY \(rowid>\? AND rowid<\?\)/],
    [{ ownerId: owner.id }, /SEARCH l USING INDEX job_logs_owner \(ownerId=\? AND seq>\? AND seq<\?\)/],
    [{ jobId: id }, /SEARCH l USING INDEX job_logs_number \(jobId=\? AND number>\?\)/],
    [{ ownerId: owner.id, linesOf: new Set([id]) }, /SEARCH l USING INDEX job_logs_owner/],
  ]
  for (const [followed, index] of cases) {
    const [sent] = await sentStatements(desk, () => readStretch(desk, followed, { after: 0, limit: 10 }))
    if (!sent) throw new Error('nothing was read')
    const { rows } = await desk.db.client.execute({ ...sent, sql: `EXPLAIN QUERY PLAN ${sent.sql}` })
    const plan = rows.map(({ detail }) => String(detail)).join('\n')
    expect(plan).toMatch(index)
    expect(plan).not.toMatch(/SCAN (?!\(|w$)/m)
    // the sizes of a stretch
    expect(plan.match(/TEMP B-TREE/g)?.length ?? 0).toBeLessThanOrEqual(1)
  }
  await stage.close()
})
