import { Client } from '../support/client'
import { ADMIN, startServer } from '../support/server'
import { type Line, median, print, spread, times } from './measure'
import { longestStall, stallText, watchStalls } from './stalls'

const rounds = 10
const inTurn = 30
const stored = 300

/** The real, built server on loopback, one request at a time; /healthz is the floor that no page can get below. */
export async function http(): Promise<void> {
  const server = await startServer({ admin: true, env: { LOG_LEVEL: 'warn', NODE_OPTIONS: watchStalls } })
  try {
    const client = new Client(server.origin)
    await client.postForm('/login', ADMIN)
    const token = await newToken(client)
    // for later, so that no agent works beside the measurement
    const body = {
      name: 'A job',
      description: 'd '.repeat(500),
      acceptanceCriteria: 'c',
      runAfter: '2099-01-01T00:00:00Z',
    }
    const create = async () => {
      const response = await client.json('POST', '/api/jobs', { token, body })
      if (response.status !== 201) throw new Error(`POST /api/jobs answered ${response.status}`)
      return ((await response.json()) as { id: string }).id
    }
    let id = ''
    for (let n = 0; n < stored; n++) id = await create()
    const page = (path: string) => async () => {
      const response = await client.get(path)
      await response.text()
      if (response.status !== 200) throw new Error(`GET ${path} answered ${response.status}`)
    }
    const json = (path: string) => async () => {
      const response = await client.json('GET', path, { token })
      await response.text()
      if (response.status !== 200) throw new Error(`GET ${path} answered ${response.status}`)
    }
    // the start and the first of each are none of it
    await longestStall(server)
    // all take turns, so that what else this machine does falls on each alike
    const asked: Record<string, () => Promise<unknown>> = {
      'GET /healthz': page('/healthz'),
      'GET /jobs, a page': page('/jobs'),
      'GET /jobs/:id, a page': page(`/jobs/${id}`),
      'GET /api/jobs': json('/api/jobs'),
      'GET /api/jobs/:id': json(`/api/jobs/${id}`),
      'POST /api/jobs': create,
    }
    const taken = Object.fromEntries(Object.keys(asked).map((what): [string, number[]] => [what, []]))
    for (let round = 0; round < rounds; round++) {
      for (const [what, work] of Object.entries(asked)) taken[what]?.push(...(await times(inTurn, work, 5)))
    }
    const floor = median(taken['GET /healthz'] ?? [])
    const lines = Object.entries(taken).map(
      ([what, each]): Line => ({
        what,
        value: spread(each),
        ...(what !== 'GET /healthz' && { against: '/healthz (p50)', ratio: median(each) / floor }),
      }),
    )
    lines.push({ what: 'longest stall of the event loop', value: stallText(await longestStall(server)) })
    print(`HTTP, one request at a time, ${rounds * inTurn} of each, ${stored} jobs stored`, lines)
  } finally {
    await server.dispose()
  }
}

async function newToken(client: Client): Promise<string> {
  const basic = Buffer.from(`${ADMIN.email}:${ADMIN.password}`).toString('base64')
  const response = await client.json('POST', '/api/tokens', {
    body: { name: 'bench' },
    headers: { authorization: `Basic ${basic}` },
  })
  if (response.status !== 201) throw new Error(`POST /api/tokens answered ${response.status}`)
  return ((await response.json()) as { token: string }).token
}
