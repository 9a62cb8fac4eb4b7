import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** How a proxy holds back what an answer has so far. */
export type Holding =
  /** As nginx by default: blocks of so many bytes, but for an answer with `X-Accel-Buffering: no`. */
  | { blocks: number }
  /** The first bytes of any answer, until there are so many. */
  | { beginning: number }

export interface HoldingProxy {
  origin: string
  /** How many bytes it has and did not pass on. */
  held(): number
  close(): Promise<void>
}

/** A reverse proxy in front of `target` that gathers answers. Its own Host and the client's address are passed on. */
export async function startHoldingProxy(target: string, holding: Holding): Promise<HoldingProxy> {
  let held = 0

  function pass(from: IncomingMessage, to: ServerResponse) {
    const mayHold = 'beginning' in holding || from.headers['x-accel-buffering'] !== 'no'
    const size = 'beginning' in holding ? holding.beginning : holding.blocks
    let isHolding = mayHold
    let kept: Buffer = Buffer.alloc(0)
    const keep = (bytes: Buffer) => {
      held += bytes.length - kept.length
      kept = bytes
    }
    to.writeHead(from.statusCode ?? 502, from.headers)
    to.flushHeaders()
    from.on('data', (piece: Buffer) => {
      if (!isHolding) return void to.write(piece)
      const all = Buffer.concat([kept, piece])
      const whole = 'beginning' in holding ? all.length : all.length - (all.length % size)
      if (all.length >= size) {
        to.write(all.subarray(0, whole))
        isHolding = 'blocks' in holding
        keep(all.subarray(whole))
      } else keep(all)
    })
    from.on('end', () => {
      to.end(kept)
      keep(Buffer.alloc(0))
    })
    from.on('error', () => to.destroy())
    to.on('close', () => {
      from.destroy()
      keep(Buffer.alloc(0))
    })
  }

  const server = createServer((asked, answer) => {
    const { method, headers, url } = asked
    const forwarded = { ...headers, 'x-forwarded-for': asked.socket.remoteAddress }
    const onward = request(new URL(url ?? '/', target), { method, headers: forwarded }, (from) =>
      pass(from, answer),
    )
    onward.on('error', () => answer.destroy())
    answer.on('close', () => onward.destroy())
    asked.pipe(onward)
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    held: () => held,
    close() {
      server.closeAllConnections()
      return new Promise((closed) => server.close(() => closed()))
    },
  }
}
