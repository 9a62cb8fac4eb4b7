import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { detectAgents } from '~/dispatch/adapters/detect.server'
import { modelServers } from '~/dispatch/adapters/openai/servers'
import { parseAgentConfig } from '~/domain/agents/config'
import { localCommand } from '~/domain/agents/examples'
import { startChatServer } from '../support/chat-server'

let servers: Pick<Server, 'close' | 'closeAllConnections'>[] = []
afterEach(() => {
  for (const server of servers) {
    server.closeAllConnections()
    server.close()
  }
  servers = []
})

/** A server on a free port, and the port. */
async function listen(answer: RequestListener): Promise<number> {
  const server = createServer(answer).listen(0, '127.0.0.1')
  servers.push(server)
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

const lists = (...models: object[]) =>
  listen((_, response) => void response.end(JSON.stringify({ object: 'list', data: models })))

test('offers the servers that list models, each with its models, before the local command', async () => {
  const chat = await startChatServer({
    data: [
      { id: 'nomic-embed-text:latest', owned_by: 'library' },
      { id: 'llama3.2:3b', owned_by: 'library' },
      { id: 'qwen3:8b', owned_by: 'library' },
    ],
  })
  const found = await detectAgents('', [{ port: chat.port, name: 'Ollama' }])
  expect(found).toEqual([
    {
      kind: 'openai',
      name: 'Ollama',
      description: `Ollama on this machine, at 127.0.0.1:${chat.port}.`,
      config: { baseUrl: chat.url, model: 'llama3.2:3b' },
      models: ['llama3.2:3b', 'qwen3:8b'],
    },
    { kind: 'command', ...localCommand },
  ])
  expect(parseAgentConfig('openai', found[0]?.config).success).toBe(true)
  await chat.close()
})

test('names llama-server by what it says of itself, and others by their port', async () => {
  const llama = await lists({ id: 'model.gguf', owned_by: 'llamacpp' })
  const other = await lists({ id: 'mistral' }, { id: 'mistral' })
  const found = await modelServers([{ port: llama }, { port: other }])
  expect(found).toMatchObject([
    { name: 'llama-server', models: ['model.gguf'] },
    { name: `Server on port ${other}`, models: ['mistral'] },
  ])
})

test('passes over whatever is not such a server, and waits for none', async () => {
  const nothing = await listen(() => undefined)
  const trickle = await listen((_, response) => {
    response.write('{"data":[')
    const timer = setInterval(() => response.write(' '), 20)
    response.on('close', () => clearInterval(timer))
  })
  const endless = await listen((_, response) => {
    const flood = () => {
      while (response.write('x'.repeat(65_536)));
    }
    response.on('drain', flood)
    flood()
  })
  const others = await Promise.all([
    listen((_, response) => void response.writeHead(404).end('<html>No such page</html>')),
    listen((_, response) => void response.writeHead(302, { location: '/login' }).end()),
    listen((_, response) => void response.end('garbage')),
    listen((_, response) => void response.end('{"data":null}')),
    listen((_, response) => void response.end('{"data":[{"id":7}]}')),
    listen((request) => void request.socket.destroy()),
    lists(),
    lists({ id: 'text-embedding-3' }),
  ])
  const closed = createServer().listen(0, '127.0.0.1')
  await once(closed, 'listening')
  const { port } = closed.address() as AddressInfo
  closed.close()
  const started = performance.now()
  const ports = [nothing, trickle, endless, port, ...others].map((each) => ({ port: each }))
  expect(await modelServers(ports)).toEqual([])
  expect(performance.now() - started).toBeLessThan(1500)
})
