import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'

/** A way to a server that can be cut, and lead to another one: what a network does, and a restart behind a proxy. */
export interface Way {
  origin: string
  /** Breaks every connection; none is taken until `mend`. */
  cut(): void
  /** @param port of the server it leads to from now on */
  mend(port?: number): void
  close(): Promise<void>
}

export async function openWay(port: number): Promise<Way> {
  let to = port
  let isCut = false
  const sockets = new Set<Socket>()
  const keep = (socket: Socket) => {
    sockets.add(socket)
    socket.on('error', () => socket.destroy()).on('close', () => sockets.delete(socket))
  }
  const server = createServer((inward) => {
    keep(inward)
    if (isCut) return void inward.destroy()
    const outward = connect(to, '127.0.0.1')
    keep(outward)
    inward.pipe(outward)
    outward.pipe(inward)
    inward.on('close', () => outward.destroy())
    outward.on('close', () => inward.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (!address || typeof address === 'string') throw new Error('no port')
  const breakAll = () => {
    for (const socket of sockets) socket.destroy()
  }
  return {
    origin: `http://127.0.0.1:${address.port}`,
    cut() {
      isCut = true
      breakAll()
    },
    mend(next = to) {
      to = next
      isCut = false
    },
    async close() {
      server.close()
      breakAll()
      await once(server, 'close')
    },
  }
}
