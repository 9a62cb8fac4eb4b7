import { type Client, createClient } from '@libsql/client'
import { CannotStart, errorCodes } from './errors'

/** @throws {CannotStart} where it does not answer, so that a start says so in a sentence */
export async function connectServer(url: string, authToken: string | undefined): Promise<Client> {
  let client: Client | undefined
  try {
    // found when it is called: remix-serve puts other globals in place after the start, and one's fetch takes no Request
    // of the other's
    const fetch: typeof globalThis.fetch = (...asked) => globalThis.fetch(...asked)
    client = createClient({ url, authToken, intMode: 'number', fetch })
    await client.execute('SELECT 1')
    return client
  } catch (error) {
    client?.close()
    const [why = 'unknown error'] = errorCodes(error)
    const where = URL.canParse(url) ? new URL(url).host : 'DATABASE_URL'
    throw new CannotStart(`The libSQL server at ${where} does not answer, or not to this token (${why}).`)
  }
}
