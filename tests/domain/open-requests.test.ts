import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import { OpenRequests } from '~/http/open-requests.server'

/** A server that answers when the body is whole and `answer` is called. */
async function stopping() {
  const asked: [IncomingMessage, ServerResponse][] = []
  const server = createServer((request, response) => void asked.push([request.resume(), response]))
  const requests = new OpenRequests(server)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const clients: Socket[] = []
  const send = async (words: string) => {
    const socket = connect(port, '127.0.0.1')
    // being cut off is what is tested
    socket.on('error', () => undefined)
    clients.push(socket)
    const accepted = once(server, 'connection') as Promise<[Socket]>
    await once(socket, 'connect')
    const [connection] = await accepted
    socket.write(words)
    while (connection.bytesRead < words.length) await once(connection, 'data')
    return socket
  }
  return { server, requests, asked, send, clients }
}

const post = 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n'

test.each([
  ['a body', `${post}half`],
  ['a request of which only headers came', post],
  ['headers', 'POST / HTTP/1.1\r\nHost: x\r\nConte'],
])('half of %s does not hold up a stop', async (_, words) => {
  const { server, requests, send } = await stopping()
  const socket = await send(words)
  const gone = once(socket, 'close')
  const closed = once(server, 'close')
  server.close()
  requests.endStalled()
  requests.endStalled()
  await Promise.all([gone, closed])
})

test('an answer that is being made goes out, and so does one to a body that still comes', async () => {
  const { server, requests, asked, send } = await stopping()
  const whole = await send('GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')
  const slow = await send(`${post}half`)
  const closed = once(server, 'close')
  server.close()
  requests.endStalled()
  const more = once(asked[1]?.[0].socket as Socket, 'data')
  slow.write('more..')
  await more
  requests.endStalled()
  requests.endStalled()
  for (const [, response] of asked) response.end('answered')
  expect(await text(whole)).toContain('answered')
  slow.end()
  expect(await text(slow)).toContain('answered')
  await closed
})
