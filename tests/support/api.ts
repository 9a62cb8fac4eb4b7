import type { TokenScope } from '~/domain/accounts/limits'
import { Client } from './client'
import { ADMIN, type TestServer } from './server'
import { until } from './until'

/** A job as the API shows it, as far as tests look. */
export interface ApiJob {
  id: string
  name: string
  status: string
  result: unknown
  version: number
  failures: number
  attempts: number
  assignedAgentId: string | null
}

/** A script: a client with a token of its own, got as the README says, by HTTP Basic. */
export class Script {
  constructor(
    readonly client: Client,
    readonly token: string,
  ) {}

  /** @param scopes what its token may; all that the account may unless given */
  static async signIn(
    server: Pick<TestServer, 'origin'>,
    { email, password } = ADMIN,
    scopes?: TokenScope[],
  ): Promise<Script> {
    const client = new Client(server.origin)
    const answer = await client.json('POST', '/api/tokens', {
      body: { name: 'test', scopes },
      headers: { authorization: `Basic ${btoa(`${email}:${password}`)}` },
    })
    if (answer.status !== 201) throw new Error(`No token: ${answer.status} ${await answer.text()}`)
    const { token } = (await answer.json()) as { token: string }
    return new Script(client, token)
  }

  send(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Response> {
    return this.client.json(method, path, { token: this.token, body, headers })
  }

  /** A body as it is: JSON with numbers that JavaScript can't hold, or another type of content. */
  sendText(method: string, path: string, text: string, type = 'application/json'): Promise<Response> {
    return this.client.json(method, path, { token: this.token, text, headers: { 'content-type': type } })
  }

  /** The answer's JSON. @throws where the status is not the expected one */
  async call<T>(
    method: string,
    path: string,
    body?: unknown,
    expected = method === 'POST' ? [200, 201] : [200],
  ): Promise<T> {
    const answer = await this.send(method, path, body)
    const text = await answer.text()
    if (!expected.includes(answer.status)) throw new Error(`${method} ${path}: ${answer.status} ${text}`)
    return JSON.parse(text) as T
  }

  createJob(input: object = {}): Promise<ApiJob> {
    const job = { name: 'A job', description: '/stats\none two', acceptanceCriteria: 'It counts', ...input }
    return this.call<ApiJob>('POST', '/api/jobs', job)
  }

  job(id: string): Promise<ApiJob> {
    return this.call<ApiJob>('GET', `/api/jobs/${id}`)
  }

  /** Waits until the job is in one of the statuses. */
  jobIn(id: string, ...statuses: string[]): Promise<ApiJob> {
    return until(async () => {
      const job = await this.job(id)
      return statuses.includes(job.status) && job
    }, 30_000)
  }
}

/** Signs up a new person (SIGNUP=open); the client keeps the session. */
export async function signUp(server: Pick<TestServer, 'origin'>, name: string) {
  const client = new Client(server.origin)
  const person = {
    email: `${name.toLowerCase()}-${crypto.randomUUID().slice(0, 8)}@example.com`,
    password: 'a long enough phrase',
  }
  const answer = await client.postForm('/signup', { name, ...person, passwordConfirm: person.password })
  if (answer.status !== 303) throw new Error(`No account: ${answer.status} ${await answer.text()}`)
  return { client, ...person }
}

/** Signs in by the form; the client keeps the session. */
export async function signIn(
  server: Pick<TestServer, 'origin'>,
  { email, password } = ADMIN,
): Promise<Client> {
  const client = new Client(server.origin)
  const answer = await client.postForm('/login', { email, password })
  if (answer.status !== 303) throw new Error(`Not signed in: ${answer.status} ${await answer.text()}`)
  return client
}
