import { get, type IncomingMessage } from 'node:http'
import { z } from 'zod'

/** Where a server of models may listen on this machine, and whose port it is. */
export interface KnownServer {
  port: number
  /** Left out: the port is anybody's, so what answers is named for what it says of itself. */
  name?: string
}

/** A server that answered, as the form for a new agent takes it. */
export interface ModelServer {
  name: string
  description: string
  config: { baseUrl: string; model: string }
  models: string[]
}

/** The usual ports of Ollama, of llama-server (and of much else) and of LM Studio. */
export const knownServers: readonly KnownServer[] = [
  { port: 11_434, name: 'Ollama' },
  { port: 8080 },
  { port: 1234, name: 'LM Studio' },
]

const limitMs = 400
const maxBytes = 1_000_000
const maxModels = 200

const modelList = z.object({
  data: z.array(
    z.object({ id: z.string().min(1).max(300), owned_by: z.string().optional().catch(undefined) }),
  ),
})

/** Such models write no text. */
const writesNoText = /embed|rerank|whisper|\btts\b/i

/** The servers that list models with which one can chat. Those that don't answer in time, or with something else, are left out. */
export async function modelServers(servers: readonly KnownServer[] = knownServers): Promise<ModelServer[]> {
  const found = await Promise.all(servers.map((server) => ask(server).catch(() => null)))
  return found.filter((server) => server !== null)
}

async function ask({ port, name }: KnownServer): Promise<ModelServer | null> {
  const baseUrl = `http://127.0.0.1:${port}/v1`
  const { data } = modelList.parse(JSON.parse(await textAt(`${baseUrl}/models`)))
  const models = [...new Set(data.map(({ id }) => id))].filter((id) => !writesNoText.test(id))
  const [model] = models
  if (model === undefined) return null
  const isLlama = data.some(({ owned_by }) => owned_by === 'llamacpp')
  const called = isLlama ? 'llama-server' : (name ?? `Server on port ${port}`)
  return {
    name: called,
    description: `${name || isLlama ? `${called} on this machine` : 'A server on this machine that lists models'}, at 127.0.0.1:${port}.`,
    config: { baseUrl, model },
    models: models.slice(0, maxModels),
  }
}

/** @throws where there is no answer in time, it is no 200, or too long */
async function textAt(url: string): Promise<string> {
  const signal = AbortSignal.timeout(limitMs)
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    get(url, { signal, agent: false }, resolve).on('error', reject)
  })
  try {
    if (response.statusCode !== 200) throw new Error(`It answered ${response.statusCode}`)
    const chunks: Buffer[] = []
    let bytes = 0
    for await (const chunk of response as AsyncIterable<Buffer>) {
      bytes += chunk.length
      if (bytes > maxBytes) throw new RangeError('It answers without end')
      chunks.push(chunk)
    }
    return Buffer.concat(chunks).toString('utf8')
  } finally {
    response.destroy()
  }
}
