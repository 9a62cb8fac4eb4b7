import { until } from './until'

export interface StreamedEvent {
  id: number
  /** When it came, milliseconds UTC with parts of them. */
  at: number
  /** The log row. */
  data: { seq: number; kind: string; jobId: string; status: string; message: string | null } & Record<
    string,
    unknown
  >
}

/** A reader of server-sent events that keeps all it gets, as the specification has it read. */
export class EventReader {
  readonly events: StreamedEvent[] = []
  /** How often the server said that it is still there. */
  heartbeats = 0
  /** What a client that is cut off would go on from. */
  lastId: string | null = null
  /** Resolves when the stream is over, however. */
  readonly ended: Promise<'end' | 'cut'>
  isOver = false
  #leave = new AbortController()
  readonly #waiting: ((event: StreamedEvent) => void)[] = []

  private constructor(readonly answer: Response) {
    this.ended = this.#read().then(
      () => 'end' as const,
      () => 'cut' as const,
    )
    void this.ended.then(() => {
      this.isOver = true
    })
  }

  /** @throws where the answer is no stream */
  static async open(url: string, headers: Record<string, string>): Promise<EventReader> {
    const leave = new AbortController()
    const answer = await fetch(url, { headers, signal: leave.signal })
    if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`)
    const reader = new EventReader(answer)
    reader.#leave = leave
    // only what comes after its first bytes is sure to be seen
    await until(() => reader.lastId !== null || reader.isOver)
    return reader
  }

  close() {
    this.#leave.abort()
  }

  /** The next event that comes. */
  next(): Promise<StreamedEvent> {
    return new Promise((resolve) => this.#waiting.push(resolve))
  }

  seqs(): number[] {
    return this.events.map(({ id }) => id)
  }

  /** Waits until as many events as these are there. */
  async count(count: number): Promise<StreamedEvent[]> {
    await until(() => this.events.length >= count, 20_000)
    return this.events
  }

  async #read() {
    let rest = ''
    const decoder = new TextDecoder()
    for await (const piece of this.answer.body as unknown as AsyncIterable<Uint8Array>) {
      rest += decoder.decode(piece, { stream: true })
      const blocks = rest.split('\n\n')
      rest = blocks.pop() ?? ''
      for (const block of blocks) this.#take(block)
    }
  }

  #take(block: string) {
    let data = ''
    for (const line of block.split('\n')) {
      if (line === ': still here') this.heartbeats++
      if (line.startsWith('id: ')) this.lastId = line.slice(4)
      if (line.startsWith('data: ')) data += line.slice(6)
    }
    // where a page's stream begins: no row
    if (block.includes('event: head')) return
    if (!data) return
    const at = performance.timeOrigin + performance.now()
    const event: StreamedEvent = { id: Number(this.lastId), at, data: JSON.parse(data) }
    this.events.push(event)
    for (const each of this.#waiting.splice(0)) each(event)
  }
}
