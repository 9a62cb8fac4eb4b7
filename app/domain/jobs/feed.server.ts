import { AsyncResource } from 'node:async_hooks'
import type { Desk } from '../desk'
import type { FeedEntry } from './feed'
import { type Followed, isFollowed, newestSeq, readStretch } from './feed-rows.server'

export type { FeedEntry, Followed }

export interface FeedOptions {
  desk: Pick<Desk, 'db'>
  /** Told about what goes wrong; it is read again at the next look. */
  onError(error: unknown): void
  /** Milliseconds between looks where no commit of this process wakes it. */
  pollMs?: number
}

/** Rows of one read. */
const most = 200
/** So many rows, or characters of them, may wait for one who follows. Who is slower reads on from the database. */
const mostWaiting = 500
const mostCharacters = 4_000_000
/** Commits come in bursts; one look serves all that fall into this time, in milliseconds. */
const wakeDelayMs = 4

/**
 * What happens to jobs, as it happens: one source a process, read by `seq`. A commit only wakes it and hands it no
 * rows, since another process's may have a lower `seq`. It sleeps while nobody follows.
 */
export class Feed {
  readonly #options: FeedOptions
  readonly #followers = new Set<Follower>()
  /** The newest row that was handed on. */
  #head: number | null = null
  #began: Promise<void> | undefined
  #stopListening: () => void = () => undefined
  #poll: NodeJS.Timeout | undefined
  #wakeTimer: NodeJS.Timeout | undefined
  #looking = false
  #lookAgain = false
  /** In nobody's request: what it reads is on nobody's account, and nobody's earlier reads answer it. */
  readonly #apart = new AsyncResource('Feed')

  constructor(options: FeedOptions) {
    this.#options = options
  }

  /**
   * A page that is read from now on shows every row up to this one. What is newer was not handed on yet; while nobody
   * follows it is the newest there is.
   */
  async head(): Promise<number> {
    return this.#head ?? newestSeq(this.#options.desk)
  }

  /**
   * The rows that are followed, in the order of `seq`, in lots; an empty lot after each `quietMs` without one.
   * None is left out and none comes twice, however slowly they are taken.
   *
   * @param after the last row that is known already; null: from now on
   */
  async *follow(
    followed: Followed,
    { after, quietMs, signal }: { after: number | null; quietMs: number; signal: AbortSignal },
  ): AsyncGenerator<{ rows: FeedEntry[]; seq: number }, void> {
    const { desk } = this.#options
    const follower = new Follower(followed)
    this.#followers.add(follower)
    try {
      await this.#begin()
      // in one turn: what is newer than the head comes by hand, what is older is read
      follower.forget()
      let upTo = this.#head ?? 0
      const newest = await newestSeq(desk)
      // of a database that has been restored since, a row may be known that is not there any more
      let last = Math.min(after ?? newest, newest)
      yield { rows: [], seq: last }
      while (!signal.aborted) {
        if (last < upTo) {
          const { rows, lookedTo } = await readStretch(desk, followed, { after: last, upTo, limit: most })
          last = lookedTo
          if (rows.length > 0) yield { rows, seq: last }
        } else if (follower.isBehind) {
          follower.forget()
          upTo = this.#head ?? upTo
        } else {
          const from = last
          const rows = follower.take().filter(({ seq }) => seq > from)
          if (rows.length === 0 && (await follower.arrival(quietMs, signal))) continue
          if (signal.aborted) return
          // nothing waits: all that was handed on has been looked at
          last = rows.at(-1)?.seq ?? Math.max(last, this.#head ?? last)
          yield { rows, seq: last }
        }
      }
    } finally {
      this.#followers.delete(follower)
      if (this.#followers.size === 0) this.#sleep()
    }
  }

  #begin(): Promise<void> {
    this.#began ??= this.#apart.runInAsyncScope(async () => {
      const { desk, pollMs = desk.db.path === null ? 400 : 2000 } = this.#options
      this.#stopListening = desk.db.onCommit(() => this.#wake())
      this.#poll = setInterval(() => this.#look(), pollMs).unref()
      const newest = await newestSeq(desk)
      // all may have gone meanwhile
      if (this.#followers.size > 0) this.#head = newest
    })
    return this.#began.catch((error: unknown) => {
      this.#sleep()
      throw error
    })
  }

  #sleep() {
    this.#stopListening()
    clearInterval(this.#poll)
    clearTimeout(this.#wakeTimer)
    this.#wakeTimer = undefined
    this.#head = null
    this.#began = undefined
  }

  #wake() {
    this.#wakeTimer ??= setTimeout(() => {
      this.#wakeTimer = undefined
      this.#look()
    }, wakeDelayMs).unref()
  }

  #look() {
    this.#lookAgain = true
    if (this.#looking) return
    this.#looking = true
    void this.#apart.runInAsyncScope(async () => {
      try {
        while (this.#lookAgain) {
          this.#lookAgain = false
          await this.#handOn()
        }
      } catch (error) {
        // nobody follows any more: nobody misses it
        if (this.#head !== null) this.#options.onError(error)
      } finally {
        this.#looking = false
      }
    })
  }

  async #handOn(): Promise<void> {
    const head = this.#head
    if (head === null) return
    const { rows, isWhole } = await readStretch(this.#options.desk, {}, { after: head, limit: most })
    const newest = rows.at(-1)
    // it fell asleep, and perhaps began anew, meanwhile
    if (!newest || this.#head !== head) return
    this.#head = newest.seq
    for (const follower of this.#followers) follower.give(rows)
    if (!isWhole) this.#lookAgain = true
  }
}

/** The rows that wait for one who follows. */
class Follower {
  #waiting: FeedEntry[] = []
  #characters = 0
  #arrived: () => void = () => undefined
  /** Whether more came than may wait: they were let go. */
  isBehind = false

  constructor(readonly followed: Followed) {}

  give(rows: FeedEntry[]) {
    if (this.isBehind) return
    const own = rows.filter((row) => isFollowed(this.followed, row))
    if (own.length === 0) return
    this.#characters += own.reduce((sum, row) => sum + lengthOf(row), 0)
    this.#waiting.push(...own)
    if (this.#waiting.length > mostWaiting || this.#characters > mostCharacters) {
      this.forget()
      this.isBehind = true
    }
    this.#arrived()
  }

  take(): FeedEntry[] {
    this.#characters = 0
    return this.#waiting.splice(0)
  }

  forget() {
    this.#waiting = []
    this.#characters = 0
    this.isBehind = false
  }

  /** @returns whether there is something; false after so many milliseconds, or when the signal says so */
  arrival(withinMs: number, signal: AbortSignal): Promise<boolean> {
    if (this.#waiting.length > 0 || this.isBehind) return Promise.resolve(true)
    return new Promise((resolve) => {
      const end = (arrived: boolean) => {
        clearTimeout(timer)
        signal.removeEventListener('abort', none)
        this.#arrived = () => undefined
        resolve(arrived)
      }
      const none = () => end(false)
      const timer = setTimeout(none, withinMs)
      signal.addEventListener('abort', none, { once: true })
      if (signal.aborted) none()
      this.#arrived = () => end(true)
    })
  }
}

const lengthOf = ({ message, requestPayload, responsePayload }: FeedEntry) =>
  (message?.length ?? 0) + (requestPayload?.length ?? 0) + (responsePayload?.length ?? 0)
