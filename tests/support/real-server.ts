import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { appendFileSync } from 'node:fs'
import { Agent, createServer, type IncomingMessage, request as send } from 'node:http'
import { buffer, text } from 'node:stream/consumers'
import { FaultBox } from './hrana-faults'
import type { HranaOptions, HranaServer } from './hrana-server'
import { isOnRealServer } from './on-real-server'

/**
 * `npm run test:server`: the tests run on a real libSQL server instead of files and the test server.
 *
 *     sqld --enable-namespaces --http-listen-addr 127.0.0.1:8080 --admin-listen-addr 127.0.0.1:8081
 *     LIBSQL_SERVER=http://127.0.0.1:8080 LIBSQL_ADMIN=http://127.0.0.1:8081 npm run test:server
 *
 * Where a test has a database file, it has a namespace there, by the name of the file. The first label of the Host header
 * chooses the namespace, and `fetch` lets nobody set that: a forwarder does.
 */
const { LIBSQL_SERVER: serverUrl, LIBSQL_ADMIN: adminUrl } = process.env

/** Where a test's database is: the file itself, or the namespace that stands in for it. For `DATABASE_URL`. */
export async function databaseUrl(file: string): Promise<string> {
  if (!isOnRealServer) return `file:${file}`
  let forwarder = forwarders.get(file)
  if (!forwarder) {
    forwarder = startForwarder({ file })
    forwarders.set(file, forwarder)
  }
  return (await forwarder).url
}

/** By file. */
const namespaces = new Map<string, Promise<string>>()
const forwarders = new Map<string, Promise<HranaServer>>()
const open = new Set<HranaServer>()
const agent = new Agent({ keepAlive: true })

/** @returns the namespace for a file; made where there is none */
function namespaceOf(file: string): Promise<string> {
  let known = namespaces.get(file)
  if (!known) {
    known = makeNamespace((name) => `/v1/namespaces/${name}/create`)
    namespaces.set(file, known)
  }
  return known
}

/** A copy of one file's namespace for another file. */
export async function copyNamespace(from: string, to: string): Promise<void> {
  const template = await namespaceOf(from)
  namespaces.set(
    to,
    Promise.resolve(await makeNamespace((name) => `/v1/namespaces/${template}/fork/${name}`)),
  )
}

/**
 * Now and then sqld says that it made a namespace, even lists it, and answers 404 there; or never answers. Then another is made.
 *
 * @param path of the request that makes it, by its name
 * @returns the name of one that answers a statement
 */
async function makeNamespace(path: (name: string) => string): Promise<string> {
  let cause: unknown
  for (let tries = 0; tries < 5; tries++) {
    const name = noteNamespace(`docket-${randomUUID()}`)
    try {
      await admin('POST', path(name))
      await assertAnswers(name)
      return name
    } catch (error) {
      cause = error
    }
  }
  throw new Error('The libSQL server makes no namespace.', { cause })
}

async function assertAnswers(namespace: string) {
  const requests = [{ type: 'execute', stmt: { sql: 'SELECT 1' } }, { type: 'close' }]
  const headers = { 'content-type': 'application/json' }
  const asked = { method: 'POST', url: '/v2/pipeline', headers }
  const answer = await forward(namespace, asked, JSON.stringify({ requests }))
  const said = await text(answer)
  if (answer.statusCode !== 200)
    throw new Error(`The namespace ${namespace} answers ${answer.statusCode}: ${said}`)
}

type Asked = Pick<IncomingMessage, 'method' | 'url' | 'headers'>

/** Asks a namespace: the Host header chooses it. */
async function forward(namespace: string, { method, url, headers }: Asked, body: string) {
  const { hostname, port } = new URL(serverUrl as string)
  const outgoing = send({
    ...{ hostname, port, agent, method, path: url },
    headers: { ...headers, host: `${namespace}.localhost`, 'content-length': Buffer.byteLength(body) },
  })
  outgoing.end(body)
  const [answer] = (await once(outgoing, 'response')) as [IncomingMessage]
  return answer
}

/** Closes the ways to a file's namespace. */
export async function closeForwarder(file: string): Promise<void> {
  const forwarder = await forwarders.get(file)
  forwarders.delete(file)
  await forwarder?.close()
}

/** After each test file. */
export async function closeForwarders(): Promise<void> {
  for (const each of open) await each.close()
  forwarders.clear()
  agent.destroy()
}

/**
 * `scripts/test-server.mjs` removes namespaces after the run: while one is removed, sqld may forget another that is being
 * copied.
 */
function noteNamespace(name: string): string {
  if (process.env.LIBSQL_NAMESPACES) appendFileSync(process.env.LIBSQL_NAMESPACES, `${name}\n`)
  return name
}

/** One after another: of two namespaces that are made at the same moment, sqld forgets one. */
let made: Promise<unknown> = Promise.resolve()

function admin(method: string, path: string, body: object = {}): Promise<void> {
  const ask = async () => {
    const answer = await fetch(new URL(path, adminUrl), {
      method,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      // else one that is never answered holds up all that come later
      signal: AbortSignal.timeout(10_000),
    })
    if (answer.ok) return
    throw new Error(`The libSQL server answers ${answer.status} to ${method} ${path}: ${await answer.text()}`)
  }
  const asked = made.then(ask)
  made = asked.catch(() => undefined)
  return asked
}

/** A way to the namespace for a file, with the faults of {@link startHranaServer}. It can't be behind: that takes a replica. */
export async function startForwarder(options: HranaOptions): Promise<HranaServer> {
  const { file, port = 0, authToken, now } = options
  const namespace = await namespaceOf(file)
  const drops: (RegExp | undefined)[] = []
  const faults = new FaultBox(() => {
    throw new Error('Reads of a real server are behind only on a replica.')
  })
  let served = 0
  let configured: Promise<void> = Promise.resolve()

  const server = createServer(async (incoming, response) => {
    try {
      const body = atItsTime(await text(incoming), now)
      await faults.arrive()
      await configured
      if (authToken && incoming.headers.authorization !== `Bearer ${authToken}`) {
        response.writeHead(401, { 'content-type': 'application/json' }).end('{"error":"Unauthorized"}')
        return
      }
      const answer = await forward(namespace, incoming, body)
      const content = await buffer(answer)
      served += 1
      const dropped = drops.findIndex((pattern) => !pattern || pattern.test(body))
      if (dropped >= 0) {
        drops.splice(dropped, 1)
        incoming.socket.destroy()
      } else response.writeHead(answer.statusCode ?? 502, answer.headers).end(content)
    } catch {
      incoming.socket.destroy()
    }
  })
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (!address || typeof address === 'string') throw new Error('no port')

  const block = (blocked: { block_reads: boolean; block_writes: boolean; block_reason: string | null }) => {
    configured = admin('POST', `/v1/namespaces/${namespace}/config`, blocked)
  }
  const forwarder: HranaServer = {
    url: `http://127.0.0.1:${address.port}`,
    port: address.port,
    requests: () => served,
    dropNextResponse(count = 1, matching) {
      for (let n = 0; n < count; n++) drops.push(matching)
    },
    block: (reason, what = 'all') =>
      block({ block_reads: what === 'all', block_writes: true, block_reason: reason }),
    unblock: () => block({ block_reads: false, block_writes: false, block_reason: null }),
    hang: () => faults.hang(),
    resume: () => faults.resume(),
    held: () => faults.held(),
    delay: (ms) => faults.delay(ms),
    behind: (ms) => faults.behind(ms),
    async close() {
      if (!open.delete(forwarder)) return
      faults.close()
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
  open.add(forwarder)
  return forwarder
}

/** The clock of a test instead of the server's, as in `startHranaServer`. */
const atItsTime = (body: string, now?: () => number) =>
  now ? body.replaceAll("unixepoch('now', 'subsec')", `(${now()} / 1000.0)`) : body
