import { Agent, request } from 'node:http'
import { gunzipSync } from 'node:zlib'
import { Client } from '../support/client'
import type { TestServer } from '../support/server'

export interface Answered {
  status: number
  /** From the request's first byte to the answer's last, in milliseconds. */
  ms: number
  /** As it came: compressed, as browsers ask for it. */
  bytes: number
  text(): string
  requestId: string
}

/** One kept-alive connection of somebody who is signed in, as a browser has it. */
export class Connection {
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 1 })

  private constructor(
    readonly origin: string,
    readonly token: string,
    readonly cookie: string,
  ) {}

  static async signIn(server: TestServer, person: { email: string; password: string }): Promise<Connection> {
    const client = new Client(server.origin)
    await client.postForm('/login', person)
    const cookie = [...client.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const basic = Buffer.from(`${person.email}:${person.password}`).toString('base64')
    const made = await client.json('POST', '/api/tokens', {
      body: { name: 'bench' },
      headers: { authorization: `Basic ${basic}` },
    })
    if (made.status !== 201 || !cookie) throw new Error(`${person.email} can't sign in: ${await made.text()}`)
    return new Connection(server.origin, ((await made.json()) as { token: string }).token, cookie)
  }

  /** A page by the session's cookie, or what is below `/api/` by the token. */
  ask(path: string, body?: unknown, method = body === undefined ? 'GET' : 'POST'): Promise<Answered> {
    const isApi = path.startsWith('/api/')
    const headers = {
      'accept-encoding': 'gzip',
      accept: isApi ? 'application/json' : 'text/html',
      ...(isApi ? { authorization: `Bearer ${this.token}` } : { cookie: this.cookie }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
    }
    return new Promise((resolve, reject) => {
      const startedAt = performance.now()
      const sent = request(
        new URL(path, this.origin),
        { agent: this.#agent, headers, method },
        (response) => {
          const chunks: Buffer[] = []
          response.on('data', (chunk: Buffer) => chunks.push(chunk))
          response.once('error', reject)
          response.once('end', () => {
            const ms = performance.now() - startedAt
            const whole = Buffer.concat(chunks)
            const zipped = response.headers['content-encoding'] === 'gzip'
            resolve({
              ms,
              status: response.statusCode ?? 0,
              bytes: whole.length,
              text: () => (zipped ? gunzipSync(whole) : whole).toString(),
              requestId: String(response.headers['x-request-id']),
            })
          })
        },
      )
      sent.once('error', reject)
      sent.end(body === undefined ? undefined : JSON.stringify(body))
    })
  }

  async json<T>(path: string, body?: unknown): Promise<T> {
    const answered = await this.ask(path, body)
    if (answered.status >= 300) throw new Error(`${path} answered ${answered.status}: ${answered.text()}`)
    return JSON.parse(answered.text()) as T
  }

  async remove(path: string): Promise<void> {
    const { status } = await this.ask(path, undefined, 'DELETE')
    if (status !== 204) throw new Error(`DELETE ${path} answered ${status}`)
  }

  close() {
    this.#agent.destroy()
  }
}
