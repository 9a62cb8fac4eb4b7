import type { IncomingMessage, Server } from 'node:http'

/** The requests of a server that are not answered yet. */
export class OpenRequests {
  readonly #server: Server
  readonly #open = new Set<IncomingMessage>()
  /** How much of each request had come at the last look, in bytes. */
  #came = new Map<IncomingMessage, number>()

  constructor(server: Server) {
    this.#server = server
    server.on('request', (request, response) => {
      this.#open.add(request)
      response.once('close', () => this.#open.delete(request))
    })
  }

  /**
   * Called now and then while the server stops: ends the connections of requests of which nothing more has come since the
   * last call although they are not whole. They would hold up the stop. Answers that are being made or sent go on.
   */
  endStalled() {
    const before = this.#came
    this.#came = new Map()
    for (const request of this.#open) {
      if (request.complete) continue
      const came = request.socket.bytesRead
      if (before.get(request) === came) request.socket.destroy()
      else this.#came.set(request, came)
    }
    // what is left then has sent no more than a part of its headers
    if (this.#open.size === 0) this.#server.closeAllConnections()
  }
}
