import { type ErrorKind, readError } from './errors'

interface Where {
  url: string
  authToken?: string
}

/** Host and port of a server's address, which never holds a secret; the address itself may. */
export const hostOf = (url: string): string => (URL.canParse(url) ? new URL(url).host : 'DATABASE_URL')

const inParentheses = (code: string | null) => (code ? ` (${code})` : '')

/** Why the database can't be used, and what to do: for whoever starts Docket or runs an admin command. */
export function unavailableSentence({ url, authToken }: Where, error: unknown): string {
  const { kind, code } = readError(error)
  if (url.startsWith('file:')) return `The database ${url} can't be read or written${inParentheses(code)}.`
  const server = `The libSQL server at ${hostOf(url)}`
  const tokenIn = authToken ? 'DATABASE_AUTH_TOKEN' : /[?&]authToken=/.test(url) ? 'DATABASE_URL' : null
  const sentences: Partial<Record<ErrorKind, string>> = {
    'unknown-host': `The host in DATABASE_URL, ${hostOf(url)}, is unknown: its name does not resolve.`,
    refused: `Nothing listens at ${hostOf(url)}. Start the libSQL server, or correct DATABASE_URL.`,
    unreachable: `${server} does not answer.`,
    overloaded: `${server} can't serve requests now; its log says more.`,
    unauthorized: tokenIn
      ? `${server} refuses the token in ${tokenIn}: it is wrong or has expired.`
      : `${server} requires a token. Set DATABASE_AUTH_TOKEN.`,
    forbidden: `The token in ${tokenIn ?? 'DATABASE_AUTH_TOKEN'} may only read the database at ${hostOf(url)}. Set one that may write as well.`,
    'no-database': `${server} has no database at this address. Check DATABASE_URL.`,
    blocked: `${server} has reads or writes switched off: the quota of its plan is used up, or its operator has blocked them.`,
  }
  return `${sentences[kind] ?? `${server} refuses to read or write.`}${inParentheses(code)}`
}

/** The same for what was lost while migrations ran. */
export function migrationSentence(where: Where, error: unknown): string {
  const sentence = unavailableSentence(where, error)
  if (!['unknown-host', 'refused', 'unreachable', 'overloaded', 'busy'].includes(readError(error).kind))
    return sentence
  return `${sentence} It went away while the database was brought up to this version. Each migration is applied whole or not at all: start Docket again, and it goes on with the next one.`
}
